"""The same points drawn with VTK as its examples do it, in one piece with a colour per point: what we compare with.

It must load and do no more than that needs, so nothing of ours is used here.
"""

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers how everything is drawn
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow


class PlainCloud:
    """One actor over ``xyz`` (N, 3) float32 metres and ``colors`` (N, 4) uint8 RGBA."""

    def __init__(self, xyz: NDArray[np.float32], colors: NDArray[np.uint8]) -> None:
        points = vtkPoints()
        points.SetData(numpy_to_vtk(xyz))
        cells = vtkCellArray()
        every = np.arange(len(xyz), dtype=np.int64)
        cells.SetData(
            numpy_to_vtkIdTypeArray(np.append(every, len(xyz)), deep=1), numpy_to_vtkIdTypeArray(every, deep=1)
        )
        self._data = vtkPolyData()
        self._data.SetPoints(points)
        self._data.SetVerts(cells)
        self.set_colors(colors)
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._data)
        self.actor = vtkActor()
        self.actor.SetMapper(mapper)
        self.actor.GetProperty().LightingOff()

    def set_colors(self, colors: NDArray[np.uint8]) -> None:
        """Give each point another colour."""
        self._data.GetPointData().SetScalars(numpy_to_vtk(colors, deep=1))


def show_file(path: str, *, size: tuple[int, int]) -> vtkRenderWindow:
    """A window that shows the points of a NumPy file (N, 3) float32; returns once they are drawn."""
    xyz = np.load(path)
    cloud = PlainCloud(xyz, np.full((len(xyz), 4), 200, dtype=np.uint8))
    renderer = vtkRenderer()
    renderer.AddActor(cloud.actor)
    window = vtkRenderWindow()
    window.SetMultiSamples(0)
    window.SetSize(*size)
    window.AddRenderer(renderer)
    window.Render()
    window.WaitForCompletion()
    return window
