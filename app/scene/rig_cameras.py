"""Looking through the cameras of the rig: which ones a frame has, where each stands, and its picture."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Bytes
from app.domain.camera import Camera, Intrinsics
from app.domain.finding import listed, quoted
from app.domain.geometry import Pose
from app.domain.picture_lattice import PictureLattice, picture_lattice
from app.domain.sequence import Frame
from app.domain.tracking import Size
from app.errors import InputError
from app.scene.camera_picture import CameraPicture
from app.scene.views import CameraPlacement, camera_placement

PREFIX = "camera:"  # of the names of these views
OFF_CENTRE = 0.25  # of its side that a principal point may lie beside the middle of a picture that may be another's


@dataclass(frozen=True)
class RigCamera:
    """One camera at one frame, with ``cloud_from_camera`` in optical axes; ``picture`` is the (width, height) of what
    may stand behind the points, None without a picture that its lens is right for."""

    name: str
    intrinsics: Intrinsics
    pose: Pose
    picture: Size | None = None

    @property
    def size(self) -> Size:
        """(width, height) in pixels; without a picture as if the principal point were in its middle."""
        return self.picture or (max(1, round(2 * self.intrinsics.cx)), max(1, round(2 * self.intrinsics.cy)))

    @property
    def lattice(self) -> PictureLattice:
        """The net that bends its picture straight."""
        return picture_lattice(self.intrinsics, self.size)

    def placement(self, aspect: float) -> CameraPlacement:
        """Where it stands, for a view of ``aspect``, width over height."""
        return camera_placement(self.pose, self.lattice, aspect=aspect)

    def backdrop(self, pixels: Bytes) -> CameraPicture:
        """Its picture, (H, W, 3) uint8 RGB, to stand behind the points."""
        return CameraPicture(pixels, self.lattice, self.pose)


def rig_camera(frame: Frame, camera: Camera, *, picture: Size | None, linked: bool) -> RigCamera | None:
    """A camera at a frame, None where the frame lacks its pose or its lens is not known.

    ``picture``: (width, height) of the picture that is here. That of a ``linked`` sample may show the same in another
    size, for which the lens is not right: better none.
    """
    ref = frame.record.image(camera.name)
    if camera.intrinsics is None or ref is None or ref.pose is None:
        return None
    origin = frame.cloud.origin if frame.cloud is not None else np.zeros(3)
    pose = Pose(ref.pose.rotation, ref.pose.position - origin)
    fits = picture is not None and (not linked or _is_centred(camera.intrinsics, picture))
    return RigCamera(camera.name, camera.intrinsics, pose, picture if fits else None)


def camera_called(name: str, cameras: Iterable[RigCamera]) -> RigCamera:
    """The camera with a name; raises InputError that lists those that there are."""
    known = {camera.name: camera for camera in cameras}
    if name not in known:
        there = f"Choose one of {listed(known)}." if known else "No camera of this frame has a pose and a lens."
        raise InputError(f"There is no camera {quoted(name)} to look through.", next_step=there)
    return known[name]


def _is_centred(intrinsics: Intrinsics, picture: Size) -> bool:
    middle = (intrinsics.cx, intrinsics.cy)
    return all(abs(at - side / 2) < OFF_CENTRE * side for at, side in zip(middle, picture, strict=True))
