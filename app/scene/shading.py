"""Eye-dome lighting: edges of depth are darkened, so that shape shows where colour does not tell it."""

from vtkmodules.vtkRenderingCore import vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkEDLShading, vtkRenderStepsPass

MOST_POINTS = 3_000_000  # on a software renderer a picture of more would keep every input waiting


class Shading:
    """Switches the renderer between plain drawing and eye-dome lighting."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._pass: vtkEDLShading | None = None

    @property
    def on(self) -> bool:
        """Whether the picture is shaded."""
        return self._pass is not None

    def switch(self, *, on: bool) -> None:
        """Shade from the next picture on, or no longer."""
        if on == self.on:
            return
        window = self._renderer.GetRenderWindow()
        if self._pass is not None:
            if window is not None:
                self._pass.ReleaseGraphicsResources(window)
            self._pass = None
            self._renderer.SetPass(None)  # type: ignore[arg-type]  # VTK takes no pass for the usual one
            return
        self._pass = vtkEDLShading()
        self._pass.SetDelegatePass(vtkRenderStepsPass())
        self._renderer.SetPass(self._pass)
