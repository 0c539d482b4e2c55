"""Colour maps for numbers: equal steps of the number look like equal steps of colour, on grey paper too.

``turbo`` is the exception, its lightness rises and falls; it separates the most values and people know it.
"""

from functools import lru_cache

import numpy as np

from app.domain.arrays import Bytes, frozen
from app.domain.color_map_tables import TABLES
from app.domain.oklab import oklab

COLORS = 256
GREY = "grey"
COLOR_MAPS = (*TABLES, GREY)
_DARKEST, _LIGHTEST = 48, 255  # of ``grey``
_LEAST, _MOST = 0.45, 0.80  # OKLab lightness that still shows on a dark and on a light background


@lru_cache(maxsize=len(COLOR_MAPS))
def color_map(name: str) -> Bytes:
    """(256, 3) uint8 sRGB, low values first, read-only; raises ValueError for a name that is not in COLOR_MAPS."""
    if name == GREY:
        levels = np.rint(np.linspace(_DARKEST, _LIGHTEST, COLORS)).astype(np.uint8)
        return frozen(np.repeat(levels[:, np.newaxis], 3, axis=1))
    if name not in TABLES:
        raise ValueError(f"no colour map {name!r}")
    return frozen(np.frombuffer(bytes.fromhex(TABLES[name]), dtype=np.uint8).reshape(COLORS, 3))


@lru_cache(maxsize=2 * len(COLOR_MAPS))
def shown_color_map(name: str, *, on_dark: bool) -> Bytes:
    """The part of a map that shows on a background, spread over (256, 3) uint8, read-only.

    Ends that would vanish in the background are left out: most points of a street are near the ego, at one end.
    Raises ValueError for a name that is not in COLOR_MAPS.
    """
    colors = color_map(name)
    lightness = oklab(colors)[:, 0]
    shows = np.flatnonzero(lightness >= _LEAST if on_dark else lightness <= _MOST)
    return frozen(colors[np.rint(np.linspace(shows[0], shows[-1], COLORS)).astype(np.intp)])
