"""Where the camera stands for each named view. Pure numbers: x is forward, y left, z up, metres."""

import math
from dataclasses import dataclass, replace

import numpy as np

from app.domain.arrays import Float64
from app.domain.geometry import Pose
from app.domain.picture_lattice import PictureLattice
from app.scene.prepared import FARTHEST, Spread

VIEW_ANGLE = 40.0  # degrees, vertical
WIDE_ANGLE = 60.0  # of a driver's view
CAMERA_FOCUS = 15.0  # metres before a camera of the rig that are turned around after looking through it
EYES, WHEEL_FOCUS = 1.6, 12.0  # metres: eyes over the ground, and what a driver turns around
EGO_REACH = (12.0, 60.0)  # metres around the ego that the first view shows, at least and at most
SMALLEST = 0.5  # metres; half the height of the smallest thing to look at
MARGIN = 1.06

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class CameraPlacement:
    """A camera in cloud coordinates: where it stands, what it turns around, and which way is up.

    ``half_height`` is what a parallel view shows above its centre, in metres; 0 means perspective, and then
    ``view_angle`` is from the picture's lower edge to its upper one, in degrees.
    """

    position: Vector
    focal_point: Vector
    up: Vector
    half_height: float = 0.0
    view_angle: float = VIEW_ANGLE

    @property
    def distance(self) -> float:
        """From the camera to what it turns around, metres."""
        return math.dist(self.position, self.focal_point)

    @property
    def axes(self) -> Float64:
        """(3, 3) float64, rows are the unit vectors right, up and forward of the picture."""
        forward = (np.array(self.focal_point) - np.array(self.position)) / self.distance
        right = np.cross(forward, self.up)
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(right, forward), forward])

    def half_height_at(self, depth: float) -> float:
        """Metres that the upper half of the picture shows at a depth in metres."""
        return self.half_height or depth * math.tan(math.radians(self.view_angle / 2))

    def project(self, xyz: Float64, size: tuple[float, float]) -> tuple[Float64, Float64]:
        """Where points (N, 3) are drawn in a picture of ``size`` (width, height).

        Returns (N, 2) float64 pixels, x to the right and y down from the upper left corner, and (N,) float64 depth,
        metres along the axis of the camera. A point that is not in front of a perspective camera has pixels NaN.
        """
        right, up, depth = self.axes @ (np.asarray(xyz, dtype=np.float64) - self.position).reshape(-1, 3).T
        width, height = size
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead = depth if self.half_height else np.where(depth > 0, depth, np.nan)
            scale = height / 2 / (self.half_height or ahead * self.half_height_at(1.0))
        return np.column_stack([width / 2 + right * scale, height / 2 - up * scale]), depth

    def ray(self, at: tuple[float, float], size: tuple[float, float]) -> tuple[Float64, Float64]:
        """Origin (3,) and unit direction (3,) float64 of what is seen at the pixel ``at``, the inverse of ``project``.

        A perspective ray starts at the camera, a parallel one in the plane of the camera.
        """
        right, up, forward = self.axes
        half = self.half_height_at(1.0)
        across = right * (2 * at[0] - size[0]) / size[1] * half + up * (1 - 2 * at[1] / size[1]) * half
        if self.half_height:
            return np.array(self.position) + across, forward
        direction = forward + across
        return np.array(self.position), direction / np.linalg.norm(direction)


# Directions of looking, and which way is up then.
_LOOKS: dict[str, tuple[Vector, Vector]] = {
    "top": ((0.0, 0.0, -1.0), (1.0, 0.0, 0.0)),
    "front": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "back": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "left": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    "right": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "side": ((0.0, 0.94, -0.34), (0.0, 0.0, 1.0)),
    "ego": ((0.875, 0.0, -0.485), (0.0, 0.0, 1.0)),
    "driver": ((1.0, 0.0, -0.06), (0.0, 0.0, 1.0)),
}
VIEWS = tuple(_LOOKS)
FIRST_VIEW = "ego"
_PARALLEL = {"top", "front", "back", "left", "right"}


def place_camera(view: str, spread: Spread, *, aspect: float = 1.5, heading: float = 0.0) -> CameraPlacement:
    """The camera for one of VIEWS; ``aspect`` is width over height of the picture. Always finite.

    ``heading`` is where the ego's forward points, radians from x towards y.

    ``top`` is from above with forward up, ``front`` from ahead of the ego looking back at it, ``back``, ``left`` and
    ``right`` from the other sides, each without perspective; ``side`` is from its right, a little raised; ``ego``, the
    first view, is from behind and above it, ``driver`` from where its driver sits.
    Raises KeyError for any other name.
    """
    direction, up = (turned(vector, heading) for vector in _LOOKS[view])
    if view == "ego":
        return _behind_the_ego(spread, direction, up) if is_among(spread) else _whole(spread, direction, up, aspect)
    if view == "driver":
        return _at_the_wheel(spread, direction, up)
    centre, half = _box(spread)
    half_height = _half_height(half, np.array(direction), np.array(up), aspect=aspect)
    if view in _PARALLEL:
        away = 2.0 * float(np.linalg.norm(half)) + half_height
        return replace(_placed(centre, direction, up, distance=away), half_height=half_height)
    return _placed(centre, direction, up, distance=half_height / math.tan(math.radians(VIEW_ANGLE / 2)))


def camera_placement(pose: Pose, lattice: PictureLattice, *, aspect: float) -> CameraPlacement:
    """Where a camera of the rig stands; ``pose`` is ``cloud_from_camera`` with optical axes.

    A picture of ``aspect`` (width over height) then holds all that the lens saw within PictureLattice's reach. The axis
    of the lens is in the middle of it, so that points are where the lens put them wherever its principal point is.
    """
    across, down = lattice.reach
    half = max(down, across / max(aspect, 1e-3), 1e-3)
    _, downward, forward = pose.rotation.T
    return CameraPlacement(
        position=_vector(pose.position),
        focal_point=_vector(pose.position + forward * CAMERA_FOCUS),
        up=_vector(-downward),
        view_angle=2 * math.degrees(math.atan(half)),
    )


def reach_of(spread: Spread) -> float:
    """How far the points go from their centre, level, in metres."""
    _, half = _box(spread)
    return math.hypot(half[0], half[1])


def turned(vector: Vector, heading: float) -> Vector:
    """A vector turned around the vertical, counter-clockwise seen from above, by radians."""
    x, y, z = vector
    return x * math.cos(heading) - y * math.sin(heading), x * math.sin(heading) + y * math.cos(heading), z


def is_among(spread: Spread) -> bool:
    """Whether the lidar is where the points are, as it is for a scan but not for a survey."""
    slack = np.maximum(spread.high - spread.low, 1.0)
    return bool(((spread.ego >= spread.low - slack) & (spread.ego <= spread.high + slack)).all())


def _behind_the_ego(spread: Spread, direction: Vector, up: Vector) -> CameraPlacement:
    centre = np.array([spread.ego[0], spread.ego[1], spread.ground])
    reach = float(np.clip(0.55 * reach_of(spread), *EGO_REACH))
    level = np.array([direction[0], direction[1], 0.0])
    return _placed(centre + level * 0.25 * reach, direction, up, distance=1.25 * reach)


def _whole(spread: Spread, direction: Vector, up: Vector, aspect: float) -> CameraPlacement:
    """As near as all eight corners of the points' box allow; for what no ego is in the middle of."""
    centre, half = _box(spread)
    forward = np.array(direction) / np.linalg.norm(direction)
    right = np.cross(forward, up) / np.linalg.norm(np.cross(forward, up))
    corners = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T * half
    sideways = np.maximum(np.abs(corners @ np.cross(right, forward)), np.abs(corners @ right) / max(aspect, 1e-3))
    distance = (sideways / math.tan(math.radians(VIEW_ANGLE / 2)) - corners @ forward).max()
    return _placed(centre, direction, up, distance=float(distance))


def _at_the_wheel(spread: Spread, direction: Vector, up: Vector) -> CameraPlacement:
    """Eyes over the ego; a cloud that is not around its lidar is looked at from its own middle."""
    among = is_among(spread)
    x, y = (spread.ego if among else _box(spread)[0])[:2]
    height = spread.ground + EYES
    eyes = np.array([x, y, max(height, spread.ego[2]) if among else height])
    ahead = eyes + np.array(direction) / np.linalg.norm(direction) * WHEEL_FOCUS
    return replace(_placed(ahead, direction, up, distance=WHEEL_FOCUS), view_angle=WIDE_ANGLE)


def _placed(centre: Float64, direction: Vector, up: Vector, *, distance: float) -> CameraPlacement:
    position = centre - np.array(direction) / np.linalg.norm(direction) * distance
    return CameraPlacement(_vector(position), _vector(centre), up)


def _box(spread: Spread) -> tuple[Float64, Float64]:
    """Centre and half extents (3,), with a smallest size, so that even one point gives a view."""
    centre = (spread.low + spread.high) / 2
    half = np.maximum((spread.high - spread.low) / 2 * MARGIN, SMALLEST)
    return centre.clip(-FARTHEST, FARTHEST), half.clip(SMALLEST, FARTHEST)


def _half_height(half: Float64, direction: Float64, up: Float64, *, aspect: float) -> float:
    """Half the height in metres of a picture that holds the whole box seen along ``direction``."""
    right = np.cross(direction, up)
    true_up = np.cross(right, direction)
    tall, wide = float(np.abs(true_up) @ half), float(np.abs(right) @ half)
    return max(tall, wide / max(aspect, 1e-3), SMALLEST)


def _vector(array: Float64) -> Vector:
    x, y, z = array.tolist()
    return x, y, z
