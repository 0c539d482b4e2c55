"""Which point of a cloud is under the cursor: the one that is seen there, else the nearest on the picture.

Every point is looked at once in float32, a chunk at a time and without a copy, to find the few around the cursor;
those are projected again in float64. VTK's own pickers take cells for points, and longer for less.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Bool, Float32, Float64, Integers
from app.scene.views import CameraPlacement, Vector

PixelSize = tuple[int, int]  # width and height in device pixels

RADIUS = 10.0  # pixels around the cursor, before scaling for the screen
CHUNK = 1 << 16  # points; what is made of them stays in the processor's cache
ROUNDING = 8 * float(np.finfo(np.float32).eps)  # of a sum of four products, relative to its largest
TINY = 1e-3  # device pixels; a position scaled by 1.5 and back must not fall into the pixel before


@dataclass(frozen=True)
class Drawn:
    """What of a cloud is on screen: the first ``count`` points in drawing order, without those that a table hides or
    a cut takes away.

    ``label_index`` (N,) whole numbers, each point's row in ``shown_rows`` (K,), None where all have the first;
    ``keeps`` says of (n, 3) float32 metres what is not cut away. A point is a square of ``pixels`` device pixels, or
    of ``pixels_at_one_metre`` over its depth where that is more. ``near`` and ``far`` in metres bound what is seen.
    """

    count: int
    label_index: Float32 | None
    shown_rows: Bool
    keeps: Callable[[Float32], Bool] | None = None
    pixels: float = 2.0
    pixels_at_one_metre: float = 0.0
    near: float = -math.inf
    far: float = math.inf

    def among(self, rows: Integers, xyz: Float32) -> Integers:
        """Those of ``rows`` (n,) of ``xyz`` (N, 3) that are on screen, wherever the camera looks."""
        if self.label_index is not None:
            rows = rows[self.shown_rows[self.label_index[rows].astype(np.intp)]]
        elif not self.shown_rows[0]:
            return rows[:0]
        return rows[self.keeps(xyz[rows])] if self.keeps is not None and len(rows) else rows


@dataclass(frozen=True)
class Picked:
    """A point on the picture: its ``row`` in the file, cloud coordinates in metres, and pixels from the cursor.

    ``is_under`` where the cursor is on the point itself, not beside it.
    """

    row: int
    position: Vector
    depth: float
    pixels_off: float
    is_under: bool


class PointPicker:
    """Looks through ``xyz`` (N, 3) float32 metres in file order and ``order`` (M,), the rows that are drawn, the first
    ones first. Keeps no copy, so that any thread may use it."""

    def __init__(self, xyz: Float32, order: Integers) -> None:
        self._xyz = xyz
        self._order = order

    def nearest(
        self,
        at: tuple[float, float],
        placement: CameraPlacement,
        *,
        size: PixelSize,
        drawn: Drawn,
        pixel_ratio: float = 1.0,
        radius: float = RADIUS,
    ) -> Picked | None:
        """The point for the cursor ``at`` (x right, y down) in window units, which are ``pixel_ratio`` device pixels.

        ``size`` is the picture's in device pixels, ``radius`` in window units how far beside a point still means it.
        """
        cursor = np.floor(np.array(at) * pixel_ratio + TINY) + 0.5  # the middle of the pixel that is pointed at
        search = _Search(self._xyz, placement, size, cursor, radius * pixel_ratio, drawn)
        window, best = search.window(), _Best.none()
        for first, points in self._blocks(drawn.count):
            near = np.flatnonzero(window.holds(points))
            if len(near):
                rows = first + near if isinstance(first, int) else first[near]
                best = best.or_better(search.best(drawn.among(rows, self._xyz)))
        return search.picked(self._last_drawn(best.rows)) if len(best.rows) else None

    def _blocks(self, count: int) -> Iterator[tuple[int | Integers, Float32]]:
        """Row of the first point, or of each, and (n, 3) metres: in the order of the file, which memory likes, where
        everything is drawn."""
        whole = count >= len(self._order)
        for start in range(0, len(self._xyz) if whole else count, CHUNK):
            if whole:
                yield start, self._xyz[start : start + CHUNK]
            else:
                rows = self._order[start : min(start + CHUNK, count)]
                yield rows, self._xyz.take(rows, axis=0)

    def _last_drawn(self, rows: Integers) -> int:
        """Of points at the same place the one that is drawn over the others."""
        for stop in range(len(self._order), 0, -CHUNK) if len(rows) > 1 else ():
            block = self._order[max(0, stop - CHUNK) : stop]
            found = np.flatnonzero(np.isin(block, rows))
            if len(found):
                return int(block[found[-1]])
        return int(rows[-1])


@dataclass(frozen=True)
class _Best:
    """The ``rows`` that share the best ``rank``: what is under the cursor comes before what is beside it, then what is
    nearer, to the camera or to the cursor."""

    rank: tuple[bool, float]
    rows: Integers

    @classmethod
    def none(cls) -> "_Best":
        return cls((True, math.inf), np.zeros(0, dtype=np.intp))

    def or_better(self, other: "_Best") -> "_Best":
        if self.rank == other.rank:
            return _Best(self.rank, np.concatenate([self.rows, other.rows]))
        return min(self, other, key=lambda best: best.rank)


@dataclass(frozen=True)
class _Search:
    """One look around ``cursor`` (2,) within ``radius``, both in device pixels."""

    xyz: Float32
    placement: CameraPlacement
    size: PixelSize
    cursor: Float64
    radius: float
    drawn: Drawn

    def window(self) -> "_Window":
        """What holds every point that can be meant, and not many others."""
        scale = self.size[1] / 2 / self.placement.half_height_at(1.0)
        pixels = max(self.radius, self.drawn.pixels / 2) + 1.0
        aside = self.cursor - np.array(self.size) / 2
        return _window(self.placement, scale, aside, pixels=pixels, largest=self.drawn.pixels_at_one_metre / 2)

    def best(self, rows: Integers) -> _Best:
        """Those of ``rows`` that are meant, none where no one is near enough."""
        depth, off, under, inside = self._measured(rows)
        visible = inside & (depth >= self.drawn.near) & (depth <= self.drawn.far)
        if (visible & under).any():
            return _smallest(rows, depth, visible & under, is_under=True)
        return _smallest(rows, off, visible & (off <= self.radius), is_under=False)

    def picked(self, row: int) -> Picked:
        """What is known about the point of a row."""
        depth, off, under, _ = self._measured(np.array([row]))
        x, y, z = self.xyz[row].tolist()
        return Picked(row, (x, y, z), float(depth[0]), float(off[0]), bool(under[0]))

    def _measured(self, rows: Integers) -> tuple[Float64, Float64, Bool, Bool]:
        """Depths in metres, pixels from the cursor, whether the cursor is on the point, and whether its middle is in
        the picture, without which OpenGL draws nothing of it; (n,) each."""
        with np.errstate(invalid="ignore"):  # points that are nowhere are near nothing
            pixels, depth = self.placement.project(self.xyz[rows].astype(np.float64), self.size)
            off = np.abs(pixels - self.cursor)
        inside = (pixels >= 0) & (pixels <= self.size)
        divisor = np.ones(depth.shape) if self.placement.half_height else np.where(depth > 0, depth, np.inf)
        half = np.maximum(self.drawn.pixels, self.drawn.pixels_at_one_metre / divisor) / 2
        return depth, np.hypot(off[:, 0], off[:, 1]), off.max(axis=1, initial=0) <= half, inside[:, 0] & inside[:, 1]


@dataclass(frozen=True)
class _Window:
    """A narrow pyramid or prism around what the cursor points at, ready for float32.

    ``turn`` (3, 3) and ``shift`` (3, 1) make (a, b, depth) of a point, and it is inside where |a| and |b| are at most
    |depth| * share + slack; behind a perspective camera that is nowhere.
    """

    turn: Float32
    shift: Float32
    share: np.float32
    slack: np.float32
    is_parallel: bool

    def holds(self, xyz: Float32) -> Bool:
        """(n,) which of (n, 3) metres may be inside: none that is, is missed."""
        with np.errstate(over="ignore", invalid="ignore"):  # a coordinate of 1e38 is finite, what is made of it not
            seen = self.turn @ xyz.T
            seen -= self.shift
            reach = (np.abs(seen[2]) if self.is_parallel else seen[2]) * self.share
            reach += self.slack
            inside: Bool = np.abs(seen[0]) <= reach
            inside &= np.abs(seen[1]) <= reach
        return inside


def _window(placement: CameraPlacement, scale: float, aside: Float64, *, pixels: float, largest: float) -> _Window:
    """What lies within ``pixels`` of a position ``aside`` (2,) of the middle, or within ``largest`` pixels over its
    depth; ``scale`` is pixels per metre, in perspective those at one metre.

    It is wider by what float32 can be wrong by. A parallel view measures in pixels, perspective in pixels times depth.
    """
    parallel, position = placement.half_height > 0, np.array(placement.position)
    right, up, forward = placement.axes
    turn = np.stack([right * scale, up * -scale, forward])
    if not parallel:
        turn[:2] -= np.outer(aside, forward)  # the ray of the cursor becomes the axis
    shift = turn @ position
    steepest = float(np.abs(turn).max())
    share = 2 * ROUNDING * steepest + (0.0 if parallel else pixels)
    slack = largest + ROUNDING * (steepest * float(np.linalg.norm(position)) + float(np.abs(aside).sum()))
    if parallel:
        shift[:2] += aside
        slack += pixels
    columns = shift.astype(np.float32)[:, np.newaxis]
    return _Window(turn.astype(np.float32), columns, np.float32(share), np.float32(slack), parallel)


def _smallest(rows: Integers, values: Float64, among: Bool, *, is_under: bool) -> _Best:
    if not among.any():
        return _Best.none()
    least = float(values[among].min())
    return _Best((not is_under, least), rows[among & (values == least)])
