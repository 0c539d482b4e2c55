"""Whether the ego poses of a job can be those of a vehicle.

==============  ========  ===================================================================
rule            severity  meaning
==============  ========  ===================================================================
``pose.jump``   warning   the pose of a frame does not follow from those around it
``pose.still``  info      every frame has the same pose
==============  ========  ===================================================================
"""

from app.domain.ego_poses import ego_poses
from app.domain.finding import Finding, Severity, counted
from app.domain.pose_jumps import JumpKind, PoseJump, pose_jumps
from app.domain.sequence import Sequence

NEXT_STEP = "Look at this frame together with its neighbours, and ask the vendor for its right pose."
STILL = (
    "All {frames} have the same ego pose: the vehicle stood still, or its poses are stand-ins. "
    "Frames shown together lie right only where it stood still."
)


def check_poses(sequence: Sequence) -> tuple[Finding, ...]:
    """Frames whose pose leaps, and a job in which no pose differs; nothing is decoded for it."""
    poses = ego_poses(sequence)
    if poses.still:
        message = STILL.format(frames=counted(len(poses.known), "frame"))
        return (Finding("pose.still", Severity.INFO, message),)
    jumps = pose_jumps([frame.world_from_ego for frame in sequence.frames])
    return tuple(_finding(jump, sequence) for jump in jumps)


def _finding(jump: PoseJump, sequence: Sequence) -> Finding:
    frame_id = sequence.frames[jump.frame].frame_id
    return Finding("pose.jump", Severity.WARNING, f"{_sentence(jump)} {NEXT_STEP}", frame_id)


def _sentence(jump: PoseJump) -> str:
    if jump.kind is JumpKind.STEP:
        return f"The ego leaps by {jump.size:,.1f} m to this frame; {jump.usual:,.2f} m are usual around it."
    if jump.kind is JumpKind.TURN:
        return f"The ego turns by {jump.size:.0f}° to this frame; {jump.usual:.1f}° are usual around it."
    if jump.kind is JumpKind.REPEATED:
        return (
            f"The ego pose of this frame repeats the one before, although {jump.usual:,.2f} m a frame are usual here."
        )
    return "The ego pose of this frame holds numbers that are not finite."
