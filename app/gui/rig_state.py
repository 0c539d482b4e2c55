"""The cameras of the shown frame, placed for the pictures on screen."""

from PySide6.QtCore import QObject, Signal

from app.domain.placed_camera import PlacedCamera
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob
from app.jobs import LocalJob


class RigState(QObject):
    """Ties the points of the shown frame to the pixels of its pictures; asked with every picture that is painted."""

    changed = Signal()  # a camera may be placed otherwise: another frame, or pictures came

    def __init__(self, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._job: LocalJob | None = None
        self._placed: dict[str, PlacedCamera | None] = {}
        frames.shown_changed.connect(self._forget)
        frames.pictures_changed.connect(self._forget)

    def open(self, opened: OpenedJob) -> None:
        """Another job; the viewer tells of it."""
        self._job = opened.job
        self._placed.clear()

    def placed(self, camera: str) -> PlacedCamera | None:
        """A camera as it took the picture that is shown; None without a picture, a pose or a lens. Reads no file."""
        if camera not in self._placed:
            self._placed[camera] = self._place(camera)
        return self._placed[camera]

    def _place(self, camera: str) -> PlacedCamera | None:
        shown = self._frames.shown
        picture = None if shown is None else shown.pictures.get(camera)
        if self._job is None or shown is None or picture is None or picture.image is None:
            return None
        return self._job.placed_camera(shown.index, camera, size=(picture.image.width(), picture.image.height()))

    def _forget(self) -> None:
        self._placed.clear()
        self.changed.emit()
