"""Which points are drawn however thinly the rest is: those of the thing that a chosen point belongs to."""

import numpy as np

from app.domain.arrays import Integers
from app.domain.mask import Mask
from app.scene.prepared import PreparedCloud

CHUNK = 1 << 18  # points looked at together


def points_around(prepared: PreparedCloud, mask: Mask | None, index: int, *, most: int) -> Integers:
    """(n,) int32 positions in the file of the points with the label key of the point ``index``, itself included.

    Of more than ``most`` the nearest to it: a road is no thing that could be drawn whole in every picture. Without a
    mask the point alone. Raises IndexError for a point that the cloud does not have.
    """
    if not 0 <= index < prepared.total:
        raise IndexError(f"there is no point {index}")
    if mask is None:
        return np.array([index], dtype=np.int32)
    key = mask.label_keys[index]
    parts = [
        np.flatnonzero(mask.label_keys[start : start + CHUNK] == key) + start
        for start in range(0, prepared.total, CHUNK)
    ]
    same = np.concatenate(parts).astype(np.int32)
    same = same[np.isfinite(prepared.xyz[same]).all(axis=1)]
    if len(same) <= most:
        return same
    offset = prepared.xyz[same] - prepared.xyz[index]
    nearest: Integers = same[np.argpartition(np.einsum("ij,ij->i", offset, offset), most - 1)[:most]]
    return np.sort(nearest)
