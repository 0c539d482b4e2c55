"""The OpenGL widget with the scene in it. Importing what it needs takes seconds, so that happens on a worker thread."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from app.domain.arrays import Bytes
from app.errors import AppError
from app.gui.gl_widget import close_widget, gl_widget_class
from app.gui.scene_mouse import SceneMouse
from app.gui.theme import Tokens
from app.progress import Progress
from app.scene.camera_picture import CameraPicture
from app.scene.look import DARK, LIGHT, SceneLook
from app.scene.motion import under_cursor
from app.scene.prepared import PreparedCloud
from app.scene.views import CameraPlacement, Vector

if TYPE_CHECKING:
    from app.scene.scene import Scene

log = logging.getLogger(__name__)

REST_MS = 120  # without change, after which what motion left out is drawn


def import_3d(_progress: Progress) -> None:
    """Load the libraries that draw; for a worker thread. Raises AppError where one of them cannot be loaded."""
    try:
        import app.scene.embedded
        import app.scene.scene  # noqa: F401

        gl_widget_class()
    except (ImportError, OSError) as error:
        log.exception("The 3D libraries cannot be loaded")
        raise AppError(
            f"The 3D libraries cannot be loaded: {error}.",
            next_step="Install the system libraries for OpenGL (libgl1, libegl1) and start again.",
        ) from error


def look_of(tokens: Tokens) -> SceneLook:
    """The scene's look for a theme of the window."""
    from dataclasses import replace

    look = DARK if tokens.is_dark else LIGHT
    top, bottom = tokens.color("scene_top"), tokens.color("scene_bottom")
    return replace(
        look,
        background_top=(top.red(), top.green(), top.blue()),
        background_bottom=(bottom.red(), bottom.green(), bottom.blue()),
    )


class SceneCanvas(QObject):
    """One OpenGL widget for the life of the window, and the Scene in it. Lives on the GUI thread.

    ``painted`` follows each picture that really reached the window, and ``draw_seconds`` is how long that took, None
    before the first. ``pick_pivot`` gives the point of the cloud nearest to a position in the widget, None without one.
    """

    painted = Signal()
    moved = Signal()  # the user moved the camera
    about_to_draw = Signal()  # what lies over the picture can still follow it
    completed = Signal()  # the picture shows every point that is not hidden

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent)
        from app.scene.embedded import renderer_in
        from app.scene.scene import Scene

        widget = gl_widget_class()(parent)
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys are the window's
        self.widget: QOpenGLWidget = widget
        self._renderer = renderer_in(widget.GetRenderWindow())
        self.scene = Scene(self._renderer, pixel_ratio=parent.devicePixelRatioF())
        self.scene.set_look(look_of(tokens))
        self.pick_pivot: Callable[[QPointF], Vector | None] = lambda _position: None
        self.mouse = SceneMouse(widget, read=lambda: self.scene.placement, write=self._on_moved, point_at=self.point_at)
        self.draw_seconds: float | None = None
        self._draw_began = 0.0
        self._alive, self._drawing, self._rendered = True, False, False
        self._starting = self._renderer.AddObserver("StartEvent", self._on_starting)
        self._rest = QTimer(self)  # runs out when nothing has changed for a moment: then the picture is completed
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._observer = self._renderer.AddObserver("EndEvent", self._on_rendered)
        widget.frameSwapped.connect(self._on_swapped)

    def show(self, prepared: PreparedCloud | None, colors: Bytes) -> None:
        """Swap the cloud and draw."""
        self._change(lambda: self.scene.show(prepared, colors))

    def set_color_table(self, colors: Bytes) -> None:
        """Recolour and draw."""
        self._change(lambda: self.scene.set_color_table(colors))

    def edit(self, change: Callable[["Scene"], None]) -> None:
        """Change anything in the scene and draw."""
        self._change(lambda: change(self.scene))

    def place(self, placement: CameraPlacement) -> None:
        """Look from anywhere and draw."""
        self._change(lambda: self.scene.set_placement(placement))

    def set_backdrop(self, picture: CameraPicture | None) -> None:
        """Put a camera's picture behind the points and draw."""
        self._change(lambda: self.scene.set_backdrop(picture))

    def point_at(self, position: QPointF) -> Vector:
        """What is under a position in the widget: a point of the cloud, else the ground."""
        picked = self.pick_pivot(position)
        if picked is not None:
            return picked
        size = (float(max(1, self.widget.width())), float(max(1, self.widget.height())))
        return under_cursor(self.scene.placement, (position.x(), position.y()), size, ground=self.scene.spread.ground)

    def set_tokens(self, tokens: Tokens) -> None:
        """Dress in a theme and draw."""
        self._change(lambda: self.scene.set_look(look_of(tokens)))

    def set_pixel_ratio(self, pixel_ratio: float) -> None:
        """Follow the window to another screen."""
        self._change(lambda: self.scene.set_pixel_ratio(pixel_ratio))

    def grab(self, size: tuple[int, int], *, pixel_ratio: float) -> Bytes:
        """Draw the whole scene into memory of (width, height) device pixels; (H, W, 3) uint8 RGB, top row first.

        ``pixel_ratio`` is how many of them make one pixel of the window: points and captions grow with it. What is on
        the graphics card is drawn, nothing is uploaded again.
        """
        from app.scene.grab import whole_picture

        try:
            return whole_picture(self._renderer.GetRenderWindow(), self.scene, size=size, pixel_ratio=pixel_ratio)
        finally:
            self.scene.set_pixel_ratio(self.widget.devicePixelRatioF())
            self.request_draw()

    def request_draw(self) -> None:
        """Draw once, soon; requests before that count as one. Never render(): that would draw twice."""
        if self._alive and not self._drawing:
            self._drawing = True
            QTimer.singleShot(0, self, self._draw)

    def close(self) -> None:
        """Give back what the graphics card holds; again does nothing."""
        if not self._alive:
            return
        self._alive = False
        self.widget.frameSwapped.disconnect(self._on_swapped)
        self._renderer.RemoveObserver(self._starting)
        self._renderer.RemoveObserver(self._observer)
        self.scene.close()
        close_widget(self.widget)

    def _change(self, change: Callable[[], None]) -> None:
        if self._alive:
            change()
            self._rest.start()
            self.request_draw()

    def _draw(self) -> None:
        self._drawing = False
        if self._alive:
            self.about_to_draw.emit()
            self.widget.update()

    def _on_rest(self) -> None:
        if not self.scene.steps.complete:
            self.request_draw()

    def _on_moved(self, placement: CameraPlacement) -> None:
        self._change(lambda: self.scene.set_placement(placement))
        self.moved.emit()

    def _on_starting(self, _renderer: object, _event: str) -> None:
        self._draw_began = time.perf_counter()

    def _on_rendered(self, _renderer: object, _event: str) -> None:
        self._rendered = True

    def _on_swapped(self) -> None:
        if not self._rendered:
            return
        self._rendered = False
        self.draw_seconds = time.perf_counter() - self._draw_began
        self.painted.emit()
        if self.scene.steps.complete:
            self.completed.emit()
        elif not self._rest.isActive():
            self.request_draw()  # the step after this one, once every input that waits has been seen to
