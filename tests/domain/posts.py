"""A wall with posts before it, seen by a lidar and by a camera: both follow from the same few numbers."""

import numpy as np

from app.domain.arrays import Bytes, Float32, Float64, frozen
from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import CloudSource, PointCloud

SIZE = (640, 400)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, fx=500.0, fy=500.0, cx=319.5, cy=199.5)
LOOKING_AHEAD = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])  # optical axes in x ahead, z up
CAMERA = Pose(frozen(LOOKING_AHEAD), frozen(np.array([0.3, 0.1, -0.2])))
WALL = 25.0  # metres ahead
POSTS = (  # ahead, left edge, right edge, top, grey level
    (9.0, 3.2, 2.7, 1.1, 60),
    (12.0, 1.5, 0.4, 0.4, 220),
    (8.0, -0.6, -1.0, 1.6, 110),
    (14.0, -1.9, -3.4, 0.9, 240),
    (10.0, -3.6, -3.9, 2.0, 30),
    (16.0, 5.4, 4.1, -0.3, 200),
)
_SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())


def scan(*, noise: float = 0.01, empty: bool = False) -> Float32:
    """(N, 3) float32: 64 rings of 0.4 degrees, a ray each 0.2 degrees, from a lidar at the origin."""
    azimuth, elevation = np.meshgrid(np.radians(np.arange(-45, 45, 0.2)), np.radians(np.arange(-12.8, 12.8, 0.4)))
    rays = np.stack([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], -1)
    rays = rays.reshape(-1, 3)
    distance, _ = _cast(np.zeros(3), rays, () if empty else POSTS)
    distance += np.random.default_rng(1).normal(0, noise, len(rays))
    return (rays * distance[:, np.newaxis]).astype(np.float32)


def cloud(xyz: Float32, *, origin: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> PointCloud:
    """A cloud of points that count from ``origin``."""
    return PointCloud(frozen(xyz), frozen(np.array(origin)), {}, _SOURCE)


def placed(pose: Pose = CAMERA) -> PlacedCamera:
    """The camera, by default where the picture was taken."""
    return PlacedCamera("front", LENS, pose, SIZE)


def picture() -> Bytes:
    """(400, 640, 3) uint8 of the wall and the posts, with the noise of a sensor."""
    u, v = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    rays: Float64 = placed().rays(np.stack([u.ravel(), v.ravel()], 1).astype(np.float64))
    _, grey = _cast(CAMERA.position, rays, POSTS)
    noisy = grey.reshape(SIZE[::-1]) + np.random.default_rng(2).normal(0, 3, SIZE[::-1])
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[:, :, np.newaxis], 3, axis=2)


def _cast(
    start: Float64, rays: Float64, posts: tuple[tuple[float, float, float, float, int], ...]
) -> tuple[Float64, Float64]:
    """(N,) distances to the first thing along each ray, and its grey level."""
    distance: Float64 = (WALL - start[0]) / rays[:, 0]
    grey = np.full(len(rays), 150.0)
    for ahead, left, right, top, level in posts:
        reached = (ahead - start[0]) / rays[:, 0]
        y, z = (start[axis] + reached * rays[:, axis] for axis in (1, 2))
        hit = (y < left) & (y > right) & (z < top) & (reached < distance)
        distance[hit], grey[hit] = reached[hit], level
    return distance, grey
