"""A small triad in the upper right corner: x forward in red, y left in green, z up in blue, as the camera sees them."""

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkPolyDataMapper2D, vtkRenderer, vtkTextActor

from app.domain.arrays import Float64
from app.domain.legend import Rgb
from app.scene.flat import CAPTION_PIXELS, cells_of, points_of
from app.scene.look import SceneLook, fraction
from app.scene.views import CameraPlacement

LENGTH = 24.0  # pixels of an axis that lies in the picture
LETTER = 34.0  # pixels from the origin to the middle of a letter
CORNER = np.array([-48.0, -48.0])  # pixels of the origin from the upper right corner, right and up
NAMES = ("x", "y", "z")


class AxesTriad:
    """The three axes, always as long however far the camera is."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._axes = [_Axis(renderer, name) for name in NAMES]
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
    """One line with its letter, at a place of the picture."""

    def __init__(self, renderer: vtkRenderer, name: str) -> None:
        self._data, mapper, self._line = vtkPolyData(), vtkPolyDataMapper2D(), vtkActor2D()
        self._data.SetLines(cells_of([2]))
        mapper.SetInputData(self._data)
        self._line.SetMapper(mapper)
        self._letter = vtkTextActor()
        self._letter.SetInput(name)
        self._letter.GetTextProperty().SetJustificationToCentered()
        self._letter.GetTextProperty().SetVerticalJustificationToCentered()
        self._letter.GetTextProperty().BoldOn()
        corner = self._line.GetPositionCoordinate()
        corner.SetCoordinateSystemToNormalizedViewport()
        corner.SetValue(1.0, 1.0)
        self._letter.GetPositionCoordinate().SetReferenceCoordinate(corner)
        for actor in (self._line, self._letter):
            actor.PickableOff()
            renderer.AddViewProp(actor)

    def draw(self, direction: Float64, *, pixel_ratio: float) -> None:
        """Point along (2,), right and up."""
        ends = np.array([CORNER, CORNER + LENGTH * direction]) * pixel_ratio
        self._data.SetPoints(points_of(np.column_stack([ends, np.zeros(2)])))
        self._letter.SetPosition(*((CORNER + LETTER * direction) * pixel_ratio).tolist())

    def set_visible(self, *, visible: bool) -> None:
        for actor in (self._line, self._letter):
            actor.SetVisibility(visible)

    def dress(self, color: Rgb, *, pixel_ratio: float) -> None:
        self._line.GetProperty().SetColor(*fraction(color))
        self._line.GetProperty().SetLineWidth(2 * pixel_ratio)
        self._letter.GetTextProperty().SetColor(*fraction(color))
        self._letter.GetTextProperty().SetFontSize(round(CAPTION_PIXELS * pixel_ratio))
