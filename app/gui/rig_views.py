"""Looking through the cameras of the rig: which ones a frame has, where each stands, and its picture."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from app.domain.arrays import Bytes
from app.domain.camera import Intrinsics
from app.domain.geometry import Pose
from app.domain.picture_lattice import PictureLattice, picture_lattice
from app.domain.tracking import Size
from app.gui.shown_frame import ShownFrame
from app.gui.viewer import Viewer
from app.scene.views import CameraPlacement, camera_placement

PREFIX = "camera:"  # of the names of these views
OFF_CENTRE = 0.25  # of its side that a principal point may lie beside the middle of a picture that may be another's


@dataclass(frozen=True)
class RigCamera:
    """One camera at one frame, with ``cloud_from_camera`` in optical axes and its picture, None where it has none."""

    name: str
    intrinsics: Intrinsics
    pose: Pose
    image: QImage | None

    @property
    def size(self) -> Size:
        """(width, height) in pixels; without a picture as if the principal point were in its middle."""
        if self.image is not None:
            return self.image.width(), self.image.height()
        return max(1, round(2 * self.intrinsics.cx)), max(1, round(2 * self.intrinsics.cy))

    @property
    def lattice(self) -> PictureLattice:
        """The net that bends its picture straight."""
        return picture_lattice(self.intrinsics, self.size)

    def placement(self, aspect: float) -> CameraPlacement:
        """Where it stands, for a view of ``aspect``, width over height."""
        return camera_placement(self.pose, self.lattice, aspect=aspect)


def rig_cameras(viewer: Viewer) -> tuple[RigCamera, ...]:
    """The cameras of the shown frame whose pose and lens are known, in the order of the document."""
    shown = viewer.shown
    if shown is None:
        return ()
    found = (_rig_camera(viewer, shown, camera.name) for camera in viewer.sequence.cameras)
    return tuple(camera for camera in found if camera is not None)


def rig_camera(viewer: Viewer, name: str) -> RigCamera | None:
    """One of them, None where the frame lacks what it takes."""
    return None if viewer.shown is None else _rig_camera(viewer, viewer.shown, name)


def _rig_camera(viewer: Viewer, shown: ShownFrame, name: str) -> RigCamera | None:
    camera, ref = viewer.sequence.camera(name), shown.frame.record.image(name)
    if camera is None or camera.intrinsics is None or ref is None or ref.pose is None:
        return None
    origin = shown.frame.cloud.origin if shown.frame.cloud is not None else np.zeros(3)
    pose = Pose(ref.pose.rotation, ref.pose.position - origin)
    picture = shown.pictures.get(name)
    image = picture.image if picture is not None else None
    made = RigCamera(name, camera.intrinsics, pose, image)
    return made if image is None or _is_own(viewer, made) else RigCamera(name, camera.intrinsics, pose, None)


def _is_own(viewer: Viewer, camera: RigCamera) -> bool:
    """A linked sample may show the same in another size, for which the lens is not right: better no picture."""
    if viewer.job is None or viewer.job.files.link(camera.name) is None:
        return True
    middle = (camera.intrinsics.cx, camera.intrinsics.cy)
    return all(abs(at - side / 2) < OFF_CENTRE * side for at, side in zip(middle, camera.size, strict=True))


class PicturePixels:
    """The pixels of the picture asked for last: a view that is resized asks for the same one again and again."""

    def __init__(self) -> None:
        self._kept: tuple[int, Bytes] | None = None

    def of(self, image: QImage) -> Bytes:
        """(H, W, 3) uint8 RGB."""
        if self._kept is None or self._kept[0] != image.cacheKey():
            self._kept = image.cacheKey(), _pixels(image)
        return self._kept[1]


def _pixels(image: QImage) -> Bytes:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def next_camera(cameras: tuple[RigCamera, ...], current: str, *, step: int) -> RigCamera | None:
    """The camera ``step`` after the current one, going round; from none of them the first, or the last."""
    names = [camera.name for camera in cameras]
    if not names:
        return None
    if current not in names:
        return cameras[0 if step > 0 else -1]
    return cameras[(names.index(current) + step) % len(names)]
