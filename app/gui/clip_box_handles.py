"""The clip box in the 3D view, while its panel is open: edges, and handles that the mouse pulls."""

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QCursor, QMouseEvent

from app.domain.cuts import CutBox
from app.gui.overlay_panel import OverlayPanel
from app.gui.scene_canvas import SceneCanvas
from app.gui.scene_overlay import Grip, SceneOverlay, Shape, Stroke
from app.gui.viewer import Viewer
from app.scene.box_handles import EDGES, Handle, Ray, corners, dragged, handle_places

REACH = 9.0  # pixels around a handle within which it is meant
OWNER = "clip-box"


class ClipBoxHandles(QObject):
    """Takes the mouse over a handle before the camera does."""

    def __init__(self, viewer: Viewer, overlay: SceneOverlay, panel: OverlayPanel) -> None:
        super().__init__(panel)
        self._viewer = viewer
        self._overlay = overlay
        self._panel = panel
        self._canvas: SceneCanvas | None = None
        self._hot: Handle | None = None
        self._usual_cursor = QCursor()  # beside the handles
        self._held: tuple[Handle, CutBox, Ray] | None = None  # with box and ray of when it was taken
        viewer.appearance.cuts_changed.connect(self._refresh)
        panel.visibility_changed.connect(self._refresh)

    @property
    def box(self) -> CutBox | None:
        """The box whose handles are shown."""
        return None if self._panel.isHidden() else self._viewer.appearance.cuts.box

    def adopt(self, canvas: SceneCanvas) -> None:
        """Work over the canvas that was made; the last filter that is installed is the first that is asked."""
        self._canvas = canvas
        canvas.widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """What happens on a handle is the box's, everything else the camera's."""
        if self.box is None or not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseMove:
            return self._on_move(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            return self._take(event.position())
        if event.type() == QEvent.Type.MouseButtonRelease and self._held is not None:
            self._held = None
            return True
        return False

    def handle_at(self, position: QPointF) -> Handle | None:
        """The handle under a position of the view, the nearest to the camera of several."""
        canvas, box = self._canvas, self.box
        if canvas is None or box is None:
            return None
        places = handle_places(box)
        pixels, depths = canvas.scene.placement.project(np.array(list(places.values())), self._size)
        found = [
            (depth, handle)
            for handle, (x, y), depth in zip(places, pixels.tolist(), depths.tolist(), strict=True)
            if math.hypot(x - position.x(), y - position.y()) <= REACH
        ]
        return min(found)[1] if found else None

    def _take(self, position: QPointF) -> bool:
        handle, box = self.handle_at(position), self.box
        if handle is None or box is None:
            return False
        self._held = handle, box, self._ray(position)
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        if self._held is None:
            if event.buttons() == Qt.MouseButton.NoButton:
                self._heat(self.handle_at(event.position()))
            return self._hot is not None and event.buttons() == Qt.MouseButton.NoButton
        handle, box, ray = self._held
        pulled = dragged(box, handle, held=ray, now=self._ray(event.position()))
        self._viewer.appearance.set_cuts(replace(self._viewer.appearance.cuts, box=pulled))
        return True

    def _heat(self, handle: Handle | None) -> None:
        if handle is self._hot:
            return
        if self._canvas is not None:
            if self._hot is None:
                self._usual_cursor = self._canvas.widget.cursor()
            self._canvas.widget.setCursor(self._usual_cursor if handle is None else Qt.CursorShape.SizeAllCursor)
        self._hot = handle
        self._refresh()

    def _refresh(self) -> None:
        box = self.box
        if box is None:
            self._held = None
            self._heat(None)
        self._overlay.show_shapes(OWNER, () if box is None else box_shapes(box, hot=self._hot))

    def _ray(self, position: QPointF) -> Ray:
        assert self._canvas is not None  # the mouse is over it
        return Ray(*self._canvas.scene.placement.ray((position.x(), position.y()), self._size))

    @property
    def _size(self) -> tuple[float, float]:
        assert self._canvas is not None
        return float(max(1, self._canvas.widget.width())), float(max(1, self._canvas.widget.height()))


def box_shapes(box: CutBox, *, hot: Handle | None) -> tuple[Shape, ...]:
    """Edges and handles, and dashed the arm of the handle that turns."""
    ends = [(x, y, z) for x, y, z in corners(box).tolist()]
    places = handle_places(box)
    shapes: list[Shape] = [Stroke(ends[a], ends[b]) for a, b in EDGES]
    shapes.append(Stroke(places[Handle.FRONT], places[Handle.TURN], dashed=True))
    shapes += [Grip(place, hot=handle is hot) for handle, place in places.items()]
    return tuple(shapes)
