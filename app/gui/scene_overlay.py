"""Marks, lines and captions over the 3D view that stay with places in the cloud.

A widget of its own: the picture below is drawn by OpenGL and need not be drawn again for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from app.gui.cross import ARM, paint_cross, pens
from app.gui.text import visible
from app.gui.theme import CHIP, CHIP_ATTENTION, CHIP_TEXT, CORNER, STEP
from app.scene.views import CameraPlacement, Vector

GRIP = 5.0  # from the middle of a grip to its edges
AROUND = 3.0  # pixels that pens and soft edges reach beyond a shape
NEAR = 0.02  # metres before a perspective camera where lines end
LONGEST = 60  # characters of a caption


@dataclass(frozen=True)
class Mark:
    """A ring and a cross around a place in the cloud, (x, y, z) metres; always as large on the screen."""

    at: Vector
    caption: str = ""


@dataclass(frozen=True)
class Stroke:
    """A straight line between two places, captioned at the middle of what is seen of it."""

    start: Vector
    end: Vector
    caption: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Grip:
    """A small square at a place in the cloud that the mouse can take hold of; ``hot`` while it is over it."""

    at: Vector
    hot: bool = False


Shape = Mark | Stroke | Grip


@dataclass(frozen=True)
class Placed:
    """A shape where it is on the screen now, in window units."""

    line: QLineF  # without length for a mark or a grip
    shape: Shape
    box: QRectF  # of the caption; empty without one

    @property
    def caption(self) -> str:
        """What is written beside it."""
        return "" if isinstance(self.shape, Grip) else self.shape.caption

    @property
    def bounds(self) -> QRectF:
        """Everything that painting it touches."""
        reach = (0.0 if isinstance(self.shape, Stroke) else ARM) + AROUND
        around = QRectF(self.line.p1(), self.line.p2()).normalized().adjusted(-reach, -reach, reach, reach)
        return around.united(self.box.adjusted(-1, -1, 1, 1)) if not self.box.isEmpty() else around


class SceneOverlay(QWidget):
    """Paints the shapes of several owners, by name; hidden while there are none. The mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._shapes: dict[str, tuple[Shape, ...]] = {}
        self._placement: CameraPlacement | None = None
        self._known: tuple[object, ...] = ()
        self.placed: tuple[Placed, ...] = ()
        self.paintings = 0
        self.hide()

    def show_shapes(self, owner: str, shapes: tuple[Shape, ...]) -> None:
        """Replace the shapes of one owner."""
        if shapes != self._shapes.get(owner, ()):
            self._shapes = {**self._shapes, owner: shapes}
            self._refresh()

    def follow(self, placement: CameraPlacement) -> None:
        """Move with the camera."""
        self._placement = placement
        if self._shapes:
            self._refresh()

    def fill(self, size: QSize) -> None:
        """Cover the view."""
        self.resize(size)
        self._refresh()

    def _refresh(self) -> None:
        shapes = [shape for each in self._shapes.values() for shape in each]
        known = (tuple(shapes), self._placement, self.size())
        if known == self._known:
            return
        self._known = known
        before, self.placed = self.placed, tuple(self._place(shapes))
        self.setVisible(bool(self.placed))
        region = QRegion()
        for each in (*before, *self.placed):
            region += each.bounds.toAlignedRect()
        self.update(region)

    def _place(self, shapes: Iterable[Shape]) -> Iterator[Placed]:
        if self._placement is None:
            return
        for shape in shapes:
            ends = (shape.start, shape.end) if isinstance(shape, Stroke) else (shape.at, shape.at)
            line = self._on_screen(self._placement, *ends)
            if line is not None:
                yield Placed(line, shape, self._caption_box(line, shape))

    def _on_screen(self, placement: CameraPlacement, start: Vector, end: Vector) -> QLineF | None:
        """The part of a line that is before the camera and on the widget; None without any."""
        ends = np.array([start, end])
        _, depth = placement.project(ends, (self.width(), self.height()))
        if not placement.half_height:
            if depth.max() < NEAR:
                return None
            behind = int(depth.argmin())
            if depth[behind] < NEAR:
                share = (NEAR - depth[behind]) / (depth[1 - behind] - depth[behind])
                ends[behind] += share * (ends[1 - behind] - ends[behind])
        pixels, _ = placement.project(ends, (self.width(), self.height()))
        return within(pixels[0].tolist(), pixels[1].tolist(), QRectF(self.rect()).adjusted(-ARM, -ARM, ARM, ARM))

    def _caption_box(self, line: QLineF, shape: Shape) -> QRectF:
        if isinstance(shape, Grip) or not shape.caption:
            return QRectF()
        metrics = QFontMetricsF(self.font())
        wide = metrics.horizontalAdvance(visible(shape.caption, limit=LONGEST)) + 4 * STEP
        tall = metrics.height() + STEP
        middle = line.center() + (QPointF(ARM + STEP + wide / 2, 0) if isinstance(shape, Mark) else QPointF(0, 0))
        return QRectF(middle.x() - wide / 2, middle.y() - tall / 2, wide, tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines first, captions over them."""
        self.paintings += 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for each in self.placed:
            _paint_line(painter, each)
        for each in self.placed:
            _paint_caption(painter, each)


def _paint_line(painter: QPainter, placed: Placed) -> None:
    shape = placed.shape
    if isinstance(shape, Grip):
        _paint_grip(painter, placed.line.p1(), shape)
        return
    if isinstance(shape, Mark):
        paint_cross(painter, placed.line.p1())
        return
    for pen in pens(dashed=shape.dashed):
        painter.setPen(pen)
        painter.drawLine(placed.line)


def _paint_grip(painter: QPainter, at: QPointF, grip: Grip) -> None:
    reach = GRIP + 2 if grip.hot else GRIP
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1.5))
    painter.setBrush(QColor(CHIP_TEXT if grip.hot else CHIP_ATTENTION))
    painter.drawRoundedRect(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach), 2, 2)


def _paint_caption(painter: QPainter, placed: Placed) -> None:
    if placed.box.isEmpty():
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(CHIP))
    painter.drawRoundedRect(placed.box, CORNER, CORNER)
    painter.setPen(QColor(CHIP_TEXT))
    painter.drawText(placed.box, Qt.AlignmentFlag.AlignCenter, visible(placed.caption, limit=LONGEST))


def within(start: tuple[float, float], end: tuple[float, float], rect: QRectF) -> QLineF | None:
    """The part of a line inside a rectangle, None without any. Far ends would overflow what paints (Liang–Barsky)."""
    low, high = 0.0, 1.0
    for axis, (least, most) in enumerate(((rect.left(), rect.right()), (rect.top(), rect.bottom()))):
        step = end[axis] - start[axis]
        if step == 0.0:
            if not least <= start[axis] <= most:
                return None
            continue
        shares = sorted(((least - start[axis]) / step, (most - start[axis]) / step))
        low, high = max(low, shares[0]), min(high, shares[1])
    if low > high:
        return None
    points = [QPointF(*(a + share * (b - a) for a, b in zip(start, end, strict=True))) for share in (low, high)]
    return QLineF(*points)
