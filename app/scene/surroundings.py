"""What is drawn besides the data: range rings on the ground and an arrow where the lidar is."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkBillboardTextActor3D, vtkPolyDataMapper, vtkRenderer

from app.domain.arrays import Float64
from app.scene.look import SceneLook, fraction
from app.scene.prepared import Spread
from app.scene.views import Vector, is_among, reach_of, turned

RINGS = (10, 20, 40, 80)  # metres
RING_POINTS = 180
LABEL_BEARING = np.radians(-32.0)  # to the right of straight ahead, where neither the road nor the ego hides it
CAPTION_PIXELS = 11
ARROW: tuple[Vector, ...] = ((2.4, 0.0, 0.02), (-1.2, 1.0, 0.02), (-0.5, 0.0, 0.02), (-1.2, -1.0, 0.02))  # metres


class Surroundings:
    """Rings, their captions and the ego arrow; they move with each cloud's ego and ground."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._rings, self._ring_data = _flat_actor()
        self._arrow, self._arrow_data = _flat_actor()
        self._captions = [_caption(radius) for radius in RINGS]
        self._arrow_data.SetPolys(_cells([0, 1, 2, 0, 2, 3], [0, 3, 6]))
        for actor in (self._rings, self._arrow, *self._captions):
            actor.PickableOff()
            renderer.AddActor(actor)
        self.hide()

    def place(self, spread: Spread, *, heading: float) -> None:
        """Put everything on the ground around the ego; a cloud that is not around its lidar gets nothing."""
        self.hide()
        if not is_among(spread):
            return
        centre = np.array([spread.ego[0], spread.ego[1], spread.ground])
        shown = [radius for radius in RINGS if radius <= 1.5 * reach_of(spread)]
        rings = [centre + circle(radius) for radius in shown]
        self._ring_data.SetPoints(_points(np.concatenate([centre[np.newaxis], *rings])))
        self._ring_data.SetLines(_ring_cells(len(shown)))
        self._rings.SetVisibility(bool(shown))
        for radius, caption in zip(RINGS, self._captions, strict=True):
            caption.SetVisibility(radius in shown)
            bearing = heading + LABEL_BEARING
            caption.SetPosition(*(centre + radius * np.array([np.cos(bearing), np.sin(bearing), 0.0])))
        self._arrow_data.SetPoints(_points(centre + np.array([turned(corner, heading) for corner in ARROW])))
        self._arrow.SetVisibility(bool(shown))

    def hide(self) -> None:
        """Show none of it."""
        for actor in (self._rings, self._arrow, *self._captions):
            actor.VisibilityOff()

    def set_look(self, look: SceneLook, *, pixel_ratio: float) -> None:
        """Colours of a theme; ``pixel_ratio`` is device pixels per pixel."""
        self._rings.GetProperty().SetColor(*fraction(look.ring))
        self._rings.GetProperty().SetLineWidth(max(1.0, pixel_ratio))
        self._arrow.GetProperty().SetColor(*fraction(look.ego))
        for caption in self._captions:
            caption.GetTextProperty().SetColor(*fraction(look.caption))
            caption.GetTextProperty().SetFontSize(round(CAPTION_PIXELS * pixel_ratio))


def circle(radius: float) -> Float64:
    """(RING_POINTS, 3) float64 metres around the origin, level."""
    angles = np.linspace(0.0, 2 * np.pi, RING_POINTS, endpoint=False)
    return np.column_stack([radius * np.cos(angles), radius * np.sin(angles), np.zeros(RING_POINTS)])


def _flat_actor() -> tuple[vtkActor, vtkPolyData]:
    data, mapper, actor = vtkPolyData(), vtkPolyDataMapper(), vtkActor()
    mapper.SetInputData(data)
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    actor.UseBoundsOff()
    return actor, data


def _caption(radius: int) -> vtkBillboardTextActor3D:
    caption = vtkBillboardTextActor3D()
    caption.SetInput(f"{radius} m")
    caption.UseBoundsOff()
    caption.GetTextProperty().SetJustificationToCentered()
    caption.GetTextProperty().SetVerticalJustificationToCentered()
    return caption


def _ring_cells(rings: int) -> vtkCellArray:
    """Closed polylines over the points of ``rings`` circles, after one point for the centre."""
    around = np.append(np.arange(RING_POINTS), 0)
    connectivity = np.concatenate([1 + ring * RING_POINTS + around for ring in range(rings)]) if rings else around[:0]
    return _cells(connectivity.tolist(), [ring * len(around) for ring in range(rings + 1)])


def _cells(connectivity: list[int], offsets: list[int]) -> vtkCellArray:
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtk(np.array(offsets, dtype=np.int32), deep=1),
        numpy_to_vtk(np.array(connectivity, dtype=np.int32), deep=1),
    )
    return cells


def _points(xyz: Float64) -> vtkPoints:
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(xyz.reshape(-1, 3), dtype=np.float32), deep=1))
    return points
