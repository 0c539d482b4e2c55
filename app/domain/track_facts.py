"""What is to be said about every track of a camera: when it is there, how sure it is, and where to look twice.

Frames are those of the boxes' own numbering.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

import numpy as np

from app.domain.box_match import FAR_OUT, Support, sides, stride_of
from app.domain.track_switches import Switch, switches
from app.domain.tracking import Box, BoxesByFrame, Tracking

Span = tuple[int, int]  # first and last frame, both included


@dataclass(frozen=True)
class BoxSize:
    """Median width and height in the boxes' own unit, and the width of the middle half of each (their spread)."""

    width: float
    height: float
    width_spread: float = 0.0
    height_spread: float = 0.0

    def scaled(self, across: float, down: float) -> "BoxSize":
        """In another unit, of which there are so many to one of this."""
        return BoxSize(self.width * across, self.height * down, self.width_spread * across, self.height_spread * down)


@dataclass(frozen=True)
class TrackFacts:
    """One track. ``spans`` are the stretches with a box, ``kept`` the frames in which it has one without a detection;
    ``mean_score`` is that of the detections behind its boxes, None without any; ``boxes`` counts repeats in a frame.
    """

    track_id: int
    label: str
    spans: tuple[Span, ...]
    boxes: int
    switches: tuple[Switch, ...] = ()
    kept: tuple[int, ...] = ()
    mean_score: float | None = None
    size: BoxSize = BoxSize(0.0, 0.0)

    @property
    def first(self) -> int:
        """Its first frame."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """Its last frame."""
        return self.spans[-1][1]


def spans_of(frames: Iterable[int], *, stride: int = 1) -> tuple[Span, ...]:
    """Stretches of frames no more than ``stride`` apart; ``frames`` ascending, repeats allowed."""
    spans: list[Span] = []
    for frame in frames:
        if spans and frame <= spans[-1][1] + stride:
            spans[-1] = (spans[-1][0], frame)
        else:
            spans.append((frame, frame))
    return tuple(spans)


def gaps_of(spans: Sequence[Span]) -> tuple[Span, ...]:
    """What lies between stretches."""
    return tuple((before[1] + 1, after[0] - 1) for before, after in pairwise(spans))


def frames_in(spans: Iterable[Span]) -> int:
    """How many frames stretches have."""
    return sum(last - first + 1 for first, last in spans)


@FAR_OUT
def track_facts(tracking: Tracking, *, centroids: bool = False) -> tuple[TrackFacts, ...]:
    """Every track, by track id; it has the label of its first box. ``centroids``: the model finds middles only.

    A frame that no list answers is no gap where answers come at every second frame, or third: then it was not asked.
    """
    support = Support(tracking.detected, centroids)
    stride = stride_of(tracking.tracked.keys() | tracking.detected.keys())
    behind = {frame: support.behind(frame, boxes) for frame, boxes in tracking.tracked.items()}
    kept = {frame: support.kept(frame, boxes, behind=behind[frame]) for frame, boxes in tracking.tracked.items()}
    seen = {frame: _by_id(boxes, without=kept[frame]) for frame, boxes in tracking.tracked.items()}
    switched = switches(seen, stride=stride, centroids=centroids)
    scores = _scores(tracking.detected, behind)
    facts = []
    for track_id, placed in sorted(_by_track(tracking.tracked).items()):
        frames = [frame for frame, _ in placed]
        facts.append(
            TrackFacts(
                track_id,
                placed[0][1].label,
                spans=spans_of(frames, stride=stride),
                boxes=len(placed),
                switches=switched.get(track_id, ()),
                kept=tuple(frame for frame in dict.fromkeys(frames) if track_id in kept[frame]),
                mean_score=fmean(scores[track_id]) if track_id in scores else None,
                size=_size([box for _, box in placed]),
            )
        )
    return tuple(facts)


def _by_id(boxes: Iterable[Box], *, without: frozenset[int]) -> dict[int, Box]:
    """The first box of each track in a frame."""
    found: dict[int, Box] = {}
    for box in boxes:
        if box.track_id is not None and box.track_id not in without:
            found.setdefault(box.track_id, box)
    return found


def _by_track(tracked: BoxesByFrame) -> dict[int, list[tuple[int, Box]]]:
    found: dict[int, list[tuple[int, Box]]] = {}
    for frame, boxes in sorted(tracked.items()):
        for box in boxes:
            if box.track_id is not None:
                found.setdefault(box.track_id, []).append((frame, box))
    return found


def _scores(detected: BoxesByFrame, behind: Mapping[int, Mapping[int, int]]) -> dict[int, list[float]]:
    """By track the scores of the detections behind its boxes."""
    found: dict[int, list[float]] = {}
    for frame, places in behind.items():
        for track_id, place in places.items():
            score = detected[frame][place].score
            if score is not None:
                found.setdefault(track_id, []).append(score)
    return found


def _size(boxes: Iterable[Box]) -> BoxSize:
    low, middle, high = np.quantile(sides(boxes)[:, 2:], (0.25, 0.5, 0.75), axis=0).tolist()
    return BoxSize(middle[0], middle[1], high[0] - low[0], high[1] - low[1])
