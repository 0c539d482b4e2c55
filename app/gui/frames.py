"""The frames of the open job: which one is wanted, which one is shown, and what is decoded of the others."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.legend import Legend
from app.domain.sequence import Sequence
from app.gui.shown_frame import FrameCache, OpenedJob, ShownFrame, load_frame, with_pictures
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob

PREFETCH = 2  # frames decoded ahead in play order
KEYS = ("frame", "prefetch", "pictures")  # of the work done here


class FrameLoader(QObject):
    """Decodes frames in the background and shows the wanted one as soon as it is whole."""

    wanted_changed = Signal()  # the frame asked for
    shown_changed = Signal()  # cloud, legend and pictures together
    pictures_changed = Signal()  # pictures of the shown frame arrived
    availability_changed = Signal()  # which frames are on this machine
    decoded = Signal(object)  # ShownFrame, wanted or ahead of need

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: LocalJob | None = None
        self._local: frozenset[int] = frozenset()
        self._settled = False
        self._shown: ShownFrame | None = None
        self._wanted = 0
        self._prefetching: int | None = None
        self._claimed: int | None = None
        self._cache = FrameCache()

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
    def legend(self) -> Legend:
        """The legend of the shown frame."""
        return self._shown.frame.legend if self._shown else Legend()

    @property
    def local(self) -> frozenset[int]:
        """Frames whose cloud and mask are on this machine."""
        return self._local

    @property
    def under_way(self) -> frozenset[int]:
        """Frames that are being decoded ahead of need, also those that somebody claimed."""
        return frozenset(index for index in (self._prefetching, self._claimed) if index is not None)

    def kept(self, index: int) -> ShownFrame | None:
        """A frame as it was decoded last, None where it was not or is not kept."""
        return self._cache.get(index)

    def claim(self, index: int | None) -> None:
        """Leave the decoding of a frame to the caller, who hands it to ``keep``; None gives an earlier claim back."""
        freed, self._claimed = self._claimed, index
        if freed is not None and freed == self._wanted and freed != index:
            self.load_wanted()

    def keep(self, shown: ShownFrame) -> None:
        """Keep a claimed frame that was decoded, as far as there is room, and show it where it is waited for."""
        self._claimed = None
        self._on_frame(shown)

    def open(self, opened: OpenedJob) -> None:
        """Hold another job's frames; emits nothing and decodes nothing until ``load_wanted``."""
        self._forget()
        self._job, self._local, self._settled = opened.job, opened.local_frames, opened.settled
        self._shown, self._wanted = None, opened.first_frame

    def show(self, index: int) -> None:
        """Go to a frame, the nearest where there is no such; of several asked for quickly the last one is shown."""
        index = max(0, min(index, len(self.sequence) - 1))
        if index != self._wanted and len(self.sequence):
            self._wanted = index
            self.wanted_changed.emit()
            self.load_wanted()

    # -- what arrives -------------------------------------------------------------------------------------------

    def note_arrival(self, index: int) -> None:
        """Cloud and mask of a frame are here, or one more of its pictures: show what is waited for."""
        if index not in self._local:
            self._local |= {index}
            self.availability_changed.emit()
        if self._shown is None or self._shown.index != index:
            self._cache.drop_incomplete(index)
            if index == self._wanted:
                self.load_wanted()
        elif not self._shown.complete:
            self._load_pictures()

    def reload_incomplete(self) -> None:
        """Read frames again that lacked a file, after files came in another order than usual."""
        for index in range(len(self.sequence)):
            self._cache.drop_incomplete(index)
        if self._shown is not None and not self._shown.complete:
            self._load("frame", self._shown.index, self._on_frame)

    def reload_pictures(self) -> None:
        """Read camera images again, after others came to be shown; the frame on screen stays until it is whole."""
        self._forget()
        self.load_wanted()

    def _forget(self) -> None:
        for key in KEYS:
            self._runner.cancel_key(key)
        self._prefetching = self._claimed = None
        self._cache.clear()

    # -- loading ------------------------------------------------------------------------------------------------

    def load_wanted(self) -> None:
        """Show the wanted frame, decoding it first where it was not kept and its files are here."""
        kept = self._cache.get(self._wanted)
        if kept is not None:
            self._runner.cancel_key("frame")
            self._show(kept)
        elif self._wanted in (self._prefetching, self._claimed):
            self._runner.cancel_key("frame")  # its decoding is under way: never decode a frame twice
        elif len(self.sequence) and (self._settled or self._wanted in self._local):
            self._load("frame", self._wanted, self._on_frame)

    def _load(self, key: str, index: int, on_success: Callable[[Any], None]) -> None:
        job = self._job
        if job is None:
            return
        self._runner.run(
            lambda progress: load_frame(job, index, progress),
            title=f"Reading frame {index + 1}",
            key=key,
            quiet=True,
            on_success=on_success,
        )

    def _on_frame(self, shown: ShownFrame) -> None:
        self._cache.put(shown)
        self.decoded.emit(shown)
        if shown.index == self._wanted:
            self._show(shown)

    def _show(self, shown: ShownFrame) -> None:
        self._shown = shown
        self.shown_changed.emit()
        self._prefetch()
        if not shown.complete:
            self._load_pictures()

    def _prefetch(self) -> None:
        ahead = range(self._wanted + 1, min(self._wanted + 1 + PREFETCH, len(self.sequence)))
        index = next((index for index in ahead if self._is_lacking(index)), None)
        if index is not None and index != self._prefetching:
            self._prefetching = index
            self._load("prefetch", index, self._on_prefetched)

    def _is_lacking(self, index: int) -> bool:
        return index not in self._cache and index in self._local and index != self._claimed

    def _on_prefetched(self, shown: ShownFrame) -> None:
        self._prefetching = None
        self._on_frame(shown)
        self._prefetch()

    def _load_pictures(self) -> None:
        job, shown = self._job, self._shown
        if job is None or shown is None:
            return
        self._runner.run(
            lambda progress: with_pictures(job, shown, progress),
            title="Reading camera images",
            key="pictures",
            quiet=True,
            on_success=self._on_pictures,
        )

    def _on_pictures(self, shown: ShownFrame) -> None:
        self._cache.put(shown)
        if self._shown is not None and self._shown.index == shown.index:
            self._shown = shown
            self.pictures_changed.emit()
