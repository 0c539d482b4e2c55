"""Cameras: where a point of space falls in a picture."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.arrays import Bool, Float64


class CameraModel(StrEnum):
    """Lens models the annotation service names."""

    BROWN_CONRADY = "brown_conrady"
    FISHEYE = "fisheye"


@dataclass(frozen=True)
class Intrinsics:
    """Focal lengths, principal point and distortion; lengths in pixels of the camera image.

    ``distortion`` holds (k1, k2, p1, p2, k3, k4, k5, k6) for Brown-Conrady, OpenCV's order with its rational
    part, and (k1, k2, k3, k4) for fisheye; coefficients that a document lacks are 0.
    """

    model: CameraModel
    fx: float
    fy: float
    cx: float
    cy: float
    skew: float = 0.0
    distortion: tuple[float, ...] = ()


@dataclass(frozen=True)
class Camera:
    """One camera of a job; ``intrinsics`` is None where the document gives none."""

    name: str
    sensor_id: str
    intrinsics: Intrinsics | None


NEAR = 0.5  # metres: nearer points sit on the car itself and are not counted as seen


def project(xyz_in_camera: Float64, intrinsics: Intrinsics) -> tuple[Float64, Bool]:
    """Project (N, 3) metres in optical axes (x right, y down, z forward).

    Returns (N, 2) float64 pixels and (N,) bool: in front by more than NEAR, finite and inside the radius where
    the distortion polynomial is still monotonic. Rows that are False have undefined pixels.
    """
    raise NotImplementedError
