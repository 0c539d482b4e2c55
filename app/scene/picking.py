"""Which point of a cloud is under the cursor: the one that is seen there, else the nearest on the picture.

Every point is looked at once in float32, a chunk at a time and without a copy, to find the few around the cursor;
those are projected again in float64. VTK's own pickers take cells for points, and longer for less.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

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

    ``label_index`` (M,) row of each point in ``shown_rows`` (K,); ``keeps`` says of (n, 3) float32 metres what is
    not cut away; ``shown_points`` (M,) hides single points. ``point_size`` in device pixels, or in metres.
    ``near`` and ``far`` in metres from the camera bound what it sees.
    """

    count: int
    label_index: Integers
    shown_rows: Bool
    keeps: Callable[[Float32], Bool] | None = None
    shown_points: Bool | None = None
    point_size: float = 2.0
    in_metres: bool = False
    near: float = -math.inf
    far: float = math.inf

    def among(self, rows: Integers, xyz: Float32) -> Integers:
        """Those of ``rows`` (n,) of ``xyz`` (M, 3) that are on screen, wherever the camera looks."""
        rows = rows[self.shown_rows[self.label_index[rows]]]
        if self.shown_points is not None:
            rows = rows[self.shown_points[rows]]
        return rows[self.keeps(xyz[rows])] if self.keeps is not None and len(rows) else rows


@dataclass(frozen=True)
class Picked:
    """A point on the picture: its ``row`` in drawing order, cloud coordinates in metres, and pixels from the cursor.

    ``is_under`` where the cursor is on the point itself, not beside it.
    """

    row: int
    position: Vector
    depth: float
    pixels_off: float
    is_under: bool

    @property
    def rank(self) -> tuple[bool, float]:
        """What is seen under the cursor comes first and the frontmost of it, then what is nearest beside it."""
        return not self.is_under, self.depth if self.is_under else self.pixels_off


class PointPicker:
    """Looks through ``xyz`` (M, 3) float32 metres in drawing order, all finite; keeps no copy, so any thread may use
    it."""

    def __init__(self, xyz: Float32) -> None:
        self._xyz = xyz

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
        best: Picked | None = None
        for rows in search.candidates():
            found = search.best(drawn.among(rows, self._xyz))
            # of points at the same place the last one is drawn over the others
            if found is not None and (best is None or found.rank <= best.rank):
                best = found
        return best


@dataclass(frozen=True)
class _Search:
    """One look around ``cursor`` (2,) within ``radius``, both in device pixels."""

    xyz: Float32
    placement: CameraPlacement
    size: PixelSize
    cursor: Float64
    radius: float
    drawn: Drawn

    def candidates(self) -> Iterator[Integers]:
        """Rows around the cursor, a little more than the radius needs, per chunk that has any."""
        window, count = self._window(), min(self.drawn.count, len(self.xyz))
        for start in range(0, count, CHUNK):
            rows = np.flatnonzero(window.holds(self.xyz[start : min(start + CHUNK, count)]))
            if len(rows):
                yield rows + start

    def _window(self) -> "_Window":
        half, reach = self.drawn.point_size / 2, self.radius + 1.0
        if self.drawn.in_metres:
            return _window(self.placement, self._scale, self._aside, pixels=reach, metres=half)
        return _window(self.placement, self._scale, self._aside, pixels=max(reach, half + 1.0), metres=0.0)

    @property
    def _aside(self) -> Float64:
        """The cursor from the middle of the picture, (2,) pixels."""
        return self.cursor - np.array(self.size) / 2

    def best(self, rows: Integers) -> Picked | None:
        """The one of ``rows`` that is meant, None where none is near enough."""
        pixels, depth = self.placement.project(self.xyz[rows].astype(np.float64), self.size)
        off = np.abs(pixels - self.cursor)
        distance = np.hypot(off[:, 0], off[:, 1])
        visible = (depth >= self.drawn.near) & (depth <= self.drawn.far)
        under = visible & (off.max(axis=1, initial=0) <= self._half_sizes(depth))
        beside = visible & (distance <= self.radius)
        if under.any():
            chosen = _last_smallest(depth, under)
        elif beside.any():
            chosen = _last_smallest(distance, beside)
        else:
            return None
        x, y, z = self.xyz[rows[chosen]].tolist()
        return Picked(int(rows[chosen]), (x, y, z), float(depth[chosen]), float(distance[chosen]), bool(under[chosen]))

    def _half_sizes(self, depth: Float64) -> Float64:
        """Half the side of each point's square in pixels; nothing asks for those behind the camera."""
        half = self.drawn.point_size / 2
        if not self.drawn.in_metres:
            return np.full(depth.shape, half)
        per_metre = self._scale / (1.0 if self.placement.half_height else np.where(depth > 0, depth, np.nan))
        return half * per_metre * np.ones(depth.shape)

    @cached_property
    def _scale(self) -> float:
        """Pixels per metre, in perspective those at one metre."""
        return self.size[1] / 2 / self.placement.half_height_at(1.0)


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


def _window(placement: CameraPlacement, scale: float, aside: Float64, *, pixels: float, metres: float) -> _Window:
    """What lies within ``pixels`` of a position ``aside`` (2,) of the middle, or within ``metres`` of its ray.

    It is wider by what float32 can be wrong by. A parallel view measures in pixels, perspective in pixels times depth.
    """
    parallel, position = placement.half_height > 0, np.array(placement.position)
    right, up, forward = placement.axes
    turn = np.stack([right * scale, up * -scale, forward])
    if not parallel:
        turn[:2] -= np.outer(aside, forward)  # the ray of the cursor becomes the axis
    shift = turn @ position
    largest = float(np.abs(turn).max())
    share = 2 * ROUNDING * largest + (0.0 if parallel else pixels)
    slack = metres * scale + ROUNDING * (largest * float(np.linalg.norm(position)) + float(np.abs(aside).sum()))
    if parallel:
        shift[:2] += aside
        slack += pixels
    columns = shift.astype(np.float32)[:, np.newaxis]
    return _Window(turn.astype(np.float32), columns, np.float32(share), np.float32(slack), parallel)


def _last_smallest(values: Float64, among: Bool) -> int:
    rows = np.flatnonzero(among)
    return int(rows[len(rows) - 1 - np.argmin(values[rows][::-1])])
