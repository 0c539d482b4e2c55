"""Points in the colours of the camera images they fall into."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from app.domain.arrays import Bytes, Float32, Float64, frozen
from app.domain.occlusion import nearest_pixels
from app.domain.placed_camera import PlacedCamera
from app.domain.sequence import Frame
from app.domain.sight import sight_of


def camera_colors(frame: Frame, images: Mapping[str, Bytes], cameras: Iterable[PlacedCamera]) -> Bytes:
    """(N, 4) uint8 RGBA in file order, read-only; alpha 0 where no camera sees a point.

    ``images``: (H, W, 3) uint8 RGB by camera, of the size that ``cameras`` are placed for. A camera without a picture
    is left out. Where several cameras see a point, the one whose axis it lies closest to gives the colour, that of the
    nearest pixel. Points do not take the colour of what stands before them; see app.domain.occlusion.
    """
    cloud = frame.cloud
    count = len(cloud) if cloud is not None else 0
    colors = np.zeros((count, 4), dtype=np.uint8)
    if cloud is None:
        return frozen(colors)
    nearest = np.full(count, np.inf, dtype=np.float32)
    for image, camera in _pictured(images, cameras):
        sight = sight_of(camera, cloud)
        rows, uv = sight.rows[sight.visible], sight.uv[sight.visible]
        aside = _off_axis(sight.placed, cloud.xyz[rows])
        closest = aside < nearest[rows]
        taken = rows[closest]
        column, row = nearest_pixels(uv[closest], camera.size)
        nearest[taken] = aside[closest]
        colors[taken, :3] = image[row, column]
        colors[taken, 3] = 255
    return frozen(colors)


def _pictured(images: Mapping[str, Bytes], cameras: Iterable[PlacedCamera]) -> Iterator[tuple[Bytes, PlacedCamera]]:
    for camera in cameras:
        image = images.get(camera.name)
        if image is not None and (image.shape[1], image.shape[0]) == camera.size:
            yield image, camera


def _off_axis(placed: PlacedCamera, xyz: Float32) -> Float32:
    """(M,) tangents of the angles between the axis of a camera and points (M, 3) ahead of it."""
    in_camera: Float64 = placed.lidar_from_camera.inverse().apply(xyz.astype(np.float64))
    tangents: Float32 = (np.hypot(in_camera[:, 0], in_camera[:, 1]) / in_camera[:, 2]).astype(np.float32)
    return tangents
