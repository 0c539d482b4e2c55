"""Boxes over a picture: where their lines and tags go, and how they are painted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.domain.box_look import BoxLook
from app.domain.tracking import Box
from app.gui.box_outline import edge_of, outline, paint_cuts
from app.gui.picture_placement import Placement
from app.gui.text import visible
from app.gui.theme import CHIP, CHIP_TEXT, track_color
from app.jobs import FrameBoxes

TAG_HEIGHT = 3  # pixels added to the text's own height
TAG_SIDE = 5  # pixels left and right of the text
TAG_CHARACTERS = 40
WIDEST_TAG = 0.5  # of the part of the picture that is in sight
USUAL_TAG = 128.0  # pixels that a tag may have in a small picture too
NEAR_MISS = 3.0  # pixels beside a box that still count as a hit
SMALLEST = 2.0  # pixels; thinner boxes are drawn this wide so that they can be seen
DETECTION_COLOR = "#e8edf4"
DIMMED = 0.4
LIGHTER = 0.6  # opacity of boxes that the tracker kept without a detection
DOT = 20.0  # pixels across, as the service's own page draws the middles that FOMO finds
KEPT = "kept"

ColorOf = Callable[[str, int], QColor]  # of a label and a track id


def _by_id(_label: str, track_id: int) -> QColor:
    return track_color(track_id)


@dataclass(frozen=True)
class Mark:
    """One box ready to paint: ``rect`` in view pixels, inside the picture; ``cut`` are the edges it was cut at.

    ``kept``: the tracker put it out without a detection. ``dot``: only its middle means something. ``score`` is that of
    the detection, of a track that of the detection behind it. ``tagged``: it has a tag without being pointed at.
    """

    box: Box
    rect: QRectF
    cut: Qt.Edge
    color: QColor = field(default_factory=lambda: QColor(DETECTION_COLOR))
    score: float | None = None
    kept: bool = False
    dot: bool = False
    tagged: bool = True

    @property
    def track_id(self) -> int | None:
        """The track, None for a detection."""
        return self.box.track_id

    @property
    def texts(self) -> tuple[str, ...]:
        """What the tag may say, the fullest first."""
        return _joined(self._parts)

    def texts_within(self, width: float, metrics: QFontMetricsF) -> tuple[str, ...]:
        """Those that are at most ``width`` pixels wide, if need be without the label's middle: id and score stay whole.

        The shortest one is there even if it is wider.
        """
        texts = _joined((_narrowed(label, width, metrics, rest), rest) for label, rest in self._parts)
        return tuple(text for text in texts if metrics.horizontalAdvance(text) <= width) or texts[-1:]

    @property
    def _parts(self) -> tuple[tuple[str, str], ...]:
        """Label, and what follows it."""
        number = "" if self.track_id is None else str(self.track_id)
        score = "" if self.score is None else f"{self.score:.2f}"
        label, kept = visible(self.box.label, limit=TAG_CHARACTERS), KEPT if self.kept else ""
        full, short = (" ".join(filter(None, rest)) for rest in ((number, score, kept), (number or score, kept)))
        return (label, full), (label, short), ("", short), ("", number or score)


def _joined(parts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Each text once, none empty."""
    texts = (" ".join(filter(None, part)) for part in parts)
    return tuple(dict.fromkeys(text for text in texts if text))


def _narrowed(label: str, width: float, metrics: QFontMetricsF, rest: str) -> str:
    """The label, without its middle where it would not fit before ``rest``."""
    if not label or metrics.horizontalAdvance(f"{label} {rest}") <= width:
        return label
    room = width - (metrics.horizontalAdvance(f" {rest}") if rest else 0.0) - 1  # for kerning where the two meet
    return metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, max(room, 0.0))


@dataclass(frozen=True)
class Tag:
    """A placed tag."""

    mark: Mark
    text: str
    rect: QRectF


def marks_of(
    boxes: FrameBoxes, placement: Placement, *, look: BoxLook | None = None, color_of: ColorOf = _by_id
) -> tuple[Mark, ...]:
    """Marks of the boxes that ``look`` wants, by default of all, also of those beside the picture; detections first, so
    that tracks are on top. A detection behind a track that is drawn needs no tag of its own: the track's has its score.
    """
    look = look or BoxLook()
    told = set(boxes.behind.values()) if look.tracked else set()
    detected = (
        _mark(box, placement, boxes, score=box.score, tagged=look.tags and place not in told)
        for place, box in enumerate(boxes.detected if look.detected else ())
    )
    return (*detected, *_tracked_marks(boxes, placement, look, color_of))


def _tracked_marks(boxes: FrameBoxes, placement: Placement, look: BoxLook, color_of: ColorOf) -> Iterator[Mark]:
    for box in boxes.tracked:
        track_id = -1 if box.track_id is None else box.track_id
        kept = track_id in boxes.kept
        if look.kept if kept else look.tracked:
            color, score = color_of(box.label, track_id), boxes.score(track_id)
            yield _mark(box, placement, boxes, color=color, score=score, kept=kept, tagged=look.tags)


def mark_at(marks: Iterable[Mark], at: QPointF) -> Mark | None:
    """The smallest box under a point, tracks before detections."""
    reach = NEAR_MISS
    hits = [mark for mark in marks if mark.rect.adjusted(-reach, -reach, reach, reach).contains(at)]
    return min(hits, key=lambda mark: (mark.track_id is None, _area(mark.rect)), default=None)


def place_tags(
    marks: Sequence[Mark], *, metrics: QFontMetricsF, inside: QRectF, first: Mark | None, taken: Sequence[QRectF]
) -> tuple[Tag, ...]:
    """A place for every tag where it covers no other one and none of ``taken``.

    ``first`` gets its place before the others and always has one. A tag without room becomes shorter, then goes; none
    takes more than its share of the width, so that a long label leaves room for other tags.
    """
    placed: list[Tag] = []
    covered = list(taken)
    wanted = (mark for mark in marks if mark.tagged or mark is first)
    ordered = sorted(wanted, key=lambda mark: (mark is not first, mark.track_id is None, -_area(mark.rect)))
    for mark in ordered:
        tag = _place(mark, metrics, inside, covered, must=mark is first)
        if tag is not None:
            placed.append(tag)
            covered.append(tag.rect)
    return tuple(placed)


def paint_mark(painter: QPainter, mark: Mark, *, selected: bool, dimmed: bool) -> None:
    """The lines of a box with an edge around them: solid for tracks, thin and light where the tracker kept them, dashed
    for detections; an arrow on each cut edge. A dot instead of a box whose middle alone means something."""
    painter.setOpacity((DIMMED if dimmed else 1.0) * (LIGHTER if mark.kept else 1.0))
    width = 4.0 if selected else 2.0 if mark.track_id is not None and not mark.kept else 1.0
    lines = outline(mark.rect, mark.cut)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=mark.dot)  # straight lines on whole pixels need none
    for pen in (QPen(edge_of(mark.color), width + 2), _line_pen(mark, width)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if mark.dot:
            painter.drawEllipse(mark.rect.adjusted(1, 1, -1, -1))
        for line in () if mark.dot else lines:
            painter.drawPolyline(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    if mark.dot and mark.track_id is not None and not mark.kept:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark.color)
        painter.drawEllipse(mark.rect.center(), DOT / 5, DOT / 5)
    paint_cuts(painter, mark.rect, mark.cut, fill=mark.color, edge=edge_of(mark.color))
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


def _mark(
    box: Box,
    placement: Placement,
    boxes: FrameBoxes,
    *,
    color: QColor | None = None,
    score: float | None = None,
    kept: bool = False,
    tagged: bool = True,
) -> Mark:
    rect = placement.to_view(QRectF(box.x, box.y, box.width, box.height).normalized())
    picture = placement.rect
    if boxes.centroids:  # the extent of a cell says nothing, so it reaches over no edge either
        rect = QRectF(rect.center(), QSizeF(0, 0))
    cut = Qt.Edge(0)
    for edge, outside in (
        (Qt.Edge.LeftEdge, rect.left() < picture.left() - 1),
        (Qt.Edge.TopEdge, rect.top() < picture.top() - 1),
        (Qt.Edge.RightEdge, rect.right() > picture.right() + 1),
        (Qt.Edge.BottomEdge, rect.bottom() > picture.bottom() + 1),
    ):
        if outside:
            cut |= edge
    inside = _dot(rect.center(), picture) if boxes.centroids else _clamped(rect, picture)
    rect = QRectF(inside.toRect())  # whole pixels: lines stay crisp
    color = QColor(DETECTION_COLOR) if color is None else color
    return Mark(box, rect, cut, color, score=score, kept=kept, dot=boxes.centroids, tagged=tagged)


def _dot(middle: QPointF, picture: QRectF) -> QRectF:
    return _moved_inside(QRectF(middle - QPointF(DOT / 2, DOT / 2), QSizeF(DOT, DOT)), picture)


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


def _place(mark: Mark, metrics: QFontMetricsF, inside: QRectF, covered: Sequence[QRectF], *, must: bool) -> Tag | None:
    if not must and not mark.rect.intersects(inside):
        return None
    most = max(WIDEST_TAG * inside.width(), min(USUAL_TAG, inside.width()))
    for text in mark.texts_within(most - 2 * TAG_SIDE, metrics):
        size = QSizeF(metrics.horizontalAdvance(text) + 2 * TAG_SIDE, metrics.height() + TAG_HEIGHT)
        for rect in _candidates(mark.rect.intersected(inside), size, inside, below=mark.track_id is None):
            if not any(rect.intersects(other) for other in covered):
                return Tag(mark, text, rect)
        if must:
            return Tag(mark, text, next(_candidates(mark.rect, size, inside, below=False)))
    return None


def _candidates(rect: QRectF, size: QSizeF, inside: QRectF, *, below: bool) -> Iterator[QRectF]:
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
    return (_moved_inside(QRectF(spot, size), inside) for spot in spots)


def _moved_inside(rect: QRectF, inside: QRectF) -> QRectF:
    left = max(min(rect.left(), inside.right() - rect.width()), inside.left())
    top = max(min(rect.top(), inside.bottom() - rect.height()), inside.top())
    return QRectF(QPointF(left, top), rect.size())
