"""What guides are made of: unlit lines and areas, and captions that face the camera. None of them can be picked."""

from collections.abc import Callable, Sequence

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkBillboardTextActor3D, vtkPolyDataMapper, vtkRenderer

from app.domain.arrays import Float64
from app.domain.legend import Rgb
from app.scene.look import fraction

CAPTION_PIXELS = 11
PLATE_OPACITY = 1.0  # whole: what is drawn in steps is drawn again with each of them, and must not add up
CIRCLE_POINTS = 180


class Flat:
    """Lines and one kind of area in one colour, hidden until drawn."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._data, mapper, self._actor = vtkPolyData(), vtkPolyDataMapper(), vtkActor()
        mapper.SetInputData(self._data)
        self._actor.SetMapper(mapper)
        self._actor.GetProperty().LightingOff()
        self._actor.UseBoundsOff()
        self._actor.PickableOff()
        renderer.AddActor(self._actor)
        self.hide()

    @property
    def visible(self) -> bool:
        """Whether it is drawn."""
        return bool(self._actor.GetVisibility())

    def draw_lines(self, lines: Sequence[Float64]) -> None:
        """Replace what is drawn by polylines, each (P, 3) metres in cloud coordinates; none at all hides it."""
        self._draw(lines, self._data.SetLines)

    def draw_areas(self, areas: Sequence[Float64]) -> None:
        """Replace what is drawn by convex areas, each (P, 3) metres in cloud coordinates."""
        self._draw(areas, self._data.SetPolys)

    def hide(self) -> None:
        """Draw nothing."""
        self._actor.VisibilityOff()

    def dress(self, color: Rgb, *, width: float = 1.0) -> None:
        """Colour, and line width in device pixels."""
        self._actor.GetProperty().SetColor(*fraction(color))
        self._actor.GetProperty().SetLineWidth(max(1.0, width))

    def _draw(self, parts: Sequence[Float64], put: Callable[[vtkCellArray], None]) -> None:
        self._actor.SetVisibility(bool(parts))
        if parts:
            self._data.SetPoints(points_of(np.concatenate(parts)))
            put(cells_of([len(part) for part in parts]))


class Captions:
    """Words in the scene that face the camera; as many as are asked for, kept for the next time."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._pool: list[vtkBillboardTextActor3D] = []
        self._color: tuple[float, float, float] = (1.0, 1.0, 1.0)
        self._plate: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._pixels = CAPTION_PIXELS

    def show(self, words: Sequence[tuple[str, Float64]]) -> None:
        """Replace what is shown by these texts, each at a place (3,) in cloud coordinates."""
        while len(self._pool) < len(words):
            self._pool.append(self._made())
        for place, caption in enumerate(self._pool):
            caption.SetVisibility(place < len(words))
        for caption, (text, position) in zip(self._pool, words, strict=False):
            caption.SetInput(text)
            caption.SetPosition(*position.tolist())

    def hide(self) -> None:
        """Show none."""
        self.show(())

    def dress(self, color: Rgb, *, plate: Rgb, pixel_ratio: float) -> None:
        """Colour of the letters, of the plate behind them that keeps points out, and device pixels per pixel."""
        self._color, self._plate = fraction(color), fraction(plate)
        self._pixels = round(CAPTION_PIXELS * pixel_ratio)
        for caption in self._pool:
            self._style(caption)

    def _made(self) -> vtkBillboardTextActor3D:
        caption = vtkBillboardTextActor3D()
        caption.UseBoundsOff()
        caption.ForceOpaqueOn()
        caption.PickableOff()
        caption.GetTextProperty().SetJustificationToCentered()
        caption.GetTextProperty().SetVerticalJustificationToCentered()
        self._style(caption)
        self._renderer.AddActor(caption)
        return caption

    def _style(self, caption: vtkBillboardTextActor3D) -> None:
        style = caption.GetTextProperty()
        style.SetColor(*self._color)
        style.SetFontSize(self._pixels)
        style.SetBackgroundColor(*self._plate)
        style.SetBackgroundOpacity(PLATE_OPACITY)


def points_of(xyz: Float64) -> vtkPoints:
    """(N, 3) as VTK keeps them."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(xyz.reshape(-1, 3), dtype=np.float32), deep=1))
    return points


def cells_of(lengths: Sequence[int]) -> vtkCellArray:
    """Cells that take so many points each, one after the other."""
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtk(np.cumsum([0, *lengths]).astype(np.int32), deep=1),
        numpy_to_vtk(np.arange(sum(lengths), dtype=np.int32), deep=1),
    )
    return cells


def closed(outline: Float64) -> Float64:
    """An outline (P, 3) as a line that comes back to its first point."""
    return np.concatenate([outline, outline[:1]])


def circle(radius: float) -> Float64:
    """(CIRCLE_POINTS, 3) float64 metres around the origin, level."""
    angles = np.linspace(0.0, 2 * np.pi, CIRCLE_POINTS, endpoint=False)
    return np.column_stack([radius * np.cos(angles), radius * np.sin(angles), np.zeros(CIRCLE_POINTS)])
