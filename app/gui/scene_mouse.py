"""Mouse and touchpad over the 3D view, as in CloudCompare and ParaView, about what is under the cursor.

Left turns around it; middle, right or Shift with left moves it along; the wheel, two fingers and pinching come
closer to it; a double click centres it. Two fingers with Shift move the picture.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.scene.motion import drag, orbit, refocused, zoom
from app.scene.views import CameraPlacement, Vector

STEP = 1.2  # closer by this factor for one notch of the wheel
NOTCH = 120  # eighths of a degree
STILL = 2.0  # pixels the cursor may stray while the wheel keeps to the same point
TREMBLE = 4.0  # pixels, across and down together, that a click may move
LARGEST_PINCH = 0.9  # of one event; a whole one would turn the picture inside out


class SceneMouse(QObject):
    """Takes all mouse events of ``widget``, so that VTK's own handling never sees them.

    ``point_at`` says what is under a position, in cloud coordinates.
    """

    hovered = Signal(QPointF)  # where in the widget, no button held
    left = Signal()  # the mouse is elsewhere, or drags
    clicked = Signal(QPointF, Qt.KeyboardModifier)  # the left button, without a drag
    touched = Signal()  # the user begins to move the camera
    turning = Signal(object)  # around this pivot, a Vector; None when the button is released
    centre_asked = Signal(object)  # a Vector

    def __init__(
        self,
        widget: QWidget,
        *,
        read: Callable[[], CameraPlacement],
        write: Callable[[CameraPlacement], None],
        point_at: Callable[[QPointF], Vector],
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._read = read
        self._write = write
        self._point_at = point_at
        self._last = self._pressed = QPointF()
        self._dragged = False
        self._button = Qt.MouseButton.NoButton
        self._held: Vector | None = None  # what the pressed button turns around or moves
        self._zoomed: tuple[QPointF, Vector, CameraPlacement] | None = None  # where the wheel left off
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Turn mouse events into camera motion."""
        if isinstance(event, QWheelEvent):
            self._on_wheel(event)
            return True
        if isinstance(event, QNativeGestureEvent):
            return self._on_gesture(event)
        if isinstance(event, QMouseEvent):
            self._on_mouse(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        return False

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonDblClick and event.button() == Qt.MouseButton.LeftButton:
            self.centre_asked.emit(self._point_at(event.position()))
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._press(event)
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == self._button:
            self._release(event)
        elif kind == QEvent.Type.MouseMove and self._button != Qt.MouseButton.NoButton:
            if self._is_drag(event):
                self._drag(event)
        elif kind == QEvent.Type.MouseMove:
            self.hovered.emit(event.position())

    def _press(self, event: QMouseEvent) -> None:
        self._button, self._held, self._dragged = event.button(), None, False
        self._last = self._pressed = event.position()
        self.touched.emit()

    def _release(self, event: QMouseEvent) -> None:
        was, self._button, self._held = self._button, Qt.MouseButton.NoButton, None
        self.turning.emit(None)
        if self._dragged:
            self.hovered.emit(event.position())
        elif was == Qt.MouseButton.LeftButton:
            self.clicked.emit(event.position(), event.modifiers())

    def _is_drag(self, event: QMouseEvent) -> bool:
        """A hand that trembles while it clicks drags nothing; once it drags, every pixel counts."""
        if not self._dragged and (event.position() - self._pressed).manhattanLength() > TREMBLE:
            self._dragged = True
            self.left.emit()
        return self._dragged

    def _drag(self, event: QMouseEvent) -> None:
        if self._held is None:
            self._held = self._point_at(self._last)  # where the button went down: a click alone looks nothing up
        moved, self._last = event.position() - self._last, event.position()
        if self._button == Qt.MouseButton.LeftButton and not _shifted(event):
            right, down = (math.pi / 2 * side / self._unit for side in (moved.x(), moved.y()))
            placement = refocused(self._read(), self._held)
            self._write(orbit(placement, turn=right, tilt=down, pivot=self._held))
            self.turning.emit(self._held)
        else:
            self._write(drag(self._read(), grabbed=self._held, to=self._last.toTuple(), size=self._size))

    def _on_wheel(self, event: QWheelEvent) -> None:
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:
            return  # coasting on after the fingers left would overshoot
        if _shifted(event) and not event.pixelDelta().isNull():
            self._slide(event)
            return
        turned = event.angleDelta().y() / NOTCH
        if turned:
            self._zoom(event.position(), STEP**turned)

    def _slide(self, event: QWheelEvent) -> None:
        grabbed = self._point_at(event.position())
        to = event.position() + QPointF(event.pixelDelta())
        self._write(drag(self._read(), grabbed=grabbed, to=to.toTuple(), size=self._size))

    def _on_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(event.position(), 1 + min(max(event.value(), -LARGEST_PINCH), LARGEST_PINCH))
        return True

    def _zoom(self, at: QPointF, factor: float) -> None:
        """Towards the same point while the cursor rests: another one, behind the first, must not take its place."""
        before = self._zoomed
        moved_on = before is None or before[2] != self._read() or (at - before[0]).manhattanLength() > STILL
        point = self._point_at(at) if before is None or moved_on else before[1]
        self.touched.emit()
        self._write(zoom(self._read(), factor=factor, towards=point))
        self._zoomed = at, point, self._read()

    @property
    def _size(self) -> tuple[float, float]:
        return float(max(1, self._widget.width())), float(max(1, self._widget.height()))

    @property
    def _unit(self) -> float:
        """Half the height of the picture in pixels."""
        return self._size[1] / 2


def _shifted(event: QMouseEvent | QWheelEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
