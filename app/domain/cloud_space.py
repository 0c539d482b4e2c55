"""Whether the points of a frame are told from their lidar or from the world."""

import numpy as np

from app.domain.arrays import Float64
from app.domain.geometry import Pose

FAR_FROM_WORLD = 0.25  # of the reach of the points, from where on the ego is told from the world's origin


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
