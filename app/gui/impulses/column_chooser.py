"""Which columns the table of impulses shows: all that there are, by category, with a line to find one."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QFrame, QListView, QPushButton, QVBoxLayout, QWidget

from app.domain.impulse.table_columns import NAME, Column
from app.gui.fields import make_line
from app.gui.impulses.arranging import Arranging
from app.gui.impulses.table_model import header_tip
from app.gui.text import visible
from app.gui.theme import STEP

WIDTH, HEIGHT = 320, 420
Index = QModelIndex | QPersistentModelIndex


class ColumnsModel(QAbstractListModel):
    """A line with a check mark for each column but the name, which is always there."""

    def __init__(self, arranging: Arranging, parent: QObject) -> None:
        super().__init__(parent)
        self._arranging = arranging
        self._columns = self._all()
        arranging.changed.connect(self._refresh)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title and category, whether it is shown, and what it means."""
        column = self._columns[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(f"{column.title} · {column.group}")
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if column in self._arranging.columns else Qt.CheckState.Unchecked
        return header_tip(column) if role == Qt.ItemDataRole.ToolTipRole else None

    def toggle(self, row: int) -> None:
        """Show a column, or no longer."""
        self._arranging.toggle_column(self._columns[row].key)

    def _all(self) -> tuple[Column, ...]:
        return tuple(column for column in self._arranging.table.columns if column.key != NAME)

    def _refresh(self) -> None:
        columns = self._all()
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()
        elif columns:
            ends = self.index(0), self.index(len(columns) - 1)
            self.dataChanged.emit(*ends, [Qt.ItemDataRole.CheckStateRole])


class ColumnChooser(QFrame):
    """Opens over the table and closes with Esc or a click beside it."""

    def __init__(self, arranging: Arranging, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "overlay")
        self.wanted = make_line("Find a column", "Find a column")
        self.wanted.setClearButtonEnabled(True)
        self._found = QSortFilterProxyModel(self)
        self.model = ColumnsModel(arranging, self)
        self._found.setSourceModel(self.model)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView()
        self.list.setModel(self._found)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Columns")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.first = QPushButton("As at first")
        self.first.setToolTip("Show the columns that the service shows")
        self.wanted.textChanged.connect(self._found.setFilterFixedString)
        self.list.clicked.connect(self._toggle)
        space = QShortcut(Qt.Key.Key_Space, self.list, context=Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(lambda: self._toggle(self.list.currentIndex()))
        self.first.clicked.connect(lambda _checked=False: arranging.show_columns(None))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(2 * STEP)
        for widget in (self.wanted, self.list, self.first):
            column.addWidget(widget)
        self.resize(WIDTH, HEIGHT)

    def open_below(self, button: QWidget) -> None:
        """Show it at a button."""
        self.move(button.mapToGlobal(button.rect().bottomLeft()))
        self.show()
        self.wanted.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the line down into the list."""
        if event.key() == Qt.Key.Key_Down and self.wanted.hasFocus():
            self.list.setFocus()
            self.list.setCurrentIndex(self._found.index(0, 0))
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid():
            self.model.toggle(self._found.mapToSource(index).row())
