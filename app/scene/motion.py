"""How the mouse moves the camera: the horizon stays level and nothing rolls. Pure functions on CameraPlacement.

Positions on screen are (right, up) from the centre of the picture in units of half its height, so that they do not
depend on pixels.
"""

import math
from dataclasses import replace

import numpy as np

from app.domain.arrays import Float64
from app.scene.views import CameraPlacement, Vector

STEEPEST = math.radians(89.9)
NEAREST, FARTHEST_OFF = 0.05, 1e7  # metres between the camera and what it turns around

ScreenPosition = tuple[float, float]


def orbit(placement: CameraPlacement, *, turn: float, tilt: float) -> CameraPlacement:
    """Turn around the vertical through the focal point and tilt, both in radians; positive tilt looks from higher."""
    heading, pitch = _angles(placement)
    heading, pitch = heading - turn, float(np.clip(pitch + tilt, -STEEPEST, STEEPEST))
    outward = _outward(heading, pitch)
    position = np.array(placement.focal_point) + outward * placement.distance
    return replace(placement, position=_vector(position), up=(0.0, 0.0, 1.0))


def pan(placement: CameraPlacement, *, right: float, up: float) -> CameraPlacement:
    """Move along the picture so that what is at the focal point follows the mouse by (right, up)."""
    across, upward, _ = placement.axes
    shift = -(across * right + upward * up) * placement.half_height_at(placement.distance)
    return _moved(placement, shift)


def zoom(placement: CameraPlacement, *, factor: float, towards: ScreenPosition = (0.0, 0.0)) -> CameraPlacement:
    """Come closer (factor over 1) or go away; what lies under ``towards`` at the focal depth stays there."""
    distance = placement.distance
    factor = distance / float(np.clip(distance / factor, NEAREST, FARTHEST_OFF))
    across, upward, _ = placement.axes
    shift = (
        (across * towards[0] + upward * towards[1]) * placement.half_height_at(placement.distance) * (1 - 1 / factor)
    )
    focal = np.array(placement.focal_point) + shift
    back = (np.array(placement.position) - np.array(placement.focal_point)) / factor
    return replace(
        placement,
        position=_vector(focal + back),
        focal_point=_vector(focal),
        half_height=placement.half_height / factor,
    )


def _moved(placement: CameraPlacement, shift: Float64) -> CameraPlacement:
    position, focal = np.array(placement.position) + shift, np.array(placement.focal_point) + shift
    return replace(placement, position=_vector(position), focal_point=_vector(focal))


def _angles(placement: CameraPlacement) -> tuple[float, float]:
    """Heading and pitch of the direction from the focal point to the camera; straight down, ``up`` gives heading."""
    outward = (np.array(placement.position) - np.array(placement.focal_point)) / placement.distance
    if math.hypot(outward[0], outward[1]) < 1e-4:
        return math.atan2(-placement.up[1], -placement.up[0]), math.copysign(STEEPEST, outward[2])
    return math.atan2(outward[1], outward[0]), math.asin(float(np.clip(outward[2], -1, 1)))


def _outward(heading: float, pitch: float) -> Float64:
    return np.array([math.cos(pitch) * math.cos(heading), math.cos(pitch) * math.sin(heading), math.sin(pitch)])


def _vector(array: Float64) -> Vector:
    x, y, z = array.tolist()
    return x, y, z
