"""The cameras of the shown frame, placed for the pictures on screen."""

from PySide6.QtCore import QObject, Signal

from app.domain.placed_camera import PlacedCamera
from app.domain.tracking import Size
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob, ShownFrame
from app.jobs import LocalJob


class RigState(QObject):
    """Ties the points of the shown frame to the pixels of its pictures; asked with every picture that is painted."""

    changed = Signal()  # a camera may be placed otherwise: another frame, or pictures came

    def __init__(self, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._job: LocalJob | None = None
        self._placed: dict[str, PlacedCamera | None] = {}
        self._rig: tuple[PlacedCamera, ...] | None = None
        frames.shown_changed.connect(self._forget)
        frames.pictures_changed.connect(self._forget)

    def open(self, opened: OpenedJob) -> None:
        """Another job; the viewer tells of it."""
        self._job, self._rig = opened.job, None
        self._placed.clear()

    def placed(self, camera: str) -> PlacedCamera | None:
        """A camera as it took the picture that is shown; None without a picture, a pose or a lens that fits."""
        if camera not in self._placed:
            self._placed[camera] = self._place(camera)
        return self._placed[camera]

    @property
    def cameras(self) -> tuple[PlacedCamera, ...]:
        """Every camera of the shown frame with a pose and a lens, in the order of the document; one without a picture
        as if its principal point were in the middle."""
        shown = self._frames.shown
        if self._rig is None:
            self._rig = () if self._job is None or shown is None else self._job.rig.at(shown.index, sizes_of(shown))
        return self._rig

    @property
    def heading(self) -> float:
        """Where the front camera of the shown frame looks, see ``Calibration.heading``; 0 without a frame."""
        shown = self._frames.shown
        return 0.0 if self._job is None or shown is None else self._job.rig.calibration.heading(shown.index)

    def _place(self, camera: str) -> PlacedCamera | None:
        shown = self._frames.shown
        size = None if shown is None else sizes_of(shown).get(camera)
        if self._job is None or shown is None or size is None:
            return None
        return self._job.rig.placed(shown.index, camera, size=size)

    def _forget(self) -> None:
        self._placed.clear()
        self._rig = None
        self.changed.emit()


def sizes_of(shown: ShownFrame) -> dict[str, Size]:
    """(width, height) of the pictures of a frame that are here, by camera."""
    images = {camera: picture.image for camera, picture in shown.pictures.items()}
    return {camera: (image.width(), image.height()) for camera, image in images.items() if image is not None}
