"""The frames of the open job: which one is wanted, which one is shown, and which others are decoded ahead of need."""

from collections.abc import Set

from PySide6.QtCore import QObject, Signal

from app.domain.legend import Legend
from app.domain.sequence import Sequence
from app.gui.frame_cache import FrameCache
from app.gui.play_order import PlayOrder
from app.gui.shown_frame import OpenedJob, ShownFrame, load_frame, with_pictures
from app.gui.tasks import Task, TaskRunner, TaskState
from app.jobs import LocalJob

DIRECT = "frame"  # key of decoding what is wanted right now
AHEAD = ("prefetch-1", "prefetch-2")  # decoding ahead: two at a time only where playing needs them soon
FETCHED = "fetched"  # decoding what somebody else needs
PICTURES = "pictures"
DEPTH_WHILE_ARRIVING = 3  # frames of whose files some may be on their way are not decoded far ahead, to be read anew


class FrameLoader(QObject):
    """Shows the wanted frame as soon as it is whole, and decodes others around it while memory allows.

    No frame is decoded while its decoding is under way, none that is kept is decoded again, and none is let go that is
    needed sooner than what is fetched.
    """

    wanted_changed = Signal()  # the frame asked for
    shown_changed = Signal()  # cloud, legend and pictures together
    pictures_changed = Signal()  # pictures of the shown frame arrived
    availability_changed = Signal()  # which frames are on this machine
    cache_changed = Signal()  # which frames are kept, or the limit
    decoded = Signal(object)  # ShownFrame, wanted or ahead of need
    failed = Signal()  # the wanted frame could not be decoded at all; the activity panel says why

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: LocalJob | None = None
        self._local: frozenset[int] = frozenset()
        self._damaged: frozenset[int] = frozenset()
        self._settled = self._arriving = False
        self._shown: ShownFrame | None = None
        self._wanted = 0
        self._order = PlayOrder()
        self._cache = FrameCache()
        self._under_way: dict[str, int] = {}  # frame by key of its decoding
        self._expected: dict[str, int] = {}  # what it was expected to need
        self._failed: set[int] = set()
        self._unseen: set[int] = set()  # kept, decoded ahead of need and not shown since
        runner.task_finished.connect(self._on_task_finished)

    @property
    def sequence(self) -> Sequence:
        """The frames of the open job; empty without one."""
        return self._job.sequence if self._job else Sequence(frames=())

    @property
    def wanted(self) -> int:
        """The frame asked for; equals the shown one as soon as that is decoded."""
        return self._wanted

    @property
    def shown(self) -> ShownFrame | None:
        """The frame on screen."""
        return self._shown

    @property
    def kept(self) -> tuple[ShownFrame, ...]:
        """Decoded frames that are still in memory."""
        return self._cache.frames

    @property
    def legend(self) -> Legend:
        """The legend of the shown frame."""
        return self._shown.frame.legend if self._shown else Legend()

    @property
    def local(self) -> frozenset[int]:
        """Frames whose cloud and mask are on this machine."""
        return self._local

    @property
    def damaged(self) -> frozenset[int]:
        """Frames of which a file was found damaged before the job was opened, and did not come again since."""
        return self._damaged

    @property
    def under_way(self) -> frozenset[int]:
        """Frames that are being decoded."""
        return frozenset(self._under_way.values())

    @property
    def needed(self) -> tuple[int, ...]:
        """Frames in the order in which they are decoded, beginning with the wanted one."""
        return self._order.fetched(self._wanted, len(self.sequence))

    def kept_at(self, index: int) -> ShownFrame | None:
        """A decoded frame that is still in memory."""
        return self._cache.get(index)

    def is_readable(self, index: int) -> bool:
        """Whether a frame can be decoded: its files are here, or will not come, and it did not fail before."""
        return index not in self._failed and (self._settled or index in self._local)

    def fetch(self, index: int) -> None:
        """Decode a frame that is needed besides the wanted one, one at a time; ``decoded`` tells, kept or not."""
        if index not in self._under_way.values() and FETCHED not in self._under_way and self.is_readable(index):
            self._decode(index, FETCHED)

    def open(self, opened: OpenedJob) -> None:
        """Hold another job's frames; emits nothing and decodes nothing until ``load_wanted``."""
        self._forget()
        self._job, self._local, self._settled = opened.job, opened.local_frames, opened.settled
        self._damaged = opened.damaged
        self._arriving = not (opened.whole or opened.settled)
        self._shown, self._wanted = None, opened.first_frame

    def show(self, index: int) -> None:
        """Go to a frame, the nearest where there is no such; of several asked for quickly the last one is shown."""
        index = max(0, min(index, len(self.sequence) - 1))
        if index != self._wanted and len(self.sequence):
            self._wanted = index
            self.wanted_changed.emit()
            self.load_wanted()

    # -- memory -------------------------------------------------------------------------------------------------

    @property
    def cached(self) -> frozenset[int]:
        """Frames that are kept decoded."""
        return self._cache.indices

    @property
    def cached_bytes(self) -> int:
        """Memory of the kept frames, pictures included."""
        return self._cache.bytes

    @property
    def limit_bytes(self) -> int:
        """What kept frames may hold; a single frame may be larger."""
        return self._cache.limit

    def set_limit(self, limit: int) -> None:
        """Keep so many bytes of frames; what is too much goes at once, the shown frame excepted."""
        self._cache.limit = limit
        self._shrink(later_than=self._wanted)
        self._prefetch()

    def set_order(self, order: PlayOrder) -> None:
        """Decode ahead in another order from now on."""
        self._order = order
        self._prefetch()

    # -- what arrives -------------------------------------------------------------------------------------------

    def note_arrival(self, index: int) -> None:
        """Cloud and mask of a frame are here, or one more of its pictures: show what is waited for."""
        self._arriving = True
        self._failed.discard(index)
        if index not in self._local or index in self._damaged:
            self._local |= {index}
            self._damaged -= {index}
            self.availability_changed.emit()
        if self._shown is None or self._shown.index != index:
            self._cache.drop_incomplete(index)
            if index == self._wanted:
                self.load_wanted()
            else:
                self._prefetch()
        elif not self._shown.complete:
            self._load_pictures()

    def reload_incomplete(self) -> None:
        """Read frames again that lacked a file, after files came in another order than usual or will not come."""
        self._arriving = False
        self._failed.clear()
        for index in range(len(self.sequence)):
            self._cache.drop_incomplete(index)
        self.cache_changed.emit()
        if self._shown is not None and self._shown.index == self._wanted and not self._shown.complete:
            self._decode(self._wanted, DIRECT)
        else:
            self._prefetch()

    def reload_pictures(self) -> None:
        """Read camera images again, after others came to be shown; the frame on screen stays until it is whole."""
        self._forget()
        self.load_wanted()

    def _forget(self) -> None:
        for key in (DIRECT, *AHEAD, FETCHED, PICTURES):
            self._runner.cancel_key(key)
        self._under_way.clear()
        self._failed.clear()
        self._unseen.clear()
        self._cache.clear()
        self.cache_changed.emit()

    # -- decoding -----------------------------------------------------------------------------------------------

    def load_wanted(self) -> None:
        """Show the wanted frame, decoding it first where it was not kept and its files are here."""
        kept = self._cache.get(self._wanted)
        if kept is not None or self._wanted in self._under_way.values():
            self._stop_direct()
        if kept is not None:
            self._show(kept)
        elif len(self.sequence) and self._wanted not in self._under_way.values() and self._is_readable(self._wanted):
            self._decode(self._wanted, DIRECT)
        else:
            self._prefetch()

    def _stop_direct(self) -> None:
        if self._under_way.get(DIRECT, self._wanted) != self._wanted:
            self._runner.cancel_key(DIRECT)
            del self._under_way[DIRECT]

    def _is_readable(self, index: int) -> bool:
        return self._settled or index in self._local

    def _decode(self, index: int, key: str) -> None:
        job = self._job
        if job is None:
            return
        self._under_way[key] = index
        self._expected[key] = self._cache.expected_bytes(index)
        self._runner.run(
            lambda progress: (job, key, load_frame(job, index, progress)),
            title=f"Reading frame {index + 1}",
            key=key,
            quiet=True,
            on_success=self._on_decoded,
        )

    def _on_decoded(self, told: tuple[LocalJob, str, ShownFrame]) -> None:
        job, key, shown = told
        if job is not self._job:
            return  # tried again after another job was opened
        self._under_way.pop(key, None)
        self._failed.discard(shown.index)
        self.decoded.emit(shown)
        if shown.index == self._wanted:
            self._cache.put(shown)
            self._show(shown)
            return
        if self._fits(shown.index, self._expected[key]):
            self._cache.put(shown)
            self._unseen.add(shown.index)
            self._shrink(later_than=shown.index)
        self._prefetch()

    def _on_task_finished(self, task: Task) -> None:
        """Work that went wrong is told here: a slot that held this object would outlive the window."""
        if task.state is TaskState.FAILED and task.key in self._under_way:
            index = self._under_way.pop(task.key)
            self._failed.add(index)
            if index == self._wanted:
                self.failed.emit()
            self._prefetch()

    def _show(self, shown: ShownFrame) -> None:
        self._shown = shown
        self._unseen.discard(shown.index)
        self.shown_changed.emit()
        self._shrink(later_than=shown.index, spared=self._unseen)
        self._prefetch()
        if not shown.complete:
            self._load_pictures()

    # -- ahead of need ------------------------------------------------------------------------------------------

    def _prefetch(self) -> None:
        """First frame first: nothing is decoded ahead while somebody waits for what is wanted."""
        for key in AHEAD if self._order.playing else AHEAD[:1]:
            index = self._next() if DIRECT not in self._under_way and key not in self._under_way else None
            if index is not None:
                self._decode(index, key)

    def _next(self) -> int | None:
        """The nearest frame that is neither kept nor under way, if it still fits beside those that are nearer."""
        left, under_way = self._cache.limit, self._under_way.values()
        for index in self.needed[: DEPTH_WHILE_ARRIVING if self._arriving else None]:
            if index not in self._cache and index not in under_way:
                if index in self._failed or not self._is_readable(index):
                    continue
                return index if self._cache.expected_bytes(index) <= left else None
            left -= self._cache.expected_bytes(index)
        return None

    def _fits(self, index: int, expected: int) -> bool:
        """Whether there is room for what was started with this expectation; after a jump there may be none."""
        order = self._order.kept(self._wanted, len(self.sequence))
        nearer = (kept for kept in order[: order.index(index)] if kept in self._cache)
        return sum(map(self._cache.expected_bytes, nearer)) + expected <= self._cache.limit

    def _shrink(self, *, later_than: int, spared: Set[int] = frozenset()) -> None:
        """Keep the limit by letting go of frames that are needed later than one: first those needed last. Spared are
        frames that nobody has seen yet: they would be decoded a second time before their turn."""
        order = self._order.kept(self._wanted, len(self.sequence))
        on_screen = -1 if self._shown is None else self._shown.index
        later = reversed(order[order.index(later_than) + 1 :] if later_than in order else ())
        self._cache.shrink(index for index in later if index != on_screen and index not in spared)
        self.cache_changed.emit()

    # -- pictures -----------------------------------------------------------------------------------------------

    def _load_pictures(self) -> None:
        job, shown = self._job, self._shown
        if job is None or shown is None:
            return
        self._runner.run(
            lambda progress: with_pictures(job, shown, progress),
            title="Reading camera images",
            key=PICTURES,
            quiet=True,
            on_success=self._on_pictures,
        )

    def _on_pictures(self, shown: ShownFrame) -> None:
        if self._shown is not None and self._shown.index == shown.index:
            self._cache.put(shown)
            self._shown = shown
            self._shrink(later_than=shown.index, spared=self._unseen)
            self.pictures_changed.emit()
