"""The table of what is drawn over every camera's picture."""

from app.gui.image_layer import ImageLayer
from app.gui.viewer import Viewer


def camera_layers(viewer: Viewer, camera: str) -> tuple[ImageLayer, ...]:
    """The layers of one camera, the lowest first."""
    return ()
