"""How often values occur, with two handles for the lowest and the highest value that the colours tell apart."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.arrays import Bytes, Float64, Integers
from app.gui.text import plain
from app.gui.theme import current

HEIGHT = 88  # pixels
GRIP = 6  # pixels: half the width of a handle, and the air beside the first and the last bar
FOOT = 12  # pixels below the bars, where the handles are gripped
SHORTEST = 1.0  # pixels: a bar with a single point is still seen
STEPS = {
    Qt.Key.Key_Left: -0.01,
    Qt.Key.Key_Right: 0.01,
    Qt.Key.Key_PageDown: -0.1,
    Qt.Key.Key_PageUp: 0.1,
}  # shares of the axis
OUTSIDE = 0.45  # opacity of bars beyond the handles
TIP = plain(
    "Drag the handles, or use the arrow keys; Space takes the other handle.", "Double-click: the automatic range."
)


@dataclass(frozen=True)
class _Axis:
    """Values from ``low`` to ``high`` on pixels from ``left`` over ``width``."""

    low: float
    high: float
    left: float
    width: float

    @property
    def span(self) -> float:
        return (self.high - self.low) or 1.0

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / self.span * self.width

    def value(self, x: float) -> float:
        return self.low + (x - self.left) / self.width * self.span


class HistogramView(QWidget):
    """Bars in the colours that their points have; what is moved is told at once, and shown when it comes back."""

    range_moved = Signal(float, float)  # low, high
    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edges: Float64 = np.array([0.0, 1.0])
        self._counts: Integers = np.zeros(1, dtype=np.int64)
        self._colors: Bytes = np.zeros((256, 3), dtype=np.uint8)
        self._range = (0.0, 1.0)
        self._active = 0  # the handle that keys move
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Range of values")
        self.setToolTip(TIP)

    def sizeHint(self) -> QSize:
        """Wide enough to hit a value."""
        return QSize(260, HEIGHT)

    def show_counts(self, edges: Float64, counts: Integers) -> None:
        """Show (B,) counts between (B + 1,) ascending edges."""
        self._edges, self._counts = edges, counts
        self.update()

    def show_range(self, low: float, high: float) -> None:
        """Put the handles."""
        self._range = (low, high)
        self.update()

    def show_colors(self, colors: Bytes) -> None:
        """Colour the bars by a map (256, 3) uint8."""
        self._colors = colors
        self.update()

    @property
    def handles(self) -> tuple[float, float]:
        """Where the two handles are, pixels from the left."""
        axis = self._axis()
        return axis.x(self._range[0]), axis.x(self._range[1])

    # -- moving -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearer handle to where the mouse is."""
        if event.button() is Qt.MouseButton.LeftButton:
            x = event.position().x()
            low, high = self.handles
            self._active = 0 if abs(x - low) < abs(x - high) or (low == high and x < low) else 1
            self._dragging = True
            self._move_to(self._axis().value(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The handle follows while the button is down."""
        x = event.position().x()
        near = min(abs(x - handle) for handle in self.handles) <= GRIP
        self.setCursor(Qt.CursorShape.SizeHorCursor if near or self._dragging else Qt.CursorShape.ArrowCursor)
        if self._dragging:
            self._move_to(self._axis().value(x))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Back to the automatic range."""
        self._dragging = False
        self.reset_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and page keys move the handle that Space chooses; Home and End put it at the ends."""
        axis, key = self._axis(), Qt.Key(event.key())
        if key in STEPS:
            self._move_to(self._range[self._active] + STEPS[key] * axis.span)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move_to(axis.low if key == Qt.Key.Key_Home else axis.high)
        elif key == Qt.Key.Key_Space:
            self._active = 1 - self._active
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the handle that keys move."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys move nothing here any more."""
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, value: float) -> None:
        """Never past the other handle, nor off the axis."""
        axis, (low, high) = self._axis(), self._range
        value = min(max(value, axis.low), axis.high)
        moved = (min(value, high), high) if self._active == 0 else (low, max(value, low))
        if moved != self._range:
            self._range = moved
            self.update()
            self.range_moved.emit(*moved)

    # -- painting -----------------------------------------------------------------------------------------------

    def _axis(self) -> _Axis:
        """All values, and the handles where someone typed them farther out."""
        low = min(float(self._edges[0]), self._range[0])
        high = max(float(self._edges[-1]), self._range[1])
        return _Axis(low, high, float(GRIP), float(max(1, self.width() - 2 * GRIP)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, a line under them, two handles."""
        painter = QPainter(self)
        axis, floor = self._axis(), float(self.height() - FOOT)
        self._paint_bars(painter, axis, floor)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current().color("line"), 1))
        painter.drawLine(QPointF(axis.left, floor + 0.5), QPointF(axis.left + axis.width, floor + 0.5))
        for number in (1 - self._active, self._active):
            self._paint_handle(painter, round(self.handles[number]) + 0.5, floor, active=number == self._active)

    def _paint_bars(self, painter: QPainter, axis: _Axis, floor: float) -> None:
        most = float(self._counts.max(initial=0)) or 1.0
        shares = np.sqrt(self._counts / most)  # linear, one tall bar would flatten all others
        for index, share in enumerate(shares.tolist()):
            left, right = axis.x(float(self._edges[index])), axis.x(float(self._edges[index + 1]))
            if share > 0:
                tall = max(SHORTEST, share * (floor - 2))
                middle = float(self._edges[index] + self._edges[index + 1]) / 2
                painter.fillRect(QRectF(left, floor - tall, max(1.0, right - left), tall), self._color(middle))

    def _color(self, value: float) -> QColor:
        """Of points with a value: beyond the handles the end colours, paler here to show that they are the ends."""
        low, high = self._range
        place = (value - low) / (high - low) if high > low else float(value >= high)
        red, green, blue = self._colors[min(255, max(0, int(place * 255)))].tolist()
        color = QColor(red, green, blue)
        if not 0.0 <= place <= 1.0:
            color.setAlphaF(OUTSIDE)
        return color

    def _paint_handle(self, painter: QPainter, x: float, floor: float, *, active: bool) -> None:
        tokens = current()
        marked = active and self.hasFocus()
        painter.setPen(QPen(tokens.color("accent" if marked else "text"), 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, floor))
        painter.setBrush(tokens.color("accent" if marked else "text"))
        painter.setPen(QPen(tokens.color("panel"), 1))
        tip, foot = floor - 1, float(self.height() - 1)
        corners = (
            (x, tip),
            (x + GRIP - 1, tip + GRIP),
            (x + GRIP - 1, foot),
            (x - GRIP + 1, foot),
            (x - GRIP + 1, tip + GRIP),
        )
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
