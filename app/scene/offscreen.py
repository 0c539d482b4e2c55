"""Windows that are never shown: OpenGL into memory, with or without a display."""

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkLogger
from vtkmodules.vtkIOImage import vtkPNGWriter
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkWindowToImageFilter
from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

from app.display import has_display
from app.errors import AppError

NO_OPENGL = "This machine has no OpenGL 3.2, which drawing needs."
NEXT_STEP = "Install a graphics driver; on Debian and Ubuntu libgl1 and libegl1 bring one that needs no graphics card."


def offscreen_window(size: tuple[int, int]) -> vtkRenderWindow:
    """A hidden window of ``size`` (width, height) pixels that can draw. Raises AppError where OpenGL is missing."""
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


def png_of(window: vtkRenderWindow) -> bytes:
    """Draw once and return the picture as PNG."""
    window.Render()
    grabbed = vtkWindowToImageFilter()
    grabbed.SetInput(window)
    grabbed.ReadFrontBufferOff()
    writer = vtkPNGWriter()
    writer.SetInputConnection(grabbed.GetOutputPort())
    writer.WriteToMemoryOn()
    writer.Write()
    return bytes(vtk_to_numpy(writer.GetResult()))
