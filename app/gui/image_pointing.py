"""From a position in a camera's picture to the point of the cloud that it means, and to the ray through it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal

from app.domain.arrays import Float64
from app.gui.camera_view import CameraView
from app.gui.pointer_layer import to_lens_pixels
from app.gui.selection import Pointed
from app.gui.shown_points import is_shown
from app.gui.viewer import Viewer

RADIUS = 8.0  # pixels of the view around the cursor in which a point is meant


@dataclass(frozen=True, eq=False)
class Ray:
    """The line of sight through a pixel: from ``start`` (3,) along the unit vector ``direction`` (3,), in the file's
    coordinates."""

    start: Float64
    direction: Float64


class ImagePointing(QObject):
    """Follows the cursor over the views of all cameras; ``ray`` is the line of sight through it, None beside all."""

    ray_changed = Signal()
    clicked = Signal(object)  # the row of the point that a click means, None where it means none

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._at: tuple[CameraView, QPointF] | None = None
        self.ray: Ray | None = None
        for fact in (viewer.sights.changed, viewer.colours_changed, viewer.appearance.cuts_changed):
            fact.connect(self._look)
        for fact in (viewer.frame_changed, viewer.rig.changed, viewer.playback.changed):
            fact.connect(self._look)
        viewer.job_changed.connect(self._forget)

    def follow(self, view: CameraView) -> None:
        """Watch one more view."""
        view.hovered.connect(partial(self._on_hovered, view))
        view.clicked.connect(lambda at, _modifiers: self.clicked.emit(self._row_at(view, at)))

    def _on_hovered(self, view: CameraView, at: QPointF | None) -> None:
        self._at = None if at is None else (view, at)
        self._look()

    def _forget(self) -> None:
        self._at = None
        self._look()

    def _look(self) -> None:
        at = None if self._viewer.playback.playing else self._at
        if at is None:
            self._point_at(None, None, camera=None)
            return
        view, position = at
        self._point_at(_ray(view, position), self._row_at(view, position), camera=view.camera)

    def _point_at(self, ray: Ray | None, row: int | None, *, camera: str | None) -> None:
        had = self.ray
        self.ray = ray
        selection, shown = self._viewer.selection, self._viewer.shown
        cloud = None if shown is None else shown.frame.cloud
        if camera is not None and row is not None and cloud is not None:
            selection.point_at(Pointed(row, cloud.source_coordinates(row), camera))
        elif selection.pointed is not None and selection.pointed.camera:
            selection.point_at(None)
        if ray is not None or had is not None:
            self.ray_changed.emit()

    def _row_at(self, view: CameraView, at: QPointF) -> int | None:
        sight = self._viewer.sights.of(view.placed)
        if sight is None:
            return None
        radius = RADIUS / view.placement.scale
        return sight.nearest(to_lens_pixels(at), radius=radius, accepts=partial(is_shown, self._viewer))


def _ray(view: CameraView, at: QPointF) -> Ray | None:
    """None without a camera, and for a pixel that its lens sees nothing through."""
    placed = view.placed
    direction = None if placed is None else placed.rays(np.array([to_lens_pixels(at)]))[0]
    if placed is None or direction is None or not np.isfinite(direction).all():
        return None
    return Ray(placed.lidar_from_camera.position, direction)
