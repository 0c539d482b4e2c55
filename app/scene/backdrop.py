"""A camera's picture behind the points, where the lens saw it: seen from the camera each point lies on its pixel."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from app.domain.arrays import Bytes
from app.domain.picture_lattice import PictureLattice
from app.scene.camera_picture import CameraPicture

BEHIND = 0.99  # of the way to the far plane: behind every point that is drawn, before what is cut off


class Backdrop:
    """One picture as a bent sheet; the graphics card straightens it, so that no pixel is computed here."""

    def __init__(self) -> None:
        self.actor = vtkActor()
        self._mapper, self._texture = vtkPolyDataMapper(), vtkTexture()
        self._texture.InterpolateOn()
        self._texture.SetColorModeToDirectScalars()
        self._texture.EdgeClampOn()
        self._lattice: PictureLattice | None = None
        self._picture: CameraPicture | None = None
        self.actor.SetMapper(self._mapper)
        self.actor.SetTexture(self._texture)
        self.actor.GetProperty().LightingOff()
        self.actor.PickableOff()
        self.actor.UseBoundsOff()
        self.actor.VisibilityOff()

    @property
    def picture(self) -> CameraPicture | None:
        """What stands behind the points."""
        return self._picture

    def show(self, picture: CameraPicture) -> None:
        """Take a picture; ``stand`` then says how far away it is."""
        self._picture = picture
        if picture.lattice is not self._lattice:
            self._lattice = picture.lattice
            self._mapper.SetInputData(_sheet(picture.lattice))
        self._texture.SetInputData(_image(picture.pixels))
        self.actor.VisibilityOn()

    def hide(self) -> None:
        """Show none and let go of its pixels; again does nothing."""
        if self._picture is None:
            return
        self._picture = None
        self._texture.SetInputData(_image(np.zeros((1, 1, 3), dtype=np.uint8)))
        self.actor.VisibilityOff()

    def stand(self, far: float) -> None:
        """Put it just before the far plane, ``far`` metres from the camera."""
        if self._picture is None:
            return
        matrix = np.eye(4)
        matrix[:3, :3] = self._picture.pose.rotation * far * BEHIND
        matrix[:3, 3] = self._picture.pose.position
        placed = vtkMatrix4x4()
        placed.DeepCopy(matrix.ravel().tolist())
        self.actor.SetUserMatrix(placed)


def _sheet(lattice: PictureLattice) -> vtkPolyData:
    """The net at one metre from a camera in the origin."""
    points, cells, sheet = vtkPoints(), vtkCellArray(), vtkPolyData()
    at_one_metre = np.column_stack([lattice.tangents, np.ones(len(lattice.tangents))])
    points.SetData(numpy_to_vtk(at_one_metre.astype(np.float32), deep=1))
    offsets = np.arange(0, lattice.cells.size + 1, 4, dtype=np.int64)
    cells.SetData(numpy_to_vtk(offsets, deep=1), numpy_to_vtk(lattice.cells.ravel().astype(np.int64), deep=1))
    sheet.SetPoints(points)
    sheet.SetPolys(cells)
    sheet.GetPointData().SetTCoords(numpy_to_vtk(lattice.shares.astype(np.float32), deep=1))
    return sheet


def _image(pixels: Bytes) -> vtkImageData:
    """Row 0 stays first: the net's shares count from the picture's upper edge, too."""
    height, width, _ = pixels.shape
    image = vtkImageData()
    image.SetDimensions(width, height, 1)
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(pixels).reshape(-1, 3)))
    return image
