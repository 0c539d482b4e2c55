"""Background work: every thread of the program is started here.

Work is any function ``work(progress) -> T``. It runs on a pool thread with plain values only; what it reports, tells
and returns comes back as signals of its Task, always on the GUI thread. A key supersedes: starting work under a key
cancels earlier work with that key, and whatever that still delivers is dropped.
"""

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from enum import Enum
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.errors import AppError
from app.progress import Cancelled, Progress, Step

log = logging.getLogger(__name__)

Work = Callable[[Progress], Any]

THREADS = 6
STEP_MS = 80  # between two steps on screen: chatty work must not keep the window repainting
TURN_SECONDS = 0.008  # half a frame of a screen


class TaskState(Enum):
    """Where a task is in its life."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Task(QObject):
    """One piece of work as the GUI sees it; lives on the GUI thread."""

    progressed = Signal(object)  # Step
    told = Signal(object)  # a partial result
    succeeded = Signal(object)  # what the work returned
    failed = Signal(object)  # AppError
    cancelled = Signal()
    finished = Signal()  # after any of the three above

    def __init__(self, work: Work, *, title: str, key: str, quiet: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.work = work
        self.title = title
        self.key = key
        self.again: Callable[[], None] | None = None  # what Retry does instead of running the same work
        self.quiet = quiet  # too short to deserve a line in the activity panel unless it fails
        self.state = TaskState.RUNNING
        self.step = Step(0, None, "")
        self.error: AppError | None = None
        self.superseded = False
        self.progress = Progress()

    def cancel(self) -> None:
        """Ask the work to stop; ``cancelled`` follows when it has."""
        self.progress.cancel()


class _Mailbox(QObject):
    """Carries calls from pool threads to the GUI thread in the order they were posted."""

    posted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self.posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have ``call`` run on the GUI thread; may be called from any thread."""
        with self._lock:
            self._calls.append(call)
            if len(self._calls) > 1:
                return  # a wake-up is already under way
        self.posted.emit()

    def post_value(self, deliver: Callable[[Any], None], value: Any) -> None:
        """Have ``deliver(value)`` run on the GUI thread."""
        self.post(partial(deliver, value))

    @Slot()
    def _on_posted(self) -> None:
        """Make the calls in order; after a few milliseconds the window's own events get their turn in between."""
        deadline = time.perf_counter() + TURN_SECONDS
        while (call := self._next()) is not None:
            try:
                call()
            except Exception:
                log.exception("A result could not be delivered")
            if time.perf_counter() > deadline and self._calls:
                self.posted.emit()
                return

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            return self._calls.popleft() if self._calls else None


class _LatestStep:
    """The newest step of one task: written by its thread, looked at a few times a second."""

    def __init__(self) -> None:
        self._step: Step | None = None

    def publish(self, step: Step) -> None:
        self._step = step  # one assignment: nobody ever sees half a step

    def take(self) -> Step | None:
        step, self._step = self._step, None
        return step


class TaskRunner(QObject):
    """Runs work on a small pool of threads and owns every Task until it has finished."""

    task_started = Signal(object)  # Task
    task_finished = Signal(object)  # Task
    task_dismissed = Signal(object)  # Task that failed and that nobody will retry

    def __init__(self, parent: QObject | None = None, *, threads: int = THREADS) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pointproof-task")
        self._mailbox = _Mailbox(self)
        self._numbers = itertools.count()
        self._running: dict[int, Task] = {}
        self._futures: dict[int, Future[None]] = {}
        self._steps: dict[int, _LatestStep] = {}
        self._step_timer = QTimer(self)
        self._step_timer.setInterval(STEP_MS)
        self._step_timer.timeout.connect(self._show_steps)
        self._by_key: dict[str, Task] = {}
        self._closed = False

    @property
    def running(self) -> tuple[Task, ...]:
        """Tasks that have not finished."""
        return tuple(self._running.values())

    def run(
        self,
        work: Work,
        *,
        title: str,
        key: str = "",
        quiet: bool = False,
        on_told: Callable[[Any], None] | None = None,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[AppError], None] | None = None,
        again: Callable[[], None] | None = None,
    ) -> Task:
        """Start ``work``; callbacks run on the GUI thread and never for superseded work.

        ``again`` is called instead of running the same work when the user retries after a failure.
        Raises TypeError for work that holds a QObject: its last reference could die on the pool's thread.
        """
        _refuse_qt(work)
        task = Task(work, title=title, key=key, quiet=quiet, parent=self)
        task.again = again
        if on_told is not None:
            task.told.connect(on_told)
        if on_success is not None:
            task.succeeded.connect(on_success)
        if on_failure is not None:
            task.failed.connect(on_failure)
        self._start(task)
        return task

    def retry(self, task: Task) -> None:
        """Run the work of a failed task again, as the same task unless it came with a way of its own."""
        if task.state is not TaskState.FAILED:
            return
        if task.again is not None:
            self.dismiss(task)
            task.again()
            return
        task.progress = Progress()
        task.state, task.error, task.superseded = TaskState.RUNNING, None, False
        self._start(task)

    def dismiss(self, task: Task) -> None:
        """Let go of a failed task that nobody will retry."""
        if task.state is TaskState.FAILED:
            self.task_dismissed.emit(task)
            task.deleteLater()

    def cancel_key(self, key: str) -> None:
        """Cancel and forget what runs under ``key``; nothing of it is delivered any more."""
        earlier = self._by_key.pop(key, None)
        if earlier is not None:
            earlier.superseded = True
            earlier.cancel()

    def shutdown(self, *, seconds: float = 2.5) -> bool:
        """Cancel everything and wait; True when all work has ended within the time and no thread is left."""
        self._closed = True
        for task in self._running.values():
            task.superseded = True
            task.cancel()
        futures = list(self._futures.values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        started = [future for future in futures if not future.cancelled()]  # a cancelled one never reports its end
        if wait(started, timeout=seconds).not_done:
            return False
        self._pool.shutdown(wait=True)  # idle by now; joined, so that no thread holds on to anything of ours
        return True

    def _start(self, task: Task) -> None:
        if self._closed:
            return
        if task.key:
            self.cancel_key(task.key)
            self._by_key[task.key] = task
        # pool threads know a task by its number: they never hold a QObject that could die with them
        number = next(self._numbers)
        steps = self._steps[number] = _LatestStep()
        tell = partial(self._mailbox.post_value, partial(self._on_told, number))
        task.progress = Progress(steps.publish, tell=tell)
        self._running[number] = task
        self._step_timer.start()
        self._futures[number] = self._pool.submit(
            _perform, task.work, task.progress, self._mailbox.post, partial(self._settle, number)
        )
        self.task_started.emit(task)

    def _show_steps(self) -> None:
        for number in tuple(self._running):
            self._show_step(number)

    def _show_step(self, number: int) -> None:
        task, step = self._running[number], self._steps[number].take()
        if step is not None and not task.superseded:
            task.step = step
            task.progressed.emit(step)

    def _on_told(self, number: int, value: Any) -> None:
        task = self._running.get(number)
        if task is not None and not task.superseded:
            task.told.emit(value)

    def _settle(self, number: int, state: TaskState, value: Any) -> None:
        self._show_step(number)
        task = self._running.pop(number)
        del self._futures[number], self._steps[number]
        if not self._running:
            self._step_timer.stop()
        if self._by_key.get(task.key) is task:
            del self._by_key[task.key]
        task.state = TaskState.CANCELLED if task.superseded else state
        task.progress = Progress()  # the old one leads back to this runner: a task must never be what keeps it alive
        if not task.superseded:
            self._announce(task, value)
        task.finished.emit()
        self.task_finished.emit(task)
        if task.state is not TaskState.FAILED:  # failed ones stay for Retry
            # a callback may hold the last reference to whoever owns this runner: the runner must not die as the parent
            # of the very task whose end lets go of it
            task.setParent(None)
            task.deleteLater()

    @staticmethod
    def _announce(task: Task, value: Any) -> None:
        if task.state is TaskState.DONE:
            task.succeeded.emit(value)
        elif task.state is TaskState.CANCELLED:
            task.cancelled.emit()
        else:
            task.error = value
            task.failed.emit(value)


def _refuse_qt(work: Any, depth: int = 3) -> None:
    """Look at what a callable holds: its object, its closure, its bound arguments and the callables among them."""
    for value in _held(work):
        if isinstance(value, QObject):
            raise TypeError(f"background work holds a {type(value).__name__}")
        if depth and callable(value) and not isinstance(value, type):
            _refuse_qt(value, depth - 1)


def _held(work: Any) -> Iterator[Any]:
    yield getattr(work, "__self__", None)
    if isinstance(work, partial):
        yield from (work.func, *work.args, *work.keywords.values())
    for cell in getattr(work, "__closure__", None) or ():
        with suppress(ValueError):  # a variable that is assigned later
            yield cell.cell_contents


def _perform(
    work: Work,
    progress: Progress,
    post: Callable[[Callable[[], None]], None],
    settle: Callable[[TaskState, Any], None],
) -> None:
    """Run on a pool thread: do the work and post how it ended."""
    try:
        progress.check()
        state, value = TaskState.DONE, work(progress)
    except Cancelled:
        state, value = TaskState.CANCELLED, None
    except AppError as error:
        state, value = TaskState.FAILED, error
    except Exception as error:
        log.exception("Background work failed")
        state = TaskState.FAILED
        value = AppError(
            f"Something went wrong inside the program: {type(error).__name__}.",
            next_step="Try again; if it stays, report it with the log.",
        )
    post(lambda: settle(state, value))
