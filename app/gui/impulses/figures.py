"""Small tables of figures: numbers to the right, sorted by what they are and not by how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTreeView, QWidget

from app.domain.impulse.values import NOT_SAID
from app.gui.text import plain, visible
from app.gui.theme import current, strong_font, tabular_font
from app.gui.tree_look import dress_tree

WIDEST = 220  # pixels of a column before it is dragged wider
WIDEST_LAST = 440  # of words that come last: nothing beside them is pushed out of sight
ROOM = 12  # pixels beside the text of a column
LONGEST_TIP = 1000  # characters

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Figure:
    """One cell: ``order`` sorts it, numbers as numbers; ``tone`` is a token of the theme; ``strong`` is half bold.

    ``right``: it stands at the right, as numbers do, and so does the name of its column.
    """

    text: str
    order: float | str | None = None
    tip: str = ""
    tone: str = ""
    strong: bool = False
    right: bool = False


def number_figure(value: float | None, text: str = "", *, tip: str = "") -> Figure:
    """A number with at most four digits that matter, unless ``text`` says it otherwise."""
    if value is None:
        return Figure(NOT_SAID, None, tip, "secondary", right=True)
    return Figure(text or f"{value:.4g}", float(value), tip, right=True)


def share_figure(value: float | None) -> Figure:
    """A share in percent."""
    return number_figure(value, "" if value is None else f"{100 * value:.1f} %")


@dataclass(frozen=True)
class FigureRow:
    """Cells of one row, and what the row is about."""

    cells: tuple[Figure, ...]
    about: object = None


class FigureModel(QAbstractTableModel):
    """Rows in the order that a column asks for; unknown figures always come last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._header: tuple[str, ...] = ()
        self._rows: list[FigureRow] = []
        self._given: tuple[FigureRow, ...] = ()
        fonts = {"plain": tabular_font(parent.font()), "strong": strong_font(tabular_font(parent.font()))}
        self._fonts: dict[str, QFont] = fonts

    def show_rows(self, header: Sequence[str], rows: Sequence[FigureRow]) -> None:
        """Show others, in the order given."""
        self.beginResetModel()
        self._header, self._given, self._rows = tuple(header), tuple(rows), list(rows)
        self.endResetModel()

    def row_at(self, index: Index) -> FigureRow | None:
        """The row of a cell."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index | None = None) -> int:
        """All rows; cells have none below."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """As many as the header names."""
        return 0 if parent is not None and parent.isValid() else len(self._header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Names of the columns, over their figures."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._header):
            return None
        if role == Role.DisplayRole:
            return visible(self._header[section])
        if role == Role.TextAlignmentRole:
            return self._alignment(section)
        return plain(self._header[section]) if role == Role.ToolTipRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        if not index.isValid() or index.column() >= len(self._rows[index.row()].cells):
            return None
        cell = self._rows[index.row()].cells[index.column()]
        if role == Role.DisplayRole:
            return visible(cell.text)
        if role == Role.ToolTipRole:
            return plain(*(cell.tip or cell.text).splitlines(), limit=LONGEST_TIP)
        if role == Role.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Role.ForegroundRole:
            return current().color(cell.tone) if cell.tone else None
        return self._fonts["strong" if cell.strong else "plain"] if role == Role.FontRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by none, the order given. The row that is chosen stays so, wherever it goes."""
        self.layoutAboutToBeChanged.emit()
        before = self._rows
        known = [row for row in self._given if column >= 0 and row.cells[column].order is not None]
        unknown = [row for row in self._given if column < 0 or row.cells[column].order is None]
        known.sort(key=lambda row: _sort_key(row.cells[column]), reverse=order is Qt.SortOrder.DescendingOrder)
        self._rows = [*known, *unknown]
        place = {id(row): number for number, row in enumerate(self._rows)}
        kept = self.persistentIndexList()
        moved = [self.index(place[id(before[index.row()])], index.column()) for index in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def has_numbers(self, column: int) -> bool:
        """Whether a column stands at the right."""
        return any(row.cells[column].right for row in self._given[:50] if column < len(row.cells))

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if self.has_numbers(column) else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


def _sort_key(cell: Figure) -> tuple[bool, float, str]:
    """Numbers before words."""
    if isinstance(cell.order, float):
        return False, cell.order, ""
    return True, 0.0, str(cell.order).casefold()


class FigureTable(QTreeView):
    """A table as high as its rows, up to ``most_rows``; Ctrl+C copies the selected rows, columns apart by tabs."""

    row_chosen = Signal(object)  # what the row is about

    def __init__(self, name: str, *, most_rows: int = 0) -> None:
        super().__init__()
        self._most_rows = most_rows
        self.wanted_width = 0  # pixels that all columns need
        self.figures = FigureModel(self)
        self.setModel(self.figures)
        dress_tree(self, name)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.header().setSortIndicatorClearable(True)
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_rows(self, header: Sequence[str], rows: Sequence[FigureRow]) -> None:
        """Show others; the columns become as wide as their figures."""
        self.figures.show_rows(header, rows)
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.wanted_width = self.verticalScrollBar().sizeHint().width()
        last = len(header) - 1
        has_words_last = not self.figures.has_numbers(last)
        self.header().setStretchLastSection(has_words_last)  # figures stay near what they are of
        for column in range(len(header)):
            most = WIDEST_LAST if column == last and has_words_last else WIDEST
            width = min(max(self.sizeHintForColumn(column) + ROOM, self.header().sectionSizeHint(column)), most)
            self.setColumnWidth(column, width)
            self.wanted_width += width
        if self._most_rows:
            self.setFixedHeight(self.height_of(self._most_rows))

    @property
    def wanted_height(self) -> int:
        """Pixels that all of its rows need."""
        return self.height_of(self.figures.rowCount())

    def height_of(self, most_rows: int) -> int:
        """Pixels that its rows need, up to so many of them."""
        shown = min(self.figures.rowCount(), most_rows)
        bar = self.horizontalScrollBar().sizeHint().height()
        return self.header().sizeHint().height() + shown * max(self.sizeHintForRow(0), 1) + bar

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, besides what every table does."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.selected_text())
        else:
            super().keyPressEvent(event)

    def selected_text(self) -> str:
        """The selected rows as lines."""
        columns = range(self.figures.columnCount())
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        cells = ((str(index.siblingAtColumn(column).data()) for column in columns) for index in rows)
        return "\n".join("\t".join(row) for row in cells)

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = self.figures.row_at(index)
        if row is not None:
            self.row_chosen.emit(row.about)
