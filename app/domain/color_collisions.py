"""Which classes of a legend look alike on the screen."""

from itertools import combinations

import numpy as np

from app.domain.arrays import Float64
from app.domain.coloring import NO_ORDER, Coloring, JobOrder, palette
from app.domain.legend import UNMAPPED_COLOR, Legend, Rgb
from app.domain.legend_table import UNMAPPED_CLASS
from app.domain.oklab import oklab

ALIKE = 0.045  # OKLab distance: about twice what is just noticeable on a large area, and points are small
MOST_COMPARED = 400  # classes, and colours of one class, that are looked at; nobody tells more apart anyway


def color_collisions(legend: Legend, coloring: Coloring, *, order: JobOrder = NO_ORDER) -> tuple[tuple[str, str], ...]:
    """Pairs of classes of which a viewer cannot tell some colours apart, in the legend's order.

    UNMAPPED_CLASS counts as a class, and comes first.
    """
    labs = {name: oklab(colors) for name, colors in _colors(legend, coloring, order).items()}
    return tuple((one, other) for one, other in combinations(labs, 2) if _closest(labs[one], labs[other]) < ALIKE)


def _colors(legend: Legend, coloring: Coloring, order: JobOrder) -> dict[str, list[Rgb]]:
    """The different colours of each class, as many as are compared."""
    color_of = palette(legend, coloring, order=order)
    found: dict[str, dict[Rgb, None]] = {UNMAPPED_CLASS: {UNMAPPED_COLOR: None}}
    for entry in legend:
        if entry.class_name in found or len(found) < MOST_COMPARED:
            found.setdefault(entry.class_name, {})[color_of(entry.label_key, entry)] = None
    return {name: list(colors)[:MOST_COMPARED] for name, colors in found.items()}


def _closest(some: Float64, others: Float64) -> float:
    return float(min(np.linalg.norm(others - one, axis=1).min() for one in some))
