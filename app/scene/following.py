"""Keeping the camera with something while the frames go by. Pure functions on CameraPlacement."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from app.domain.arrays import Float64
from app.domain.cloud_space import CloudSpace, is_in_world
from app.domain.geometry import Pose
from app.domain.sequence import Frame
from app.scene.prepared import Spread
from app.scene.views import CameraPlacement, Vector, reach_of


class Hold(StrEnum):
    """What the camera keeps its distance to."""

    EGO = "ego"
    PLACE = "place"  # of the street
    THING = "thing"


@dataclass(frozen=True)
class Moment:
    """What a frame says about where its points are: the cloud's ``origin`` (3,) in source coordinates, metres."""

    origin: Float64
    world_from_ego: Pose | None
    in_world: bool


def moment_of(frame: Frame, spread: Spread) -> Moment:
    """The moment of a frame with these points."""
    origin = frame.cloud.origin if frame.cloud is not None else np.zeros(3)
    pose = frame.record.world_from_ego
    middle = (spread.low + spread.high) / 2 + origin
    return Moment(origin, pose, is_in_world(middle, reach=reach_of(spread), world_from_ego=pose))


def space_of(frame: Frame, spread: Spread) -> CloudSpace:
    """The space that the points of a frame are in, as far as they tell."""
    return CloudSpace.WORLD if moment_of(frame, spread).in_world else CloudSpace.EGO


def carried(placement: CameraPlacement, before: Moment, after: Moment, *, hold: Hold) -> CameraPlacement:
    """The placement at another frame, in that one's cloud coordinates, still at the same place beside the ego or in the
    street. Frames without ego poses, and those told from different spaces, do not move it."""
    motion = _motion(before, after, hold)
    if motion is None and (before.origin == after.origin).all():
        return placement
    return moved(placement, _shift(-after.origin) @ (motion or Pose.identity()) @ _shift(before.origin))


def shifted(placement: CameraPlacement, by: Float64) -> CameraPlacement:
    """The placement moved by (3,) metres."""
    return moved(placement, _shift(by))


def moved(placement: CameraPlacement, pose: Pose) -> CameraPlacement:
    """The placement taken along with a rigid motion."""
    position, focal = pose.apply(np.array([placement.position, placement.focal_point]))
    up = pose.rotation @ np.array(placement.up)
    return replace(placement, position=_vector(position), focal_point=_vector(focal), up=_vector(up))


def _motion(before: Moment, after: Moment, hold: Hold) -> Pose | None:
    """How a fixed thing moves in source coordinates; None where it does not."""
    if before.world_from_ego is None or after.world_from_ego is None or before.in_world != after.in_world:
        return None
    if before.in_world and hold is Hold.EGO:
        return after.world_from_ego @ before.world_from_ego.inverse()
    if not before.in_world and hold is Hold.PLACE:
        return after.world_from_ego.inverse() @ before.world_from_ego
    return None


def _shift(by: Float64) -> Pose:
    return Pose(np.eye(3), by)


def _vector(array: Float64) -> Vector:
    x, y, z = array.tolist()
    return x, y, z
