"""What the timeline says about every frame: where its files are, what was found in it, whether it was reviewed."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.domain.finding import Severity
from app.gui.download_queue import QueueRunner
from app.gui.shown_frame import ShownFrame, frames_needing
from app.gui.viewer import Viewer
from app.sync import ItemState, QueueItem
from app.workspace import Damage

RANK = (Severity.INFO, Severity.WARNING, Severity.ERROR).index
UNREADABLE = frozenset({"scan.unreadable", "mask.unreadable"})
NOBODY: frozenset[int] = frozenset()


class FrameState(StrEnum):
    """What can be said of a frame, in the words of the tooltip; several hold at once."""

    LOCAL = "on this machine"
    ABSENT = "not on this machine yet"
    WAITING = "waiting to be downloaded"
    DOWNLOADING = "downloading"
    FAILED = "a file could not be downloaded"
    DAMAGED = "a file is damaged"
    CACHED = "decoded, in memory"
    REVIEWED = "reviewed"
    WARNING = "has findings, warnings at worst"
    ERROR = "has findings, errors among them"


ON_THE_WAY = (FrameState.ABSENT, FrameState.WAITING, FrameState.DOWNLOADING)  # one of them, where not here


class FrameMarks(QObject):
    """Follows the viewer and the queue of downloads, and remembers what was found in frames that were decoded."""

    marks_changed = Signal()

    def __init__(self, viewer: Viewer, parent: QObject, *, queue: QueueRunner | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._queue = queue
        self._item: QueueItem | None = None  # of the open job in the queue
        self._index_of: Mapping[str, int] = {}
        self._of_job: Mapping[int, Severity] = {}
        self._of_frames: dict[int, Severity] = {}  # of frames that were decoded
        self._unreadable: frozenset[int] = NOBODY
        self._damage: tuple[Damage, ...] = ()
        self._damaged: frozenset[int] = NOBODY  # as the last verification found
        self._reviewed: frozenset[int] = NOBODY
        viewer.job_changed.connect(self._on_job_changed)
        viewer.tracking_changed.connect(self._on_tracking_changed)
        viewer.availability_changed.connect(self.marks_changed)
        viewer.frames.cache_changed.connect(self.marks_changed)
        viewer.frames.decoded.connect(self._note)
        viewer.frame_changed.connect(self._on_frame_changed)
        if queue is not None:
            queue.changed.connect(self._on_queue_changed)
            queue.progressed.connect(self._on_queue_changed)
        self._on_job_changed()

    # -- states -------------------------------------------------------------------------------------------------

    def having(self, state: FrameState) -> frozenset[int]:
        """The frames of which a state holds."""
        if state in ON_THE_WAY:
            absent = frozenset(range(len(self._viewer.sequence))) - self._viewer.local_frames
            return absent if state is self._way else NOBODY
        return self._known()[state]()

    def _known(self) -> Mapping[FrameState, Callable[[], frozenset[int]]]:
        return {
            FrameState.LOCAL: lambda: self._viewer.local_frames,
            FrameState.FAILED: self._failed,
            FrameState.DAMAGED: lambda: self._damaged | self._unreadable | self._viewer.frames.damaged,
            FrameState.CACHED: lambda: self._viewer.frames.cached,
            FrameState.REVIEWED: lambda: self._reviewed,
            FrameState.WARNING: lambda: self._with(Severity.WARNING),
            FrameState.ERROR: lambda: self._with(Severity.ERROR),
        }

    def states(self, index: int) -> tuple[FrameState, ...]:
        """Everything that holds of one frame."""
        return tuple(state for state in FrameState if index in self.having(state))

    @property
    def worst(self) -> Mapping[int, Severity]:
        """Warnings and errors by frame, of the frames that were decoded and of the whole job."""
        both = [*self._of_job.items(), *self._of_frames.items()]
        return {index: worst for index, worst in _worst(both).items() if worst is not Severity.INFO}

    def set_reviewed(self, indices: Iterable[int]) -> None:
        """Mark the frames that somebody has judged."""
        self._reviewed = frozenset(indices)
        self.marks_changed.emit()

    @property
    def caption(self) -> str:
        """How much of the job is on this machine, what becomes of the rest, and whether something is damaged."""
        count, here = len(self._viewer.sequence), len(self._viewer.local_frames)
        damaged = len(self.having(FrameState.DAMAGED))
        if not count:
            return ""
        parts = ["all frames on disk" if here == count else f"{here:,} of {count:,} frames on disk"]
        fraction = self._item.fraction if self._item is not None else None
        if self._way is FrameState.DOWNLOADING:
            parts.append("downloading" if fraction is None else f"downloading {100 * fraction:.0f} %")
        elif self._way is FrameState.WAITING and here < count:
            parts.append("waiting to be downloaded")
        return " · ".join([*parts, *([f"{damaged:,} damaged"] if damaged else [])])

    def _with(self, severity: Severity) -> frozenset[int]:
        return frozenset(index for index, worst in self.worst.items() if worst is severity)

    # -- the queue ----------------------------------------------------------------------------------------------

    @property
    def _way(self) -> FrameState:
        """What becomes of frames that are not here."""
        state = self._item.state if self._item is not None else ItemState.FAILED
        if state is ItemState.RUNNING:
            return FrameState.DOWNLOADING
        return FrameState.WAITING if state in (ItemState.WAITING, ItemState.PAUSED) else FrameState.ABSENT

    def _failed(self) -> frozenset[int]:
        problems = self._item.problems if self._item is not None else ()
        known = (self._index_of.get(problem.frame_id) for problem in problems)
        return frozenset(index for index in known if index is not None)

    def _on_queue_changed(self) -> None:
        item = self._queued()
        if item != self._item:
            self._item = item
            self.marks_changed.emit()

    def _queued(self) -> QueueItem | None:
        job = self._viewer.job
        return self._queue.item(job.job_id) if self._queue is not None and job is not None else None

    # -- findings -----------------------------------------------------------------------------------------------

    def _on_job_changed(self) -> None:
        self._of_frames, self._unreadable, self._reviewed = {}, NOBODY, NOBODY
        self._index_of = {frame.frame_id: index for index, frame in enumerate(self._viewer.sequence.frames)}
        self._item = self._queued()
        self._find_damaged()
        self._on_tracking_changed()

    def _on_tracking_changed(self) -> None:
        found = self._viewer.track_state.findings
        placed = ((self._index_of.get(finding.frame_id), finding.severity) for finding in found)
        self._of_job = _worst((index, severity) for index, severity in placed if index is not None)
        self.marks_changed.emit()

    def _on_frame_changed(self) -> None:
        if self._viewer.shown is not None:
            self._note(self._viewer.shown)

    def _note(self, shown: ShownFrame) -> None:
        """What was found when a frame was read last counts: a file may have come since the time before."""
        findings = shown.frame.findings
        worst = max((each.severity for each in findings), key=RANK, default=Severity.INFO)
        broken = shown.index in self._viewer.local_frames and any(each.rule in UNREADABLE for each in findings)
        unreadable = (self._unreadable - {shown.index}) | ({shown.index} if broken else NOBODY)
        if worst != self._of_frames.get(shown.index) or unreadable != self._unreadable:
            self._of_frames[shown.index], self._unreadable = worst, unreadable
            self.marks_changed.emit()

    # -- damage -------------------------------------------------------------------------------------------------

    def set_damage(self, damage: tuple[Damage, ...]) -> None:
        """Mark the frames that need a file which the last verification found damaged or missing."""
        self._damage = damage
        self._find_damaged()
        self.marks_changed.emit()

    def _find_damaged(self) -> None:
        job = self._viewer.job
        keys = frozenset(each.url_key for each in self._damage if job is not None and job.job_id in each.job_ids)
        self._damaged = NOBODY
        self._viewer.runner.cancel_key("damaged-frames")
        if keys:
            sequence = self._viewer.sequence
            self._viewer.runner.run(
                lambda _progress: frames_needing(sequence, keys),
                title="Finding damaged frames",
                key="damaged-frames",
                quiet=True,
                on_success=self._on_damaged_found,
            )

    def _on_damaged_found(self, indices: frozenset[int]) -> None:
        self._damaged = indices
        self.marks_changed.emit()


def _worst(found: Iterable[tuple[int, Severity]]) -> dict[int, Severity]:
    worst: dict[int, Severity] = {}
    for index, severity in found:
        worst[index] = max(worst.get(index, severity), severity, key=RANK)
    return worst
