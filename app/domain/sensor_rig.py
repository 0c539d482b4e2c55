"""Where the sensors of a frame are: what each camera sees, the ego's way, and how the world lies around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.camera import Intrinsics, unproject
from app.domain.ego_poses import EgoPath, EgoPoses
from app.domain.placed_camera import PlacedCamera
from app.domain.tracking import Size

EDGE_STEPS = 10  # straight pieces along each edge of the picture, so that a bent edge shows bent
FARTHEST_RAY = 2.0  # times as long as the optical axis: rays more than 60 degrees aside would reach too far
TOWARDS_CENTRE = np.linspace(1.0, 0.5, 11)  # where a lens has no ray for the corner of its picture


@dataclass(frozen=True)
class Frustum:
    """What a camera sees: ``apex`` (3,) where it is, and ``outline`` (4 x EDGE_STEPS, 3) where the edge of its picture
    lies when held one metre ahead of it; float64 metres in lidar space. The corners are every EDGE_STEPS-th point,
    the upper left one first."""

    camera: str
    apex: Float64
    outline: Float64

    def at_length(self, length: float) -> "Frustum":
        """The same with the picture held ``length`` metres ahead."""
        return Frustum(self.camera, self.apex, frozen(self.apex + (self.outline - self.apex) * length))

    @property
    def corners(self) -> Float64:
        """(4, 3) of the outline, the upper left one first, clockwise."""
        return self.outline[::EDGE_STEPS]


@dataclass(frozen=True)
class SensorRig:
    """The sensors at one frame, in lidar space. ``jumps`` are the frames of ``path`` whose pose leaps.

    ``lidar_from_world`` (3, 3) turns directions of the world into the lidar's; None where the frame has no pose.
    """

    cameras: tuple[Frustum, ...] = ()
    path: EgoPath | None = None
    jumps: frozenset[int] = frozenset()
    lidar_from_world: Float64 | None = None


def sensor_rig(cameras: Iterable[PlacedCamera], index: int, *, poses: EgoPoses, jumps: frozenset[int]) -> SensorRig:
    """The sensors of a frame. A camera whose lens has no ray for the edge of its picture is left out."""
    world_from_cloud = poses.world_from_cloud(index)
    frusta = (frustum(camera) for camera in cameras)
    return SensorRig(
        cameras=tuple(seen for seen in frusta if seen is not None),
        path=poses.path(at=index),
        jumps=jumps,
        lidar_from_world=None if world_from_cloud is None else world_from_cloud.inverse().rotation,
    )


def frustum(camera: PlacedCamera) -> Frustum | None:
    """What a camera sees; None where its lens has no ray for the edge of its picture."""
    rays, pose = _edge_rays(camera.intrinsics, camera.size), camera.lidar_from_camera
    if not np.isfinite(rays).all() or not pose.finite:
        return None
    rays = rays * np.minimum(1.0, FARTHEST_RAY / np.linalg.norm(rays, axis=1))[:, np.newaxis]
    return Frustum(camera.name, pose.position, frozen(pose.apply(rays)))


@lru_cache(maxsize=256)
def _edge_rays(intrinsics: Intrinsics, size: Size) -> Float64:
    """(4 x EDGE_STEPS, 3) rays with z = 1 through the edge of the picture, clockwise from the upper left corner; kept,
    as the same few lenses are asked for with every frame."""
    edge = _edge(size)
    centre = np.array([intrinsics.cx, intrinsics.cy])
    rays = np.full((len(edge), 3), np.nan)
    for share in TOWARDS_CENTRE:
        lacking = np.isnan(rays[:, 0])
        if lacking.any():
            rays[lacking] = unproject(centre + (edge[lacking] - centre) * share, intrinsics)
    return frozen(rays)


def _edge(size: Size) -> Float64:
    """(4 x EDGE_STEPS, 2) pixels; whole numbers are the middles of pixels."""
    left, top, right, bottom = -0.5, -0.5, size[0] - 0.5, size[1] - 0.5
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    along = np.arange(EDGE_STEPS)[np.newaxis, :, np.newaxis] / EDGE_STEPS
    starts, ends = corners[:, np.newaxis], np.roll(corners, -1, axis=0)[:, np.newaxis]
    pixels: Float64 = (starts + (ends - starts) * along).reshape(-1, 2)
    return pixels
