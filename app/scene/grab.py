"""Pixels of what a render window draws, at its own size or at another."""

from collections.abc import Iterator
from contextlib import contextmanager

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkWindowToImageFilter

from app.domain.arrays import Bytes


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


@contextmanager
def resized(window: vtkRenderWindow, size: tuple[int, int]) -> Iterator[None]:
    """Draw into memory of another (width, height) to the end of the block.

    The points stay where they are on the graphics card; only the picture's own memory is taken anew.
    """
    before = window.GetSize()
    window.SetSize(*size)
    try:
        yield
    finally:
        window.SetSize(*before)
