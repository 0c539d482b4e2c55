"""Ties the 3D view and the images together: what is pointed at or clicked in one is so in all."""

from collections.abc import Iterable

from PySide6.QtCore import QObject

from app.domain.arrays import Float64
from app.domain.point_facts import PointFacts
from app.gui.camera_view import CameraView
from app.gui.choosing import pointed_at
from app.gui.image_pointing import ImagePointing, Ray
from app.gui.pointing import Pointing
from app.gui.scene_overlay import Mark, Shape, Stroke
from app.gui.shown_points import shown_facts
from app.gui.viewer import Viewer
from app.scene.views import Vector

OWNER = "ray"  # of the shapes over the 3D view
INTO_NOTHING = 80.0  # metres of a ray on which no point lies


class LinkedViews(QObject):
    """Made once the 3D view is there; told of the images whenever they are made."""

    def __init__(self, viewer: Viewer, pointing: Pointing) -> None:
        super().__init__(pointing)
        self._viewer, self._pointing = viewer, pointing
        self.images = ImagePointing(viewer, self)
        pointing.picking.hovered_changed.connect(self._on_scene_hovered)
        self.images.clicked.connect(self._on_image_clicked)
        self.images.ray_changed.connect(self._show_ray)

    def follow(self, views: Iterable[CameraView]) -> None:
        """Watch the views of a job that were just made."""
        for view in views:
            self.images.follow(view)

    def _on_scene_hovered(self) -> None:
        selection = self._viewer.selection
        pointed = pointed_at(self._viewer, self._pointing.picking.hovered)
        if pointed is not None or (selection.pointed is not None and not selection.pointed.camera):
            selection.point_at(pointed)

    def _on_image_clicked(self, row: int | None) -> None:
        self._pointing.take(None if row is None else shown_facts(self._viewer, row))

    def _show_ray(self) -> None:
        """The line of sight through the cursor in an image, up to the point that it means, and that point."""
        pointed, ray = self._viewer.selection.pointed, self.images.ray
        facts = shown_facts(self._viewer, pointed.row) if pointed is not None and pointed.camera else None
        self._pointing.point_elsewhere(facts)
        self._pointing.overlay.show_shapes(OWNER, () if ray is None else self._ray_shapes(ray, facts))

    def _ray_shapes(self, ray: Ray, facts: PointFacts | None) -> tuple[Shape, ...]:
        shown = self._viewer.shown
        cloud = None if shown is None else shown.frame.cloud
        if cloud is None:
            return ()
        start = ray.start - cloud.origin
        if facts is None:
            return (Stroke(_vector(start), _vector(start + INTO_NOTHING * ray.direction), dashed=True),)
        return Stroke(_vector(start), facts.local), Mark(facts.local)


def _vector(values: Float64) -> Vector:
    x, y, z = values.tolist()
    return x, y, z
