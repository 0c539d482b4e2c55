"""Two impulses side by side, with what differs marked."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QTreeView, QVBoxLayout, QWidget

from app.domain.finding import counted
from app.domain.impulse import Impulse
from app.domain.impulse.comparison import compare_impulses, differing
from app.gui.eliding_combo import ElidingComboBox
from app.gui.fields import make_label
from app.gui.impulses.compare_model import MARK, ONE, OTHER, WHAT, CompareModel
from app.gui.panels.empty import EmptyPage
from app.gui.theme import STEP
from app.gui.tree_look import dress_tree

FEW = "There is no second impulse to compare with."


class CompareView(QWidget):
    """Choose one and another; only what differs, if wished. What is offered out of sight is compared when seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._impulses: tuple[Impulse, ...] = ()
        self._stale = False  # others were offered while nobody looked
        self.model = CompareModel(self)
        self.left = ElidingComboBox("First impulse", characters=12, tip="The impulse on the left")
        self.right = ElidingComboBox("Second impulse", characters=12, tip="The impulse on the right")
        self.only = QCheckBox("Only &differences")
        self.only.setChecked(True)
        self.count = make_label("secondary")
        self.count.setWordWrap(False)
        self.tree = QTreeView()
        self._empty = EmptyPage()
        self._empty.setText(FEW)
        self._build()
        for field in (self.left, self.right):
            field.currentIndexChanged.connect(self._refresh)
        self.only.toggled.connect(self._refresh)
        self._refresh()

    def offer(self, impulses: tuple[Impulse, ...]) -> None:
        """Let these be compared; the chosen ones stay, by their ids."""
        kept = self.compared
        self._impulses = impulses
        for field in (self.left, self.right):
            field.offer((impulse.name, place) for place, impulse in enumerate(impulses))
        self._choose(*kept)
        self._stale = True
        if self.isVisible():
            self._refresh()

    @property
    def compared(self) -> tuple[Impulse, ...]:
        """The two that are chosen."""
        places = (self.left.currentData(), self.right.currentData())
        return tuple(self._impulses[place] for place in places if place is not None and place < len(self._impulses))

    def compare(self, *wanted: Impulse) -> None:
        """Put these side by side; where fewer than two are named, the next one stands beside the first."""
        self._choose(*wanted)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Compare what was offered meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def _choose(self, *wanted: Impulse) -> None:
        ids = [impulse.impulse_id for impulse in self._impulses]
        places = [ids.index(impulse.impulse_id) for impulse in wanted if impulse.impulse_id in ids]
        others = [place for place in range(len(ids)) if place not in places]
        for field, place in zip((self.left, self.right), [*places, *others], strict=False):
            with QSignalBlocker(field):
                field.setCurrentIndex(place)

    def _build(self) -> None:
        self.tree.setModel(self.model)
        dress_tree(self.tree, "Comparison")
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setIndentation(3 * STEP)
        header = self.tree.header()
        header.setStretchLastSection(False)
        for column in (ONE, OTHER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(MARK, QHeaderView.ResizeMode.ResizeToContents)
        header.resizeSection(WHAT, 150)
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.only.setToolTip("Leave out what is the same (Alt+D)")
        choice = QHBoxLayout()
        choice.setSpacing(2 * STEP)
        choice.addWidget(self.left, 1)
        choice.addWidget(make_label("secondary", "against"))
        choice.addWidget(self.right, 1)
        line = QHBoxLayout()
        line.addWidget(self.only)
        line.addStretch(1)
        line.addWidget(self.count)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        column_layout.setSpacing(2 * STEP)
        column_layout.addLayout(choice)
        column_layout.addLayout(line)
        column_layout.addWidget(self.tree, 1)
        column_layout.addWidget(self._empty, 1)

    def _refresh(self) -> None:
        self._stale = False
        pair = self.compared
        enough = len(pair) == 2 and len(self._impulses) > 1
        rows = compare_impulses(*pair) if enough else ()
        different = differing(rows)
        self.count.setText(f"{counted(len(different), 'difference')} in {len(rows):,}" if different else "All the same")
        self.count.setVisible(enough)
        names = (pair[0].name, pair[1].name) if enough else ("", "")
        self.model.show_rows(different if self.only.isChecked() else rows, names=names)
        for section in range(self.model.rowCount()):
            self.tree.setFirstColumnSpanned(section, QModelIndex(), True)
        self.tree.expandAll()
        self.tree.setVisible(enough)
        self._empty.setVisible(not enough)
