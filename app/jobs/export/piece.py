"""One frame on its way into an export: its columns in source coordinates, under names that files can hold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Integers
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame

AXES = ("x", "y", "z")
LABEL_KEY = "label_key"
_REMISSIONS = ("intensity", "remission", "reflectance", "reflectivity")
_UNFIT = re.compile(r"[^\w.+-]")  # blanks end a PCD field, separators would make folders in a zip

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Piece:
    """A frame that has a cloud; ``number`` counts the exported ones from 0."""

    number: int
    frame: Frame
    cloud: PointCloud

    @property
    def label_keys(self) -> Integers | None:
        """(N,), None without a mask that fits."""
        return None if self.frame.mask is None else self.frame.mask.label_keys

    @property
    def single(self) -> bool:
        """Whether float32 holds the source coordinates as exactly as they are known."""
        axes = [field for field in self.cloud.source.fields if field.name in AXES]
        return not self.cloud.origin.any() and all(field.size <= 4 for field in axes)

    def xyz(self, dtype: type[np.float32] | type[np.float64]) -> NDArray[Any]:
        """(N, 3) metres in source coordinates."""
        if not self.cloud.origin.any():
            return self.cloud.xyz.astype(dtype, copy=False)
        return (self.cloud.xyz.astype(np.float64) + self.cloud.origin).astype(dtype, copy=False)

    def columns(self, reserved: Iterable[str]) -> Columns:
        """Every further column of the cloud in its own type, (N,) or (N, count); names in ``reserved`` get a number.

        A column ``label_key`` that is itself the mask of the frame is left out: the export has it already.
        """
        record = self.frame.record
        is_mask = self.frame.mask is not None and record.mask_url in ("", record.scan_url)
        names = [name for name in self.cloud.columns if not (is_mask and name == LABEL_KEY)]
        return {new: _plain(self.cloud.columns[old]) for old, new in file_names(names, reserved).items()}

    @property
    def remission(self) -> NDArray[Any] | None:
        """(N,) the column that says how strongly a point reflected, None without one."""
        by_name = {name.lower(): column for name, column in self.cloud.columns.items() if column.ndim == 1}
        return next((by_name[name] for name in _REMISSIONS if name in by_name), None)


def file_names(names: Iterable[str], reserved: Iterable[str]) -> Mapping[str, str]:
    """Names for a file by the names in the cloud: unusual letters become ``_``, taken ones get ``_2``, ``_3``, …"""
    taken = set(reserved)
    given: dict[str, str] = {}
    for name in names:
        plain = _UNFIT.sub("_", name)
        given[name] = _free(plain if plain.strip("_.") else "column", taken)
        taken.add(given[name])
    return given


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    """Types that PCD lacks in the next one that holds them."""
    if column.dtype.kind == "b":
        return column.view(np.uint8)
    return column.astype(np.float32) if column.dtype == np.float16 else column
