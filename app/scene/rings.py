"""Range rings on the ground around the ego, and the arrow that says where the ego is."""

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Float64
from app.scene.flat import Captions, Flat, circle, closed
from app.scene.look import SceneLook
from app.scene.prepared import Spread
from app.scene.views import Vector, reach_of, turned

RINGS = (10, 20, 40, 80)  # metres
LABEL_BEARING = np.radians(-32.0)  # to the right of straight ahead, where neither the road nor the ego hides it
ARROW: tuple[Vector, ...] = ((2.4, 0.0, 0.02), (-1.2, 1.0, 0.02), (-0.5, 0.0, 0.02), (-1.2, -1.0, 0.02))  # metres


class Rings:
    """The rings with their captions."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._lines = Flat(renderer)
        self._captions = Captions(renderer)

    def place(self, spread: Spread, *, heading: float) -> None:
        """Draw those that the points reach."""
        centre, radii = centre_of(spread), ring_radii(spread)
        self._lines.draw_lines([closed(centre + circle(radius)) for radius in radii])
        bearing = heading + LABEL_BEARING
        beside = np.array([np.cos(bearing), np.sin(bearing), 0.0])
        self._captions.show([(f"{radius} m", centre + radius * beside) for radius in radii])

    def hide(self) -> None:
        """Draw none."""
        self._lines.hide()
        self._captions.hide()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._lines.dress(look.ring, width=pixel_ratio)
        self._captions.dress(look.caption, plate=look.background_bottom, pixel_ratio=pixel_ratio)


class EgoArrow:
    """A flat arrow on the ground that points where the ego does."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._area = Flat(renderer)

    def place(self, spread: Spread, *, heading: float) -> None:
        """Draw it where the ego is."""
        tip, left, notch, right = (centre_of(spread) + np.array(turned(corner, heading)) for corner in ARROW)
        self._area.draw_areas([np.array([tip, left, notch]), np.array([tip, notch, right])])

    def hide(self) -> None:
        """Draw nothing."""
        self._area.hide()

    def set_look(self, look: SceneLook) -> None:
        """Colour of a theme."""
        self._area.dress(look.ego)


def centre_of(spread: Spread) -> Float64:
    """(3,) on the ground below the ego."""
    return np.array([spread.ego[0], spread.ego[1], spread.ground])


def ring_radii(spread: Spread) -> list[int]:
    """Those of RINGS that the points reach, metres."""
    return [radius for radius in RINGS if radius <= 1.5 * reach_of(spread)]
