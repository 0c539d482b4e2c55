"""Where tracks came from: their ways over the last frames, fading into the past, over a camera's picture."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.domain.arrays import Float64
from app.domain.box_look import Trails
from app.domain.sight import PIXEL_MIDDLE
from app.domain.tracking import Box, Size
from app.gui.box_outline import edge_of
from app.gui.image_layer import ImageLayer
from app.gui.picture_placement import Placement
from app.gui.viewer import Viewer
from app.jobs import CameraTracking

WIDTH = 2.0  # pixels
STEP_RADIUS = 2.0  # of the mark on each frame's place: close together where a thing is slow
FAINTEST = 0.15  # opacity of the oldest part
OTHERS = 0.35  # opacity of the ways of other tracks while one is chosen

Ways = Mapping[int, tuple[Box, ...]]


class TrailLayer(ImageLayer):
    """Below the boxes. A way goes through the feet of boxes, where a thing touches the ground; through the middles
    where those alone mean something."""

    above_boxes = False

    def __init__(self, viewer: Viewer, camera: str) -> None:
        super().__init__()
        self._viewer = viewer
        self._camera = camera
        self._known: CameraTracking | None = None
        self._read_with: tuple[int, int, Size | None] | None = None
        self._ways: Ways = {}
        for fact in (viewer.box_style.changed, viewer.selection_changed):
            fact.connect(self.changed)

    @property
    def ways(self) -> Ways:
        """By track id the boxes of every way that is drawn, oldest first, in pixels of the picture as it came."""
        look, viewer = self._viewer.box_style.look, self._viewer
        known, shown = viewer.tracking.get(self._camera), viewer.shown
        if look.trails is Trails.NONE or known is None or shown is None:
            return {}
        picture = shown.pictures.get(self._camera)
        image = picture.image if picture is not None else None
        size = (image.width(), image.height()) if image is not None else None
        ways = self._read(known, shown.index, look.trail_frames, size)
        if look.trails is Trails.ALL:
            return ways
        chosen = viewer.selected_track
        return {
            track_id: way for track_id, way in ways.items() if chosen is not None and (self._camera, track_id) == chosen
        }

    def _read(self, known: CameraTracking, index: int, frames: int, size: Size | None) -> Ways:
        """Asked with every picture, so the answer is kept."""
        asked = (index, frames, size)
        if known is not self._known or asked != self._read_with:
            self._known, self._read_with = known, asked
            self._ways = known.trails(index, frames=frames, picture_size=size)
        return self._ways

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """The chosen track's way last, over the others."""
        chosen, known = self._viewer.selected_track, self._viewer.tracking.get(self._camera)
        centroids = known is not None and known.centroids
        ways = sorted(self.ways.items(), key=lambda way: (self._camera, way[0]) == chosen)
        for track_id, boxes in ways:
            stands_back = chosen is not None and (self._camera, track_id) != chosen
            places = self.to_shown(_places(boxes, centroids=centroids) - PIXEL_MIDDLE) + PIXEL_MIDDLE
            points = _on_view(places, placement)
            color = self._viewer.box_style.color(boxes[0].label, track_id)
            _paint_way(painter, points, color, opacity=OTHERS if stands_back else 1.0)
        painter.setOpacity(1.0)


def _places(boxes: Sequence[Box], *, centroids: bool) -> Float64:
    """(N, 2) where things touch the ground, or their middles, in pixels of the picture as it came."""
    share = 0.5 if centroids else 1.0
    return np.array([(box.x + box.width / 2, box.y + box.height * share) for box in boxes])


def _on_view(uv: Float64, placement: Placement) -> list[QPointF]:
    """Without those that the picture as shown does not have."""
    corner, scale = placement.rect.topLeft(), placement.scale
    return [QPointF(u, v) * scale + corner for u, v in uv[np.isfinite(uv).all(axis=1)].tolist()]


def _paint_way(painter: QPainter, points: Sequence[QPointF], color: QColor, *, opacity: float) -> None:
    steps = list(pairwise(points))
    for pen in (QPen(edge_of(color), WIDTH + 2), QPen(color, WIDTH)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for (start, end), share in zip(steps, _fading(len(steps)), strict=True):
            painter.setOpacity(opacity * share)
            painter.drawLine(QLineF(start, end))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for (start, _), share in zip(steps, _fading(len(steps)), strict=True):
        painter.setOpacity(opacity * share)
        painter.drawEllipse(start, STEP_RADIUS, STEP_RADIUS)


def _fading(count: int) -> Iterable[float]:
    """Opacities from the oldest step to the last."""
    return (FAINTEST + (1 - FAINTEST) * (place + 1) / count for place in range(count))
