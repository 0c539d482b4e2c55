"""Writing the files of a SemanticKITTI sequence.

Source: http://semantic-kitti.org/dataset.html and the KITTI odometry development kit. ``velodyne/*.bin`` holds float32
x, y, z and remission per point, ``labels/*.label`` one uint32 per point with the semantic label in its lower 16 bits,
``poses.txt`` a 3x4 matrix per line, ``calib.txt`` named 3x4 matrices, all row by row.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float32, Float64
from app.domain.camera import CameraModel, Intrinsics
from app.domain.finding import listed
from app.domain.geometry import Pose
from app.domain.mask import Mask
from app.errors import InputError

_BITS = 16
_MOST_WITH_INSTANCE = 0xFFFFFFFF
_MOST = 0xFFFF  # the upper 16 bits of a label are an instance


def velodyne_points(xyz: Float32, remission: NDArray[Any] | None) -> Float32:
    """(N, 4) little-endian float32 in file order; without a remission it is 0."""
    points = np.zeros((len(xyz), 4), "<f4")
    points[:, :3] = xyz
    if remission is not None:
        with np.errstate(over="ignore"):
            points[:, 3] = remission
    return points


def label_words(mask: Mask, *, instance_bits: int = 0) -> NDArray[np.uint32]:
    """(N,) little-endian uint32, the label keys as they are; raises InputError for keys that 16 bits cannot hold.

    Where the legend says that the keys have their instance above 16 ``instance_bits``, they are whole words already.
    """
    most = _MOST_WITH_INSTANCE if instance_bits == _BITS else _MOST
    wrong = [key for key in mask.counts if not 0 <= key <= most]
    if wrong:
        keys = f"label {'key' if len(wrong) == 1 else 'keys'} {listed(map(str, wrong))}"
        raise InputError(
            f"SemanticKITTI has 16 bits for a label, which cannot hold the {keys}.", next_step="Export PCD or npz."
        )
    return mask.label_keys.astype("<u4")


def poses_text(poses: Iterable[Pose]) -> str:
    """``poses.txt``: one pose per frame."""
    return "".join(_row(matrix_of(pose)) for pose in poses)


def times_text(times_s: Iterable[float]) -> str:
    """``times.txt``: seconds, one frame a line."""
    return "".join(f"{seconds!r}\n" for seconds in times_s)


def calibration_text(projections: Mapping[str, Float64]) -> str:
    """``calib.txt``: (3, 4) projections from lidar to pixels by name, and ``Tr``, here the identity."""
    matrices = {**projections, "Tr": matrix_of(Pose.identity())}
    return "".join(f"{name}: {_row(matrix)}" for name, matrix in matrices.items())


def matrix_of(pose: Pose) -> Float64:
    """A pose as (3, 4): rotation beside position."""
    return np.column_stack([pose.rotation, pose.position])


def projection(intrinsics: Intrinsics, camera_from_lidar: Pose) -> Float64 | None:
    """(3, 4) from homogeneous metres in the lidar to homogeneous pixels; None for a lens that is not linear."""
    if intrinsics.model is not CameraModel.BROWN_CONRADY or any(intrinsics.distortion):
        return None
    lens = np.array([[intrinsics.fx, intrinsics.skew, intrinsics.cx], [0, intrinsics.fy, intrinsics.cy], [0, 0, 1]])
    seen: Float64 = lens @ matrix_of(camera_from_lidar)
    return seen


def _row(matrix: Float64) -> str:
    return " ".join(map(repr, matrix.ravel().tolist())) + "\n"
