"""Colours that replace the legend's own on the screen, never in a file: told apart by everyone, or as far as possible.

``colour-blind safe``: Okabe and Ito, "Color Universal Design", 2008, without their black, then the same hues lighter
and darker. ``high contrast``: each colour is as far as possible from all before it, from the backgrounds and from the
grey of what has no legend, in OKLab.
"""

from functools import lru_cache

import numpy as np

from app.domain.arrays import Float64
from app.domain.legend import UNMAPPED_COLOR, Rgb
from app.domain.oklab import oklab, rgb_of

FILE, COLOUR_BLIND_SAFE, HIGH_CONTRAST = "file", "colour-blind safe", "high contrast"
THEMES = (FILE, COLOUR_BLIND_SAFE, HIGH_CONTRAST)

OKABE_ITO: tuple[Rgb, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
LIGHTER = (0.0, 0.14, -0.16, 0.07, -0.08)  # steps of OKLab lightness for each further round of the seven
LIGHTNESS = (0.34, 0.96)  # what still shows on a dark and on a light background

DISTINCT = 128  # colours that are made; more of them could not be told apart
_STEP = 15  # levels of sRGB between candidates
_SEEN = (0.55, 0.80)  # OKLab lightness: at least 3:1 on the dark background, and nothing pale on the light one
_FAR_FROM: tuple[Rgb, ...] = ((16, 19, 24), (238, 241, 245), UNMAPPED_COLOR)
_MUTED = 0.07  # OKLab chroma below which a candidate would look like a grey


def theme_color(theme: str, position: int) -> Rgb:
    """The colour of the class at a ``position`` of the job's order of classes; the same for ever.

    Raises ValueError for the theme ``file``, whose colours are the legend's, and for one that does not exist.
    """
    if theme == COLOUR_BLIND_SAFE:
        return _color_blind_safe(position)
    if theme == HIGH_CONTRAST:
        return distinct_color(position)
    raise ValueError(f"no colours of a theme {theme!r}")


def distinct_color(position: int) -> Rgb:
    """One of DISTINCT colours, the first ones farthest apart; they begin again after the last."""
    return _distinct_colors()[position % DISTINCT]


@lru_cache(maxsize=256)
def _color_blind_safe(position: int) -> Rgb:
    number, first = divmod(position, len(OKABE_ITO))
    lab = oklab(OKABE_ITO[first])
    lab[0, 0] = np.clip(lab[0, 0] + LIGHTER[number % len(LIGHTER)], *LIGHTNESS)
    red, green, blue = rgb_of(lab)[0].tolist()
    return red, green, blue


@lru_cache(maxsize=1)
def _distinct_colors() -> tuple[Rgb, ...]:
    """Farthest first: of all candidates always the one whose nearest chosen colour is farthest away."""
    levels = np.arange(0, 256, _STEP)
    rgb = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = oklab(rgb)
    usable = (np.hypot(lab[:, 1], lab[:, 2]) > _MUTED) & (lab[:, 0] > _SEEN[0]) & (lab[:, 0] < _SEEN[1])
    rgb, lab = rgb[usable], lab[usable]
    nearest = np.min([_distances(lab, seed) for seed in oklab(_FAR_FROM)], axis=0)
    chosen: list[Rgb] = []
    for _ in range(DISTINCT):
        best = int(np.argmax(nearest.round(9)))  # rounded, so that every machine breaks a tie alike
        red, green, blue = rgb[best].tolist()
        chosen.append((red, green, blue))
        nearest = np.minimum(nearest, _distances(lab, lab[best]))
    return tuple(chosen)


def _distances(lab: Float64, one: Float64) -> Float64:
    distances: Float64 = np.linalg.norm(lab - one, axis=1)
    return distances
