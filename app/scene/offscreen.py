"""A scene that is never shown: OpenGL into memory, with or without a display."""

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkLogger
from vtkmodules.vtkIOImage import vtkPNGWriter
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter
from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

from app.display import has_display
from app.domain.arrays import Bytes
from app.errors import AppError
from app.scene.grab import drawn_pixels
from app.scene.scene import Scene

NO_OPENGL = "This machine has no OpenGL 3.2, which drawing needs."
NEXT_STEP = "Install a graphics driver; on Debian and Ubuntu libgl1 and libegl1 bring one that needs no graphics card."


class OffscreenScene:
    """A Scene of ``size`` (width, height) pixels in memory. Raises AppError where OpenGL is missing."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._window = hidden_window(size)
        self.renderer = vtkRenderer()
        self._window.AddRenderer(self.renderer)
        self.scene = Scene(self.renderer, aspect=size[0] / size[1])

    def capabilities(self) -> str:
        """What OpenGL says about itself, a line each: ``OpenGL renderer string:  llvmpipe`` and so on."""
        return str(self._window.ReportCapabilities())

    def draw_step(self) -> None:
        """Draw what one step draws: the first after a change clears the picture."""
        self._window.Render()

    def draw(self) -> None:
        """Draw the whole picture and wait until it is done."""
        self.scene.steps.restart()
        while not self.scene.steps.complete:
            self.draw_step()

    def pixels(self) -> Bytes:
        """Draw once; (H, W, 3) uint8 RGB, top row first."""
        self.draw()
        return self.drawn_pixels()

    def drawn_pixels(self) -> Bytes:
        """What is drawn so far; (H, W, 3) uint8 RGB, top row first."""
        return drawn_pixels(self._window)

    def png(self) -> bytes:
        """Draw once and return the picture as PNG."""
        self.draw()
        grabbed = self._grab()  # a port does not keep its filter alive
        writer = vtkPNGWriter()
        writer.SetInputConnection(grabbed.GetOutputPort())
        writer.WriteToMemoryOn()
        writer.Write()
        return bytes(vtk_to_numpy(writer.GetResult()))

    def close(self) -> None:
        """Give back what the graphics card holds."""
        self.scene.close()
        self._window.Finalize()

    def _grab(self) -> vtkWindowToImageFilter:
        grabbed = vtkWindowToImageFilter()
        grabbed.SetInput(self._window)
        grabbed.ReadFrontBufferOff()
        grabbed.ShouldRerenderOff()
        return grabbed


def hidden_window(size: tuple[int, int]) -> vtkRenderWindow:
    """A window of ``size`` (width, height) pixels in memory; raises AppError where OpenGL is missing."""
    level = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)  # which ways failed is no news for the user
    try:
        window = vtkRenderWindow() if has_display() else vtkEGLRenderWindow()
        window.SetOffScreenRendering(1)
        window.SetMultiSamples(0)
        window.SetSize(*size)
        window.Initialize()
    finally:
        vtkLogger.SetStderrVerbosity(level)
    if not window.SupportsOpenGL():
        raise AppError(NO_OPENGL, next_step=NEXT_STEP)
    return window
