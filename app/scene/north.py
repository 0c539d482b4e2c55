"""Which way the world lies: two arrows outside a ring, or one to the north where that is known."""

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Float64
from app.scene.flat import Captions, Flat
from app.scene.look import SceneLook
from app.scene.prepared import Spread
from app.scene.rings import centre_of, ring_radii
from app.scene.views import reach_of

LEVEL = 0.2  # length of the level part of a direction below which it points nowhere on the ground
OUTSIDE = 1.04  # times the radius of a ring
IN_SIGHT = 0.5  # of how far the points go; a ring farther out is not in every view
SHARE = 0.07  # of that radius is the length of an arrow


class North:
    """Arrows on the ground with their names."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._arrows = Flat(renderer)
        self._captions = Captions(renderer)

    def place(self, spread: Spread, lidar_from_world: Float64, *, north_is_y: bool) -> None:
        """Draw the world's x and y axis, or an N in place of y where ``north_is_y``."""
        names = ((1, "N"),) if north_is_y else ((0, "world x"), (1, "world y"))
        radius = OUTSIDE * _ring(spread)
        arrows, words = [], []
        for axis, name in names:
            direction = np.array([*lidar_from_world[:2, axis], 0.0])
            level = float(np.linalg.norm(direction))
            if level > LEVEL:
                direction /= level
                arrows.append(_arrow(centre_of(spread) + radius * direction, direction, length=SHARE * radius))
                words.append((name, centre_of(spread) + (1 + 4 * SHARE) * radius * direction))
        self._arrows.draw_areas(arrows)
        self._captions.show(words)

    def hide(self) -> None:
        """Draw nothing."""
        self._arrows.hide()
        self._captions.hide()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._arrows.dress(look.caption)
        self._captions.dress(look.caption, plate=look.background_bottom, pixel_ratio=pixel_ratio)


def _ring(spread: Spread) -> float:
    """The radius of the outermost ring in sight, metres; where none is, of a circle that would be."""
    farthest = IN_SIGHT * reach_of(spread)
    return max((float(radius) for radius in ring_radii(spread) if radius <= farthest), default=farthest)


def _arrow(foot: Float64, direction: Float64, *, length: float) -> Float64:
    """A level triangle (3, 3) that points along ``direction``."""
    aside = np.array([-direction[1], direction[0], 0.0]) * length / 3
    return np.array([foot + direction * length, foot + aside, foot - aside])
