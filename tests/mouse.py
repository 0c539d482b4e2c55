"""A mouse that acts on a widget where it is told to, at once and to fractions of a pixel.

The pointer of the screen is shared, moves when the X server comes to it, and says nothing where it lay there already.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def send_mouse(widget: QWidget, kind: QEvent.Type, at: QPointF | QPoint, *, button=NONE, held=NONE) -> None:
    """One mouse event at a position in the widget."""
    local = QPointF(at)
    event = QMouseEvent(kind, local, widget.mapToGlobal(local), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def click(widget: QWidget, at: QPointF | QPoint) -> None:
    """Press and release the left button."""
    drag(widget, at)


def hover(widget: QWidget, at: QPointF | QPoint) -> None:
    """Be somewhere, no button held; comes in first where it was elsewhere."""
    if not widget.underMouse():
        local = QPointF(at)
        QApplication.sendEvent(
            widget, QEnterEvent(local, widget.mapTo(widget.window(), local), widget.mapToGlobal(local))
        )
    send_mouse(widget, QEvent.Type.MouseMove, at)


def drag(widget: QWidget, *path: QPointF | QPoint, button=LEFT) -> None:
    """Press, move along the path, and let go."""
    hold(widget, *path, button=button)
    let_go(widget, path[-1], button=button)


def hold(widget: QWidget, *path: QPointF | QPoint, button=LEFT) -> None:
    """Press and move along the path without letting go."""
    send_mouse(widget, QEvent.Type.MouseButtonPress, path[0], button=button, held=button)
    for at in path[1:]:
        move_held(widget, at, button=button)


def move_held(widget: QWidget, at: QPointF | QPoint, *, button=LEFT) -> None:
    """Move with the button held."""
    send_mouse(widget, QEvent.Type.MouseMove, at, held=button)


def let_go(widget: QWidget, at: QPointF | QPoint, *, button=LEFT) -> None:
    """Release the button."""
    send_mouse(widget, QEvent.Type.MouseButtonRelease, at, button=button)
