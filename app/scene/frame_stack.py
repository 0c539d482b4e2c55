"""Several frames made ready to be drawn as one cloud; on a worker thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.domain.accumulation import Accumulated, PlacedFrame, accumulate
from app.domain.ego_poses import EgoPoses
from app.domain.finding import counted
from app.domain.sequence import Frame
from app.scene.frame_rows import split_rows
from app.scene.prepared import PreparedCloud, prepare_cloud

FARTHEST = 10  # frames either way
MOST_POINTS = 20_000_000  # of a stack: some 24 bytes each while it is made, beside the frames themselves
ONE_FRAME = "This job has one frame only."
NO_POSES = "The result gives no ego poses, so frames cannot be placed beside each other. Ask the vendor for them."
NO_POSE_HERE = "This frame has no ego pose, so no other can be placed around it."


@dataclass(frozen=True)
class StackPlan:
    """Which frames around ``at`` are wanted, the nearest first, and which of them are left out without a pose.

    ``still``: all poses of the job are the same, so that nothing is really moved.
    """

    at: int
    others: tuple[int, ...]
    without_pose: tuple[int, ...]
    not_here: int
    with_motion: bool
    still: bool = False


@dataclass(frozen=True)
class FrameStack:
    """The frames of a plan as one cloud; ``prepared`` has a second half of rows for other frames than the shown one.

    ``frames`` counts those that are drawn, ``without_cloud`` and ``too_many`` those left out because they have none or
    no more points fit.
    """

    plan: StackPlan
    shown: Frame
    accumulated: Accumulated
    prepared: PreparedCloud
    frames: int
    without_cloud: int = 0
    too_many: int = 0

    @cached_property
    def frame(self) -> Frame:
        """All of it as one frame in the space of the shown one."""
        record = replace(self.shown.record, legend=self.accumulated.legend)
        return Frame(self.plan.at, record, self.accumulated.cloud, self.accumulated.mask)

    @property
    def sentence(self) -> str:
        """How many frames are drawn, and why others are not."""
        lacking = (
            (len(self.plan.without_pose), "without pose left out"),
            (self.plan.not_here, "not on this machine"),
            (self.without_cloud, "without points left out"),
            (self.too_many, "left out for memory"),
        )
        told = [counted(self.frames, "frame"), *(f"{number} {why}" for number, why in lacking if number)]
        return ", ".join([*told, *(["all with the same ego pose"] if self.plan.still else [])])


def why_alone(poses: EgoPoses, *, at: int | None) -> str:
    """Why no frames can be placed around one, or around any while ``at`` is None; empty where they can."""
    if len(poses.world_from_ego) < 2:
        return ONE_FRAME
    if len(poses.known) < 2:
        return NO_POSES
    return NO_POSE_HERE if at is not None and at not in poses.known else ""


def plan_stack(
    poses: EgoPoses, *, at: int, reach: int, with_motion: bool, readable: Callable[[int], bool]
) -> StackPlan:
    """The frames up to ``reach`` away from one, alternately after and before it; ``readable`` says which are here."""
    count = len(poses.world_from_ego)
    around = [at + side * step for step in range(1, reach + 1) for side in (1, -1)]
    inside = [index for index in around if 0 <= index < count]
    without_pose = tuple(index for index in inside if poses.placing(index, at=at) is None)
    placed = [index for index in inside if index not in without_pose]
    here = tuple(index for index in placed if readable(index))
    return StackPlan(at, here, without_pose, len(placed) - len(here), with_motion, poses.still)


def stack_frames(plan: StackPlan, poses: EgoPoses, frames: Sequence[Frame]) -> FrameStack | None:
    """Put decoded frames of a plan together, the shown one first; None where that has no cloud.

    Frames of the plan that are not given are those for which there was no room.
    """
    placed = [part for frame in frames for part in _placed(frame, plan, poses)]
    if not placed or placed[0].frame.index != plan.at:
        return None
    fitting = _fitting(placed)
    accumulated = accumulate(fitting[0], fitting[1:], with_motion=plan.with_motion)
    prepared = prepare_cloud(accumulated.cloud, accumulated.mask)
    return FrameStack(
        plan=plan,
        shown=placed[0].frame,
        accumulated=accumulated,
        prepared=split_rows(prepared, other=accumulated.frame_of_point != 0),
        frames=len(fitting),
        without_cloud=len(frames) - len(placed),
        too_many=1 + len(plan.others) - len(frames) + len(placed) - len(fitting),
    )


def _placed(frame: Frame, plan: StackPlan, poses: EgoPoses) -> Sequence[PlacedFrame]:
    pose = poses.placing(frame.index, at=plan.at)
    return () if frame.cloud is None or pose is None else (PlacedFrame(frame, frame.cloud, pose),)


def _fitting(placed: Sequence[PlacedFrame]) -> list[PlacedFrame]:
    """The shown frame, and the nearest others while no more than MOST_POINTS come together."""
    total, fitting = len(placed[0].cloud), [placed[0]]
    for part in placed[1:]:
        total += len(part.cloud)
        if total > MOST_POINTS:
            break
        fitting.append(part)
    return fitting
