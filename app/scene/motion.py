"""How mouse and keys move the camera: the horizon stays level and nothing rolls. Pure functions on CameraPlacement.

Pixels are (x, y) from the upper left corner of a picture of ``size`` (width, height).
"""

import math
from dataclasses import replace

import numpy as np

from app.domain.arrays import Float64
from app.scene.views import CameraPlacement, Vector

STEEPEST = math.radians(89.9)
NEAREST, FARTHEST_OFF = 0.05, 1e7  # metres between the camera and what it turns around
GROUND_REACH = 6.0  # times the focal distance, up to which the ground is what the cursor points at
UPRIGHT: Vector = (0.0, 0.0, 1.0)

Pixel = tuple[float, float]


def orbit(placement: CameraPlacement, *, turn: float, tilt: float, pivot: Vector | None = None) -> CameraPlacement:
    """Turn around the vertical through ``pivot`` and tilt, both in radians; positive tilt looks from higher.

    The pivot, by default the focal point, stays where it is in the picture; a horizon that was not level becomes so.
    """
    heading, pitch = _angles(placement)
    new_pitch = float(np.clip(pitch + tilt, -STEEPEST, STEEPEST))
    around = np.array(placement.focal_point if pivot is None else pivot)
    rotation = _level(heading - turn, new_pitch).T @ (placement.axes * [[1], [1], [-1]])
    position, focal = (around + rotation @ (np.array(each) - around) for each in _ends(placement))
    return replace(placement, position=_vector(position), focal_point=_vector(focal), up=UPRIGHT)


def refocused(placement: CameraPlacement, point: Vector) -> CameraPlacement:
    """The same picture with the focal point at the depth of ``point``, where that is ahead of the camera."""
    forward = placement.axes[2]
    depth = float(forward @ (np.array(point) - np.array(placement.position)))
    if not NEAREST <= depth <= FARTHEST_OFF:
        return placement
    return replace(placement, focal_point=_vector(np.array(placement.position) + forward * depth))


def centred(placement: CameraPlacement, point: Vector) -> CameraPlacement:
    """Move along the picture until ``point`` is in its middle, at the size that it has."""
    placement = refocused(placement, point)
    return _moved(placement, np.array(point) - np.array(placement.focal_point))


def drag(placement: CameraPlacement, *, grabbed: Vector, to: Pixel, size: Pixel) -> CameraPlacement:
    """Move along the picture until the grabbed point is at a pixel."""
    depth = float(placement.axes[2] @ (np.array(grabbed) - np.array(placement.position)))
    return _moved(placement, np.array(grabbed) - np.array(_at_depth(placement, to, size, depth)))


def pan(placement: CameraPlacement, *, right: float, up: float) -> CameraPlacement:
    """Move what is at the focal point along the picture by (right, up) in units of half the picture's height."""
    across, upward, _ = placement.axes
    return _moved(placement, -(across * right + upward * up) * placement.half_height_at(placement.distance))


def zoom(placement: CameraPlacement, *, factor: float, towards: Vector | None = None) -> CameraPlacement:
    """Come closer (factor over 1) or go away; the point ``towards``, by default the focal point, stays where it is in
    the picture, and the camera never reaches it."""
    if towards is not None:
        placement = refocused(placement, towards)
    factor = placement.distance / float(np.clip(placement.distance / factor, NEAREST, FARTHEST_OFF))
    fixed = np.array(placement.focal_point if towards is None else towards)
    position, focal = (fixed + (np.array(each) - fixed) / factor for each in _ends(placement))
    return replace(
        placement,
        position=_vector(position),
        focal_point=_vector(focal),
        half_height=placement.half_height / factor,
    )


def with_projection(placement: CameraPlacement, *, parallel: bool) -> CameraPlacement:
    """With or without perspective; what is at the focal point keeps its size."""
    if parallel == bool(placement.half_height):
        return placement
    if parallel:
        return replace(placement, half_height=placement.half_height_at(placement.distance))
    distance = placement.half_height / math.tan(math.radians(placement.view_angle / 2))
    position = np.array(placement.focal_point) - placement.axes[2] * distance
    return replace(placement, position=_vector(position), half_height=0.0)


def under_cursor(placement: CameraPlacement, at: Pixel, size: Pixel, *, ground: float) -> Vector:
    """What a pixel points at where no point of the cloud is: the ground at height z = ``ground`` if it is not far, else
    the depth of the focal point."""
    origin, direction = placement.ray(at, size)
    if abs(direction[2]) > 1e-6:
        along = (ground - origin[2]) / direction[2]
        if 0 < along < GROUND_REACH * placement.distance:
            return _vector(origin + along * direction)
    return _at_depth(placement, at, size, placement.distance)


def _at_depth(placement: CameraPlacement, at: Pixel, size: Pixel, depth: float) -> Vector:
    origin, direction = placement.ray(at, size)
    return _vector(origin + direction * depth / float(direction @ placement.axes[2]))


def _ends(placement: CameraPlacement) -> tuple[Vector, Vector]:
    return placement.position, placement.focal_point


def _moved(placement: CameraPlacement, shift: Float64) -> CameraPlacement:
    position, focal = (np.array(each) + shift for each in _ends(placement))
    return replace(placement, position=_vector(position), focal_point=_vector(focal))


def _angles(placement: CameraPlacement) -> tuple[float, float]:
    """Heading and pitch of the direction from the focal point to the camera; straight down, ``up`` gives heading."""
    outward = (np.array(placement.position) - np.array(placement.focal_point)) / placement.distance
    if math.hypot(outward[0], outward[1]) < 1e-4:
        return math.atan2(-placement.up[1], -placement.up[0]), math.copysign(STEEPEST, outward[2])
    return math.atan2(outward[1], outward[0]), math.asin(float(np.clip(outward[2], -1, 1)))


def _level(heading: float, pitch: float) -> Float64:
    """(3, 3) axes of a camera that does not roll, looking from this direction: rows to the right, up and outward."""
    outward = [math.cos(pitch) * math.cos(heading), math.cos(pitch) * math.sin(heading), math.sin(pitch)]
    right = [-math.sin(heading), math.cos(heading), 0.0]
    return np.array([right, np.cross(outward, right), outward])


def _vector(array: Float64) -> Vector:
    x, y, z = array.tolist()
    return x, y, z
