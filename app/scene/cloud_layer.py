"""The points of one frame as a single actor whose colours are a small table on the graphics card.

Each point carries the row of a colour table. Changing the table uploads K colours and touches no array of N;
rows with alpha 0 are discarded in the fragment shader, so hidden points neither show nor hide what is behind them.
"""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkLookupTable, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from app.domain.arrays import Bytes, Integers
from app.domain.legend import Rgb
from app.scene.prepared import PreparedCloud

LONGEST_TABLE = 8192  # rows a texture holds on every graphics card; longer tables colour each point instead


class CloudLayer:
    """Draws one cloud at a time; swaps data under one actor that lives as long as the renderer."""

    def __init__(self, *, point_size: float = 2.0, unlabelled: Rgb = (180, 190, 204)) -> None:
        self.actor = vtkActor()
        self._mapper = _indexed_mapper()
        self._data = vtkPolyData()
        self._table = vtkLookupTable()
        self._vertices = _Vertices()
        self._prepared: PreparedCloud | None = None
        self._colors: Bytes = np.zeros((0, 4), dtype=np.uint8)
        self._unlabelled = unlabelled
        self._mapper.SetInputData(self._data)
        self._mapper.SetLookupTable(self._table)
        self.actor.SetMapper(self._mapper)
        self.actor.ForceOpaqueOn()  # alpha only hides: no blending, no sorting
        self.actor.UseBoundsOff()  # one stray point must not decide what the camera can see
        self.actor.VisibilityOff()
        self.actor.GetProperty().LightingOff()
        self.set_point_size(point_size)

    @property
    def prepared(self) -> PreparedCloud | None:
        """The cloud on screen."""
        return self._prepared

    @property
    def color_table(self) -> Bytes:
        """(K, 4) uint8 RGBA in use; one row without a mask."""
        return self._colors

    def set_cloud(self, prepared: PreparedCloud, colors: Bytes) -> None:
        """Draw ``prepared`` in ``colors`` (K, 4) uint8 RGBA, one row per label key; none are needed without a mask.

        No array is copied, so the caller's stay alive with this layer.
        """
        self._prepared = prepared
        self._data.Initialize()
        points = vtkPoints()
        points.SetData(numpy_to_vtk(prepared.xyz))
        self._data.SetPoints(points)
        self._data.SetVerts(self._vertices.cells(len(prepared)))
        self._data.GetPointData().SetScalars(numpy_to_vtk(prepared.label_index))
        self.actor.SetVisibility(len(prepared) > 0)
        self.set_color_table(colors)

    def set_color_table(self, colors: Bytes) -> None:
        """Recolour the cloud on screen. Raises ValueError unless there is one row per label key."""
        if self._prepared is None:
            return
        expected = len(self._prepared.label_keys)
        if len(colors) != expected:
            raise ValueError(f"{len(colors)} colours for {expected} label keys")
        self._colors = colors if expected else np.array([(*self._unlabelled, 255)], dtype=np.uint8)
        if expected > LONGEST_TABLE:
            self._color_each_point(self._prepared.label_index)
        elif len(self._prepared):
            self._fill_texture()

    def set_unlabelled(self, color: Rgb) -> None:
        """Change the colour of clouds without a mask."""
        self._unlabelled = color
        if self._prepared is not None and not self._prepared.label_keys:
            self.set_color_table(np.zeros((0, 4), dtype=np.uint8))

    def set_point_size(self, pixels: float) -> None:
        """Size of a point in device pixels."""
        self.actor.GetProperty().SetPointSize(pixels)

    def clear(self) -> None:
        """Draw nothing and let go of the arrays."""
        self._prepared = None
        self._data.Initialize()
        self.actor.VisibilityOff()

    def _fill_texture(self) -> None:
        """Write the colours into the texture itself: a change of the table would have VTK look up each point again."""
        rows = len(self._colors)
        self._mapper.SetColorModeToMapScalars()
        self._mapper.InterpolateScalarsBeforeMappingOn()  # colours become a texture, points keep their row
        if self._table.GetNumberOfTableValues() != rows:
            self._table.SetNumberOfTableValues(rows)
            self._table.SetTableRange(-0.5, rows - 0.5)
            self._table.Build()
        self._mapper.MapScalars(1.0)  # makes texture and coordinates of a new cloud, else nothing
        texture = self._mapper.GetColorTextureMap()
        texels = texture.GetPointData().GetScalars()
        vtk_to_numpy(texels)[1 : rows + 1] = self._colors  # row 0 is for what lies below the range
        texels.Modified()
        texture.Modified()

    def _color_each_point(self, label_index: Integers) -> None:
        self._mapper.SetColorModeToDirectScalars()
        self._mapper.InterpolateScalarsBeforeMappingOff()
        self._data.GetPointData().SetScalars(numpy_to_vtk(self._colors.take(label_index, axis=0), deep=1))


class _Vertices:
    """One cell that draws the first N points; the indices are made once for the largest N so far."""

    def __init__(self) -> None:
        self._indices: Integers = np.zeros(0, dtype=np.int32)
        self._cells = vtkCellArray()
        self._count = -1

    def cells(self, count: int) -> vtkCellArray:
        if count != self._count:
            self._make(count)
        return self._cells

    def _make(self, count: int) -> None:
        if count > len(self._indices):
            self._indices = np.arange(count, dtype=np.int32)
        self._count = count
        self._cells = vtkCellArray()
        if count:
            offsets = numpy_to_vtk(np.array([0, count], dtype=np.int32), deep=1)
            self._cells.SetData(offsets, numpy_to_vtk(self._indices[:count]))


def _indexed_mapper() -> vtkPolyDataMapper:
    mapper = vtkPolyDataMapper()
    mapper.UseLookupTableScalarRangeOn()
    mapper.SetScalarModeToUsePointData()
    mapper.ScalarVisibilityOn()
    # coordinates are relative to the cloud's origin already; scaling them to the bounds, as is the default, would
    # let one point at 1e30 m collapse all others into one
    mapper.SetVBOShiftScaleMethod(0)
    return mapper
