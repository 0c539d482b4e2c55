"""Finding what lies near a pixel without looking at all the others."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, Integers
from app.domain.tracking import Size

CELL = 32  # pixels: some ten points of a lidar in a picture of today's cameras


@dataclass(frozen=True, eq=False)
class PixelIndex:
    """Pixels sorted into square cells of a picture, row by row, so that neighbouring cells of a row lie together.

    ``order`` (M,) int64 are places in ``uv`` by cell, ``begins`` (cells + 1,) where each cell begins among them.
    """

    uv: Float64
    order: Integers
    begins: Integers
    columns: int
    rows: int

    def near(self, at: tuple[float, float], radius: float) -> tuple[Integers, Float64]:
        """Places in ``uv`` of all pixels within ``radius`` of a position, and (n,) how far they are from it."""
        first, last = (_cell(at[0] + side * radius, self.columns) for side in (-1, 1))
        top, bottom = (_cell(at[1] + side * radius, self.rows) for side in (-1, 1))
        parts = [
            self.order[self.begins[row * self.columns + first] : self.begins[row * self.columns + last + 1]]
            for row in range(top, bottom + 1)
        ]
        places = np.concatenate(parts)
        off = self.uv[places] - at
        distance = np.hypot(off[:, 0], off[:, 1])
        near = distance <= radius
        return places[near], distance[near]


def pixel_index(uv: Float64, *, size: Size, among: Integers) -> PixelIndex:
    """Sort those of (N, 2) pixels in a picture of ``size`` (width, height) whose places are ``among`` (M,)."""
    columns, rows = (max(1, -(-side // CELL)) for side in size)
    column, row = (uv[among] // CELL).astype(np.int64).T
    cells = row.clip(0, rows - 1) * columns + column.clip(0, columns - 1)
    begins = np.zeros(rows * columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(cells, minlength=rows * columns), out=begins[1:])
    return PixelIndex(uv, among[np.argsort(cells, kind="stable")], begins, columns, rows)


def _cell(at: float, cells: int) -> int:
    return int(min(max(at // CELL, 0), cells - 1))
