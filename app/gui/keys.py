"""Keys that a focused widget keeps for itself although the window has a command on them."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def keeps_space(event: QEvent) -> bool:
    """Take the space bar for the widget that has the focus, before it plays frames; False for all other events."""
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() == Qt.Key.Key_Space:
        event.accept()
        return True
    return False
