"""How well the points and the pictures of the shown frame agree, compared in the background."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.checks.alignment import FrameAlignment, check_alignment, is_low, moved_words
from app.domain.edge_alignment import EdgeAlignment
from app.domain.finding import Finding
from app.domain.sequence import Frame
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob, camera_alignment
from app.progress import Progress

KEY = "alignment"
PATIENCE_MS = 300  # that a frame stays on screen before it is compared: playing must not pay for it

_Place = tuple[int, str]  # frame and camera


class AlignmentState(QObject):
    """Remembers every frame that was looked at, so that a job is judged by all of them."""

    changed = Signal()  # more is known, or nothing any more

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._frames = runner, frames
        self._job: LocalJob | None = None
        self._known: dict[_Place, EdgeAlignment | None] = {}
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE_MS)
        self._soon.timeout.connect(self._compare)
        frames.shown_changed.connect(self._wait)
        frames.pictures_changed.connect(self._on_pictures)

    def open(self, opened: OpenedJob) -> None:
        """Another job; the viewer tells of it."""
        self._soon.stop()
        self._runner.cancel_key(KEY)
        self._job, self._known, self._findings = opened.job, {}, {}

    def forget(self) -> None:
        """Compare anew: cameras are placed otherwise than they were."""
        self._known, self._findings = {}, {}
        self._wait()
        self.changed.emit()

    def of(self, camera: str) -> EdgeAlignment | None:
        """A camera at the shown frame; None where it is not known yet, or cannot be compared."""
        shown = self._frames.shown
        return None if shown is None else self._known.get((shown.index, camera))

    def words(self, camera: str) -> str:
        """``agreement 0.82``, for a header; empty where there is no score."""
        found = self.of(camera)
        return "" if found is None or found.score is None else f"agreement {found.score:.2f}"

    def explained(self, camera: str) -> str:
        """The same as a sentence that says what would fit better, or why there is no score; empty while unknown."""
        found = self.of(camera)
        if found is None:
            return ""
        if found.score is None:
            return f"Whether points and picture agree cannot be told: {found.untold}."
        moved = moved_words(found.best, focal=found.focal) if is_low(found) else ""
        better = f"; they would fit better moved {moved}" if moved else ""
        return f"Points and picture agree to {found.score:.2f} of 1{better}."

    def doubtful(self, camera: str) -> bool:
        """Whether points and picture of the shown frame agree so little that the calibration is in doubt."""
        found = self.of(camera)
        return found is not None and is_low(found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the frames that were looked at say about the calibration of each camera."""
        return tuple(finding for found in self._findings.values() for finding in found)

    def _wait(self) -> None:
        self._runner.cancel_key(KEY)
        self._soon.start()

    def _on_pictures(self) -> None:
        """Pictures that came may be those that could not be compared."""
        shown = self._frames.shown
        if shown is not None:
            lacking = [place for place, found in self._known.items() if place[0] == shown.index and found is None]
            for place in lacking:
                del self._known[place]
        self._wait()

    def _compare(self) -> None:
        job, shown = self._job, self._frames.shown
        if job is None or shown is None:
            return
        cameras = tuple(camera for camera in job.cameras if (shown.index, camera) not in self._known)
        if cameras:
            self._runner.run(
                partial(_compared, job, shown.frame, cameras),
                title="Comparing points with pictures",
                key=KEY,
                quiet=True,
                on_told=self._on_compared,
            )

    def _on_compared(self, told: tuple[_Place, EdgeAlignment | None]) -> None:
        place, found = told
        self._known[place] = found
        if found is not None and self._job is not None:
            camera, ids = place[1], self._job.sequence.frames
            known = [FrameAlignment(ids[index].frame_id, one) for index, one in self._of_all_frames(camera)]
            self._findings[camera] = check_alignment(camera, known)
        self.changed.emit()

    def _of_all_frames(self, camera: str) -> Iterable[tuple[int, EdgeAlignment]]:
        """In play order."""
        of_camera = ((index, found) for (index, name), found in self._known.items() if name == camera)
        return sorted(((index, found) for index, found in of_camera if found is not None), key=lambda one: one[0])


def _compared(job: LocalJob, frame: Frame, cameras: tuple[str, ...], progress: Progress) -> None:
    """Tells each camera as soon as it is compared."""
    with job.held():
        for camera in cameras:
            progress.check()
            progress.tell(((frame.index, camera), camera_alignment(job, frame, camera)))
