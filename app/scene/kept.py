"""Which points are drawn however thinly the rest is: those of a chosen thing."""

import numpy as np

from app.domain.arrays import Integers
from app.scene.prepared import PreparedCloud


def kept_points(prepared: PreparedCloud, rows: Integers, *, around: int, most: int) -> Integers:
    """(n,) int32, those of ``rows`` (M,) of a cloud that can be drawn, ascending.

    Of more than ``most`` the nearest to the point ``around``: a road is no thing that could be drawn whole in every
    picture. Raises IndexError for a point that the cloud does not have.
    """
    if not 0 <= around < prepared.total:
        raise IndexError(f"there is no point {around}")
    drawn = rows[np.isfinite(prepared.xyz[rows]).all(axis=1)].astype(np.int32)
    if len(drawn) <= most:
        return np.sort(drawn)
    offset = prepared.xyz[drawn] - prepared.xyz[around]
    nearest: Integers = drawn[np.argpartition(np.einsum("ij,ij->i", offset, offset), most - 1)[:most]]
    return np.sort(nearest)
