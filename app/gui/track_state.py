"""Tracks and boxes of the open job, and what cameras without boxes wait for."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.domain.finding import Finding
from app.gui.camera_note import CameraNote, with_note
from app.gui.frames import FrameLoader
from app.gui.shown_frame import OpenedJob
from app.gui.tasks import TaskRunner
from app.gui.tracking_read import TrackingRead, read_job_tracking
from app.jobs import FrameBoxes, LocalJob


class TrackState(QObject):
    """Reads tracking results in the background, again whenever more of them can be placed."""

    changed = Signal()  # tracks or the state of their source, for some camera

    def __init__(self, runner: TaskRunner, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._frames = frames
        self._job: LocalJob | None = None
        self.read = TrackingRead()
        self.notes: Mapping[str, CameraNote] = {}
        frames.shown_changed.connect(self._place_boxes)
        frames.pictures_changed.connect(self._place_boxes)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say about the job, the results of its cameras included as soon as they are read."""
        return self.read.findings

    def open(self, opened: OpenedJob) -> None:
        """Hold another job's tracks; emits nothing and reads nothing until ``reload``."""
        self._runner.cancel_key("tracks")
        self._job = opened.job
        self.read, self.notes = TrackingRead(findings=opened.findings), {}

    def boxes(self) -> dict[str, FrameBoxes]:
        """Boxes of every camera at the shown frame, in pixels of its image."""
        return {} if self._frames.shown is None else self.read.boxes(self._frames.shown)

    def boxes_of(self, camera: str) -> FrameBoxes:
        """Those of one camera; none where it is not known."""
        return FrameBoxes() if self._frames.shown is None else self.read.boxes_of(camera, self._frames.shown)

    def set_note(self, camera: str, note: CameraNote | None) -> None:
        """Note what the boxes of a camera wait for, and what can be done about it; None clears it."""
        notes = with_note(self.notes, camera, note)
        if notes != self.notes:
            self.notes = notes
            self.changed.emit()

    def reload(self) -> None:
        """Read boxes and tracks again, after they arrived or a link changed."""
        job = self._job
        if job is not None:
            self._runner.run(
                lambda _progress: read_job_tracking(job),
                title="Reading tracks",
                key="tracks",
                quiet=True,
                on_success=self._on_read,
            )

    def _on_read(self, read: TrackingRead) -> None:
        lacked = self._lacks_pictures
        self.read = read
        for camera, sentence in read.sentences.items():
            self.set_note(camera, CameraNote(sentence) if sentence else None)
        self.changed.emit()
        if not lacked:  # else reading again has not helped
            self._place_boxes()

    @property
    def _lacks_pictures(self) -> bool:
        return self._frames.shown is not None and self.read.lacks_pictures(self._frames.shown)

    def _place_boxes(self) -> None:
        """Boxes that came before any picture of their camera had nothing to be placed in: now there may be one."""
        if self._lacks_pictures:
            self.reload()
