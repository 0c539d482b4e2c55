"""The points of one frame, in file order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bool, Bytes, Float32, Float64, frozen


@dataclass(frozen=True)
class FieldSpec:
    """One column as its file declares it: kind ``F``, ``I`` or ``U``, bytes per value, values per point."""

    name: str
    kind: str
    size: int
    count: int


@dataclass(frozen=True)
class CloudSource:
    """What the file said about itself, kept for reports."""

    format: str  # "pcd", "ply", ...
    version: str
    encoding: str  # "ascii", "binary", "binary_compressed"
    width: int
    height: int
    viewpoint: tuple[float, ...] | None
    fields: tuple[FieldSpec, ...]
    trailing_bytes: int = 0
    note: str = ""  # what was assumed where the file leaves something open, a sentence


@dataclass(frozen=True)
class PointCloud:
    """Points in file order; every array has N rows and is read-only.

    ``xyz``: (N, 3) float32 metres, relative to ``origin``, (3,) float64, so that survey coordinates keep
    their millimetres. Rows may be NaN or infinite: they count, but are never drawn.
    ``columns``: further fields by name, (N,) or (N, count), in the file's own dtype. Padding (``_``) is left out.
    """

    xyz: Float32
    origin: Float64
    columns: Mapping[str, NDArray[Any]]
    source: CloudSource = field(compare=False)

    def __len__(self) -> int:
        return int(self.xyz.shape[0])

    @cached_property
    def finite(self) -> Bool:
        """(N,) whether all three coordinates of a point are finite."""
        # x - x is 0 for finite values, NaN otherwise: one pass less than isfinite on each column
        with np.errstate(over="ignore", invalid="ignore"):
            total = self.xyz[:, 0] + self.xyz[:, 1]
            total += self.xyz[:, 2]
        mask = np.isfinite(total)
        if not mask.all():
            mask = np.isfinite(self.xyz).all(axis=1)
        return frozen(mask)

    @property
    def nonfinite_points(self) -> int:
        """How many points have a NaN or infinite coordinate."""
        return len(self) - int(np.count_nonzero(self.finite))

    @cached_property
    def bounds(self) -> tuple[Float64, Float64] | None:
        """Minimum and maximum (3,) float64 of the finite points in source coordinates; None without any."""
        xyz = self.xyz if self.nonfinite_points == 0 else self.xyz[self.finite]
        if len(xyz) == 0:
            return None
        low = frozen(xyz.min(axis=0).astype(np.float64) + self.origin)
        return low, frozen(xyz.max(axis=0).astype(np.float64) + self.origin)

    @property
    def rgb(self) -> Bytes | None:
        """(N, 3) uint8 colours: of a column ``rgb`` or ``rgba`` (4 bytes, 0xAARRGGBB), or of ``r``, ``g`` and ``b``, or
        of ``red``, ``green`` and ``blue`` (16 bits lose their lower half where they use the upper one).

        A view into the packed column where there is one; None without colours.
        """
        for name in ("rgb", "rgba"):
            packed = self.columns.get(name)
            if packed is not None and packed.ndim == 1 and packed.dtype.itemsize == 4:
                return packed.view(np.uint8).reshape(-1, 4)[:, 2::-1]
        for names in (("r", "g", "b"), ("red", "green", "blue")):
            parts = [self.columns[name] for name in names if name in self.columns]
            if len(parts) == 3 and all(part.ndim == 1 and part.dtype in (np.uint8, np.uint16) for part in parts):
                return frozen(_eight_bits(np.stack(parts, axis=1)))
        return None

    def source_coordinates(self, index: int) -> Float64:
        """(3,) float64 coordinates of one point as its file gives them (to float32 resolution around the origin)."""
        point: Float64 = self.xyz[index].astype(np.float64) + self.origin
        return point


def _eight_bits(colors: NDArray[Any]) -> Bytes:
    """LAS asks for 16 bits per colour, yet files with 8 are common: those that never exceed 255."""
    high = colors.dtype == np.uint16 and int(colors.max(initial=0)) > 255
    return (colors >> 8 if high else colors).astype(np.uint8)
