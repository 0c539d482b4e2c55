"""A camera at one frame: with which lens and from where its picture was taken."""

from dataclasses import dataclass, replace

import numpy as np

from app.domain.arrays import Bool, Float64
from app.domain.camera import Intrinsics, in_image, project, unproject
from app.domain.geometry import Pose
from app.domain.tracking import Size


@dataclass(frozen=True)
class Projection:
    """Where N points fall in a picture. ``uv``: (N, 2) float64 pixels, undefined where not ``seen``; ``depth``: (N,)
    float64 metres along the optical axis; ``seen``: (N,) bool, in the picture and in front by more than NEAR, whatever
    stands before them."""

    uv: Float64
    depth: Float64
    seen: Bool


@dataclass(frozen=True)
class PlacedCamera:
    """Everything that ties points to the pixels of one picture.

    ``intrinsics`` are in pixels of a picture of ``size`` (width, height); ``lidar_from_camera`` takes optical axes
    (x right, y down, z forward) to the space of the cloud's own coordinates, in metres.
    """

    name: str
    intrinsics: Intrinsics
    lidar_from_camera: Pose
    size: Size

    def project(self, xyz_in_lidar: Float64) -> Projection:
        """Where (N, 3) points in metres fall."""
        with np.errstate(invalid="ignore", over="ignore"):  # points that are not finite are not seen
            in_camera = self.lidar_from_camera.inverse().apply(xyz_in_lidar)
        uv, valid = project(in_camera, self.intrinsics)
        return Projection(uv, in_camera[:, 2], in_image(uv, valid, size=self.size))

    def rays(self, uv: Float64) -> Float64:
        """(M, 3) unit vectors in lidar space from the camera's place through (M, 2) pixels; NaN where there is none."""
        in_camera = unproject(uv, self.intrinsics)
        in_camera /= np.linalg.norm(in_camera, axis=1, keepdims=True)
        directions: Float64 = in_camera @ self.lidar_from_camera.rotation.T
        return directions

    def relative_to(self, origin: Float64) -> "PlacedCamera":
        """The same in coordinates that count from ``origin`` (3,), as those that a cloud is held in."""
        pose = self.lidar_from_camera
        return replace(self, lidar_from_camera=Pose(pose.rotation, pose.position - origin))
