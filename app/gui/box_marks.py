"""Boxes over a picture: where their lines and tags go, and how they are painted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from app.domain.tracking import Box
from app.gui.picture_placement import Placement
from app.gui.text import visible
from app.gui.theme import CHIP, CHIP_TEXT, track_color
from app.jobs import FrameBoxes

TAG_HEIGHT = 3  # pixels added to the text's own height
TAG_SIDE = 5  # pixels left and right of the text
TAG_CHARACTERS = 40
NEAR_MISS = 3.0  # pixels beside a box that still count as a hit
SMALLEST = 2.0  # pixels; thinner boxes are drawn this wide so that they can be seen
DETECTION_COLOR = "#e8edf4"
SHADE = "#a0000000"
DIMMED = 0.4
ARROW = 5.0  # half the side of the mark on a clamped edge, pixels


@dataclass(frozen=True)
class Mark:
    """One box ready to paint: ``rect`` in view pixels, inside the picture; ``cut`` are the edges it was cut at."""

    box: Box
    rect: QRectF
    cut: Qt.Edge

    @property
    def track_id(self) -> int | None:
        """The track, None for a detection."""
        return self.box.track_id

    @property
    def color(self) -> QColor:
        """The colour of the lines."""
        return QColor(DETECTION_COLOR) if self.box.track_id is None else track_color(self.box.track_id)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the tag may say, the fullest first."""
        short = f"{self.box.score:.2f}" if self.box.score is not None else ""
        if self.box.track_id is not None:
            short = str(self.box.track_id)
        label = visible(self.box.label, limit=TAG_CHARACTERS)
        return tuple(dict.fromkeys(text for text in (f"{label} {short}".strip(), short) if text))


@dataclass(frozen=True)
class Tag:
    """A placed tag."""

    mark: Mark
    text: str
    rect: QRectF


def marks_of(boxes: FrameBoxes, placement: Placement) -> tuple[Mark, ...]:
    """Marks of all boxes that touch the picture, or lie beside it, detections first so that tracks are on top."""
    return tuple(_mark(box, placement) for box in (*boxes.detected, *boxes.tracked))


def mark_at(marks: Iterable[Mark], at: QPointF) -> Mark | None:
    """The smallest box under a point, tracks before detections."""
    reach = NEAR_MISS
    hits = [mark for mark in marks if mark.rect.adjusted(-reach, -reach, reach, reach).contains(at)]
    return min(hits, key=lambda mark: (mark.track_id is None, _area(mark.rect)), default=None)


def place_tags(
    marks: Sequence[Mark], *, metrics: QFontMetricsF, inside: QRectF, first: Mark | None, taken: Sequence[QRectF]
) -> tuple[Tag, ...]:
    """A place for every tag where it covers no other one and none of ``taken``.

    ``first`` gets its place before the others and always has one. A tag without room becomes shorter, then goes.
    """
    placed: list[Tag] = []
    covered = list(taken)
    ordered = sorted(marks, key=lambda mark: (mark is not first, mark.track_id is None, -_area(mark.rect)))
    for mark in ordered:
        tag = _place(mark, metrics, inside, covered, must=mark is first)
        if tag is not None:
            placed.append(tag)
            covered.append(tag.rect)
    return tuple(placed)


def paint_mark(painter: QPainter, mark: Mark, *, selected: bool, dimmed: bool) -> None:
    """The lines of a box: solid for tracks, dashed for detections, on a dark shade; an arrow on each cut edge."""
    painter.setOpacity(DIMMED if dimmed else 1.0)
    width = 4.0 if selected else 2.0 if mark.track_id is not None else 1.0
    lines = _open_outline(mark)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # straight lines on whole pixels need none
    for pen in (QPen(QColor(SHADE), width + 2), _line_pen(mark, width)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    _paint_cuts(painter, mark)
    painter.setOpacity(1.0)


def paint_tag(painter: QPainter, tag: Tag, *, selected: bool, dimmed: bool) -> None:
    """The tag: light text on a dark backing with an edge in the track's colour, readable on any picture."""
    painter.setOpacity(0.7 if dimmed else 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tag.mark.color.darker(165) if selected else QColor(CHIP))
    painter.drawRoundedRect(tag.rect, 2, 2)
    painter.setBrush(tag.mark.color)
    painter.drawRect(QRectF(tag.rect.left(), tag.rect.top(), 2.5, tag.rect.height()))
    painter.setPen(QColor(CHIP_TEXT))
    painter.drawText(tag.rect.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, tag.text)
    painter.setOpacity(1.0)


def _mark(box: Box, placement: Placement) -> Mark:
    rect = placement.to_view(QRectF(box.x, box.y, box.width, box.height).normalized())
    picture = placement.rect
    cut = Qt.Edge(0)
    for edge, outside in (
        (Qt.Edge.LeftEdge, rect.left() < picture.left() - 1),
        (Qt.Edge.TopEdge, rect.top() < picture.top() - 1),
        (Qt.Edge.RightEdge, rect.right() > picture.right() + 1),
        (Qt.Edge.BottomEdge, rect.bottom() > picture.bottom() + 1),
    ):
        cut |= edge if outside else Qt.Edge(0)
    return Mark(box, QRectF(_clamped(rect, picture).toRect()), cut)  # whole pixels: lines stay crisp


def _clamped(rect: QRectF, picture: QRectF) -> QRectF:
    """The part inside the picture, a sliver at its edge for a box that lies wholly outside."""
    left, right = (_clamp(x, picture.left(), picture.right()) for x in (rect.left(), rect.right()))
    top, bottom = (_clamp(y, picture.top(), picture.bottom()) for y in (rect.top(), rect.bottom()))
    left = min(left, picture.right() - SMALLEST)
    top = min(top, picture.bottom() - SMALLEST)
    return QRectF(left, top, max(right - left, SMALLEST), max(bottom - top, SMALLEST))


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _area(rect: QRectF) -> float:
    return rect.width() * rect.height()


def _line_pen(mark: Mark, width: float) -> QPen:
    pen = QPen(mark.color, width)
    if mark.track_id is None:
        pen.setDashPattern([4.0, 3.0])
    return pen


def _open_outline(mark: Mark) -> list[QPolygonF]:
    """The edges that are the box's own: a cut edge stays open."""
    rect, edge = mark.rect, Qt.Edge
    corners = {
        edge.TopEdge: (rect.topLeft(), rect.topRight()),
        edge.RightEdge: (rect.topRight(), rect.bottomRight()),
        edge.BottomEdge: (rect.bottomRight(), rect.bottomLeft()),
        edge.LeftEdge: (rect.bottomLeft(), rect.topLeft()),
    }
    if not mark.cut:
        return [QPolygonF([*(start for start, _end in corners.values()), rect.topLeft()])]
    return [QPolygonF(list(ends)) for side, ends in corners.items() if not mark.cut & side]


def _paint_cuts(painter: QPainter, mark: Mark) -> None:
    """An arrow on every cut edge, pointing to where the box goes on."""
    rect, edge, size = mark.rect, Qt.Edge, ARROW
    middle = rect.center()
    tips = {
        edge.LeftEdge: (QPointF(rect.left(), middle.y()), QPointF(1, 0)),
        edge.RightEdge: (QPointF(rect.right(), middle.y()), QPointF(-1, 0)),
        edge.TopEdge: (QPointF(middle.x(), rect.top()), QPointF(0, 1)),
        edge.BottomEdge: (QPointF(middle.x(), rect.bottom()), QPointF(0, -1)),
    }
    if not mark.cut:
        return
    painter.setPen(QPen(QColor(SHADE), 1))
    painter.setBrush(mark.color)
    for side, (tip, inward) in tips.items():
        if mark.cut & side:
            across = QPointF(inward.y(), inward.x()) * size
            painter.drawPolygon(QPolygonF([tip, tip + inward * size + across, tip + inward * size - across]))


def _place(mark: Mark, metrics: QFontMetricsF, inside: QRectF, covered: Sequence[QRectF], *, must: bool) -> Tag | None:
    if not must and not mark.rect.intersects(inside):
        return None
    for text in mark.texts:
        size = QSizeF(metrics.horizontalAdvance(text) + 2 * TAG_SIDE, metrics.height() + TAG_HEIGHT)
        for rect in _candidates(mark.rect.intersected(inside), size, inside, below=mark.track_id is None):
            if not any(rect.intersects(other) for other in covered):
                return Tag(mark, text, rect)
        if must:
            return Tag(mark, text, _candidates(mark.rect, size, inside, below=False)[0])
    return None


def _candidates(rect: QRectF, size: QSizeF, inside: QRectF, *, below: bool) -> list[QRectF]:
    """Places for a tag, best first, each moved inside: above, aligned right, within, below; detections below first."""
    above, under = rect.top() - size.height() - 1, rect.bottom() + 1
    fits_above = above >= inside.top()
    spots = [
        QPointF(rect.left() - 1, above if fits_above else rect.top() + 1),
        QPointF(rect.right() - size.width() + 1, above if fits_above else rect.top() + 1),
        QPointF(rect.left() - 1, under),
    ]
    if below:
        spots.reverse()
    return [_moved_inside(QRectF(spot, size), inside) for spot in spots]


def _moved_inside(rect: QRectF, inside: QRectF) -> QRectF:
    left = max(min(rect.left(), inside.right() - rect.width()), inside.left())
    top = max(min(rect.top(), inside.bottom() - rect.height()), inside.top())
    return QRectF(QPointF(left, top), rect.size())
