"""What the pose of a camera means: documents do not say in which direction it goes, nor between which axes."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.domain.arrays import frozen
from app.domain.geometry import Pose


class PoseDirection(StrEnum):
    """Whether a pose takes what the camera sees to the points' space, or the other way."""

    POSE = "pose"
    INVERSE = "inverse"


class CameraAxes(StrEnum):
    """The axes of the camera that its pose turns: optical (x right, y down, z forward), or those of a body (x forward,
    y left, z up)."""

    OPTICAL = "optical"
    BODY = "body"


class PoseSpace(StrEnum):
    """The space that poses are given in: that of the points, the ego's while points are in the world, or the world's
    while points are in the ego's."""

    POINTS = "points"
    EGO = "ego"
    WORLD = "world"


_SPACES = {PoseSpace.POINTS: "points", PoseSpace.EGO: "vehicle", PoseSpace.WORLD: "world"}
_BODY_FROM_OPTICAL = Pose(frozen(np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])), frozen(np.zeros(3)))


@dataclass(frozen=True)
class PoseConvention:
    """How the camera poses of a job are read; by default as the service's examples suggest."""

    direction: PoseDirection = PoseDirection.POSE
    axes: CameraAxes = CameraAxes.OPTICAL
    space: PoseSpace = PoseSpace.POINTS

    @property
    def words(self) -> str:
        """For people, as "camera to points, optical axes"."""
        space = _SPACES[self.space]
        way = f"camera to {space}" if self.direction is PoseDirection.POSE else f"{space} to camera"
        return f"{way}, {self.axes.value} axes"


DOCUMENTED = PoseConvention()


def lidar_from_camera(pose: Pose, convention: PoseConvention, *, world_from_ego: Pose | None = None) -> Pose | None:
    """A document's pose as the transform from optical axes to the space of the points.

    None where the convention needs the pose of the ego, which the frame lacks.
    """
    space_from_camera = pose if convention.direction is PoseDirection.POSE else pose.inverse()
    if convention.axes is CameraAxes.BODY:
        space_from_camera = space_from_camera @ _BODY_FROM_OPTICAL
    if convention.space is PoseSpace.POINTS:
        return space_from_camera
    if world_from_ego is None:
        return None
    to_points = world_from_ego if convention.space is PoseSpace.EGO else world_from_ego.inverse()
    return to_points @ space_from_camera
