"""The cameras of the shown frame that can be looked through, and the pixels of their pictures."""

import numpy as np
from PySide6.QtGui import QImage

from app.domain.arrays import Bytes
from app.gui.picture_pixels import rgb_of
from app.gui.rig_state import sizes_of
from app.gui.viewer import Viewer
from app.scene.camera_picture import CameraPicture
from app.scene.rig_cameras import RigCamera
from app.scene.rig_cameras import rig_cameras as cameras_of_frame


def rig_cameras(viewer: Viewer) -> tuple[RigCamera, ...]:
    """The cameras of the shown frame whose pose and lens are known, in the order of the document."""
    shown = viewer.shown
    return () if shown is None else cameras_of_frame(shown.frame, viewer.rig.cameras, sizes_of(shown))


def rig_camera(viewer: Viewer, name: str) -> RigCamera | None:
    """One of them, None where the frame lacks what it takes."""
    return next((camera for camera in rig_cameras(viewer) if camera.name == name), None)


class Backdrops:
    """The picture behind the points; its pixels are kept, as a view that is resized asks for the same one again."""

    def __init__(self) -> None:
        self._kept: tuple[int, Bytes] | None = None

    def behind(self, viewer: Viewer, name: str) -> CameraPicture | None:
        """That of a camera of the shown frame, None where it has none that fits its lens."""
        shown, camera = viewer.shown, rig_camera(viewer, name)
        picture = None if shown is None else shown.pictures.get(name)
        if camera is None or not camera.pictured or picture is None or picture.image is None:
            return None
        return camera.backdrop(self._pixels_of(picture.image))

    def _pixels_of(self, image: QImage) -> Bytes:
        """(H, W, 3) uint8 RGB."""
        if self._kept is None or self._kept[0] != image.cacheKey():
            self._kept = image.cacheKey(), np.ascontiguousarray(rgb_of(image))
        return self._kept[1]


def next_camera(cameras: tuple[RigCamera, ...], current: str, *, step: int) -> RigCamera | None:
    """The camera ``step`` after the current one, going round; from none of them the first, or the last."""
    names = [camera.name for camera in cameras]
    if not names:
        return None
    if current not in names:
        return cameras[0 if step > 0 else -1]
    return cameras[(names.index(current) + step) % len(names)]
