"""What is drawn over a camera's picture beside its boxes: each layer is one object per camera."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from app.domain.placed_camera import PlacedCamera
from app.gui.picture_placement import Placement


class ImageLayer(QObject):
    """Paints over one camera's picture; emits ``changed`` when it would paint something else.

    ``placed`` is the camera in whose pixels the picture is **shown**: with its lens as the job has it, or straightened
    where the picture is; None where the camera has no place or lens, or no picture is shown.
    """

    changed = Signal()
    above_boxes = True  # else between the picture and its boxes

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.placed: PlacedCamera | None = None

    def set_placed(self, placed: PlacedCamera | None) -> None:
        """Another frame, picture or lens; called before the next ``paint``."""
        self.placed = placed

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw in pixels of the view; ``placement`` says where the picture lies, the painter is clipped to it."""
        raise NotImplementedError
