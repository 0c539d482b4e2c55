"""Where the sensors of a frame are: what each camera sees, the ego's way, and how the world lies around it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.camera import Intrinsics, unproject
from app.domain.ego_poses import EgoPath, EgoPoses
from app.domain.geometry import Pose
from app.domain.sequence import Sequence

Size = tuple[int, int]

EDGE_STEPS = 10  # straight pieces along each edge of the picture, so that a bent edge shows bent
FARTHEST_RAY = 2.0  # times as long as the optical axis: rays more than 60 degrees aside would reach too far
OFF_CENTRE = 0.25  # of a side, that the optical axis may lie beside the middle of a picture
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


def sensor_rig(
    sequence: Sequence, index: int, *, sizes: Mapping[str, Size], poses: EgoPoses, jumps: frozenset[int]
) -> SensorRig:
    """The sensors of a frame; ``sizes`` (width, height) of the pictures that are here, by camera.

    A camera without pose or lens is left out; one whose picture is not here is taken to have its centre in the middle.
    """
    world_from_cloud = poses.world_from_cloud(index)
    return SensorRig(
        cameras=_frusta(sequence, index, sizes),
        path=poses.path(at=index),
        jumps=jumps,
        lidar_from_world=None if world_from_cloud is None else world_from_cloud.inverse().rotation,
    )


def frustum(camera: str, intrinsics: Intrinsics, lidar_from_camera: Pose, *, size: Size) -> Frustum | None:
    """What a camera with pictures of ``size`` sees; None where its lens has no ray for the edge of them."""
    rays = _edge_rays(intrinsics, size)
    if not np.isfinite(rays).all() or not lidar_from_camera.finite:
        return None
    rays *= np.minimum(1.0, FARTHEST_RAY / np.linalg.norm(rays, axis=1))[:, np.newaxis]
    return Frustum(camera, lidar_from_camera.position, frozen(lidar_from_camera.apply(rays)))


def _frusta(sequence: Sequence, index: int, sizes: Mapping[str, Size]) -> tuple[Frustum, ...]:
    found = []
    for camera in sequence.cameras:
        image = sequence.frames[index].image(camera.name)
        if camera.intrinsics is not None and image is not None and image.pose is not None:
            size = _size(camera.intrinsics, sizes.get(camera.name))
            found.append(frustum(camera.name, camera.intrinsics, image.pose, size=size))
    return tuple(each for each in found if each is not None)


def _size(intrinsics: Intrinsics, given: Size | None) -> Size:
    """The size of the pictures that the lens is for: that of a linked sample's may be another."""
    centre = (intrinsics.cx, intrinsics.cy)
    if given is not None and all(
        abs(at - side / 2) < OFF_CENTRE * side for at, side in zip(centre, given, strict=True)
    ):
        return given
    return max(1, round(2 * intrinsics.cx)), max(1, round(2 * intrinsics.cy))


def _edge_rays(intrinsics: Intrinsics, size: Size) -> Float64:
    """(4 x EDGE_STEPS, 3) rays with z = 1 through the edge of the picture, clockwise from the upper left corner."""
    edge = _edge(size)
    centre = np.array([intrinsics.cx, intrinsics.cy])
    rays = np.full((len(edge), 3), np.nan)
    for share in TOWARDS_CENTRE:
        lacking = np.isnan(rays[:, 0])
        if lacking.any():
            rays[lacking] = unproject(centre + (edge[lacking] - centre) * share, intrinsics)
    return rays


def _edge(size: Size) -> Float64:
    """(4 x EDGE_STEPS, 2) pixels; whole numbers are the middles of pixels."""
    left, top, right, bottom = -0.5, -0.5, size[0] - 0.5, size[1] - 0.5
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    along = np.arange(EDGE_STEPS)[np.newaxis, :, np.newaxis] / EDGE_STEPS
    starts, ends = corners[:, np.newaxis], np.roll(corners, -1, axis=0)[:, np.newaxis]
    pixels: Float64 = (starts + (ends - starts) * along).reshape(-1, 2)
    return pixels
