"""What plain VTK makes of a cloud, drawn into memory: a peer of OffscreenScene for ``bench``."""

from vtkmodules.vtkRenderingCore import vtkRenderer

from app.domain.arrays import Bytes, Float32
from app.scene.offscreen import hidden_window
from app.scene.plain import PlainCloud
from app.scene.views import VIEW_ANGLE, CameraPlacement


class PlainDrawing:
    """``xyz`` (N, 3) float32 metres in ``colors`` (N, 4) uint8 RGBA, points as wide as ``pixels``, whole each time."""

    def __init__(self, size: tuple[int, int], xyz: Float32, colors: Bytes, *, pixels: float) -> None:
        self._window = hidden_window(size)
        self._cloud = PlainCloud(xyz, colors)
        self._cloud.actor.GetProperty().SetPointSize(pixels)
        self._renderer = vtkRenderer()
        self._renderer.AddActor(self._cloud.actor)
        self._window.AddRenderer(self._renderer)

    def place(self, placement: CameraPlacement) -> None:
        """Look from there."""
        camera = self._renderer.GetActiveCamera()
        camera.SetPosition(*placement.position)
        camera.SetFocalPoint(*placement.focal_point)
        camera.SetViewUp(*placement.up)
        camera.SetViewAngle(VIEW_ANGLE)
        self._renderer.ResetCameraClippingRange()

    def set_colors(self, colors: Bytes) -> None:
        """Give each point another colour."""
        self._cloud.set_colors(colors)

    def draw(self) -> None:
        """Draw and wait until it is done."""
        self._window.Render()
        self._window.WaitForCompletion()

    def close(self) -> None:
        """Give back what the graphics card holds."""
        self._window.Finalize()
