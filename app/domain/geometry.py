"""Rigid transforms between spaces, named ``to_from_from``: ``world_from_ego @ ego_from_lidar``."""

import math
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, frozen


@dataclass(frozen=True)
class Pose:
    """A rigid transform: ``x_to = rotation @ x_from + position`` (metres)."""

    rotation: Float64  # (3, 3), orthonormal, read-only
    position: Float64  # (3,), metres, read-only

    @staticmethod
    def identity() -> "Pose":
        """The transform that changes nothing."""
        return Pose(frozen(np.eye(3)), frozen(np.zeros(3)))

    @staticmethod
    def from_quaternion(position: tuple[float, float, float], *, w: float, x: float, y: float, z: float) -> "Pose":
        """Build from a scalar-first quaternion of any length but zero; raises ValueError for zero or non-finite."""
        quaternion = np.array([w, x, y, z], dtype=np.float64)
        largest = float(np.abs(quaternion).max())
        if not np.isfinite(largest) or largest == 0.0 or not np.isfinite(position).all():
            raise ValueError("a heading must be a quaternion of finite, non-zero length")
        quaternion /= largest  # squares of very large or very small parts would leave the range of a double
        w, x, y, z = (quaternion / np.linalg.norm(quaternion)).tolist()
        rotation = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )
        return Pose(frozen(rotation), frozen(np.array(position, dtype=np.float64)))

    @property
    def finite(self) -> bool:
        """Whether all its numbers are."""
        return bool(np.isfinite(self.position).all() and np.isfinite(self.rotation).all())

    def inverse(self) -> "Pose":
        """The transform back."""
        back = self.rotation.T.copy()
        return Pose(frozen(back), frozen(-back @ self.position))

    def __matmul__(self, other: "Pose") -> "Pose":
        """``a_from_b @ b_from_c`` is ``a_from_c``."""
        return Pose(frozen(self.rotation @ other.rotation), frozen(self.rotation @ other.position + self.position))

    def apply(self, xyz: Float64) -> Float64:
        """Move points: (N, 3) in the ``from`` space to (N, 3) float64 in the ``to`` space."""
        moved: Float64 = np.asarray(xyz, dtype=np.float64) @ self.rotation.T
        moved += self.position
        return moved


def rotation_angle(rotation: Float64) -> float:
    """Radians from 0 to pi that a rotation (3, 3) turns by: its trace is 1 + 2 cos(angle)."""
    cosine = (float(np.trace(rotation)) - 1) / 2
    return math.acos(max(-1.0, min(1.0, cosine)))
