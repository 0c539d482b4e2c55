"""Finding one sample among thousands: category, a search that the service does, and a list that grows as it scrolls."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain.sample import CATEGORIES, Sample
from app.errors import AppError
from app.gui.note_label import NoteLabel
from app.gui.sample_search import FoundSamples, SampleSearch
from app.gui.text import plain, visible
from app.gui.theme import STEP, current
from app.gui.tree_look import dress_tree

SAMPLE = Qt.ItemDataRole.UserRole
HEADINGS = ("Sample", "Kind", "Frames", "State")
FRAMES, STATE = HEADINGS.index("Frames"), HEADINGS.index("State")
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
PAUSE_MS = 250  # of typing before the service is asked
Index = QModelIndex | QPersistentModelIndex


class SamplesModel(QAbstractTableModel):
    """One line per sample; a view that scrolls to the end has it ask for more."""

    def __init__(self, search: SampleSearch) -> None:
        super().__init__(search)
        self._search = search
        self._found = FoundSamples("", "")

    @property
    def found(self) -> FoundSamples:
        """What is listed."""
        return self._found

    def set_found(self, found: FoundSamples) -> None:
        """List what was found; a further page of the same search is added."""
        known = self._found.samples
        same = (found.category, found.search) == (self._found.category, self._found.search)
        if same and found.samples[: len(known)] == known and len(found.samples) > len(known) > 0:
            self.beginInsertRows(QModelIndex(), len(known), len(found.samples) - 1)
            self._found = found
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._found = found
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of samples."""
        return 0 if parent.isValid() else len(self._found.samples)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """As many as headings."""
        return 0 if parent.isValid() else len(HEADINGS)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the service has more of them."""
        return not parent.isValid() and self._found.has_more

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if not parent.isValid():
            self._search.more()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        horizontal = orientation is Qt.Orientation.Horizontal
        if horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section == FRAMES:
            return RIGHT
        return HEADINGS[section] if horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, colour of the state, and the sample."""
        sample = self._found.samples[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(_cells(sample)[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(sample.name, *([sample.state] if sample.state else []))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == FRAMES:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == STATE:
            return current().color("wrong" if sample.problem else "attention")
        return sample if role == SAMPLE else None


class SamplePicker(QDialog):
    """Tells which sample was chosen."""

    chosen = Signal(object)  # Sample

    def __init__(self, search: SampleSearch, *, camera: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(visible(f"Find a sample for {camera}"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search = search
        search.setParent(self)
        self.category, self.search = QComboBox(), QLineEdit()
        self.model = SamplesModel(search)
        self.list = QTreeView()
        self.note = NoteLabel("Looking for samples …")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self._build_fields()
        self._build_list()
        self._lay_out()
        search.found.connect(self._on_found)
        search.failed.connect(self._on_failed)
        self.look()

    def look(self) -> None:
        """Ask the service for what is typed."""
        self._timer.stop()
        self.note.say("Looking for samples …")
        self._search.start(self.category.currentText(), self.search.text())

    def accept(self) -> None:
        """Take the sample that is chosen."""
        index = self.list.currentIndex()
        if index.isValid():
            self.chosen.emit(index.data(SAMPLE))
            super().accept()

    def done(self, result: int) -> None:
        """Nothing is looked for any longer."""
        self._timer.stop()
        self._search.stop()
        super().done(result)

    def _build_fields(self) -> None:
        self.category.addItems(CATEGORIES)
        self.category.setAccessibleName("Category")
        self.category.setToolTip("Category of the samples")
        self.category.currentIndexChanged.connect(self.look)
        self.search.setPlaceholderText("Part of the name")
        self.search.setAccessibleName("Search samples")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._timer.start())

    def _build_list(self) -> None:
        self.list.setModel(self.model)
        dress_tree(self.list, "Samples")
        self.list.setRootIsDecorated(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate((90, 70, 200), start=1):
            header.resizeSection(column, width)
        self.list.doubleClicked.connect(lambda _index: self.accept())
        self.list.selectionModel().currentChanged.connect(self._refresh_button)

    def _lay_out(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.take = self.buttons.addButton("Choose", QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setProperty("role", "primary")
        self.take.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        fields = QHBoxLayout()
        fields.setSpacing(2 * STEP)
        fields.addWidget(self.category)
        fields.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addLayout(fields)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.buttons)
        self.resize(700, 460)
        self.search.setFocus()
        self._refresh_button()

    def _on_found(self, found: FoundSamples) -> None:
        self.model.set_found(found)
        if not self.list.currentIndex().isValid() and found.samples:
            self.list.setCurrentIndex(self.model.index(0, 0))
        shown, total = len(found.samples), found.total
        self.note.say(f"{shown:,} of {total:,} samples" if total else "No sample of this category has such a name.")
        self._refresh_button()

    def _on_failed(self, error: AppError) -> None:
        self.note.say(str(error), wrong=True)

    def _refresh_button(self) -> None:
        self.take.setEnabled(self.list.currentIndex().isValid())


def _cells(sample: Sample) -> tuple[str, ...]:
    frames = "" if sample.frame_count is None else f"{sample.frame_count:,}"
    return (sample.name or f"sample {sample.sample_id}", sample.kind, frames, sample.state)
