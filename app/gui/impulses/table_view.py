"""The table of impulses: names stay in sight on the left while the figures scroll."""

from collections.abc import Iterator

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.impulse import Impulse
from app.gui.icons import SIZE
from app.gui.impulses.arranging import Arranging
from app.gui.impulses.table_model import DOWN, IMPULSE, ImpulseTableModel
from app.gui.theme import STEP, tabular_font

NARROWEST, WIDEST = 64, 400  # pixels of a column
WIDEST_NAME = 300
ROW = 26  # pixels
_PADDING = 7 * STEP
_Selection = QItemSelectionModel.SelectionFlag


class ImpulseTableView(QWidget):
    """Two views of one model with one selection: the first column, and all others beside it."""

    current_changed = Signal()
    filter_requested = Signal(str)  # key of a column

    def __init__(self, arranging: Arranging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arranging = arranging
        self.model = ImpulseTableModel(arranging, self)
        self.names, self.figures = QTableView(), QTableView()
        self._settling = False
        self._sized: tuple[str, ...] = ()
        for view, name in ((self.names, "Names of impulses"), (self.figures, "Impulses")):
            _dress(view, name)
            view.setModel(self.model)
            header = view.horizontalHeader()
            header.sectionClicked.connect(self._on_header)
            header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            header.customContextMenuRequested.connect(lambda at, header=header: self._on_header_menu(header, at))
        self._join()
        self._lay_out()
        arranging.changed.connect(self._refresh)
        self._refresh()

    @property
    def current(self) -> Impulse | None:
        """The impulse that the keys are at."""
        index = self.figures.currentIndex()
        return index.data(IMPULSE) if index.isValid() else None

    @property
    def chosen(self) -> tuple[Impulse, ...]:
        """The selected impulses, from the top down."""
        rows = sorted({index.row() for index in self.figures.selectionModel().selectedRows()})
        return tuple(self.model.impulse(row) for row in rows)

    def height_of(self, most_rows: int) -> int:
        """Pixels that its rows need, up to so many of them."""
        bar = self.figures.horizontalScrollBar().sizeHint().height()
        return self.figures.horizontalHeader().sizeHint().height() + min(self.model.rowCount(), most_rows) * ROW + bar

    def show_row(self, row: int) -> None:
        """Go to a row."""
        place = self.model.index(row, min(1, self.model.columnCount() - 1))
        self.figures.setCurrentIndex(place)

    def _join(self) -> None:
        """One selection, one current row, one vertical place."""
        self.names.setSelectionModel(self.figures.selectionModel())
        self.names.setFocusProxy(self.figures)
        self.names.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ours, theirs = self.figures.verticalScrollBar(), self.names.verticalScrollBar()
        ours.valueChanged.connect(theirs.setValue)
        theirs.valueChanged.connect(ours.setValue)
        self.figures.selectionModel().currentRowChanged.connect(self._on_current)

    def _lay_out(self) -> None:
        self.names.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        bar = self.figures.horizontalScrollBar()
        foot = QWidget()  # as high as the bar beside it, so that rows stay level down to the last one
        foot.setFixedHeight(bar.sizeHint().height())
        foot.setVisible(bar.maximum() > 0)
        bar.rangeChanged.connect(lambda _least, most: foot.setVisible(most > 0))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.names, 1)
        left.addWidget(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addLayout(left)
        row.addWidget(self.figures, 1)
        self.setFocusProxy(self.figures)

    def _refresh(self) -> None:
        """Show the arrangement, and keep what was chosen and where the keys were."""
        current, chosen = self.current, self.chosen
        self._settling = True
        self.model.refresh()
        self._hide_columns()
        self._choose(current, chosen)
        self._settling = False
        if self.current is not current:
            self.current_changed.emit()

    def _choose(self, current: Impulse | None, chosen: tuple[Impulse, ...]) -> None:
        if not self.model.rowCount():
            return
        rows = set(self.model.rows_of(chosen))
        kept = self.model.rows_of((current,)) if current is not None else []
        at = kept[0] if kept else min(rows, default=0)
        selection = QItemSelection()
        last = self.model.columnCount() - 1
        for row in rows or {at}:
            selection.select(self.model.index(row, 0), self.model.index(row, last))
        model = self.figures.selectionModel()
        model.select(selection, _Selection.ClearAndSelect)
        model.setCurrentIndex(self.model.index(at, min(1, last)), _Selection.NoUpdate)
        self.figures.scrollTo(self.figures.currentIndex())

    def _hide_columns(self) -> None:
        for column in range(self.model.columnCount()):
            self.names.setColumnHidden(column, column > 0)
            self.figures.setColumnHidden(column, column == 0)
        shown = tuple(column.key for column in self.model.columns)
        if shown != self._sized or not self._sized:
            self._sized = shown if self.model.rowCount() else ()
            self._size_columns()

    def _size_columns(self) -> None:
        metrics = QFontMetrics(tabular_font(self.font()))
        for column in range(self.model.columnCount()):
            needed = max((metrics.horizontalAdvance(text) for text in self._longest(column)), default=0) + _PADDING
            if column:
                self.figures.setColumnWidth(column, min(max(needed, NARROWEST), WIDEST))
            else:
                name = min(max(needed + SIZE + STEP, NARROWEST), WIDEST_NAME)
                self.names.setColumnWidth(0, name)
                self.names.setFixedWidth(name)

    def _longest(self, column: int) -> Iterator[str]:
        """The heading and the longest texts of a column: measuring every cell would take longer than showing it."""
        yield f"{self.model.headerData(column, Qt.Orientation.Horizontal)} {DOWN}"
        yield from self.model.longest_texts(column)

    def _on_header(self, section: int) -> None:
        self._arranging.sort_by(self.model.columns[section].key)

    def _on_header_menu(self, header: QHeaderView, at: QPoint) -> None:
        section = header.logicalIndexAt(at)
        if section >= 0:
            self.filter_requested.emit(self.model.columns[section].key)

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if not self._settling:
            self.current_changed.emit()


def _dress(view: QTableView, name: str) -> None:
    view.setAccessibleName(name)
    view.setProperty("role", "table")
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setFont(tabular_font(view.font()))
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionsClickable(True)
    header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
