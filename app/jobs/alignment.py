"""How well points and pictures agree at a frame of a job."""

import numpy as np

from app.domain.arrays import Bytes, Float64
from app.domain.edge_alignment import EdgeAlignment, edge_alignment
from app.domain.placed_camera import PlacedCamera
from app.domain.sequence import Frame
from app.errors import AppError
from app.jobs.local_job import LocalJob

NEARBY = 10.0  # metres at most between a lidar and the cameras of the same vehicle


@np.errstate(over="ignore", invalid="ignore")  # a camera at the end of the number range sees nothing
def camera_alignment(job: LocalJob, frame: Frame, camera: str, *, image: Bytes | None = None) -> EdgeAlignment | None:
    """Compare the points of a frame with the picture of a camera; None where cloud, pose, lens or picture is missing.

    ``image``: the picture, (H, W, 3) uint8, where it is decoded already; one of 2048 x 1536 pixels is 0.1 s of work.
    """
    size = None if image is None else (image.shape[1], image.shape[0])
    cloud, placed = frame.cloud, job.placed_camera(frame.index, camera, size=size)
    if cloud is None or placed is None:
        return None
    try:
        picture = job.load_image(frame.index, camera) if image is None else image
    except AppError:
        return None  # a finding of the frame says why
    lidar = lidar_place(placed, frame) - cloud.origin
    return edge_alignment(placed.relative_to(cloud.origin), cloud, picture, lidar=lidar)


def lidar_place(placed: PlacedCamera, frame: Frame) -> Float64:
    """(3,) where the lidar is in the file's coordinates: at their origin, or at the ego where they are the world's,
    whichever is near the camera; the camera's own place where neither is."""
    camera, ego = placed.lidar_from_camera.position, frame.record.world_from_ego
    places = [np.zeros(3), *([ego.position] if ego is not None and ego.finite else [])]
    nearest: Float64 = min(places, key=lambda place: float(np.linalg.norm(place - camera)))
    return nearest if np.linalg.norm(nearest - camera) <= NEARBY else camera
