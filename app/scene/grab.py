"""Pixels of what a render window draws, at its own size or at another."""

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkWindowToImageFilter

from app.domain.arrays import Bytes
from app.scene.scene import Scene


def drawn_pixels(window: vtkRenderWindow) -> Bytes:
    """What is drawn so far; (H, W, 3) uint8 RGB, top row first."""
    grabbed = vtkWindowToImageFilter()
    grabbed.SetInput(window)
    grabbed.ReadFrontBufferOff()
    grabbed.ShouldRerenderOff()
    grabbed.Update()
    image = grabbed.GetOutput()
    width, height, _ = image.GetDimensions()
    rows: Bytes = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, 3)
    return rows[::-1].copy()


def whole_picture(window: vtkRenderWindow, scene: Scene, *, size: tuple[int, int], pixel_ratio: float) -> Bytes:
    """Draw every step of a window's scene at another size; (H, W, 3) uint8 RGB, top row first.

    The points stay where they are on the graphics card; only the picture's own memory is taken anew. The window has its
    size again afterwards, and the budget does not learn from a picture of another size; the pixel ratio is the caller's
    to set back.
    """
    before, budget = window.GetSize(), scene.steps.budget
    window.SetSize(*size)
    scene.set_pixel_ratio(pixel_ratio)
    try:
        scene.steps.restart()
        while not scene.steps.complete:
            window.Render()
        return drawn_pixels(window)
    finally:
        window.SetSize(*before)
        scene.steps.budget = budget
