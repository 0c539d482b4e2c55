"""One track over time as it is painted: what is where, and what is said of a place."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.domain.finding import counted
from app.domain.track_facts import Span
from app.gui.frame_axis import FrameAxis
from app.gui.text import LIMIT, visible
from app.gui.theme import Tokens
from app.jobs import TrackSummary, switch_sentence

BAR = 8.0  # pixels
THIN = 3.0  # of a bar where the tracker kept the track without a detection
SHORTEST = 2.0
MARK = 4.0  # half the height of the mark on a switch


def track_name(track: TrackSummary, *, limit: int = LIMIT) -> str:
    """Label and id on one line of at most ``limit`` characters."""
    return visible(f"{track.label} {track.track_id}".strip(), limit=limit)


@dataclass(frozen=True)
class Lane:
    """A track with the stretches of the job's frames in which it has a box, and those of them in which it was kept."""

    track: TrackSummary
    spans: tuple[Span, ...]
    kept: tuple[Span, ...] = ()

    def holds(self, index: int) -> bool:
        """Whether the track has a box in a frame."""
        return _holds(self.spans, index)

    @property
    def name(self) -> str:
        """Label and track id."""
        return track_name(self.track)

    def told(self, index: int) -> str:
        """What the track does in a frame."""
        here = [switch_sentence(switch) for switch in self.track.switches if switch.frame == index]
        if here:
            return here[0]
        state = "no box"
        if _holds(self.kept, index):
            state = "kept without a detection"
        elif self.holds(index):
            state = "has a box"
        elif _holds(self.track.gaps, index):
            state = "in a gap"
        return f"Frame {index + 1:,}: {state}"

    def lines(self) -> tuple[str, ...]:
        """What is said of the whole track."""
        track = self.track
        length = f"{counted(track.count, 'box', 'boxes')}, frames {track.first + 1:,} to {track.last + 1:,}"
        score = () if track.mean_score is None else (f"Mean score {track.mean_score:.2f}",)
        return (self.name, f"Camera {track.camera}", length, *score, *track.told)


def lanes_of(tracks: Iterable[TrackSummary], *, frames: int) -> tuple[Lane, ...]:
    """The lanes of all tracks in the order in which they begin, of those that begin together the longest first; what
    lies outside of the job's ``frames`` is left out."""
    lanes = [Lane(track, _within(track.spans, frames), _within(track.kept, frames)) for track in tracks]
    return tuple(sorted(lanes, key=lambda lane: (lane.track.first, -lane.track.count)))


def paint_lane(
    painter: QPainter, lane: Lane, axis: FrameAxis, *, middle: float, color: QColor, tokens: Tokens, chosen: bool
) -> None:
    """A bar where it has a box, thin where it was kept, a hairline over gaps, a mark on each switch."""
    if lane.track.gaps and lane.spans:
        painter.setPen(QPen(tokens.color("disabled"), 1, Qt.PenStyle.DotLine))
        left, right = axis.middle(lane.spans[0][0]), axis.middle(lane.spans[-1][1])
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
    painter.setPen(QPen(tokens.color("text"), 1) if chosen else Qt.PenStyle.NoPen)
    painter.setBrush(color)
    paint_bars(painter, lane.kept, axis, middle=middle, height=THIN)
    paint_bars(painter, _without(lane.spans, lane.kept), axis, middle=middle)
    painter.setPen(QPen(tokens.color("panel"), 1))
    painter.setBrush(tokens.color("text"))
    for switch in lane.track.switches:
        if 0 <= switch.frame < axis.count:
            painter.drawPolygon(_diamond(QPointF(axis.middle(switch.frame), middle)))


def paint_bars(
    painter: QPainter, spans: Iterable[Span], axis: FrameAxis, *, middle: float, height: float = BAR
) -> None:
    """Rounded bars over stretches of frames, with the painter's pen and brush."""
    for first, last in spans:
        painter.drawRoundedRect(_bar(axis, first, last, middle, height), height / 2, height / 2)


def _bar(axis: FrameAxis, first: int, last: int, middle: float, height: float) -> QRectF:
    gap = min(1.0, axis.cell / 8)
    left, right = axis.start(first) + gap, axis.start(last + 1) - gap
    return QRectF(left, middle - height / 2, max(right - left, SHORTEST), height)


def _diamond(at: QPointF) -> QPolygonF:
    across, down = QPointF(MARK, 0), QPointF(0, MARK + 1)
    return QPolygonF([at - down, at + across, at + down, at - across])


def _holds(spans: Iterable[Span], index: int) -> bool:
    return any(first <= index <= last for first, last in spans)


def _within(spans: Iterable[Span], frames: int) -> tuple[Span, ...]:
    cut = ((max(first, 0), min(last, frames - 1)) for first, last in spans)
    return tuple((first, last) for first, last in cut if first <= last)


def _without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of stretches; holes ascending, each within a stretch."""
    left = []
    for first, last in spans:
        at = first
        for start, end in holes:
            if first <= start <= last:
                left.append((at, start - 1))
                at = end + 1
        left.append((at, last))
    return [(first, last) for first, last in left if first <= last]
