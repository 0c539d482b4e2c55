"""The point that is pointed at, and the one that was clicked, in a camera's picture."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from app.domain.sight import PIXEL_MIDDLE
from app.gui.cross import paint_cross
from app.gui.image_layer import ImageLayer
from app.gui.picture_placement import Placement
from app.gui.selection import Pointed
from app.gui.viewer import Viewer


def to_view_pixels(uv: tuple[float, float]) -> QPointF:
    """From pixels of a lens to those of a picture in a view."""
    return QPointF(uv[0] + PIXEL_MIDDLE, uv[1] + PIXEL_MIDDLE)


def to_lens_pixels(at: QPointF) -> tuple[float, float]:
    """The way back."""
    return at.x() - PIXEL_MIDDLE, at.y() - PIXEL_MIDDLE


class PointerLayer(ImageLayer):
    """A cross where the camera sees the point, a dashed ring where something stands before it, else nothing."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self._viewer = viewer
        selection = viewer.selection
        for fact in (selection.pointed_changed, selection.picked_changed, viewer.sights.changed):
            fact.connect(self.changed)

    def crosses(self) -> tuple[tuple[tuple[float, float], bool], ...]:
        """Pixel of each point that is marked, and whether it is seen there."""
        selection = self._viewer.selection
        points = {point.row: point for point in (selection.picked, selection.pointed) if point is not None}
        found = (self._cross(point) for point in points.values())
        return tuple(cross for cross in found if cross is not None)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """One mark for each point, always as large on the screen."""
        for uv, seen in self.crosses():
            at = placement.to_view(QRectF(to_view_pixels(uv), QSizeF())).topLeft()
            paint_cross(painter, at, hollow=not seen)

    def _cross(self, point: Pointed) -> tuple[tuple[float, float], bool] | None:
        sight = self._viewer.sights.of(self.placed)
        place = None if sight is None else sight.place_of(point.row)
        if sight is None or place is None:
            return None
        across, down = np.asarray(sight.uv[place]).tolist()
        return (across, down), bool(sight.visible[place])
