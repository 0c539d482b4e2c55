"""Points as round spots in a raster of colours, the nearer ones over the farther ones."""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float64, Integers, frozen
from app.domain.tracking import Size

Packed: TypeAlias = NDArray[np.uint32]  # one colour in each, 0xAARRGGBB

CHUNK = 1 << 13  # points whose spots are worked out at a time


def splat(at: Float64, colors: Packed, *, diameter: int, size: Size) -> Packed:
    """(height, width) uint32 of a raster of ``size`` (width, height), 0 where no spot is.

    ``at`` (M, 2): the middles of the spots in its pixels, the first one's upper left corner being (0, 0); the last
    point lies on top. ``diameter`` in pixels, at least 1.
    """
    width, height = size
    reach = diameter  # a border that spots may stick out into, so that none has to be cut
    across, down = at.T
    inside = np.flatnonzero(
        (across >= -reach / 2) & (across <= width + reach / 2) & (down >= -reach / 2) & (down <= height + reach / 2)
    )
    canvas = np.zeros((height + 2 * reach) * (stride := width + 2 * reach), dtype=np.uint32)
    footprint = _disc(diameter) @ np.array([1, stride])
    for start in range(0, len(inside), CHUNK):
        part = inside[start : start + CHUNK]
        corner = np.rint(at[part] - diameter / 2).astype(np.intp) + reach
        spots = (corner @ np.array([1, stride]))[:, np.newaxis] + footprint
        canvas[spots.ravel()] = np.repeat(colors[part], len(footprint))  # of several the last stays
    return np.ascontiguousarray(canvas.reshape(-1, stride)[reach:-reach, reach:-reach])


@lru_cache(maxsize=64)
def _disc(diameter: int) -> Integers:
    """(K, 2) columns and rows of a round spot, from 0; with up to three pixels a square is rounder."""
    steps = np.arange(diameter)
    across, down = (part.ravel() for part in np.meshgrid(steps, steps))
    middle = (diameter - 1) / 2
    inside = (across - middle) ** 2 + (down - middle) ** 2 <= (diameter / 2) ** 2 if diameter > 3 else across >= 0
    return frozen(np.stack([across[inside], down[inside]], axis=1))


def packed(colors: NDArray[np.uint8]) -> Packed:
    """(M,) of (M, 3) uint8 RGB, opaque."""
    wide = colors.astype(np.uint32)
    whole: Packed = np.uint32(0xFF000000) | wide[:, 0] << np.uint32(16) | wide[:, 1] << np.uint32(8) | wide[:, 2]
    return whole
