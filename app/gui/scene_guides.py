"""Guides and sensors in the 3D view: they follow the viewer, and a frustum can be pointed at and clicked."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.sensor_rig import Frustum
from app.gui.scene_canvas import SceneCanvas
from app.gui.scene_overlay import SceneOverlay, Stroke
from app.gui.text import plain
from app.gui.viewer import Viewer
from app.scene.rig import camera_at, frustum_lines
from app.scene.views import Vector


class SceneGuides(QObject):
    """Made with the view; comes to life with the canvas."""

    camera_clicked = Signal(str)  # the name of the camera whose frustum was clicked

    def __init__(self, viewer: Viewer, overlay: SceneOverlay, view: QWidget) -> None:
        super().__init__(view)
        self._viewer = viewer
        self._overlay = overlay
        self._canvas: SceneCanvas | None = None
        self._pointed = ""
        viewer.frame_changed.connect(self._show_sensors)
        viewer.pictures_changed.connect(self._show_sensors)
        viewer.guides.changed.connect(self._show_guides)

    @property
    def pointed(self) -> str:
        """The camera whose frustum is under the cursor, empty for none."""
        return self._pointed

    def adopt(self, canvas: SceneCanvas) -> None:
        """Draw into the canvas that was made, and follow the mouse over it."""
        self._canvas = canvas
        canvas.mouse.hovered.connect(self._on_hovered)
        canvas.mouse.left.connect(lambda: self._point_at(""))
        canvas.mouse.clicked.connect(lambda at, _modifiers: self._on_clicked(at))
        self._show_guides()
        self._show_sensors()

    def _show_guides(self) -> None:
        if self._canvas is not None:
            guides = self._viewer.guides.guides
            self._canvas.edit(lambda scene: scene.set_guides(guides))

    def _show_sensors(self) -> None:
        if self._canvas is not None:
            sensors = self._viewer.guides.sensors()
            self._canvas.edit(lambda scene: scene.set_rig(sensors))

    def _on_hovered(self, at: QPointF) -> None:
        self._point_at(self._camera_at(at))

    def _on_clicked(self, at: QPointF) -> None:
        camera = self._camera_at(at)
        if camera:
            self.camera_clicked.emit(camera)

    def _camera_at(self, at: QPointF) -> str:
        canvas = self._canvas
        if canvas is None:
            return ""
        size = (float(canvas.widget.width()), float(canvas.widget.height()))
        return camera_at(canvas.scene.surroundings.frusta, (at.x(), at.y()), canvas.scene.placement, size)

    def _point_at(self, camera: str) -> None:
        if camera == self._pointed or self._canvas is None:
            return
        self._pointed = camera
        frusta = self._canvas.scene.surroundings.frusta
        self._overlay.show_shapes(
            "camera", tuple(stroke for each in frusta if each.camera == camera for stroke in strokes(each))
        )
        widget = self._canvas.widget
        if camera:
            widget.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            widget.unsetCursor()
        widget.setToolTip(plain(f"Camera {camera}: click to look through it") if camera else "")


def strokes(frustum: Frustum) -> Iterator[Stroke]:
    """The lines of a frustum, each by itself."""
    for line in frustum_lines(frustum):
        for start, end in pairwise(line.tolist()):
            yield Stroke(_vector(start), _vector(end))


def _vector(values: list[float]) -> Vector:
    x, y, z = values
    return x, y, z
