"""The one hand on the camera of the 3D view: at once or in a short way, and what stands behind the points then."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.gui.transitions import SLOW_DRAW, Transition, motion_is_welcome
from app.scene.camera_picture import CameraPicture
from app.scene.views import CameraPlacement

if TYPE_CHECKING:
    from app.gui.scene_canvas import SceneCanvas


class CameraMover(QObject):
    """Without a canvas nothing moves. ``smooth`` lets the camera take a quarter of a second where drawing is quick."""

    arrived = Signal()  # the camera stands where it was sent

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.canvas: SceneCanvas | None = None
        self.smooth = False
        self.transition = Transition(self._write, self)
        self.transition.ended.connect(self.arrived)

    @property
    def placement(self) -> CameraPlacement | None:
        """Where the camera stands or is going; None without a 3D view."""
        if self.canvas is None:
            return None
        return self.transition.goal or self.canvas.scene.placement

    @property
    def aspect(self) -> float:
        """Width over height of the picture."""
        return 1.0 if self.canvas is None else self.canvas.widget.width() / max(1, self.canvas.widget.height())

    @property
    def moving(self) -> bool:
        """Whether the camera is on its way."""
        return self.transition.goal is not None

    def go(self, placement: CameraPlacement) -> None:
        """Move there, in a short way if that helps to follow."""
        canvas = self.canvas
        quick = canvas is not None and canvas.draw_seconds is not None and canvas.draw_seconds < SLOW_DRAW
        if canvas is not None and self.smooth and quick and motion_is_welcome():
            self.transition.begin(canvas.scene.placement, placement)
        else:
            self.jump(placement)

    def jump(self, placement: CameraPlacement) -> None:
        """Stand there at once."""
        self.transition.stop()
        self._write(placement)
        self.arrived.emit()

    def finish(self) -> None:
        """Be where the camera was going, and show no picture: another job is coming."""
        goal = self.transition.goal
        self.transition.stop()
        if goal is not None:
            self._write(goal)
        self.show_picture(None)

    def show_picture(self, picture: CameraPicture | None) -> None:
        """Put a camera's picture behind the points, or none."""
        if self.canvas is not None:
            self.canvas.set_backdrop(picture)

    def _write(self, placement: CameraPlacement) -> None:
        if self.canvas is not None:
            self.canvas.place(placement)
