"""Which boxes of two lists are probably of the same thing, and which tracked boxes no detection stands behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd

import numpy as np

from app.domain.arrays import Float64
from app.domain.tracking import Box, BoxesByFrame

# A tracker puts out where it expected the box, so a detection that it took may cover little of it: the trackers of the
# service take 0.5 at most, those made for fast things less.
LEAST_OVERLAP = 0.1
FAR_OUT = np.errstate(over="ignore", invalid="ignore")  # boxes at the end of the number range are like none


def sides(boxes: Iterable[Box]) -> Float64:
    """(N, 4) float64 left, top, width, height of boxes; negative extents are turned round."""
    rows = np.array([(box.x, box.y, box.width, box.height) for box in boxes], dtype=np.float64).reshape(-1, 4)
    rows[:, :2] += np.minimum(rows[:, 2:], 0.0)
    rows[:, 2:] = np.abs(rows[:, 2:])
    return rows


def overlaps(one: Float64, other: Float64) -> Float64:
    """Intersection over union of ``sides`` that are broadcast to (..., 4); 0 where both are empty."""
    low = np.maximum(one[..., :2], other[..., :2])
    high = np.minimum(one[..., :2] + one[..., 2:], other[..., :2] + other[..., 2:])
    inside = np.maximum(high - low, 0.0)
    shared = inside[..., 0] * inside[..., 1]
    union = one[..., 2] * one[..., 3] + other[..., 2] * other[..., 3] - shared
    share: Float64 = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return share


def nearness(one: Float64, other: Float64) -> Float64:
    """1 where the middles of ``sides``, broadcast to (..., 4), agree, 0 where they are a side of both or more apart.

    For models that find middles only: their boxes are cells of a grid, and the cell beside does not overlap.
    """
    apart = np.linalg.norm(one[..., :2] + one[..., 2:] / 2 - other[..., :2] - other[..., 2:] / 2, axis=-1)
    reach = one[..., 2:].max(axis=-1) + other[..., 2:].max(axis=-1)
    share: Float64 = np.divide(apart, reach, out=np.ones_like(apart), where=reach > 0)
    return 1 - np.minimum(share, 1.0)


def likeness(one: Float64, other: Float64, *, centroids: bool) -> Float64:
    """0 to 1: ``nearness`` of middles for ``centroids``, else ``overlaps``."""
    return nearness(one, other) if centroids else overlaps(one, other)


def pairs(alike: Float64, *, least: float) -> list[tuple[int, int]]:
    """Rows and columns of (N, M) that belong together: the most alike first, each row and column once."""
    taken_rows, taken_columns, found = set[int](), set[int](), []
    rows, columns = np.nonzero(alike >= least)
    order = np.argsort(-alike[rows, columns], kind="stable")
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            found.append((row, column))
    return found


def stride_of(frames: Iterable[int]) -> int:
    """Every how many frames there is an answer: 1, or more where all numbers lie on a coarser grid."""
    ordered = sorted(frames)
    return max(1, gcd(*(number - ordered[0] for number in ordered)) if ordered else 1)


@dataclass(frozen=True)
class Support:
    """The detections behind tracked boxes. ``centroids`` where the model finds middles only."""

    detected: BoxesByFrame = field(default_factory=dict)
    centroids: bool = False

    @cached_property
    def _grid(self) -> tuple[int, int]:
        return min(self.detected, default=0), stride_of(self.detected)

    def knows(self, frame: int) -> bool:
        """Whether somebody looked for things in a frame: detections are there, or the frame lies between such that
        have some. Lists leave out frames in which nothing was found."""
        first, stride = self._grid
        if len(self.detected) < 2:
            return frame in self.detected
        return (frame - first) % stride == 0

    @FAR_OUT
    def behind(self, frame: int, tracked: Sequence[Box]) -> Mapping[int, int]:
        """By track id the place of its detection in the frame's list; each stands behind one box at most."""
        detected = sides(self.detected.get(frame, ()))
        alike = likeness(sides(tracked)[:, None], detected[None], centroids=self.centroids)
        found = ((tracked[row].track_id, column) for row, column in pairs(alike, least=LEAST_OVERLAP))
        return {track_id: column for track_id, column in found if track_id is not None}

    def kept(self, frame: int, tracked: Sequence[Box], *, behind: Mapping[int, int]) -> frozenset[int]:
        """Ids of the tracks that live on in a frame without a detection ``behind`` them. Trackers put such boxes out
        for a few frames (``keep_grace``), so they are normal; none where nobody looked for things."""
        if not self.knows(frame):
            return frozenset()
        ids = frozenset(box.track_id for box in tracked if box.track_id is not None)
        return ids - behind.keys()
