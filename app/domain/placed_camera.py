"""A camera at one frame: with which lens and from where its picture was taken."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from app.domain.arrays import Bool, Float32, Float64
from app.domain.camera import NEAR, Intrinsics, bent, unproject
from app.domain.geometry import Pose
from app.domain.tracking import Size

CHUNK = 1 << 14  # points moved at a time: few enough to stay in the cache of one core
EDGE_STEPS = 40  # pixels looked through along each edge of a picture for the widest direction in it
SPARE = 0.05  # of a picture's sides, around it, that is looked through as well


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

    def project(self, xyz_in_lidar: Float32 | Float64) -> Projection:
        """Where (N, 3) points in metres fall."""
        count = len(xyz_in_lidar)
        projection = Projection(np.full((count, 2), np.nan), np.empty(count), np.zeros(count, dtype=np.bool_))
        with np.errstate(invalid="ignore", over="ignore"):  # points that are not finite are not seen
            for start in range(0, count, CHUNK):
                self._project_part(xyz_in_lidar[start : start + CHUNK], start, projection)
        return projection

    def _project_part(self, xyz: Float32 | Float64, start: int, projection: Projection) -> None:
        """Fill in the rows from ``start`` on; the lens is asked only for what may lie in the picture."""
        rotation, position = self.lidar_from_camera.rotation, self.lidar_from_camera.position
        in_camera = rotation.T @ xyz.T.astype(np.float64, order="C")
        in_camera -= (rotation.T @ position)[:, np.newaxis]
        x, y, z = in_camera
        left, top, right, bottom = widest_tangents(self.intrinsics, self.size)
        within = (z > NEAR) & (x >= left * z) & (x <= right * z) & (y >= top * z) & (y <= bottom * z)
        near = np.flatnonzero(within)
        ahead = z[near]
        u, v, valid = bent(x[near] / ahead, y[near] / ahead, self.intrinsics)
        projection.depth[start : start + len(z)] = z
        rows = slice(start, start + len(z))
        projection.uv[rows, 0][near], projection.uv[rows, 1][near] = u, v
        projection.seen[rows][near] = valid & (u >= 0) & (u < self.size[0]) & (v >= 0) & (v < self.size[1])

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


@lru_cache(maxsize=256)
def widest_tangents(intrinsics: Intrinsics, size: Size) -> tuple[float, float, float, float]:
    """Least x / z and y / z, then largest ones, of all that a lens puts into a picture of ``size``; infinite where the
    picture reaches beyond what the lens sees.

    A lens that does not fold keeps what is inside a line inside it: the edge of the picture, looked through from a
    little outside, bounds all within.
    """
    across, down = (np.linspace(-SPARE, 1 + SPARE, EDGE_STEPS + 1) * side for side in size)
    edges = [np.stack(np.broadcast_arrays(u, v), axis=1) for u in across[[0, -1]] for v in [down]]
    edges += [np.stack(np.broadcast_arrays(across, v), axis=1) for v in down[[0, -1]]]
    tangents = unproject(np.concatenate(edges), intrinsics)[:, :2]
    if np.isnan(tangents).any():
        return -np.inf, -np.inf, np.inf, np.inf
    return *tangents.min(axis=0).tolist(), *tangents.max(axis=0).tolist()
