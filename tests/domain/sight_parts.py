"""Cameras with every kind of lens, and clouds before them, for the tests of what cameras see."""

import numpy as np

from app.domain.arrays import frozen
from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame
from app.domain.sight import CameraSight
from app.domain.tracking import Box

FEWEST = 20  # visible points of a thing that gets a box

SIZE = (1280, 720)
AHEAD = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])  # optical axes that look along the lidar's x
BROWN = CameraModel.BROWN_CONRADY
LENSES = {
    "pinhole": Intrinsics(BROWN, 900.0, 880.0, 640.5, 355.25),
    "brown 4": Intrinsics(BROWN, 900.0, 880.0, 640.5, 355.25, distortion=(-0.2, 0.05, 0.002, -0.001)),
    "brown 5": Intrinsics(BROWN, 900.0, 880.0, 640.5, 355.25, distortion=(-0.25, 0.06, 0.001, 0.001, -0.01)),
    "brown 8": Intrinsics(
        BROWN, 900.0, 880.0, 640.5, 355.25, distortion=(0.2, -0.05, 0.001, 0.001, 0.01, 0.4, -0.02, 0.01)
    ),
    "fisheye": Intrinsics(CameraModel.FISHEYE, 400.0, 410.0, 630.0, 350.0, distortion=(0.05, -0.01, 0.002, -0.0005)),
    "skew": Intrinsics(BROWN, 900.0, 700.0, 600.0, 380.0, skew=4.5, distortion=(-0.2, 0.05, 0.002, -0.001)),
}


def placed(lens: Intrinsics, *, at=(0.0, 0.0, 0.0), size=SIZE, name="front") -> PlacedCamera:
    """A camera at a place in lidar space that looks along its x."""
    return PlacedCamera(name, lens, Pose(frozen(AHEAD), frozen(np.array(at, dtype=np.float64))), size)


def cloud_of(xyz, *, origin=(0.0, 0.0, 0.0)) -> PointCloud:
    """A cloud of (N, 3) metres in the file's coordinates, held relative to ``origin``."""
    relative = np.asarray(xyz, dtype=np.float64) - origin
    source = CloudSource("pcd", ".7", "binary", len(relative), 1, None, ())
    return PointCloud(frozen(relative.astype(np.float32)), frozen(np.array(origin, dtype=np.float64)), {}, source)


def wall(x, y, z, *, step=0.1):
    """(N, 3) points of an upright rectangle at a distance ``x`` between the two ``y`` and the two ``z``."""
    across, up = np.meshgrid(np.arange(*y, step), np.arange(*z, step))
    return np.column_stack([np.full(across.size, x), across.ravel(), up.ravel()])


def boxes_around_things(sight: CameraSight, frame: Frame, *, grown=3.0) -> tuple[Box, ...]:
    """A box around what a picture shows of each thing of a frame, a little larger, with its label key as the id."""
    keys, boxes = frame.mask.label_keys[sight.rows], []
    for entry in frame.legend:
        uv = sight.uv[sight.visible & (keys == entry.label_key)]
        if entry.thing and len(uv) >= FEWEST:
            (left, top), (right, bottom) = uv.min(axis=0) - grown, uv.max(axis=0) + grown
            boxes.append(Box(left, top, right - left, bottom - top, entry.class_name, track_id=entry.label_key))
    return tuple(boxes)
