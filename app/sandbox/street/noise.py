"""Seeded, tileable noise: the grain of asphalt, plaster, leaves and clouds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIDE = 512  # cells; a power of two, so that wrapping is a bit mask


@dataclass(frozen=True)
class Noise:
    """Square fields of (SIDE, SIDE) float32 in 0..1: ``fine`` is white, ``rough`` has features of all sizes."""

    fine: Floats
    rough: Floats

    @staticmethod
    def seeded(seed: int) -> "Noise":
        """The same seed gives the same fields."""
        random = np.random.default_rng(seed)
        white = random.random((SIDE, SIDE), dtype=np.float32)
        frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None, :]) * SIDE
        spectrum = np.fft.rfft2(random.standard_normal((SIDE, SIDE))) / np.maximum(frequency, 1.5) ** 1.7
        spectrum[0, 0] = 0
        field = np.fft.irfft2(spectrum)
        rough = np.clip(0.5 + 0.22 * field / field.std(), 0, 1).astype(np.float32)
        return Noise(white, rough)


def wrap(value: Floats, period: float) -> Floats:
    """Remainder in 0..period, several times faster than numpy's for float32."""
    turns = value * np.float32(1 / period)
    turns -= np.floor(turns)
    turns *= np.float32(period)
    return turns


def sample(field: Floats, a: Floats, b: Floats, *, cell: float) -> Floats:
    """Nearest value of a tiled field at plane coordinates (metres), ``cell`` metres to a value."""
    row = np.floor(a * np.float32(1 / cell)).astype(np.int32) & (SIDE - 1)
    column = np.floor(b * np.float32(1 / cell)).astype(np.int32) & (SIDE - 1)
    found: Floats = field.reshape(-1)[row * SIDE + column]
    return found


def smooth_sample(field: Floats, a: Floats, b: Floats, *, cell: float) -> Floats:
    """Like ``sample``, bilinear: for cells that are larger than a pixel."""
    a, b = a * np.float32(1 / cell), b * np.float32(1 / cell)
    row, column = np.floor(a), np.floor(b)
    down, right = a - row, b - column
    top, left = row.astype(np.int32) & (SIDE - 1), column.astype(np.int32) & (SIDE - 1)
    bottom, end = (top + 1) & (SIDE - 1), (left + 1) & (SIDE - 1)
    flat = field.reshape(-1)
    upper = flat[top * SIDE + left] * (1 - right) + flat[top * SIDE + end] * right
    lower = flat[bottom * SIDE + left] * (1 - right) + flat[bottom * SIDE + end] * right
    found: Floats = upper + (lower - upper) * down
    return found
