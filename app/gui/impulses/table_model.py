"""Impulses and their figures for a table view."""

from collections.abc import Iterable
from heapq import nlargest
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.impulse import Impulse
from app.domain.impulse.state import READY
from app.domain.impulse.table_cells import Cell
from app.domain.impulse.table_columns import NAME, STATE, Column, Filtering, headings
from app.domain.impulse.values import NOT_SAID
from app.gui.icons import icon
from app.gui.impulses.arranging import Arranging
from app.gui.text import plain, visible, with_minus
from app.gui.theme import current

IMPULSE = Qt.ItemDataRole.UserRole
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LONGEST = 120  # characters of a cell; its tooltip has more
LONGEST_TIP = 600
UP, DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
HOW = {
    Filtering.NUMERIC: "Filtered by range or comparison",
    Filtering.STRING: "Filtered by what it contains",
    Filtering.SELECT: "Filtered by the options that are checked",
    Filtering.BOOLEAN: "Filtered by yes or no",
    Filtering.LIST: "Filtered by any of its words",
}
Index = QModelIndex | QPersistentModelIndex


class ImpulseTableModel(QAbstractTableModel):
    """The rows and columns of an arrangement, made anew when it changes."""

    def __init__(self, arranging: Arranging, parent: QObject) -> None:
        super().__init__(parent)
        self._arranging = arranging
        self._columns: tuple[Column, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._rows: tuple[int, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Show what the arrangement shows now."""
        self.beginResetModel()
        self._columns = self._arranging.columns
        self._headings = headings(self._columns)
        self._rows = self._arranging.rows.positions
        self.endResetModel()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, that of the name first."""
        return self._columns

    def impulse(self, row: int) -> Impulse:
        """What a row shows."""
        return self._arranging.table.impulses[self._rows[row]]

    def rows_of(self, impulses: Iterable[Impulse]) -> list[int]:
        """Where impulses are shown, by identity, else by their ids; those that are not shown are left out."""
        shown = [(row, self.impulse(row)) for row in reversed(range(len(self._rows)))]  # the first of an id counts
        same, alike = {id(each): row for row, each in shown}, {each.impulse_id: row for row, each in shown}
        found = (same.get(id(each), alike.get(each.impulse_id)) for each in impulses)
        return [row for row in found if row is not None]

    def longest_texts(self, column: int) -> list[str]:
        """The longest texts of a column in all rows, shown or not."""
        cells = self._arranging.table.cells[self._columns[column].key]
        return [visible(text, limit=LONGEST) for text in nlargest(4, (cell.text for cell in cells), key=len)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of impulses shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of columns shown."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, and what the service says about a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{visible(self._headings[section], limit=LONGEST)}{self._mark(column)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return header_tip(column)
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _mark(self, column: Column) -> str:
        """Beside the heading of the column that is sorted by: which way."""
        arrangement = self._arranging.arrangement
        return f" {DOWN if arrangement.descending else UP}" if column.key == arrangement.sort else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, colour of what needs attention, the pin, and the impulse."""
        column, cell = self._columns[index.column()], self._cell(index)
        pinned = column.key == NAME and index.row() < self._arranging.rows.pinned
        if role == IMPULSE:
            return self.impulse(index.row())
        if role == Qt.ItemDataRole.DecorationRole:
            return icon("pin", token="accent") if pinned else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {cell_text(column, cell)}{', pinned' if pinned else ''}"
        return _face(column, cell, role)

    def _cell(self, index: Index) -> Cell:
        return self._arranging.table.cell(self._rows[index.row()], self._columns[index.column()].key)


def _face(column: Column, cell: Cell, role: int) -> Any:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return cell_text(column, cell)
        case Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        case Qt.ItemDataRole.ForegroundRole:
            return current().color(_token(column, cell))
        case Qt.ItemDataRole.ToolTipRole:
            return _cell_tip(cell)
    return None


def cell_text(column: Column, cell: Cell) -> str:
    """What a cell shows."""
    if cell.missing:
        return NOT_SAID
    text = visible(cell.text, limit=LONGEST)
    return with_minus(text) if column.is_numeric else text


def header_tip(column: Column) -> str:
    """Title, description, where it belongs, the service's hints, and how it is filtered."""
    name = "" if column.name == column.title else f" · {column.name}"
    unit = "" if column.unit is None or not column.unit else f", in {column.unit}"
    lines = (
        column.title,
        column.description if column.description != column.title else "",
        f"{column.group}{name}",
        *column.hints,
        f"{HOW[column.filtering]}{unit}. Click to sort.",
    )
    return plain(*(line for line in lines if line))


def _cell_tip(cell: Cell) -> str:
    lines = [line for line in (cell.text if len(cell.text) > 24 else "", cell.hint) if line]
    return plain(*lines, limit=LONGEST_TIP) if lines else ""


def _alignment(column: Column) -> int:
    return RIGHT if column.is_numeric else LEFT


def _token(column: Column, cell: Cell) -> str:
    if cell.missing:
        return "secondary"
    if column.key == STATE:
        return "fine" if cell.items == (READY.word,) else "attention"
    return "text"
