"""The cameras of the shown frame that can be looked through, and the pixels of their pictures."""

import numpy as np
from PySide6.QtGui import QImage

from app.domain.arrays import Bytes
from app.domain.camera import Camera
from app.gui.shown_frame import ShownFrame
from app.gui.viewer import Viewer
from app.scene.camera_picture import CameraPicture
from app.scene.rig_cameras import RigCamera
from app.scene.rig_cameras import rig_camera as camera_at


def rig_cameras(viewer: Viewer) -> tuple[RigCamera, ...]:
    """The cameras of the shown frame whose pose and lens are known, in the order of the document."""
    shown = viewer.shown
    if shown is None:
        return ()
    found = (_at(viewer, shown, camera) for camera in viewer.sequence.cameras)
    return tuple(camera for camera in found if camera is not None)


def rig_camera(viewer: Viewer, name: str) -> RigCamera | None:
    """One of them, None where the frame lacks what it takes."""
    shown, camera = viewer.shown, viewer.sequence.camera(name)
    return None if shown is None or camera is None else _at(viewer, shown, camera)


def _at(viewer: Viewer, shown: ShownFrame, camera: Camera) -> RigCamera | None:
    image = _image(shown, camera.name)
    if image is None or viewer.job is None:
        return camera_at(shown.frame, camera, picture=None, linked=False)
    linked = viewer.job.files.link(camera.name) is not None
    return camera_at(shown.frame, camera, picture=(image.width(), image.height()), linked=linked)


def _image(shown: ShownFrame, camera: str) -> QImage | None:
    picture = shown.pictures.get(camera)
    return None if picture is None else picture.image


class Backdrops:
    """The picture behind the points; its pixels are kept, as a view that is resized asks for the same one again."""

    def __init__(self) -> None:
        self._kept: tuple[int, Bytes] | None = None

    def behind(self, viewer: Viewer, name: str) -> CameraPicture | None:
        """That of a camera of the shown frame, None where it has none that fits its lens."""
        shown, camera = viewer.shown, rig_camera(viewer, name)
        image = None if shown is None else _image(shown, name)
        if camera is None or camera.picture is None or image is None:
            return None
        return camera.backdrop(self._pixels_of(image))

    def _pixels_of(self, image: QImage) -> Bytes:
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
