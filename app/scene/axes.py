"""A small triad in the upper right corner: x forward in red, y left in green, z up in blue, as the camera sees them."""

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkPolyDataMapper2D, vtkRenderer

from app.domain.arrays import Float64
from app.domain.legend import Rgb
from app.scene.flat import cells_of, points_of
from app.scene.look import SceneLook, fraction
from app.scene.views import CameraPlacement

LENGTH = 24.0  # pixels of an axis that lies in the picture
LETTER = 34.0  # pixels from the origin to the middle of a letter
CORNER = np.array([-48.0, -88.0])  # pixels of the origin from the upper right corner, right and up; chips lie above
LETTER_SIZE = np.array([3.0, 4.0])  # pixels, half of its width and height
LINE_WIDTH = 2.0  # pixels
LETTERS = {  # strokes in the square from -1 to 1, y up
    "x": (((-1, -1), (1, 1)), ((-1, 1), (1, -1))),
    "y": (((-1, 1), (0, 0)), ((1, 1), (0, 0), (0, -1))),
    "z": (((-1, 1), (1, 1), (-1, -1), (1, -1)),),
}


class AxesTriad:
    """The three axes, always as long however far the camera is."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._axes = [_Axis(renderer, name) for name in LETTERS]
        self._directions = np.zeros((3, 2))
        self._pixel_ratio = 1.0

    def follow(self, placement: CameraPlacement) -> None:
        """Turn as the camera does."""
        self._directions = axes_in_picture(placement)
        self._draw()

    def set_visible(self, *, visible: bool) -> None:
        """Draw it or not."""
        for axis in self._axes:
            axis.set_visible(visible=visible)

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._pixel_ratio = pixel_ratio
        for axis, color in zip(self._axes, (look.axis_x, look.axis_y, look.axis_z), strict=True):
            axis.dress(color, pixel_ratio=pixel_ratio)
        self._draw()

    def _draw(self) -> None:
        for axis, direction in zip(self._axes, self._directions, strict=True):
            axis.draw(direction, pixel_ratio=self._pixel_ratio)


def axes_in_picture(placement: CameraPlacement) -> Float64:
    """(3, 2) float64: how far x, y and z go to the right and up in the picture; 1 for one that lies in it."""
    return placement.axes[:2].T.copy()


class _Axis:
    """One line with its letter, at a place of the picture.

    The letter is drawn in strokes: the soft edges of a font would darken with each step that a picture is drawn in.
    """

    def __init__(self, renderer: vtkRenderer, name: str) -> None:
        self._letter = [np.array(stroke, dtype=np.float64) for stroke in LETTERS[name]]
        self._data, mapper, self._actor = vtkPolyData(), vtkPolyDataMapper2D(), vtkActor2D()
        self._data.SetLines(cells_of([2, *map(len, self._letter)]))
        mapper.SetInputData(self._data)
        self._actor.SetMapper(mapper)
        corner = self._actor.GetPositionCoordinate()
        corner.SetCoordinateSystemToNormalizedViewport()
        corner.SetValue(1.0, 1.0)
        self._actor.PickableOff()
        renderer.AddViewProp(self._actor)

    def draw(self, direction: Float64, *, pixel_ratio: float) -> None:
        """Point along (2,), right and up."""
        line = np.array([CORNER, CORNER + LENGTH * direction])
        letter = [CORNER + LETTER * direction + LETTER_SIZE * stroke for stroke in self._letter]
        pixels = np.concatenate([line, *letter]) * pixel_ratio
        self._data.SetPoints(points_of(np.column_stack([pixels, np.zeros(len(pixels))])))

    def set_visible(self, *, visible: bool) -> None:
        self._actor.SetVisibility(visible)

    def dress(self, color: Rgb, *, pixel_ratio: float) -> None:
        self._actor.GetProperty().SetColor(*fraction(color))
        self._actor.GetProperty().SetLineWidth(LINE_WIDTH * pixel_ratio)
