"""Looking through the cameras of the rig: where each stands at a frame, and its picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Bytes
from app.domain.finding import listed, quoted
from app.domain.picture_lattice import PictureLattice, picture_lattice
from app.domain.placed_camera import PlacedCamera
from app.domain.sequence import Frame
from app.domain.tracking import Size
from app.errors import InputError
from app.scene.camera_picture import CameraPicture
from app.scene.views import CameraPlacement, camera_placement

PREFIX = "camera:"  # of the names of these views


@dataclass(frozen=True)
class RigCamera:
    """One camera at one frame, ``placed`` in the cloud's own coordinates; ``pictured`` where its picture is here and
    its lens fits it, so that it may stand behind the points."""

    placed: PlacedCamera
    pictured: bool = False

    @property
    def name(self) -> str:
        """The camera's."""
        return self.placed.name

    @property
    def lattice(self) -> PictureLattice:
        """The net that bends its picture straight."""
        return picture_lattice(self.placed.intrinsics, self.placed.size)

    def placement(self, aspect: float) -> CameraPlacement:
        """Where it stands, for a view of ``aspect``, width over height."""
        return camera_placement(self.placed.lidar_from_camera, self.lattice, aspect=aspect)

    def backdrop(self, pixels: Bytes) -> CameraPicture:
        """Its picture, (H, W, 3) uint8 RGB, to stand behind the points."""
        return CameraPicture(pixels, self.lattice, self.placed.lidar_from_camera)


def rig_cameras(frame: Frame, cameras: Iterable[PlacedCamera], sizes: Mapping[str, Size]) -> tuple[RigCamera, ...]:
    """The cameras of a frame; ``sizes`` (width, height) of the pictures that are here, by camera."""
    origin = frame.cloud.origin if frame.cloud is not None else np.zeros(3)
    return tuple(
        RigCamera(camera.relative_to(origin), pictured=sizes.get(camera.name) == camera.size) for camera in cameras
    )


def camera_called(name: str, cameras: Iterable[RigCamera]) -> RigCamera:
    """The camera with a name; raises InputError that lists those that there are."""
    known = {camera.name: camera for camera in cameras}
    if name not in known:
        there = f"Choose one of {listed(known)}." if known else "No camera of this frame has a pose and a lens."
        raise InputError(f"There is no camera {quoted(name)} to look through.", next_step=there)
    return known[name]
