"""Rigid transforms written as rows of numbers, rounded to as many digits as their writer saw fit."""

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.geometry import Pose
from app.errors import FormatError

FARTHEST = 1e12  # metres: squares of more would leave the range of a double, and nobody surveys there
_OFF = 0.01  # by which the columns may differ from unit length: more than any rounding makes


def rigid(matrix: Float64, *, what: str, next_step: str) -> Pose:
    """The pose of a (3, 4) or (4, 4) matrix; raises FormatError as ``nearest_rotation``, and for a place that nothing
    can be at."""
    if not (np.abs(matrix[:3, 3]) < FARTHEST).all():  # not so for NaN either
        raise FormatError(f"{what} lies nowhere that can be.", next_step=next_step)
    rotation = nearest_rotation(matrix[:3, :3], what=what, next_step=next_step)
    return Pose(frozen(rotation), frozen(matrix[:3, 3].copy()))


def nearest_rotation(matrix: Float64, *, what: str, next_step: str) -> Float64:
    """The rotation (3, 3) nearest to a rounded one; raises FormatError, saying that ``what`` is no rotation, for
    anything else."""
    left, sizes, right = np.linalg.svd(matrix)
    rotation: Float64 = left @ right
    if np.abs(sizes - 1).max() > _OFF or np.linalg.det(rotation) < 0:
        raise FormatError(f"{what} is no rotation.", next_step=next_step)
    return rotation
