"""Points of every class in the whole job, counted from the masks in the background, one after the other."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.label_totals import LabelTotals
from app.domain.sequence import SequenceFrame
from app.errors import AppError
from app.gui.viewer import Viewer
from app.jobs import LocalJob
from app.progress import Progress

KEY = "job-counts"
TELL_MS = 150  # between two repaints while counts come in

FrameCounts = tuple[int, Mapping[int, int] | None]  # None: the mask cannot be read


class JobCounts(QObject):
    """Counts what is on this machine; frames in memory bring their own counts, playing goes before counting."""

    changed = Signal()

    def __init__(self, viewer: Viewer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.totals = LabelTotals()
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(TELL_MS)
        self._tell.timeout.connect(self.changed)
        viewer.job_changed.connect(self._on_job_changed)
        viewer.frame_changed.connect(self._go_on)  # the first picture goes first
        viewer.availability_changed.connect(self._go_on)
        viewer.playback.changed.connect(self._count)

    @property
    def complete(self) -> bool:
        """Whether every frame of the job is in it."""
        return len(self.totals.counted) == len(self._viewer.sequence)

    def _on_job_changed(self) -> None:
        self._viewer.runner.cancel_key(KEY)
        self.totals = LabelTotals()
        self.changed.emit()

    def _go_on(self) -> None:
        """What came while a count runs is taken up at its end: stopped at every arrival it might never end."""
        if not any(task.key == KEY and not task.superseded for task in self._viewer.runner.running):
            self._count()

    def _count(self) -> None:
        viewer, job = self._viewer, self._viewer.job
        viewer.runner.cancel_key(KEY)
        if job is None or viewer.shown is None or viewer.playback.playing:
            return
        self._take_decoded()
        left = self._left()
        if not left:
            return
        viewer.runner.run(
            lambda progress: count_masks(job, left, progress),
            title="Counting points of the job",
            key=KEY,
            quiet=True,
            on_told=self._add,
            on_success=self._on_counted,
        )

    def _on_counted(self, _nothing: object) -> None:
        self._count()

    def _left(self) -> list[int]:
        """Frames with a mask file of their own; whole clouds are not decoded to find out whether they have keys."""
        frames = self._viewer.sequence.frames
        known = self.totals.counted | self.totals.unreadable
        return sorted(index for index in self._viewer.local_frames - known if _has_mask_file(frames[index]))

    def _take_decoded(self) -> None:
        for shown in self._viewer.frames.kept:
            readable = shown.frame.mask is not None or not _has_mask_file(shown.frame.record)
            if readable and shown.index not in self.totals.counted:
                self._add((shown.index, shown.frame.label_counts))

    def _add(self, told: FrameCounts) -> None:
        index, counts = told
        if counts is None:
            self.totals = self.totals.without_frame(index)
        else:
            self.totals = self.totals.with_frame(index, self._viewer.sequence.frames[index].legend, counts)
        if not self._tell.isActive():
            self._tell.start()


def _has_mask_file(record: SequenceFrame) -> bool:
    return record.mask_url not in ("", record.scan_url)


def count_masks(job: LocalJob, frames: list[int], progress: Progress) -> None:
    """Tell the counts of each frame as soon as they are known; for a worker thread."""
    with job.held():
        for index in frames:
            progress.check()
            progress.tell((index, _counts(job, index)))


def _counts(job: LocalJob, index: int) -> Mapping[int, int] | None:
    try:
        return job.label_counts(index)
    except AppError:
        return None  # the frame itself says why, as a finding, when it is looked at
