"""A clip box that is taken by its handles: one in the middle of each face, one in the centre, one that turns it.

Pure numbers in cloud coordinates, metres and radians; the mouse is a ray.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from app.domain.arrays import Float64
from app.domain.cuts import CutBox
from app.scene.prepared import FARTHEST
from app.scene.views import Vector

THINNEST = 0.05  # metres, half an extent that a box can be pushed to
TURNER_OUT = 1.25  # of the half length before the centre, where the handle that turns is
PARALLEL = 1e-3  # sine of the angle under which a ray tells nothing about a place along an axis


class Handle(StrEnum):
    """What is held."""

    FRONT = "front"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    CENTRE = "centre"
    TURN = "turn"


_FACES: dict[Handle, tuple[int, int]] = {
    Handle.FRONT: (0, 1),
    Handle.BACK: (0, -1),
    Handle.LEFT: (1, 1),
    Handle.RIGHT: (1, -1),
    Handle.TOP: (2, 1),
    Handle.BOTTOM: (2, -1),
}
EDGES = tuple(
    (a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b).bit_count() == 1
)  # pairs of corners, whose bits say which end of x, y and z they are at


@dataclass(frozen=True)
class Ray:
    """What lies under a pixel: ``origin`` and unit ``direction``, (3,) float64 each."""

    origin: Float64
    direction: Float64


def corners(box: CutBox) -> Float64:
    """(8, 3); bit 0 of the index says which end of the box's length, bit 1 of its width, bit 2 of its height."""
    ends = np.array([[1 if index >> axis & 1 else -1 for axis in range(3)] for index in range(8)], dtype=np.float64)
    return np.array(box.centre) + (ends * box.half) @ axes(box)


def axes(box: CutBox) -> Float64:
    """(3, 3), rows are the unit vectors along length, width and height."""
    cosine, sine = math.cos(box.yaw), math.sin(box.yaw)
    return np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def handle_places(box: CutBox) -> dict[Handle, Vector]:
    """Where each handle is."""
    centre, along = np.array(box.centre), axes(box)
    places = {face: centre + along[axis] * end * box.half[axis] for face, (axis, end) in _FACES.items()}
    places[Handle.CENTRE] = centre
    places[Handle.TURN] = centre + along[0] * box.half[0] * TURNER_OUT
    return {handle: _vector(place) for handle, place in places.items()}


def dragged(box: CutBox, handle: Handle, *, held: Ray, now: Ray) -> CutBox:
    """The box after its handle was pulled from one ray to another; unchanged where a ray tells nothing."""
    if handle is Handle.CENTRE:
        return _moved(box, held, now)
    if handle is Handle.TURN:
        return _turned(box, now)
    axis, end = _FACES[handle]
    direction = axes(box)[axis]
    before, after = (_along(box, direction, ray) for ray in (held, now))
    if before is None or after is None:
        return box
    pushed = min(max((after - before) * end, 2 * (THINNEST - box.half[axis])), 2 * FARTHEST)
    half = list(box.half)
    half[axis] += pushed / 2
    centre = np.array(box.centre) + direction * end * pushed / 2
    return replace(box, centre=_vector(centre), half=(half[0], half[1], half[2]))


def _along(box: CutBox, direction: Float64, ray: Ray) -> float | None:
    """Where on the line through the centre the ray passes nearest, metres from the centre; None side on."""
    across = np.cross(direction, ray.direction)
    sine_squared = float(across @ across)
    if sine_squared < PARALLEL**2:
        return None
    offset = ray.origin - np.array(box.centre)
    return float(np.cross(offset, ray.direction) @ across) / sine_squared


def _moved(box: CutBox, held: Ray, now: Ray) -> CutBox:
    """Level, as a thing on the floor is moved; seen from the side, upwards and along the picture."""
    normal = np.array([0.0, 0.0, 1.0])
    if abs(now.direction[2]) < 0.2:  # the floor is seen too flat to be moved on
        level = np.array([now.direction[0], now.direction[1], 0.0])
        normal = level / np.linalg.norm(level)
    before, after = (_on_plane(ray, np.array(box.centre), normal) for ray in (held, now))
    if before is None or after is None:
        return box
    return replace(box, centre=_vector(np.clip(np.array(box.centre) + after - before, -FARTHEST, FARTHEST)))


def _turned(box: CutBox, now: Ray) -> CutBox:
    at = _on_plane(now, np.array(box.centre), np.array([0.0, 0.0, 1.0]))
    if at is None or math.hypot(at[0] - box.centre[0], at[1] - box.centre[1]) < THINNEST:
        return box
    return replace(box, yaw=math.atan2(at[1] - box.centre[1], at[0] - box.centre[0]))


def _on_plane(ray: Ray, point: Float64, normal: Float64) -> Float64 | None:
    slope = float(ray.direction @ normal)
    if abs(slope) < PARALLEL:
        return None
    distance = float((point - ray.origin) @ normal) / slope
    at: Float64 = ray.origin + distance * ray.direction
    return at if np.isfinite(at).all() else None


def _vector(array: Float64) -> Vector:
    x, y, z = array.tolist()
    return x, y, z
