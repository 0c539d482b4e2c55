"""The mouse over the 3D view: left turns; middle, right or Shift with left moves; the wheel zooms to the cursor."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.scene.motion import orbit, pan, zoom
from app.scene.views import CameraPlacement

STEP = 1.2  # closer by this factor for one notch of the wheel
NOTCH = 120  # eighths of a degree


class SceneMouse(QObject):
    """Takes all mouse events of ``widget``, so that VTK's own handling never sees them."""

    hovered = Signal(QPointF)  # where in the widget, no button held
    left = Signal()  # the mouse is elsewhere, or drags
    clicked = Signal(QPointF, Qt.KeyboardModifier)  # the left button, without a drag

    def __init__(
        self, widget: QWidget, *, read: Callable[[], CameraPlacement], write: Callable[[CameraPlacement], None]
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._read = read
        self._write = write
        self._last = self._pressed = QPointF()
        self._dragged = False
        self._button = Qt.MouseButton.NoButton
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Turn mouse events into camera motion."""
        if isinstance(event, QWheelEvent):
            self._on_wheel(event)
            return True
        if isinstance(event, QMouseEvent):
            self._on_mouse(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        return False

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._button, self._last = event.button(), event.position()
            self._pressed, self._dragged = event.position(), False
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == self._button:
            self._release(event)
        elif kind == QEvent.Type.MouseMove and self._button != Qt.MouseButton.NoButton:
            self._notice_drag(event)
            self._drag(event)
        elif kind == QEvent.Type.MouseMove:
            self.hovered.emit(event.position())

    def _release(self, event: QMouseEvent) -> None:
        was, self._button = self._button, Qt.MouseButton.NoButton
        if was == Qt.MouseButton.LeftButton and not self._dragged:
            self.clicked.emit(event.position(), event.modifiers())

    def _notice_drag(self, event: QMouseEvent) -> None:
        """A hand that trembles while it clicks drags nothing."""
        moved = (event.position() - self._pressed).manhattanLength()
        if not self._dragged and moved >= QApplication.startDragDistance():
            self._dragged = True
            self.left.emit()

    def _drag(self, event: QMouseEvent) -> None:
        moved, self._last = event.position() - self._last, event.position()
        right, down = moved.x() / self._unit, moved.y() / self._unit
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._button == Qt.MouseButton.LeftButton and not shifted:
            self._write(orbit(self._read(), turn=right * math.pi / 2, tilt=down * math.pi / 2))
        else:
            self._write(pan(self._read(), right=right, up=-down))

    def _on_wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / NOTCH
        if turned:
            at = event.position() - QPointF(self._widget.width() / 2, self._widget.height() / 2)
            towards = (at.x() / self._unit, -at.y() / self._unit)
            self._write(zoom(self._read(), factor=STEP**turned, towards=towards))

    @property
    def _unit(self) -> float:
        """Half the height of the picture in pixels."""
        return max(1.0, self._widget.height() / 2)
