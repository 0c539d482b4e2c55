"""How many frames around the shown one are drawn with it, and the cloud that they make together."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.ego_poses import EgoPoses, ego_poses
from app.gui.frame_stack import FrameStack, LoadedStack, StackPlan, load_stack, plan_stack
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob, ShownFrame
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob

FARTHEST = 10  # frames either way
KEY = "neighbours"
NO_JOB = "Open a job first."
ONE_FRAME = "This job has one frame only."
NO_POSES = "The result gives no ego poses, so frames cannot be placed beside each other. Ask the vendor for them."
NO_POSE_HERE = "This frame has no ego pose, so no other can be placed around it."


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
        self._waiting_for: frozenset[int] = frozenset()
        frames.shown_changed.connect(self._on_shown)
        frames.decoded.connect(self._on_decoded)

    def open(self, opened: OpenedJob) -> None:
        """Another job, whose frames are shown one at a time."""
        self._runner.cancel_key(KEY)
        self._job, self._poses = opened.job, ego_poses(opened.job.sequence)
        self._stack, self._reach, self._waiting_for = None, 0, frozenset()
        self.changed.emit()

    @property
    def poses(self) -> EgoPoses:
        """Where the ego is at each frame of the job."""
        return self._poses

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
    def loading(self) -> bool:
        """Whether others are asked for and not there yet."""
        return self._plan() is not None and self._stack is None

    @property
    def reason(self) -> str:
        """Why no frames can be placed around the shown one; empty where they can."""
        if self._job is None:
            return NO_JOB
        if len(self._job.sequence) < 2:
            return ONE_FRAME
        if len(self._poses.known) < 2:
            return NO_POSES
        shown = self._frames.shown
        return NO_POSE_HERE if shown is not None and shown.index not in self._poses.known else ""

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

    def _restart(self) -> None:
        self._drop()
        self.changed.emit()
        self._start()

    def _drop(self) -> None:
        self._runner.cancel_key(KEY)
        had, self._stack = self._stack, None
        if had is not None:
            self.stack_changed.emit()

    def _on_shown(self) -> None:
        self._runner.cancel_key(KEY)
        self._stack = None  # before anybody draws the new frame: this fact comes here first
        self.changed.emit()
        # later: what is decoded ahead has begun by then, and is waited for instead of being decoded twice
        QTimer.singleShot(0, self, self._start)

    def _plan(self) -> StackPlan | None:
        shown = self._frames.shown
        if self._reach == 0 or shown is None or self.reason:
            return None
        return plan_stack(self._poses, at=shown.index, reach=self._reach, with_motion=self._with_motion)

    def _start(self) -> None:
        job, plan = self._job, self._plan()
        if job is None or plan is None or self._stack is not None:
            return
        kept = {index: shown for index in (plan.at, *plan.others) if (shown := self._frames.kept(index)) is not None}
        self._waiting_for = self._frames.under_way & (set(plan.others) - kept.keys())
        if self._waiting_for:
            return
        poses = self._poses
        self._runner.run(
            lambda progress: load_stack(job, plan, poses, kept, progress),
            title="Reading the frames around",
            key=KEY,
            quiet=True,
            on_success=self._on_loaded,
        )

    def _on_decoded(self, shown: ShownFrame) -> None:
        if shown.index in self._waiting_for:
            self._start()

    def _on_loaded(self, loaded: LoadedStack) -> None:
        for shown in loaded.decoded:
            self._frames.keep(shown)
        if loaded.stack is not None and loaded.stack.plan == self._plan():
            self._stack = loaded.stack
            self.stack_changed.emit()
