"""What is cut away from the 3D view: by height, by a box, by distance and by direction. Angles are in radians."""

import math
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Bool, Float32, Float64, frozen
from app.domain.finding import counted

CHUNK = 1 << 15  # points that are looked at together, so that what is made on the way stays in the processor's cache

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class CutBox:
    """Points outside are cut away. ``centre`` and ``half`` the extent along each axis in metres in cloud coordinates,
    turned about the upright by ``yaw``, from x towards y. Raises ValueError for numbers that make no box.
    """

    centre: Vector
    half: Vector
    yaw: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*self.centre, *self.half, self.yaw))) or min(self.half) < 0:
            raise ValueError(f"no box: {self.centre} ± {self.half}, turned by {self.yaw}")


@dataclass(frozen=True)
class Sector:
    """Points that the ego sees in other directions are cut away: more than ``half_angle``, over 0 and at most pi, off
    ``heading``, from x towards y. Raises ValueError for other angles.
    """

    heading: float
    half_angle: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.heading) or not 0 < self.half_angle <= math.pi:
            raise ValueError(f"no sector: {self.half_angle} to each side of {self.heading}")


@dataclass(frozen=True)
class Cuts:
    """A point is drawn where every cut keeps it, its own edge included; None cuts nothing.

    ``floor`` and ``ceiling``: metres over the ground; lower and higher points are cut away. ``farthest``: metres from
    the ego. Raises ValueError for a number that is not finite or a distance below 0.
    """

    floor: float | None = None
    ceiling: float | None = None
    box: CutBox | None = None
    farthest: float | None = None
    sector: Sector | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.floor, self.ceiling, self.farthest) if value is not None]
        if not all(map(math.isfinite, given)) or (self.farthest is not None and self.farthest < 0):
            raise ValueError(f"no cut: floor {self.floor}, ceiling {self.ceiling}, farthest {self.farthest}")

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.floor, self.ceiling, self.box, self.farthest, self.sector))

    def keeps(self, xyz: Float32, *, ego: Float64, ground: float) -> Bool:
        """(N,) read-only: which of the (N, 3) points in cloud coordinates are drawn, computed in float32.

        ``ego`` (3,) and ``ground``, the height z, in the same coordinates. Where anything is cut, points that are not
        finite are cut away too.
        """
        kept = np.ones(len(xyz), dtype=np.bool_)
        for start in range(0, len(xyz) if self else 0, CHUNK):
            part = kept[start : start + CHUNK]
            with np.errstate(over="ignore", invalid="ignore"):
                self._cut(part, xyz[start : start + CHUNK], ego.astype(np.float32), np.float32(ground))
        return frozen(kept)

    def removed(self, xyz: Float32, *, ego: Float64, ground: float) -> int:
        """How many of the points are cut away; arguments as for ``keeps``."""
        return len(xyz) - int(np.count_nonzero(self.keeps(xyz, ego=ego, ground=ground))) if self else 0

    @property
    def texts(self) -> tuple[str, ...]:
        """Each cut in a few words, such as ``ceiling over 2.5 m``."""
        found = []
        if self.floor is not None:
            found.append(f"floor under {_number(self.floor)} m")
        if self.ceiling is not None:
            found.append(f"ceiling over {_number(self.ceiling)} m")
        if self.box is not None:
            found.append(f"outside the box of {' × '.join(_number(2 * half) for half in self.box.half)} m")
        if self.farthest is not None:
            found.append(f"farther than {_number(self.farthest)} m")
        if self.sector is not None:
            found.append(f"outside a sector of {_number(math.degrees(2 * self.sector.half_angle))}°")
        return tuple(found)

    def sentence(self, removed_points: int) -> str:
        """For the status line: ``cut away: ceiling over 2.5 m, farther than 60 m · 12,345 points``; "" without cuts."""
        return f"cut away: {', '.join(self.texts)} · {counted(removed_points, 'point')}" if self else ""

    def _cut(self, kept: Bool, xyz: Float32, ego: Float32, ground: np.float32) -> None:
        """Clear what is cut away of a chunk, (n, 3)."""
        x, y, z = np.ascontiguousarray(xyz.T, dtype=np.float32)  # by rows they are worked on several times as fast
        kept &= np.isfinite(x) & np.isfinite(y) & np.isfinite(z)
        if self.floor is not None:
            kept &= z - ground >= np.float32(self.floor)
        if self.ceiling is not None:
            kept &= z - ground <= np.float32(self.ceiling)
        if self.box is not None:
            kept &= _inside(x, y, z, self.box)
        if self.farthest is not None:
            kept &= np.sqrt((x - ego[0]) ** 2 + (y - ego[1]) ** 2 + (z - ego[2]) ** 2) <= np.float32(self.farthest)
        if self.sector is not None:
            kept &= _ahead(x - ego[0], y - ego[1], self.sector)


def _inside(x: Float32, y: Float32, z: Float32, box: CutBox) -> Bool:
    centre, half = np.array(box.centre, dtype=np.float32), np.array(box.half, dtype=np.float32)
    along, across = _turned(x - centre[0], y - centre[1], box.yaw)
    inside: Bool = (np.abs(along) <= half[0]) & (np.abs(across) <= half[1]) & (np.abs(z - centre[2]) <= half[2])
    return inside


def _ahead(x: Float32, y: Float32, sector: Sector) -> Bool:
    """Which directions lie within a sector: the sine of what is left to its edge says it without an arctangent."""
    if sector.half_angle == math.pi:
        return np.ones(len(x), dtype=np.bool_)
    along, across = _turned(x, y, sector.heading)
    sine, cosine = np.float32(math.sin(sector.half_angle)), np.float32(math.cos(sector.half_angle))
    ahead: Bool = sine * along >= cosine * np.abs(across)
    return ahead


def _turned(x: Float32, y: Float32, angle: float) -> tuple[Float32, Float32]:
    """How far offsets reach along a direction in the plane, and to the left of it."""
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return x * cosine + y * sine, y * cosine - x * sine


def _number(value: float) -> str:
    """As few digits as say it to the centimetre."""
    return f"{round(value, 2) + 0.0:,.2f}".rstrip("0").rstrip(".")
