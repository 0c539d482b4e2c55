"""The page of impulses as a window of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.gui.actions import Command, build_actions
from app.gui.impulses.page import ImpulsesPage
from app.gui.impulses.toolbar import COLUMNS, EXPORT, FILTER, FIND, REFRESH

WIDTH, HEIGHT = 1320, 860


class ImpulsesWindow(QWidget):
    """The page as a window of its own, which never stands in the way of the main one."""

    closed = Signal()

    def __init__(self, page: ImpulsesPage, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.page = page
        self.setWindowTitle("Impulses")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        self.resize(WIDTH, HEIGHT)
        self.actions_by_id = build_actions(self, self._commands())

    def _commands(self) -> tuple[Command, ...]:
        page, menu = self.page, "Impulses"
        return (
            Command("impulses-find", menu, "Find impulses", page.toolbar.search.setFocus, (FIND,)),
            Command("impulses-filter", menu, "Filter", page.toolbar.add_filter.showMenu, (FILTER,)),
            Command("impulses-columns", menu, "Columns", page.choose_columns, (COLUMNS,)),
            Command("impulses-export", menu, "Export", page.export, (EXPORT,)),
            Command("impulses-refresh", menu, "Refresh", page.fetch, (REFRESH,)),
            Command("impulses-close", menu, "Close", self.close, ("Esc", "Ctrl+W")),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so; the page stays as it is for the next time."""
        super().closeEvent(event)
        self.closed.emit()
