"""Two impulses side by side for a tree view: a line for each section, and one below it for each thing."""

from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from app.domain.finding import counted
from app.domain.impulse.comparison import ComparedRow, differing
from app.domain.impulse.values import NOT_SAID
from app.gui.text import plain, visible
from app.gui.theme import current, strong_font

Index = QModelIndex | QPersistentModelIndex
Section = tuple[str, tuple[ComparedRow, ...]]
WHAT, MARK, ONE, OTHER = range(4)
DIFFERS = "\N{NOT EQUAL TO}"
LONGEST = 160  # characters of a value; the tooltip has more
LONGEST_TIP = 1200


class CompareModel(QAbstractItemModel):
    """Sections are rows of the root, their rows are below them; a row's internal id is that of its section plus one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self._names = ("", "")

    def show_rows(self, rows: tuple[ComparedRow, ...], *, names: tuple[str, str]) -> None:
        """Show a comparison of impulses with these names."""
        self.beginResetModel()
        self._names = names
        self._sections = tuple((section, tuple(found)) for section, found in groupby(rows, lambda row: row.section))
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's default
        """A section, or a row of one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # Qt has another one without arguments
        """The section of a row."""
        section = index.internalId() if index.isValid() else 0
        return self.createIndex(section - 1, 0, 0) if section else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Sections, or the rows of one."""
        if not parent.isValid():
            return len(self._sections)
        return 0 if parent.internalId() or parent.column() else len(self._sections[parent.row()][1])

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """What, the mark, and both impulses."""
        return 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the impulses over their values."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", "", *(visible(name) for name in self._names))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Of a section its name and how much differs, of a row its two values, those that differ marked."""
        if not index.internalId():
            return self._section(self._sections[index.row()], index.column(), role)
        return _cell(self._sections[index.internalId() - 1][1][index.row()], index.column(), role)

    def _section(self, section: Section, column: int, role: int) -> Any:
        title, rows = section
        if role == Qt.ItemDataRole.DisplayRole and column == WHAT:
            different = len(differing(rows))
            return visible(f"{title} · {counted(different, 'difference') if different else 'the same'}")
        if role == Qt.ItemDataRole.FontRole:
            return strong_font(QFont())
        return None


def _cell(row: ComparedRow, column: int, role: int) -> Any:
    texts = (row.name, DIFFERS if row.differs else "", row.left or NOT_SAID, row.right or NOT_SAID)
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return visible(texts[column], limit=LONGEST)
        case Qt.ItemDataRole.ForegroundRole:
            return current().color(_token(row, column))
        case Qt.ItemDataRole.FontRole:
            return strong_font(QFont()) if row.differs and column != WHAT else None
        case Qt.ItemDataRole.ToolTipRole:
            return plain(*texts[column].split("\n")[:40], limit=LONGEST_TIP) if column >= ONE else None
        case Qt.ItemDataRole.AccessibleTextRole:
            return f"{visible(texts[column])}{', differs' if row.differs and column == WHAT else ''}"
    return None


def _token(row: ComparedRow, column: int) -> str:
    if column == MARK:
        return "attention"
    return "text" if row.differs or column == WHAT else "secondary"
