"""Whether the points of a frame are told from their lidar or from the world."""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np

from app.domain.arrays import Float64
from app.domain.calibration import Calibration
from app.domain.geometry import Pose

FAR_FROM_WORLD = 0.25  # of the reach of the points, from where on the ego is told from the world's origin
AWAY = 20.0  # metres from the world's origin from which on it is told whether the cameras are at the ego or there


class CloudSpace(StrEnum):
    """The space that a job's clouds and camera poses are in: the ego's own, or the world."""

    EGO = "ego"
    WORLD = "world"


def is_in_world(middle: Float64, *, reach: float, world_from_ego: Pose | None) -> bool:
    """Guess from where the points are: documents do not say. ``middle`` (3,) of most points in source coordinates and
    how far they ``reach`` from it, level, in metres.

    True where the points lie around the ego's place in the world rather than around the origin, which is the lidar of a
    scan. Near the world's origin both are the same and the answer is False.
    """
    if world_from_ego is None:
        return False
    ego = world_from_ego.position[:2]
    from_ego, from_origin = float(np.linalg.norm(middle[:2] - ego)), float(np.linalg.norm(middle[:2]))
    return bool(np.linalg.norm(ego) > FAR_FROM_WORLD * reach) and from_ego < from_origin / 2


@np.errstate(over="ignore", invalid="ignore")  # places at the end of the number range
def space_of_cameras(calibration: Calibration) -> CloudSpace | None:
    """What the cameras of a job say, which stand in the space of the clouds.

    Away from the world's origin a camera is near the ego in world space, and near the origin in the ego's own. None
    without such a camera.
    """
    frames = range(len(calibration.sequence))
    votes = [near_ego for index in frames for near_ego in _votes(calibration, index)]
    if not votes:
        return None
    return CloudSpace.WORLD if sum(votes) * 2 > len(votes) else CloudSpace.EGO


def _votes(calibration: Calibration, index: int) -> Iterator[bool]:
    """For each camera of a frame away from the origin whether it is nearer to the ego than to the origin."""
    ego = calibration.sequence.frames[index].world_from_ego
    if ego is None or not np.linalg.norm(ego.position) > AWAY:
        return
    for image in calibration.sequence.frames[index].images:
        pose = calibration.pose(index, image.camera)
        if pose is not None:
            yield bool(np.linalg.norm(pose.position - ego.position) < np.linalg.norm(pose.position))
