"""How many frames around the shown one are drawn with it, and the cloud that they make together."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.cloud_space import CloudSpace
from app.domain.ego_poses import EgoPoses, ego_poses
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob, ShownFrame
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob
from app.scene.following import space_of
from app.scene.frame_stack import FARTHEST, MOST_POINTS, FrameStack, StackPlan, plan_stack, stack_frames, why_alone

STACKING = "stack"  # key of the work done here
NO_JOB = "Open a job first."


class Neighbours(QObject):
    """Follows the shown frame; what is drawn is the single frame until the others are there."""

    changed = Signal()  # what is asked for, or why it is not possible
    stack_changed = Signal()  # the cloud of several frames is there, or no longer holds

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._frames = frames
        self._job: LocalJob | None = None
        self._poses = EgoPoses()
        self._reach = 0
        self._with_motion = False
        self._stack: FrameStack | None = None
        # after the loader: what it has begun to decode ahead is waited for instead of being decoded twice
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._start)
        self._stacking: StackPlan | None = None  # what is being put together
        self._held: dict[int, ShownFrame] = {}  # of the stack in the making: the loader may let them go
        frames.shown_changed.connect(self._on_shown)
        frames.decoded.connect(self._on_decoded)
        frames.availability_changed.connect(self._on_available)

    def open(self, opened: OpenedJob) -> None:
        """Another job, whose frames are shown one at a time."""
        self._reach = 0
        self._forget()
        self._job, self._poses = opened.job, ego_poses(opened.job.sequence)
        self.changed.emit()

    @property
    def poses(self) -> EgoPoses:
        """Where the ego is at each frame of the job, and in which space points are: where the cameras do not tell, the
        points of the shown frame do."""
        space = None if self._job is None else self._job.rig.space
        return replace(self._poses, space=space or space_of_points(self._frames.shown))

    @property
    def reach(self) -> int:
        """Frames before and after the shown one that are drawn with it."""
        return self._reach

    @property
    def with_motion(self) -> bool:
        """Whether instances of other frames are moved to where their track is in the shown one."""
        return self._with_motion

    @property
    def stack(self) -> FrameStack | None:
        """What to draw in place of the shown frame; None while that is drawn alone."""
        return self._stack

    @property
    def drawn(self) -> ShownFrame | None:
        """What is drawn: several frames as one, else the shown frame; None without one."""
        shown = self._frames.shown
        if self._stack is None or shown is None:
            return shown
        return replace(shown, frame=self._stack.frame, prepared=self._stack.prepared)

    @property
    def reason(self) -> str:
        """Why no frames can be placed around the shown one; empty where they can."""
        if self._job is None:
            return NO_JOB
        shown = self._frames.shown
        return why_alone(self._poses, at=None if shown is None else shown.index)

    def set_reach(self, reach: int) -> None:
        """Draw so many frames either way, up to FARTHEST; 0 draws the shown one alone."""
        reach = max(0, min(reach, FARTHEST)) if not self.reason else 0
        if reach != self._reach:
            self._reach = reach
            self._restart()

    def widen(self, frames: int) -> None:
        """Draw more frames, or fewer."""
        self.set_reach(self._reach + frames)

    def set_with_motion(self, with_motion: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Move instances along their tracks, or leave them where they were measured."""
        if with_motion != self._with_motion:
            self._with_motion = with_motion
            self._restart()

    def reread(self) -> None:
        """The cameras may tell another space of the points now."""
        self._restart()

    def _restart(self) -> None:
        had = self._stack
        self._forget()
        self.changed.emit()
        if had is not None:
            self.stack_changed.emit()
        self._start()

    def _forget(self) -> None:
        self._runner.cancel_key(STACKING)
        self._stack, self._stacking, self._held = None, None, {}

    def _on_shown(self) -> None:
        """This fact comes here first, before anybody draws the new frame."""
        self._forget()
        self.changed.emit()
        self._soon.start()

    def _plan(self) -> StackPlan | None:
        shown = self._frames.shown
        if self._reach == 0 or shown is None or self.reason:
            return None
        return plan_stack(
            self.poses,
            at=shown.index,
            reach=self._reach,
            with_motion=self._with_motion,
            readable=self._frames.is_readable,
        )

    def _start(self) -> None:
        """Decode the next frame that is lacking, and put all together when none is."""
        plan = self._plan()
        if plan is None or self._stack is not None or self._stacking == plan:
            return
        lacking = self._gather(plan)
        if lacking is None:
            self._put_together(plan)
        else:
            self._frames.fetch(lacking)  # nothing where it is being decoded

    def _gather(self, plan: StackPlan) -> int | None:
        """Hold the frames of a plan that are decoded, the nearest first, while there is room; the first that is not."""
        points = 0
        for index in (plan.at, *plan.others):
            shown = self._held.get(index) or self._frames.kept_at(index)
            if shown is None and self._frames.is_readable(index):
                return index
            if shown is None:
                continue
            points += 0 if shown.frame.cloud is None else len(shown.frame.cloud)
            if points > MOST_POINTS and index != plan.at:
                return None
            self._held[index] = shown
        return None

    def _on_decoded(self, shown: ShownFrame) -> None:
        plan = self._plan()
        if plan is not None and self._stack is None and shown.index in plan.others:
            self._held[shown.index] = shown
        self._soon.start()

    def _on_available(self) -> None:
        """A frame that was not here came."""
        if self._stack is not None and self._stack.plan != self._plan():
            self._restart()

    def _put_together(self, plan: StackPlan) -> None:
        self._stacking, poses = plan, self.poses
        frames = tuple(self._held[index].frame for index in (plan.at, *plan.others) if index in self._held)
        self._runner.run(
            lambda _progress: stack_frames(plan, poses, frames),
            title="Placing frames together",
            key=STACKING,
            quiet=True,
            on_success=self._on_stacked,
        )

    def _on_stacked(self, stack: FrameStack | None) -> None:
        self._stacking, self._held = None, {}
        if stack is not None and stack.plan == self._plan():
            self._stack = stack
            self.stack_changed.emit()


def space_of_points(shown: ShownFrame | None) -> CloudSpace:
    """The space that the points of a frame are in, as far as they tell."""
    if shown is None or shown.prepared is None:
        return CloudSpace.EGO
    return space_of(shown.frame, shown.prepared.spread)
