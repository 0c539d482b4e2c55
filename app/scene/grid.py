"""A square grid on the ground whose lines are 1, 5, 10 or 50 metres apart, as near as the camera is."""

import math

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Float64
from app.scene.flat import Flat
from app.scene.look import SceneLook
from app.scene.prepared import Spread
from app.scene.views import CameraPlacement, reach_of

STEPS = (1, 5, 10, 50)  # metres
LINES_IN_HALF = 12  # of the height of the picture at most; more would hide the points
LINES_AROUND = 60  # on either side of what the camera turns around, at most


class Grid:
    """Lines at whole multiples of the step in the coordinates of the file, so that they stay while the camera moves."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._lines = Flat(renderer)
        self._drawn: tuple[object, ...] = ()

    def place(self, spread: Spread, placement: CameraPlacement) -> None:
        """Draw the lines around what the camera turns around; nothing is made anew while it would be the same."""
        step = grid_step(placement)
        middle = np.array(placement.focal_point[:2]) - spread.ego[:2]
        around = np.round(middle / (10 * step)) * 10 * step
        wanted = (id(spread), step, *around.tolist())
        if wanted != self._drawn or not self._lines.visible:
            self._drawn = wanted
            reach = min(LINES_AROUND, math.ceil(1.2 * reach_of(spread) / step) + 10) * step
            self._lines.draw_lines(grid_lines(spread, around, step=step, reach=reach))

    def hide(self) -> None:
        """Draw nothing."""
        self._lines.hide()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._lines.dress(look.grid, width=pixel_ratio)


def grid_step(placement: CameraPlacement) -> int:
    """The smallest of STEPS with at most LINES_IN_HALF lines in half the height of the picture."""
    half_height = placement.half_height_at(placement.distance)
    return next((step for step in STEPS if half_height / step <= LINES_IN_HALF), STEPS[-1])


def grid_lines(spread: Spread, around: Float64, *, step: float, reach: float) -> list[Float64]:
    """Lines (2, 3) in cloud coordinates at multiples of ``step`` from the ego, ``reach`` metres either way."""
    offsets = np.arange(-reach, reach + step / 2, step)
    x, y = (spread.ego[axis] + around[axis] + offsets for axis in (0, 1))
    z = spread.ground
    across = [np.array([[x[0], at, z], [x[-1], at, z]]) for at in y]
    along = [np.array([[at, y[0], z], [at, y[-1], z]]) for at in x]
    return across + along
