"""Which jobs are downloaded, in which order, and how far each of them is. Nothing here touches network or disk."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.sync.download import FileProblem
from app.sync.pace import Speedometer


class ItemState(StrEnum):
    """Where a job is on its way."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset({ItemState.WAITING, ItemState.RUNNING, ItemState.PAUSED})


@dataclass(frozen=True)
class QueueItem:
    """One job of the queue. ``message`` says why it failed or cannot go on; ``total_files`` is None until its
    result is here; ``received`` bytes came since the program started, in ``fetched`` of its ``files``."""

    project_id: str
    job_id: str
    name: str = ""
    state: ItemState = ItemState.WAITING
    message: str = ""
    files: int = 0
    total_files: int | None = None
    fetched: int = 0
    received: int = 0
    problems: tuple[FileProblem, ...] = ()

    @property
    def title(self) -> str:
        """What people call the job."""
        return self.name or self.job_id

    @property
    def fraction(self) -> float | None:
        """Share of the files that are here in 0..1, None while their number is unknown."""
        if self.state is ItemState.DONE:
            return 1.0
        return None if not self.total_files else min(1.0, self.files / self.total_files)

    @property
    def files_left(self) -> int | None:
        """Files still to come; None while unknown."""
        if self.state is ItemState.DONE:
            return 0
        return None if self.total_files is None else max(0, self.total_files - self.files)


@dataclass(frozen=True)
class Totals:
    """The queue as one number each; ``speed`` in bytes a second, ``seconds_left`` None where nobody can tell."""

    jobs: int
    done: int
    failed: int
    files: int
    total_files: int
    received: int
    speed: float
    seconds_left: float | None


class DownloadQueue:
    """Jobs in the order in which they are fetched, one at a time. Safe to use from any thread.

    ``problem`` is why the whole queue stands still, empty where it goes on. Jobs that are not in the queue are
    ignored by whatever is said about them: the user may have removed them a moment ago.
    """

    def __init__(self, items: Iterable[QueueItem] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.RLock()
        self._items = {item.job_id: item for item in items}  # in order
        self._speedometer = Speedometer(clock)
        self._problem = ""

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """Every job, in order."""
        with self._lock:
            return tuple(self._items.values())

    @property
    def problem(self) -> str:
        """Why nothing is fetched although jobs wait: a sentence with the next step."""
        return self._problem

    @property
    def job_ids(self) -> frozenset[str]:
        """The jobs that were put here, done ones too: what was just fetched must not make room for the next."""
        with self._lock:
            return frozenset(self._items)

    def item(self, job_id: str) -> QueueItem | None:
        """One job."""
        with self._lock:
            return self._items.get(job_id)

    def is_running(self, job_id: str) -> bool:
        """Whether the job is to go on being fetched."""
        item = self.item(job_id)
        return item is not None and item.state is ItemState.RUNNING

    # what the user does

    def add(self, items: Iterable[QueueItem]) -> None:
        """Put jobs at the end; those that are here and do not run wait again where they are."""
        with self._lock:
            for item in items:
                if item.job_id not in self._items:
                    self._items[item.job_id] = item
                elif not self.is_running(item.job_id):
                    self._change(item.job_id, state=ItemState.WAITING, message="", problems=())

    def add_first(self, item: QueueItem) -> None:
        """Put a job at the head; what runs waits behind it, with all it has."""
        with self._lock:
            for other in self.items:
                if other.state is ItemState.RUNNING and other.job_id != item.job_id:
                    self._change(other.job_id, state=ItemState.WAITING)
            self.add((item,))
            self.to_top(item.job_id)
            self._problem = ""

    def move(self, job_id: str, *, by: int) -> None:
        """Earlier (negative) or later by so many places."""
        with self._lock:
            if job_id in self._items:
                order = list(self._items)
                place = order.index(job_id)
                order.insert(max(0, place + by), order.pop(place))
                self._items = {name: self._items[name] for name in order}

    def to_top(self, job_id: str) -> None:
        """Before all others."""
        self.move(job_id, by=-len(self._items))

    def pause(self, job_id: str) -> None:
        """Leave a job out until it is resumed; what it has stays."""
        with self._lock:
            item = self.item(job_id)
            if item is not None and item.state in UNFINISHED:
                self._change(job_id, state=ItemState.PAUSED)

    def resume(self, job_id: str) -> None:
        """Have a paused or failed job fetched when its turn comes."""
        with self._lock:
            item = self.item(job_id)
            if item is not None and item.state in (ItemState.PAUSED, ItemState.FAILED):
                self._change(job_id, state=ItemState.WAITING, message="", problems=())
                self._problem = ""

    def pause_all(self) -> None:
        """Fetch nothing until ``resume_all``."""
        with self._lock:
            for job_id in self._items:
                self.pause(job_id)
            self._speedometer.reset()

    def resume_all(self) -> None:
        """Go on with everything that was paused."""
        with self._lock:
            self._problem = ""
            for item in self.items:
                if item.state is ItemState.PAUSED:
                    self.resume(item.job_id)

    def remove(self, job_id: str) -> None:
        """Take a job out; its files stay."""
        with self._lock:
            self._items.pop(job_id, None)

    def clear_done(self) -> None:
        """Take out what is done."""
        with self._lock:
            self._items = {item.job_id: item for item in self.items if item.state is not ItemState.DONE}

    # what happens to the jobs

    def take(self) -> QueueItem | None:
        """The job to fetch now, from here on running; None where nothing may be fetched."""
        with self._lock:
            for item in self.items if not self._problem else ():
                if item.state is ItemState.WAITING:
                    return self._change(item.job_id, state=ItemState.RUNNING, message="", problems=())
            return None

    def advance(self, job_id: str, *, files: int, total_files: int | None) -> None:
        """So many files of the job are settled."""
        with self._lock:
            if total_files is not None:
                self._change(job_id, files=files, total_files=total_files)

    def receive(self, job_id: str, *, count: int, files: int) -> None:
        """So many bytes more came, ending so many files."""
        self._speedometer.add(count)
        with self._lock:
            item = self.item(job_id)
            if item is not None:
                self._change(job_id, received=item.received + count, fetched=item.fetched + files)

    def finish(self, job_id: str, *, files: int, problems: tuple[FileProblem, ...] = (), message: str = "") -> None:
        """The job came to its end with so many files here; with ``problems`` it failed, as ``message`` says."""
        state, total = ItemState.FAILED if problems else ItemState.DONE, files + len(problems)
        self._change(job_id, state=state, message=message, problems=problems, files=files, total_files=total)

    def fail(self, job_id: str, message: str) -> None:
        """The job cannot be fetched."""
        self._change(job_id, state=ItemState.FAILED, message=message)

    def hold(self, job_id: str, problem: str) -> None:
        """Nothing can be fetched at all until the user has mended ``problem`` and resumes."""
        with self._lock:
            self._problem = problem
            self._change(job_id, state=ItemState.PAUSED, message=problem)

    def stand_still(self, problem: str) -> None:
        """Give out no job until somebody resumes."""
        self._problem = problem

    def interrupt(self, job_id: str) -> None:
        """The work on a job was cancelled; where nothing here asked for that, the job is paused."""
        with self._lock:
            if self.is_running(job_id):
                self._change(job_id, state=ItemState.PAUSED)

    @property
    def totals(self) -> Totals:
        """How far everything is."""
        items = self.items
        states = [item.state for item in items]
        speed = self._speedometer.speed if ItemState.RUNNING in states else 0.0
        return Totals(
            jobs=len(items),
            done=states.count(ItemState.DONE),
            failed=states.count(ItemState.FAILED),
            files=sum(item.files for item in items),
            total_files=sum(item.total_files or 0 for item in items),
            received=sum(item.received for item in items),
            speed=speed,
            seconds_left=seconds_left(items, speed=speed),
        )

    def _change(self, job_id: str, **values: Any) -> QueueItem | None:
        with self._lock:
            item = self._items.get(job_id)
            if item is None:
                return None
            changed = self._items[job_id] = replace(item, **values)
            return changed


def seconds_left(items: Iterable[QueueItem], *, speed: float) -> float | None:
    """Estimate for all unfinished jobs from the mean size of the files that came; None without one to go by.

    A job whose result is not here yet counts as many files as the others have on average.
    """
    items = tuple(items)
    fetched = sum(item.fetched for item in items)
    known = [item.total_files for item in items if item.total_files is not None]
    if not fetched or not known or speed <= 0:
        return None
    usual = sum(known) / len(known)
    unfinished = [item for item in items if item.state in UNFINISHED]
    left = sum(usual if item.files_left is None else item.files_left for item in unfinished)
    return left * sum(item.received for item in items) / fetched / speed
