"""Keys that a focused widget keeps for itself although the window has a command on them, and who has them next."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


def keeps_space(event: QEvent) -> bool:
    """Take the space bar for the widget that has the focus, before it plays frames; False for all other events."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() == Qt.Key.Key_Space:
        event.accept()
        return True
    return False


def give_back_keys(closing: QWidget) -> None:
    """Hand the focus of a widget that is about to close to what it lies over."""
    below, focused = closing.parentWidget(), closing.window().focusWidget()
    if below is not None and focused is not None and (focused is closing or closing.isAncestorOf(focused)):
        below.setFocus()
