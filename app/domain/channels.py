"""Numbers that points can be coloured by: height, range, and what the file's columns hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float32, Float64, frozen
from app.domain.coloring import ColorBy, Coloring
from app.domain.point_cloud import PointCloud

INTENSITY_NAMES = ("intensity", "reflectivity", "reflectance", "remission", "i")  # the first that is there counts
TIME_NAMES = ("timestamp", "time", "gps_time", "time_offset", "t")
PACKED_COLORS = ("rgb", "rgba")  # four bytes of colour in one value: no number
MOST_COMPONENTS = 64  # of one column that are offered; a descriptor may have hundreds
CHUNK = 1 << 16  # points that are worked on at a time, so that nothing but the result is as long as the cloud

_NUMBERS = "fiub"


@dataclass(frozen=True)
class Channel:
    """One number per point. ``field`` names the column, ``normal[0]`` a component of one, "" what is computed from the
    coordinates; ``unit`` is "" where the file does not say it.
    """

    by: ColorBy
    field: str
    title: str
    unit: str = ""

    @property
    def name(self) -> str:
        """In one word, as commands and reports name it."""
        return self.field if self.by is ColorBy.FIELD else self.by.value


HEIGHT = Channel(ColorBy.HEIGHT, "", "Height over ground", "m")
RANGE = Channel(ColorBy.RANGE, "", "Distance from the lidar", "m")


def channels(cloud: PointCloud) -> tuple[Channel, ...]:
    """What this cloud offers: intensity and time where it has them, height and range, then every other column."""
    fields = [*_fields(cloud)]
    intensity = _called(INTENSITY_NAMES, fields, ColorBy.INTENSITY, "Intensity")
    time = _called(TIME_NAMES, fields, ColorBy.TIME, "Time since the first point")
    taken = {channel.field for channel in (*intensity, *time)}
    others = (Channel(ColorBy.FIELD, field, field) for field in fields if field not in taken)
    return (*intensity, HEIGHT, RANGE, *time, *others)


def channel_of(cloud: PointCloud, coloring: Coloring) -> Channel | None:
    """The channel that a coloring asks for; None where this cloud has none or no number is asked for."""
    wanted = coloring.field if coloring.by is ColorBy.FIELD else None
    return next((one for one in channels(cloud) if one.by is coloring.by and wanted in (None, one.field)), None)


def channel_values(cloud: PointCloud, channel: Channel, *, ground: float, ego: Float64) -> Float32:
    """(N,) float32 in file order, read-only; NaN where a point has no finite value or the cloud lacks the column.

    ``ground``: height z of the ground, ``ego``: (3,) position of the lidar, both in metres in cloud coordinates (as
    ``xyz``, without ``origin``). Time counts from the first finite value, subtracted before any rounding, so that
    stamps of 1e9 seconds or 1e18 nanoseconds keep what differs. Raises ValueError for a channel that is no number.
    """
    values = np.full(len(cloud), np.nan, dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # what float32 cannot hold becomes NaN below
        if channel.by is ColorBy.HEIGHT:
            _fill(values, cloud.xyz, lambda xyz: _heights(xyz, ground))
        elif channel.by is ColorBy.RANGE:
            _fill(values, cloud.xyz, lambda xyz: np.linalg.norm(xyz.astype(np.float64) - ego, axis=1))
        elif channel.by in (ColorBy.INTENSITY, ColorBy.TIME, ColorBy.FIELD):
            _fill_from_column(values, _column(cloud, channel.field), relative=channel.by is ColorBy.TIME)
        else:
            raise ValueError(f"{channel.by} is no number of a point")
    return frozen(values)


def _called(names: Sequence[str], fields: Sequence[str], by: ColorBy, title: str) -> tuple[Channel, ...]:
    """The field with the first of these names, in any case; () without one."""
    found = (field for name in names for field in fields if field.strip().lower() == name)
    return tuple(Channel(by, field, title) for field in found)[:1]


def _fields(cloud: PointCloud) -> Iterator[str]:
    """Names of everything in the columns that is one number per point, each once."""
    for name, column in cloud.columns.items():
        if column.dtype.kind not in _NUMBERS or name.lower() in PACKED_COLORS:
            continue
        if column.ndim == 1:
            yield name
        elif column.ndim == 2:
            parts = (f"{name}[{part}]" for part in range(min(column.shape[1], MOST_COMPONENTS)))
            yield from (part for part in parts if part not in cloud.columns)


def _column(cloud: PointCloud, field: str) -> NDArray[Any] | None:
    """(N,) view of a column or of a component of one; None where the cloud has no such numbers."""
    name, _, rest = field.rpartition("[")
    column = cloud.columns.get(field)
    if column is None and rest[:-1].isdecimal() and name in cloud.columns:
        whole, part = cloud.columns[name], int(rest[:-1])
        column = whole[:, part] if whole.ndim == 2 and part < whole.shape[1] else None
    return column if column is not None and column.ndim == 1 and column.dtype.kind in _NUMBERS else None


def _fill_from_column(values: Float32, column: NDArray[Any] | None, *, relative: bool) -> None:
    if column is None:
        return
    first = _first_finite(column) if relative else column[:0]
    _fill(values, column, lambda part: _since(first, part) if len(first) else part)


def _fill(values: Float32, rows: NDArray[Any], numbers: Callable[[NDArray[Any]], NDArray[Any]]) -> None:
    """Write ``numbers`` of the rows, chunk by chunk; what is not finite becomes NaN."""
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        part[:] = numbers(rows[start : start + CHUNK])
        part[~np.isfinite(part)] = np.nan


def _heights(xyz: Float32, ground: float) -> Float64:
    heights: Float64 = xyz[:, 2].astype(np.float64) - ground
    heights[~np.isfinite(xyz).all(axis=1)] = np.nan  # it lies nowhere
    return heights


def _first_finite(column: NDArray[Any]) -> NDArray[Any]:
    """(1,) the first finite value in the column's own type; (0,) without one."""
    for start in range(0, len(column), CHUNK):
        part = column[start : start + CHUNK]
        finite = np.flatnonzero(np.isfinite(part))
        if len(finite):
            return part[finite[:1]]
    return column[:0]


def _since(first: NDArray[Any], part: NDArray[Any]) -> Float64:
    """``part - first`` as float64; whole numbers are subtracted exactly, whatever their sign and size."""
    if part.dtype.kind == "f":
        return part.astype(np.float64) - first.astype(np.float64)
    later = part >= first
    whole, start = part.astype(np.uint64), first.astype(np.uint64)  # both wrap around alike
    apart = np.where(later, whole - start, start - whole).astype(np.float64)
    return np.where(later, apart, -apart)
