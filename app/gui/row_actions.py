"""What can be done with the current row of a list: one table for its keys, its context menu and its buttons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu

from app.gui.icons import IconButton


@dataclass(frozen=True)
class RowAct:
    """One thing to do; ``key`` works while the list has the focus, ``shown_key`` is one that the list handles itself.

    With ``icon`` it also has a button; ``line_before`` parts it from what stands above it in the menu.
    """

    id: str
    text: str
    do: Callable[[], None]
    key: str = ""
    shown_key: str = ""
    icon: str = ""
    line_before: bool = False


class RowActions(QObject):
    """Actions of a view. ``refresh`` of the owner sets what is possible, before each menu and whenever rows change."""

    def __init__(self, view: QAbstractItemView, acts: Iterable[RowAct], *, refresh: Callable[[], None]) -> None:
        super().__init__(view)
        self._view = view
        self._refresh = refresh
        self._acts = tuple(acts)
        self._by_id = {act.id: self._make(act) for act in self._acts}
        self._buttons = {act.id: self._button(act) for act in self._acts if act.icon}
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu)

    def __getitem__(self, name: str) -> QAction:
        return self._by_id[name]

    @property
    def buttons(self) -> tuple[IconButton, ...]:
        """In the order of the table."""
        return tuple(self._buttons.values())

    def button(self, name: str) -> IconButton:
        """The button of one action."""
        return self._buttons[name]

    def menu(self) -> QMenu:
        """The context menu for the current row; it deletes itself when closed."""
        self._refresh()
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self._acts:
            action = self._by_id[act.id]
            if act.line_before:
                menu.addSeparator()
            menu.addAction(action)
        return menu

    def _on_menu(self, place: QPoint) -> None:
        if self._view.indexAt(place).isValid():
            self.menu().popup(self._view.viewport().mapToGlobal(place))

    def _make(self, act: RowAct) -> QAction:
        shown = QKeySequence(act.shown_key).toString(QKeySequence.SequenceFormat.NativeText)
        action = QAction(f"{act.text}\t{shown}" if shown else act.text, self._view)
        action.setObjectName(act.id)
        if act.key:
            action.setShortcut(QKeySequence(act.key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: act.do())
        self._view.addAction(action)
        return action

    def _button(self, act: RowAct) -> IconButton:
        action = self._by_id[act.id]
        key = QKeySequence(act.key or act.shown_key).toString(QKeySequence.SequenceFormat.NativeText)
        button = IconButton(act.icon, act.text, key=key)
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        return button
