"""Where the ego is at each frame of a recording, and how the points of one frame come into the space of another."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, Integers, frozen
from app.domain.cloud_space import CloudSpace
from app.domain.geometry import Pose
from app.domain.sequence import Sequence


@dataclass(frozen=True)
class EgoPoses:
    """``world_from_ego`` of every frame, None where a frame has none, and the space of the clouds.

    The lidar is taken to be the ego: the documents do not say where on the ego it sits.
    """

    world_from_ego: tuple[Pose | None, ...] = ()
    space: CloudSpace = CloudSpace.EGO

    @property
    def known(self) -> tuple[int, ...]:
        """The frames that have a pose, in play order."""
        return tuple(index for index, pose in enumerate(self.world_from_ego) if pose is not None)

    @property
    def still(self) -> bool:
        """Whether there are several poses and all are the same to the last digit."""
        poses = [pose for pose in self.world_from_ego if pose is not None]
        return len(poses) > 1 and all(same_pose(pose, poses[0]) for pose in poses)

    def world_from_cloud(self, index: int) -> Pose | None:
        """From the points of a frame to the world; None for a frame without a pose."""
        pose = self.world_from_ego[index] if 0 <= index < len(self.world_from_ego) else None
        return Pose.identity() if pose is not None and self.space is CloudSpace.WORLD else pose

    def placing(self, index: int, *, at: int) -> Pose | None:
        """From the points of frame ``index`` into the space of those of frame ``at``; None where a pose is missing."""
        world_from_cloud, world_from_shown = self.world_from_cloud(index), self.world_from_cloud(at)
        if world_from_cloud is None or world_from_shown is None:
            return None
        return world_from_shown.inverse() @ world_from_cloud

    def path(self, *, at: int) -> "EgoPath | None":
        """The ego's way in the space of the points of frame ``at``; None where that frame has no pose."""
        world_from_shown = self.world_from_cloud(at)
        if world_from_shown is None:
            return None
        positions = [pose.position for pose in self.world_from_ego if pose is not None]
        xyz = world_from_shown.inverse().apply(np.array(positions))
        return EgoPath(frozen(xyz), frozen(np.array(self.known, dtype=np.int64)), at)


@dataclass(frozen=True)
class EgoPath:
    """Positions of the ego: ``xyz`` (P, 3) float64 metres in lidar space, ``frames`` (P,) int64 the frame of each.

    ``at`` is the frame in whose space they are.
    """

    xyz: Float64
    frames: Integers
    at: int


def ego_poses(sequence: Sequence, *, space: CloudSpace = CloudSpace.EGO) -> EgoPoses:
    """The poses of a job; one that is not finite counts as missing."""
    poses = (frame.world_from_ego for frame in sequence.frames)
    return EgoPoses(tuple(pose if pose is not None and pose.finite else None for pose in poses), space)


def same_pose(one: Pose, other: Pose) -> bool:
    """Whether two poses are the same to the last digit."""
    return bool((one.position == other.position).all() and (one.rotation == other.rotation).all())
