"""The sensors on the recording car: a spinning LiDAR and four cameras."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.camera import CameraModel, Intrinsics, unproject
from app.domain.geometry import Pose
from app.sandbox.street.plan import StreetPlan
from app.sandbox.street.rays import RayGrid

FULL_WIDTH, FULL_HEIGHT = 1280, 720


@dataclass(frozen=True)
class Mount:
    """A camera on the car: where it sits in lidar space, where it looks (radians, left and down) and its lens."""

    position: tuple[float, float, float]
    left: float
    down: float
    model: CameraModel
    focal: tuple[float, float]
    center: tuple[float, float]
    distortion: tuple[float, ...]


MOUNTS = {
    "front": Mount(
        (0.42, 0.0, -0.28), 0.0, 0.035, CameraModel.BROWN_CONRADY, (742.6, 741.3), (645.8, 356.1),
        (-0.1712, 0.0486, 0.00042, -0.00031, -0.00473),
    ),
    "left": Mount(
        (0.12, 0.38, -0.30), 1.08, 0.06, CameraModel.BROWN_CONRADY, (701.2, 700.4), (634.2, 365.7),
        (-0.1583, 0.0437, -0.00027, 0.00051, -0.00412),
    ),
    "right": Mount(
        (0.12, -0.38, -0.30), -1.08, 0.06, CameraModel.BROWN_CONRADY, (703.8, 702.9), (643.9, 352.4),
        (-0.1604, 0.0451, 0.00035, 0.00018, -0.00437),
    ),
    "rear": Mount(
        (-0.62, 0.02, -0.34), np.pi, 0.05, CameraModel.FISHEYE, (548.3, 547.9), (638.1, 361.6),
        (-0.0213, 0.0048, -0.0021, 0.00027),
    ),
}  # fmt: skip


def intrinsics(name: str, size: tuple[int, int]) -> Intrinsics:
    """The lens of a camera for pictures of ``size`` (width, height) pixels."""
    mount = MOUNTS[name]
    across, down = size[0] / FULL_WIDTH, size[1] / FULL_HEIGHT
    return Intrinsics(
        mount.model,
        fx=round(mount.focal[0] * across, 4),
        fy=round(mount.focal[1] * down, 4),
        cx=round(mount.center[0] * across, 4),
        cy=round(mount.center[1] * down, 4),
        distortion=mount.distortion,
    )


def lidar_from_camera(name: str) -> Pose:
    """Optical axes (x right, y down, z forward) to lidar axes (x forward, y left, z up)."""
    mount = MOUNTS[name]
    forward = np.array(
        [np.cos(mount.left) * np.cos(mount.down), np.sin(mount.left) * np.cos(mount.down), -np.sin(mount.down)]
    )
    right = np.array([np.sin(mount.left), -np.cos(mount.left), 0.0])
    rotation = np.stack([right, np.cross(forward, right), forward], axis=1)
    return Pose(rotation, np.array(mount.position))


def camera_rays(name: str, plan: StreetPlan) -> RayGrid:
    """One ray for the middle of each traced pixel; whole numbers are the middles of a picture's pixels."""
    width, height = plan.traced_size
    full_width, full_height = plan.image_size
    u = (np.arange(width) + 0.5) * full_width / width - 0.5
    v = (np.arange(height) + 0.5) * full_height / height - 0.5
    uv = np.stack(np.meshgrid(u, v), axis=2).reshape(-1, 2)
    rays = unproject(uv, intrinsics(name, plan.image_size)).reshape(height, width, 3)
    return RayGrid.of(rays, tile=(16, 16))


def beam_angles(beams: int) -> NDArray[np.float64]:
    """Elevations in radians from top to bottom, closer together around the horizon as on a 64-beam sensor."""
    upper = np.linspace(14.0, 2.0, max(1, beams // 4), endpoint=False)
    lower = 2.0 - 26.8 * np.linspace(0, 1, beams - len(upper)) ** 1.35
    angles: NDArray[np.float64] = np.radians(np.concatenate([upper, lower]))
    return angles


def lidar_rays(plan: StreetPlan) -> RayGrid:
    """One ray a beam (rows) and azimuth step (columns), turning left from straight back."""
    azimuth = -np.pi + (np.arange(plan.azimuth_steps) + 0.5) * 2 * np.pi / plan.azimuth_steps
    elevation = beam_angles(plan.beams)[:, None]
    flat = np.cos(elevation)
    up = np.broadcast_to(np.sin(elevation), (plan.beams, plan.azimuth_steps))
    rays = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), up], axis=2)
    return RayGrid.of(rays, tile=(8, 24))
