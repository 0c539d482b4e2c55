"""What is drawn over a camera's picture beside its boxes: each layer is one object per camera."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from app.domain.arrays import Float64
from app.domain.placed_camera import PlacedCamera
from app.domain.straight_lens import StraightLens
from app.gui.picture_placement import Placement


class ImageLayer(QObject):
    """Paints over one camera's picture; emits ``changed`` when it would paint something else.

    ``placed`` is the camera in whose pixels the picture is **shown**: with its lens as the job has it, or straightened
    where the picture is; None where the camera has no place or lens, or no picture is shown. ``lens`` is what undid the
    bend, None where it was not: boxes and pixels that come from elsewhere go through ``to_shown``.
    """

    changed = Signal()
    above_boxes = True  # else between the picture and its boxes

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.placed: PlacedCamera | None = None
        self.lens: StraightLens | None = None  # set before ``set_placed``

    def set_placed(self, placed: PlacedCamera | None) -> None:
        """Another frame, picture or lens; called before the next ``paint``."""
        self.placed = placed

    def to_shown(self, uv: Float64) -> Float64:
        """(N, 2) pixels of the lens of the picture as it came to those of the picture as shown; NaN where it shows
        nothing."""
        return uv if self.lens is None else self.lens.to_straight(uv)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """Draw in pixels of the view; ``placement`` says where the picture lies, the painter is clipped to it. For the
        subclass: a layer as such draws nothing."""
