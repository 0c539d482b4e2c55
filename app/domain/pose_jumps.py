"""Ego poses that cannot be those of a vehicle: leaps, sudden turns and poses that stand still while the rest moves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

import numpy as np

from app.domain.ego_poses import same_pose
from app.domain.geometry import Pose, rotation_angle

TIMES_USUAL = 3.0  # no vehicle triples its speed or its turning from one frame of a recording to the next
LEAST_STEP = 1.0  # metres; below it the jitter of a good positioning would be reported
LEAST_TURN = 15.0  # degrees; at the usual ten frames a second a car turns by 5 at most
MOVING_STEP = 0.1  # metres; where this is usual, a pose that does not change at all was written twice
AROUND = 5  # steps on either side that say what is usual: speed changes on the way, a leap does not last


class JumpKind(StrEnum):
    """What is wrong with the pose of a frame."""

    STEP = "step"
    TURN = "turn"
    REPEATED = "repeated"
    NOT_FINITE = "not finite"


@dataclass(frozen=True)
class PoseJump:
    """A frame whose pose leaps: metres (or degrees, for a turn) from the pose before, and what is usual around it."""

    frame: int
    kind: JumpKind
    size: float = 0.0
    usual: float = 0.0


@dataclass(frozen=True)
class _Step:
    """From the pose of one frame to the next known one, as much as falls on a single frame."""

    before: int
    frame: int
    metres: float
    degrees: float
    repeated: bool


def pose_jumps(poses: Sequence[Pose | None]) -> tuple[PoseJump, ...]:
    """The frames whose ``world_from_ego`` does not follow from their neighbours, in play order.

    A single pose that stands aside is one jump, although the ego leaps there and back. Missing poses are stepped over.
    """
    broken = [PoseJump(index, JumpKind.NOT_FINITE) for index, pose in enumerate(poses) if pose and not pose.finite]
    known = [(index, pose) for index, pose in enumerate(poses) if pose is not None and pose.finite]
    steps = [_step(before, after) for before, after in pairwise(known)]
    found: list[PoseJump] = []
    for place in range(len(steps)):
        jump = _jump(steps, place)
        if jump is not None and not _way_back(steps, place, found, poses):
            found.append(jump)
    return tuple(sorted([*broken, *found], key=lambda jump: jump.frame))


def _step(before: tuple[int, Pose], after: tuple[int, Pose]) -> _Step:
    (first, one), (second, other) = before, after
    frames = second - first
    metres = float(np.linalg.norm(other.position - one.position))
    return _Step(first, second, metres / frames, _turn(one, other) / frames, same_pose(one, other))


def _turn(one: Pose, other: Pose) -> float:
    """Degrees between two headings."""
    return math.degrees(rotation_angle(one.rotation.T @ other.rotation))


def _jump(steps: list[_Step], place: int) -> PoseJump | None:
    step = steps[place]
    others = steps[max(0, place - AROUND) : place] + steps[place + 1 : place + 1 + AROUND]
    metres = median([other.metres for other in others]) if others else 0.0
    degrees = median([other.degrees for other in others]) if others else 0.0
    if step.repeated and metres > MOVING_STEP:
        return PoseJump(step.frame, JumpKind.REPEATED, 0.0, metres)
    if others and _leaps(step.metres, usual=metres, least=LEAST_STEP):
        return PoseJump(step.frame, JumpKind.STEP, step.metres, metres)
    if _leaps(step.degrees, usual=degrees, least=LEAST_TURN):
        return PoseJump(step.frame, JumpKind.TURN, step.degrees, degrees)
    return None


def _leaps(size: float, *, usual: float, least: float) -> bool:
    return size > least and size > TIMES_USUAL * usual


def _way_back(steps: list[_Step], place: int, found: list[PoseJump], poses: Sequence[Pose | None]) -> bool:
    """Whether this is only the way back from a single pose that stands aside, reported already."""
    step = steps[place]
    if not found or found[-1].frame != step.before or found[-1].kind is JumpKind.REPEATED:
        return False
    before, after = poses[steps[place - 1].before], poses[step.frame]
    if before is None or after is None:
        return False
    past = _step((steps[place - 1].before, before), (step.frame, after))
    return _jump([*steps[: place - 1], past, *steps[place + 1 :]], place - 1) is None
