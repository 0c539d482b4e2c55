"""How well the points and the pictures of the shown frame agree, compared in the background."""

import math
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.checks.alignment import FrameAlignment, check_alignment, is_low, moved_words
from app.domain.edge_alignment import EdgeAlignment
from app.domain.finding import Finding
from app.gui.frames import FrameLoader
from app.gui.picture_pixels import rgb_of
from app.gui.shown_frame import OpenedJob, ShownFrame
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob, camera_alignment
from app.progress import Progress

KEY = "alignment"
PATIENCE_MS = 300  # that a frame stays on screen before it is compared: playing must not pay for it


@dataclass(frozen=True)
class _Place:
    """A camera at a frame, with the picture of the job's own camera or with that of a linked sample."""

    index: int
    camera: str
    of_job: bool


class AlignmentState(QObject):
    """Remembers every frame that was looked at, so that a job is judged by all of them."""

    changed = Signal()  # more is known, or nothing any more

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._frames = runner, frames
        self._job: LocalJob | None = None
        self._known: dict[_Place, EdgeAlignment | None] = {}  # None where nothing can be compared
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE_MS)
        self._soon.timeout.connect(self._compare)
        frames.shown_changed.connect(self._wait)
        frames.pictures_changed.connect(self._wait)

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
        return next((self._known.get(place) for place in self._places if place.camera == camera), None)

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

    def doubt(self, camera: str) -> str:
        """``Points lie 46 px off``, where points and picture of the shown frame agree so little that the calibration is
        in doubt; empty elsewhere."""
        found = self.of(camera)
        if found is None or not is_low(found):
            return ""
        degrees = math.hypot(found.best.right, found.best.down)
        pixels = round(found.focal * math.tan(math.radians(degrees)))
        return f"Points lie {pixels:,} px off" if pixels else "Points miss the picture"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the frames that were looked at say about the calibration of each camera."""
        return tuple(finding for found in self._findings.values() for finding in found)

    def _wait(self) -> None:
        self._runner.cancel_key(KEY)
        self._soon.start()

    @property
    def _places(self) -> tuple[_Place, ...]:
        """The cameras of the shown frame that have a picture."""
        shown = self._frames.shown
        if shown is None:
            return ()
        pictures = (picture for picture in shown.pictures.values() if picture.image is not None)
        return tuple(_Place(shown.index, picture.camera, picture.of_job) for picture in pictures)

    def _compare(self) -> None:
        job, shown = self._job, self._frames.shown
        places = tuple(place for place in self._places if place not in self._known)
        if job is not None and shown is not None and places:
            self._runner.run(
                partial(_compared, job, shown, places),
                title="Comparing points with pictures",
                key=KEY,
                quiet=True,
                on_told=self._on_compared,
            )

    def _on_compared(self, told: tuple[_Place, EdgeAlignment | None]) -> None:
        place, found = told
        self._known[place] = found
        if found is not None:
            self._findings[place.camera] = check_alignment(place.camera, self._of_all_frames(like=place))
        self.changed.emit()

    def _of_all_frames(self, *, like: _Place) -> list[FrameAlignment]:
        """Of one camera, in play order."""
        known = {place.index: found for place, found in self._known.items() if replace(place, index=like.index) == like}
        frames = self._frames.sequence.frames
        told = [(frames[index].frame_id, found) for index, found in sorted(known.items()) if found]
        return [FrameAlignment(frame_id, found, of_sample=not like.of_job) for frame_id, found in told]


def _compared(job: LocalJob, shown: ShownFrame, places: tuple[_Place, ...], progress: Progress) -> None:
    """Tells each camera as soon as it is compared, with the picture that is on screen."""
    with job.held():
        for place in places:
            progress.check()
            image = shown.pictures[place.camera].image
            pixels = None if image is None else rgb_of(image)
            progress.tell((place, camera_alignment(job, shown.frame, place.camera, image=pixels)))
