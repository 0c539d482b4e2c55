"""Tooltips that depend on what is under the cursor within a widget."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


def shows_tooltip(event: QEvent, widget: QWidget, text_at: Callable[[QPointF], str]) -> bool:
    """Whether an event asks what is under the cursor: it is answered with ``text_at`` a place in the widget's pixels,
    with nothing where that is empty."""
    if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
        return False
    QToolTip.showText(event.globalPos(), text_at(QPointF(event.pos())), widget)
    return True
