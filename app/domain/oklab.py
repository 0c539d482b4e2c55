"""OKLab, a colour space in which equal distances look equally different.

Formulas and matrices: Björn Ottosson, "A perceptual color space for image processing", 2020, as CSS Color 4 has them.
"""

import numpy as np
from numpy.typing import ArrayLike

from app.domain.arrays import Bytes, Float64

_CONES_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_ROOTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_RGB_FROM_CONES = np.linalg.inv(_CONES_FROM_RGB)
_ROOTS_FROM_LAB = np.linalg.inv(_LAB_FROM_ROOTS)


def oklab(rgb: ArrayLike) -> Float64:
    """(N, 3) sRGB in 0..255 to (N, 3) float64: lightness in 0..1, green to red, blue to yellow."""
    share = np.asarray(rgb, dtype=np.float64).reshape(-1, 3) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    lab: Float64 = np.cbrt(linear @ _CONES_FROM_RGB.T) @ _LAB_FROM_ROOTS.T
    return lab


def rgb_of(lab: ArrayLike) -> Bytes:
    """(N, 3) OKLab to (N, 3) uint8 sRGB; what no screen can show is clipped channel by channel."""
    roots = np.asarray(lab, dtype=np.float64).reshape(-1, 3) @ _ROOTS_FROM_LAB.T
    linear = np.clip(roots**3 @ _RGB_FROM_CONES.T, 0.0, 1.0)
    share = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    rgb: Bytes = np.rint(share * 255).astype(np.uint8)
    return rgb
