"""Points in the colours of the camera images they fall into."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bool, Bytes, Float32, Integers, frozen
from app.domain.camera import in_image, project
from app.domain.geometry import Pose
from app.domain.occlusion import hidden, nearest_pixels
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import PointCloud
from app.domain.sequence import Frame

CHUNK = 1 << 14  # points projected at a time: few enough to stay in the cache of one core


@dataclass(frozen=True)
class _Sight:
    """The points that fall into one picture, in file order: their place in the file, pixel, and where they lie."""

    index: Integers  # (M,) int64
    column: Integers  # (M,) int32 pixels
    row: Integers  # (M,) int32 pixels
    depth: Float32  # (M,) metres along the axis of the camera
    off_axis: Float32  # (M,) tangent of the angle to that axis

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """The arrays in the order of the fields."""
        return self.index, self.column, self.row, self.depth, self.off_axis

    def only(self, chosen: Bool) -> "_Sight":
        """Those of the points that are chosen, (M,)."""
        return _Sight(*(part[chosen] for part in self.columns))


def camera_colors(
    frame: Frame, images: Mapping[str, Bytes], cameras: Iterable[PlacedCamera], *, occlusion: bool = True
) -> Bytes:
    """(N, 4) uint8 RGBA in file order, read-only; alpha 0 where no camera sees a point.

    ``images``: (H, W, 3) uint8 RGB by camera, of the size that ``cameras`` are placed for. A camera without a picture
    is left out. Where several cameras see a point, the one whose axis it lies closest to gives the colour, that of the
    nearest pixel.
    With ``occlusion`` points do not take the colour of what stands before them; see app.domain.occlusion.
    """
    count = len(frame.cloud) if frame.cloud is not None else 0
    colors = np.zeros((count, 4), dtype=np.uint8)
    if frame.cloud is None:
        return frozen(colors)
    off_axis = np.full(count, np.inf, dtype=np.float32)
    for image, camera in _pictured(images, cameras):
        sight = _sight(frame.cloud, camera)
        if occlusion:
            behind = hidden(sight.column, sight.row, sight.depth, intrinsics=camera.intrinsics, size=camera.size)
            sight = sight.only(~behind)
        sight = sight.only(sight.off_axis < off_axis[sight.index])
        off_axis[sight.index] = sight.off_axis
        colors[sight.index, :3] = image[sight.row, sight.column]
        colors[sight.index, 3] = 255
    return frozen(colors)


def _pictured(images: Mapping[str, Bytes], cameras: Iterable[PlacedCamera]) -> Iterator[tuple[Bytes, PlacedCamera]]:
    for camera in cameras:
        image = images.get(camera.name)
        if image is not None and (image.shape[1], image.shape[0]) == camera.size:
            yield image, camera


def _sight(cloud: PointCloud, camera: PlacedCamera) -> _Sight:
    """What falls into a picture, whatever stands before it."""
    camera_from_cloud = camera.relative_to(cloud.origin).lidar_from_camera.inverse()
    parts = [
        _part(cloud.xyz[start : start + CHUNK], start, camera_from_cloud, camera)
        for start in range(0, max(len(cloud), 1), CHUNK)
    ]
    return _Sight(*map(np.concatenate, zip(*(part.columns for part in parts), strict=True)))


def _part(xyz: Float32, start: int, camera_from_cloud: Pose, camera: PlacedCamera) -> _Sight:
    """The same for the points from ``start`` on."""
    with np.errstate(invalid="ignore", over="ignore"):  # points that are not finite are not seen
        in_camera = camera_from_cloud.apply(xyz.astype(np.float64))
    uv, valid = project(in_camera, camera.intrinsics)
    seen = np.flatnonzero(in_image(uv, valid, size=camera.size))
    x, y, z = in_camera[seen].T
    column, row = nearest_pixels(uv[seen], camera.size)
    return _Sight(
        index=start + seen,
        column=column,
        row=row,
        depth=z.astype(np.float32),
        off_axis=(np.hypot(x, y) / z).astype(np.float32),
    )
