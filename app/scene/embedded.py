"""A renderer in a window that somebody else shows."""

from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow


def renderer_in(window: vtkRenderWindow) -> vtkRenderer:
    """A renderer over the whole of ``window``; the window's interactor draws and reacts to nothing.

    No multi-sampling: it costs most of a software renderer's time.
    """
    window.SetMultiSamples(0)
    renderer = vtkRenderer()
    window.AddRenderer(renderer)
    interactor = window.GetInteractor()
    # VTK's own mouse and its keys (w, s, 3, q and more) stay out of ours
    interactor.SetInteractorStyle(None)  # type: ignore[arg-type] # its stubs do not know that this takes it away
    interactor.Enable()  # it does not draw before
    return renderer
