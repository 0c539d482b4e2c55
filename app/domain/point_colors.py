"""The colours of single points from numbers or pictures, as the 3D view shows them."""

import numpy as np

from app.domain.arrays import Bytes, Float32
from app.domain.legend import Rgb


def ramp_colors(values: Float32, color_map: Bytes, *, value_range: tuple[float, float], no_color: Rgb) -> Bytes:
    """(M, 3) uint8 of (M,) numbers: ``color_map`` (256, 3) from the lower to the upper end of ``value_range``, beyond
    it the ends' colours, ``no_color`` for NaN. In float32, as a graphics card works it out."""
    low, high = value_range
    scale = np.float32(1.0 / max(high - low, 1e-30))
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.clip((values.astype(np.float32) - np.float32(low)) * scale, 0.0, 1.0)
        known = ~np.isnan(share)
        steps = (np.where(known, share, 0.0) * np.float32(255.0) + np.float32(0.5)).astype(np.intp)
    colors = color_map[steps]
    colors[~known] = no_color
    return colors


def seen_colors(colors: Bytes, *, no_color: Rgb) -> Bytes:
    """(M, 3) uint8 of (M, 4) RGBA; ``no_color`` where alpha is 0, as of points that no camera sees."""
    return np.where(colors[:, 3:] > 0, colors[:, :3], np.array(no_color, dtype=np.uint8))
