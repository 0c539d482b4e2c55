"""The cameras of the shown frame, placed for the pictures on screen, and how the job's poses are read."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.convention_guess import Suggestion
from app.domain.finding import Finding
from app.domain.placed_camera import PlacedCamera
from app.domain.pose_convention import PoseConvention
from app.domain.tracking import Size
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob, ShownFrame
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob
from app.jobs.remembering import remember_convention

JUDGING = "judging"  # key of looking at what the data speaks for


class RigState(QObject):
    """Ties the points of the shown frame to the pixels of its pictures; asked with every picture that is painted."""

    changed = Signal()  # a camera may be placed otherwise: another frame, pictures came, poses are read otherwise
    convention_changed = Signal()  # the poses of the job are read otherwise
    judged = Signal()  # what the data speaks for is known, or known better
    not_remembered = Signal(object)  # AppError: the workspace did not take what was chosen

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._frames = frames
        self._findings: tuple[Finding, ...] = ()
        self._suggestion: Suggestion | None = None
        self._job: LocalJob | None = None
        self._placed: dict[str, PlacedCamera | None] = {}
        self._rig: tuple[PlacedCamera, ...] | None = None
        frames.shown_changed.connect(self._forget)
        frames.pictures_changed.connect(self._forget)
        frames.decoded.connect(self._judge)

    def open(self, opened: OpenedJob) -> None:
        """Another job; the viewer tells of it."""
        self._job, self._rig, self._findings, self._suggestion = opened.job, None, (), None
        self._placed.clear()
        self._runner.cancel_key(JUDGING)

    def placed(self, camera: str) -> PlacedCamera | None:
        """A camera as it took the picture that is shown; None without a picture, a pose or a lens that fits."""
        if camera not in self._placed:
            self._placed[camera] = self._place(camera)
        return self._placed[camera]

    def moved(self, placed: PlacedCamera, index: int) -> PlacedCamera | None:
        """A camera of the shown frame, straightened or not, where it stands at another frame."""
        there = None if self._job is None else self._job.rig.calibration.pose(index, placed.name)
        return None if there is None else replace(placed, lidar_from_camera=there)

    @property
    def cameras(self) -> tuple[PlacedCamera, ...]:
        """Every camera of the shown frame with a pose and a lens, in the order of the document; one without a picture
        as if its principal point were in the middle."""
        shown = self._frames.shown
        if self._rig is None:
            self._rig = () if self._job is None or shown is None else self._job.rig.at(shown.index, sizes_of(shown))
        return self._rig

    @property
    def heading(self) -> float:
        """Where the front camera of the shown frame looks, see ``Calibration.heading``; 0 without a frame."""
        shown = self._frames.shown
        return 0.0 if self._job is None or shown is None else self._job.rig.calibration.heading(shown.index)

    # -- how poses are read -------------------------------------------------------------------------------------

    @property
    def chosen(self) -> PoseConvention | None:
        """What the user chose for the open job."""
        return None if self._job is None else self._job.rig.chosen

    @property
    def suggestion(self) -> Suggestion | None:
        """What the frames decoded so far speak for; None until one was judged."""
        return self._suggestion

    @property
    def findings(self) -> tuple[Finding, ...]:
        """``calibration.convention``, see ``JobRig.findings``."""
        return self._findings

    def choose(self, convention: PoseConvention | None) -> None:
        """Read the poses of the open job like this, now and where the workspace holds the job whenever it is opened;
        None as documented."""
        job = self._job
        if job is None or convention == job.rig.chosen:
            return
        job.rig.choose(convention)
        self._runner.run(
            lambda _progress: remember_convention(job, convention),
            title="Remembering how poses are read",
            key="poses",
            quiet=True,
            on_failure=self.not_remembered.emit,
        )
        self._forget()
        self.convention_changed.emit()
        self._ask()

    def _judge(self, _shown: ShownFrame) -> None:
        """A frame more may speak for a convention."""
        if self._job is not None and not self._job.rig.is_judged:
            self._ask()

    def _ask(self) -> None:
        job = self._job
        if job is not None:
            self._runner.run(
                lambda _progress: (job, job.rig.suggestion(), job.rig.findings()),
                title="Looking how cameras stand",
                key=JUDGING,
                quiet=True,
                on_success=self._on_judged,
            )

    def _on_judged(self, told: tuple[LocalJob, Suggestion | None, tuple[Finding, ...]]) -> None:
        job, suggestion, findings = told
        if job is self._job:
            self._suggestion, self._findings = suggestion, findings
            self.judged.emit()

    def _place(self, camera: str) -> PlacedCamera | None:
        shown = self._frames.shown
        size = None if shown is None else sizes_of(shown).get(camera)
        if self._job is None or shown is None or size is None:
            return None
        return self._job.placed_camera(shown.index, camera, size=size)

    def _forget(self) -> None:
        self._placed.clear()
        self._rig = None
        self.changed.emit()


def sizes_of(shown: ShownFrame) -> dict[str, Size]:
    """(width, height) of the pictures of a frame that are here, by camera."""
    images = {camera: picture.image for camera, picture in shown.pictures.items()}
    return {camera: (image.width(), image.height()) for camera, image in images.items() if image is not None}
