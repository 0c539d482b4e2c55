"""The cameras of a job, placed: its poses and lenses read in one way, in one place."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.geometry import Pose
from app.domain.lens_scale import lens_scale, nominal_size
from app.domain.placed_camera import PlacedCamera
from app.domain.pose_convention import DOCUMENTED, PoseConvention, lidar_from_camera
from app.domain.sequence import Sequence
from app.domain.tracking import Size

STEEPEST_AXIS = 0.5  # sine of the pitch up to which a front camera says where forward is


@dataclass(frozen=True)
class ShownPicture:
    """The (width, height) of a picture that is here; one from ``elsewhere`` may be of another size than the job's own,
    of ``own_size`` where that is known."""

    size: Size
    elsewhere: bool = False
    own_size: Size | None = None


@dataclass(frozen=True)
class Calibration:
    """A job's cameras under one convention for its poses."""

    sequence: Sequence
    convention: PoseConvention = DOCUMENTED

    def pose(self, index: int, camera: str) -> Pose | None:
        """``lidar_from_camera`` in optical axes at a frame; None where the document does not give what it takes."""
        record = self.sequence.frames[index]
        image = record.image(camera)
        if image is None or image.pose is None:
            return None
        return lidar_from_camera(image.pose, self.convention, world_from_ego=record.world_from_ego)

    def placed(self, index: int, camera: str, picture: ShownPicture) -> PlacedCamera | None:
        """A camera as it took a picture; None without pose or lens, or where the picture has another shape."""
        lens, pose = self.sequence.camera(camera), self.pose(index, camera)
        if lens is None or pose is None:
            return None
        scale = lens_scale(lens, picture.size, elsewhere=picture.elsewhere, own_size=picture.own_size)
        if scale is None or scale.intrinsics is None:
            return None
        return PlacedCamera(camera, scale.intrinsics, pose, picture.size)

    def rig(self, index: int, pictures: Mapping[str, ShownPicture]) -> tuple[PlacedCamera, ...]:
        """Every camera of a frame that has a pose and a lens, in the order of the document; one whose picture is not
        here, or does not fit, as if the principal point were in the middle of it."""
        placed = (self._in_rig(index, camera.name, pictures.get(camera.name)) for camera in self.sequence.cameras)
        return tuple(camera for camera in placed if camera is not None)

    def heading(self, index: int) -> float:
        """Where the camera called front looks at a frame, radians from x towards y; 0 without such a camera or a level
        pose. Recordings differ in which axis of the lidar points forward; the front camera knows."""
        named = (image.camera for image in self.sequence.frames[index].images if "front" in image.camera.lower())
        for pose in (self.pose(index, camera) for camera in named):
            if pose is not None and abs(pose.rotation[2, 2]) < STEEPEST_AXIS:
                return math.atan2(pose.rotation[1, 2], pose.rotation[0, 2])
        return 0.0

    def _in_rig(self, index: int, camera: str, picture: ShownPicture | None) -> PlacedCamera | None:
        fits = None if picture is None else self.placed(index, camera, picture)
        lens = self.sequence.camera(camera)
        if fits is not None or lens is None or lens.intrinsics is None:
            return fits
        return self.placed(index, camera, ShownPicture(nominal_size(lens.intrinsics)))
