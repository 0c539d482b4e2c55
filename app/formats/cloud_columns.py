"""Where the fields of a cloud file go: coordinates into one (N, 3) array, everything else into columns of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bool, Bytes, Float32, Float64, frozen
from app.domain.point_cloud import FieldSpec, PointCloud
from app.formats.cloud_header import AXES, PADDING, CloudHeader
from app.formats.cloud_room import require_room
from app.formats.memory import new_memory

SPILL = 4  # bytes that copying 16 at a time may write beyond the last point
_GRAIN = 64  # bytes: arrays begin at cache lines
_ABSURD = 1e12  # metres: no place to measure from
_NEAR = 1024.0  # metres: closer to zero than this, an axis needs no origin of its own


@dataclass(frozen=True)
class Placed:
    """A field with its dtype and where it begins in a record: in bytes, and counted in values."""

    name: str
    dtype: np.dtype[Any]
    count: int
    byte_offset: int
    value_offset: int

    @property
    def nbytes(self) -> int:
        """Bytes of this field in one record."""
        return self.dtype.itemsize * self.count


def field_dtype(field: FieldSpec, *, byte_order: str = "<") -> np.dtype[Any]:
    """The numpy type of one value of a field."""
    return np.dtype(f"{byte_order}{field.kind.lower()}{field.size}")


def placed_fields(header: CloudHeader) -> tuple[Placed, ...]:
    """All fields that hold values, padding left out; a repeated name gets ``_2``, ``_3`` and so on."""
    placed: list[Placed] = []
    names: set[str] = set()
    byte_offset = value_offset = 0
    for field in header.fields:
        if field.name != PADDING and field.count:
            name = _unused(field.name, names)
            dtype = field_dtype(field, byte_order=header.byte_order)
            placed.append(Placed(name, dtype, field.count, byte_offset, value_offset))
        byte_offset += field.size * field.count
        value_offset += field.count
    return tuple(placed)


def _unused(name: str, names: set[str]) -> str:
    number = 1
    unused = name
    while unused in names:
        number += 1
        unused = f"{name}_{number}"
    names.add(unused)
    return unused


@dataclass(frozen=True)
class Target:
    """Arrays to fill, row by row or column by column, and the coordinates' place in a record."""

    xyz: Float32
    xyz_and_spill: Bytes  # the bytes of ``xyz`` and SPILL more, which may be written over
    axes: tuple[Placed, ...]  # x, y, z
    columns: Mapping[str, NDArray[Any]]
    others: tuple[Placed, ...]  # in the order of ``columns``

    @staticmethod
    def of(header: CloudHeader, *, free: int | None = None, beside: int = 0) -> "Target":
        """Allocate for ``header.points`` rows; the caller has checked that the file holds them.

        Raises TooLargeError, before anything is allocated, where they and ``beside`` further bytes for each point
        while it is read do not fit into ``free`` bytes of memory.
        """
        placed = {field.name: field for field in placed_fields(header)}
        others = tuple(field for name, field in placed.items() if name not in AXES)
        decoded = 12 + sum(field.nbytes for field in others)
        require_room(header.points, bytes_per_point=decoded + beside, free=free)
        sizes = [header.points * 12 + SPILL, *(header.points * field.nbytes for field in others)]
        xyz, *rest = _allocated(sizes)
        columns = {
            field.name: memory.view(field.dtype.newbyteorder("<")).reshape(_shape(header.points, field))
            for field, memory in zip(others, rest, strict=True)
        }
        axes = tuple(placed[axis] for axis in AXES)
        return Target(xyz[:-SPILL].view(np.float32).reshape(-1, 3), xyz, axes, columns, others)

    @property
    def wide(self) -> bool:
        """Whether a coordinate needs more than float32 can hold, so that an origin must be chosen."""
        return any(
            axis.dtype.itemsize > 4 or (axis.dtype.kind != "f" and axis.dtype.itemsize == 4) for axis in self.axes
        )

    def cloud(self, header: CloudHeader, *, origin: Float64, trailing_bytes: int) -> PointCloud:
        """The finished cloud; its arrays become read-only."""
        for column in self.columns.values():
            frozen(column)
        return PointCloud(
            xyz=frozen(self.xyz),
            origin=frozen(origin),
            columns=self.columns,
            source=header.source(trailing_bytes=trailing_bytes),
        )


def _allocated(sizes: list[int]) -> list[Bytes]:
    """Uninitialised memory of these sizes in bytes, cut from one piece."""
    starts = np.cumsum([0, *(-(-size // _GRAIN) * _GRAIN for size in sizes)]).tolist()
    memory = new_memory(starts[-1])
    return [memory[start : start + size] for start, size in zip(starts, sizes, strict=False)]


def _shape(points: int, field: Placed) -> tuple[int, ...]:
    return (points,) if field.count == 1 else (points, field.count)


def choose_origin(sample: Float64) -> Float64:
    """An origin for coordinates like those in ``sample``, (S, 3) float64: whole metres near their median.

    Float32 keeps half a millimetre up to 8 km around it. The median, unlike bounds, is not drawn away by zeros or
    outliers among the points. Axes that stay near zero keep the origin 0.
    """
    usable: Bool = np.logical_and.reduce(np.abs(sample) < _ABSURD, axis=1)  # False for NaN too
    if not usable.any():
        return np.zeros(3)
    middle: Float64 = np.rint(np.median(sample[usable], axis=0))
    return np.where(np.abs(middle) < _NEAR, 0.0, middle)


def place_coordinates(values: NDArray[Any], origin: Float64, out: Float32) -> None:
    """Subtract ``origin`` in float64 and round to float32; (n, 3) or one axis (n,), beyond float32 becomes infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        np.subtract(values, origin, out=out, dtype=np.float64, casting="unsafe")
