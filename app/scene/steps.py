"""Draws a cloud in steps: at once as much as time allows, at rest the remainder on top, until the picture is whole.

Each call of the window's Render draws one step. The first clears the picture; those after it keep colours and depth
and add further chunks, so the whole is the same, pixel by pixel, as if it had been drawn at once.
"""

import time

from vtkmodules.vtkRenderingCore import vtkRenderer

from app.scene.budget import TELLING, PointBudget
from app.scene.cloud_layer import CloudLayer

PROGRAM_POINT_SIZE = 0x8642  # of OpenGL: the shader says how large a point is


class Steps:
    """Follows the renderer: decides before each picture what is drawn, and measures after it."""

    def __init__(self, renderer: vtkRenderer, layer: CloudLayer) -> None:
        self.budget = PointBudget()
        self.at_once = False  # draw everything in one step, for passes that need the whole picture
        self._renderer = renderer
        self._layer = layer
        self._next = 0  # the chunk that the next step begins with
        self._stale = True
        self._began = 0.0
        self._points = 0  # of the step under way
        self._size = (0, 0)
        self._context = 0  # when OpenGL was made: Qt makes it anew for another window
        self._observers = (
            renderer.AddObserver("StartEvent", self._on_start),
            renderer.AddObserver("EndEvent", self._on_end),
        )

    @property
    def drawn(self) -> int:
        """Points in the picture so far, hidden ones included."""
        return 0 if self._stale else sum(self._layer.chunk_sizes[: self._next])

    @property
    def complete(self) -> bool:
        """Whether the picture shows every point that is not hidden.

        The first picture of all is drawn twice, for the second tells how fast points are drawn.
        """
        return not self._stale and self._next >= len(self._layer.chunk_sizes) and not self._must_measure

    def restart(self) -> None:
        """What was drawn no longer holds: the next step begins anew."""
        self._stale = True

    def close(self) -> None:
        """Stop following the renderer."""
        for observer in self._observers:
            self._renderer.RemoveObserver(observer)

    @property
    def _must_measure(self) -> bool:
        return not self.budget.measured and sum(self._layer.chunk_sizes) >= TELLING

    def _on_start(self, _renderer: object, _event: str) -> None:
        window = self._renderer.GetRenderWindow()
        window.GetState().vtkglEnable(PROGRAM_POINT_SIZE)
        size = window.GetActualSize()
        again = self._next >= len(self._layer.chunk_sizes) and self._must_measure
        context = window.GetContextCreationTime()
        elsewhere = tuple(size) != self._size or context != self._context  # nothing of the picture is there
        first = self._stale or self.at_once or again or elsewhere
        self._size, self._context, self._stale = tuple(size), context, False
        begin = 0 if first else self._next
        self._next, self._points = self._reach(begin, self.budget.in_motion if first else self.budget.per_step)
        self._layer.choose(begin, self._next, kept=first)
        self._renderer.SetPreserveColorBuffer(not first)
        self._renderer.SetPreserveDepthBuffer(not first)
        self._began = time.perf_counter()

    def _on_end(self, _renderer: object, _event: str) -> None:
        # drawing is only asked for by now; without waiting nothing is known about how long it takes, and a software
        # renderer would go on collecting work, and memory for it
        self._renderer.GetRenderWindow().WaitForCompletion()
        if self._layer.uploaded:
            self.budget = self.budget.after(points=self._points, seconds=time.perf_counter() - self._began)
        elif self._next >= len(self._layer.chunk_sizes):
            self._layer.uploaded = True

    def _reach(self, begin: int, allowed: int) -> tuple[int, int]:
        """Up to which chunk a step goes that begins with ``begin``, and its points; one chunk at least."""
        sizes = self._layer.chunk_sizes
        if self.at_once:
            return len(sizes), sum(sizes)
        end, points = begin, 0
        while end < len(sizes) and (end == begin or points + sizes[end] <= allowed):
            points += sizes[end]
            end += 1
        return end, points
