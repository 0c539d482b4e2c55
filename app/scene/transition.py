"""From one place of the camera to another: what lies between them. Pure functions on CameraPlacement."""

import math
from dataclasses import replace

import numpy as np

from app.domain.arrays import Float64
from app.domain.geometry import rotation_angle
from app.scene.motion import with_projection
from app.scene.views import CameraPlacement


def eased(share: float) -> float:
    """Slow at both ends: 0 to 1 for 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def between(start: CameraPlacement, end: CameraPlacement, share: float) -> CameraPlacement:
    """The placement at a share of the way: direction turned about one axis, distance by its logarithm.

    Exactly ``start`` up to 0 and ``end`` from 1 on. Where only one of them is parallel, the way is in perspective.
    """
    if share <= 0 or share >= 1:
        return start if share <= 0 else end
    if bool(start.half_height) != bool(end.half_height):
        start, end = (with_projection(each, parallel=False) for each in (start, end))
    _, up, forward = _partly_turned(start.axes, end.axes, share)
    focal = np.array(start.focal_point) * (1 - share) + np.array(end.focal_point) * share
    distance = _by_logarithm(start.distance, end.distance, share)
    x, y, z = (focal - forward * distance).tolist()
    return replace(
        end,
        position=(x, y, z),
        focal_point=(float(focal[0]), float(focal[1]), float(focal[2])),
        up=(float(up[0]), float(up[1]), float(up[2])),
        half_height=_by_logarithm(start.half_height, end.half_height, share) if end.half_height else 0.0,
        view_angle=start.view_angle * (1 - share) + end.view_angle * share,
    )


def _by_logarithm(start: float, end: float, share: float) -> float:
    return math.exp(math.log(start) * (1 - share) + math.log(end) * share)


def _partly_turned(start: Float64, end: Float64, share: float) -> Float64:
    """Rows of ``start`` (3, 3) turned by a share of the rotation that leads to ``end``."""
    rotation = end.T @ start
    angle = rotation_angle(rotation)
    axis = _axis(rotation, angle)
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    part = np.eye(3) + math.sin(angle * share) * skew + (1 - math.cos(angle * share)) * skew @ skew  # Rodrigues
    turned: Float64 = start @ part.T
    return turned


def _axis(rotation: Float64, angle: float) -> Float64:
    """Unit axis (3,) of a rotation; any for none, and half a turn has its axis in the symmetric part."""
    if angle > math.pi - 1e-4:
        symmetric = rotation + np.eye(3)
        axis: Float64 = symmetric[:, int(np.argmax(np.diag(symmetric)))]
    else:
        axis = np.array(
            [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
        )
    length = float(np.linalg.norm(axis))
    return axis / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
