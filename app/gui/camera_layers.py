"""The table of what is drawn over every camera's picture."""

from app.gui.image_layer import ImageLayer
from app.gui.image_outline import OutlineLayer
from app.gui.image_points import PointsLayer
from app.gui.pointer_layer import PointerLayer
from app.gui.trails import TrailLayer
from app.gui.viewer import Viewer


def camera_layers(viewer: Viewer, camera: str) -> tuple[ImageLayer, ...]:
    """The layers of one camera, the lowest first."""
    return PointsLayer(viewer), TrailLayer(viewer, camera), OutlineLayer(viewer, camera), PointerLayer(viewer)
