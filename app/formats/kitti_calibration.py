"""Calibration and poses as the KITTI datasets write them: lines of numbers, some behind a name.

Source: the development kits of https://www.cvlibs.net/datasets/kitti/ (odometry and tracking). ``P0`` to ``P3`` project
from the rectified camera 0, ``Tr`` (``Tr_velo_to_cam``, ``Tr_velo_cam``) leads from the lidar to camera 0, and where
there is an ``R0_rect`` (``R_rect``) it rectifies camera 0.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.errors import FormatError
from app.formats.rigid_matrices import nearest_rotation, rigid

_NAME = re.compile(r"\s*(P[0-3]|R0_rect|R_rect|Tr|Tr_velo_to_cam|Tr_velo_cam)(?::|\s)")
_NEXT_STEP = "Check the file, or take it away to open the frames without it."
_MATRIX = "A matrix of the calibration or of the poses"


@dataclass(frozen=True)
class KittiCamera:
    """One camera of the rig."""

    intrinsics: Intrinsics
    lidar_from_camera: Pose | None  # optical axes; None where the file does not say where the lidar is


@dataclass(frozen=True)
class KittiCalibration:
    """``cameras`` by number; ``camera_from_lidar`` leads to the rectified camera 0."""

    cameras: Mapping[int, KittiCamera] = field(default_factory=dict)
    camera_from_lidar: Pose | None = None


def read_calibration(raw: bytes) -> KittiCalibration:
    """Read a ``calib.txt``; raises FormatError where a line does not have its 12 (or 9) finite numbers."""
    matrices = dict(_named_rows(raw))
    camera_from_lidar = _camera_from_lidar(matrices)
    cameras = {}
    for number in range(4):
        projection = matrices.get(f"P{number}")
        if projection is not None:
            cameras[number] = _camera(_rows(projection, 4, f"P{number}"), camera_from_lidar, number=number)
    return KittiCalibration(cameras, camera_from_lidar)


def read_poses(raw: bytes, *, calibration: KittiCalibration) -> tuple[Pose, ...]:
    """Read a ``poses.txt``: per line where camera 0 is, 12 numbers. Returns ``world_from_lidar``.

    The world is the lidar's space at the first pose, as SemanticKITTI has it. Raises FormatError, also without ``Tr``.
    """
    camera_from_lidar = calibration.camera_from_lidar
    if camera_from_lidar is None:
        raise FormatError("The poses are those of camera 0, but no calibration leads from the lidar to it.")
    lidar_from_camera = camera_from_lidar.inverse()
    return tuple(
        lidar_from_camera @ _pose(_rows(numbers, 4, f"pose {place}")) @ camera_from_lidar
        for place, numbers in enumerate(_number_rows(raw))
    )


def read_times(raw: bytes) -> tuple[float, ...]:
    """Read a ``times.txt``: seconds, one per line; raises FormatError."""
    rows = _number_rows(raw)
    if any(numbers.size != 1 for numbers in rows):
        raise FormatError("A line of the times holds more than one number.", next_step=_NEXT_STEP)
    return tuple(float(numbers[0]) for numbers in rows)


def _camera_from_lidar(matrices: Mapping[str, Float64]) -> Pose | None:
    name = next((name for name in ("Tr", "Tr_velo_to_cam", "Tr_velo_cam") if name in matrices), None)
    if name is None:
        return None
    rotation = next((matrices[rect] for rect in ("R0_rect", "R_rect") if rect in matrices), np.eye(3).ravel())
    turned = nearest_rotation(_rows(rotation, 3, "R0_rect"), what=_MATRIX, next_step=_NEXT_STEP)
    rectified = Pose(frozen(turned), frozen(np.zeros(3)))
    return rectified @ _pose(_rows(matrices[name], 4, name))


def _camera(projection: Float64, camera_from_lidar: Pose | None, *, number: int) -> KittiCamera:
    """``P`` is K [R | t]: KITTI's cameras only sit ``t`` beside camera 0, other programs turn them too."""
    lens, rotation = _parted(projection[:, :3], number=number)
    intrinsics = Intrinsics(
        CameraModel.BROWN_CONRADY,
        fx=float(lens[0, 0]),
        fy=float(lens[1, 1]),
        cx=float(lens[0, 2]),
        cy=float(lens[1, 2]),
        skew=float(lens[0, 1]),
    )
    if camera_from_lidar is None:
        return KittiCamera(intrinsics, None)
    scale = np.linalg.norm(projection[2, :3])
    beside = Pose(frozen(rotation), frozen(np.linalg.solve(lens * scale, projection[:, 3]).astype(np.float64)))
    return KittiCamera(intrinsics, (beside @ camera_from_lidar).inverse())


def _parted(matrix: Float64, *, number: int) -> tuple[Float64, Float64]:
    """The lens (3, 3), upper triangular with 1 in its corner, and the rotation whose product is a multiple of it."""
    if not np.linalg.det(matrix) > 0:
        raise FormatError(f"P{number} of the calibration is no projection of a camera.", next_step=_NEXT_STEP)
    turned_back, inverse_lens = np.linalg.qr(np.linalg.inv(matrix))
    signs = np.sign(np.diag(inverse_lens))
    lens: Float64 = np.linalg.inv(inverse_lens * signs[:, np.newaxis])
    rotation: Float64 = (turned_back * signs).T
    return lens / lens[2, 2], rotation


def _pose(matrix: Float64) -> Pose:
    return rigid(matrix, what=_MATRIX, next_step=_NEXT_STEP)


def _named_rows(raw: bytes) -> list[tuple[str, Float64]]:
    """Lines of a name and numbers; others, such as dates, are not of interest."""
    found = []
    for line in raw.decode("utf-8-sig", "replace").splitlines():
        name = _NAME.match(line)
        if name:
            found.append((name[1], _numbers(line[name.end() :])))
    return found


def _number_rows(raw: bytes) -> list[Float64]:
    lines = raw.decode("utf-8-sig", "replace").splitlines()
    return [_numbers(line) for line in lines if line.strip()]


def _numbers(text: str) -> Float64:
    try:
        numbers = np.array([float(word) for word in text.split()], np.float64)
    except ValueError:
        numbers = np.array([np.nan])
    if not np.isfinite(numbers).all():
        raise FormatError(f"The line {text!r:.60} does not hold numbers only.", next_step=_NEXT_STEP)
    return numbers


def _rows(numbers: Float64, columns: int, name: str) -> Float64:
    """As a matrix (3, columns)."""
    if numbers.size != 3 * columns:
        message = f"The calibration or pose entry {name} has {numbers.size} numbers instead of {3 * columns}."
        raise FormatError(message, next_step=_NEXT_STEP)
    return numbers.reshape(3, columns)
