"""Works the queue of downloads off, one job after the other, and remembers it in the workspace."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import get_args

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.sequence import Sequence
from app.errors import AppError
from app.gui.last_view import open_as_left
from app.gui.services import Services
from app.gui.tasks import Task, TaskRunner
from app.progress import Progress
from app.sync import (
    GB,
    DownloadQueue,
    ItemState,
    Listener,
    QueueItem,
    Quota,
    Totals,
    download_taken,
    problem_of,
)
from app.workspace import QueuedJob, QueueState

PULSE_MS = 500  # between two looks at the numbers while something is fetched
NO_KEY = "Downloads go on as soon as there is an API key. Type it in the connection dialog."


@dataclass
class Wanted:
    """What the user looks at and waits for, as the download threads may read it: plain values, no Qt object."""

    job_id: str = ""
    index: int = 0
    opening: str = ""  # the job to show as soon as its result is here


class QueueRunner(QObject):
    """Lives on the GUI thread; every intention about the queue goes through here."""

    changed = Signal()  # which jobs there are, their order or their states
    progressed = Signal()  # numbers of what is fetched
    told = Signal(str, object)  # job id, what ``fetch_taken`` tells
    succeeded = Signal(str)  # job id
    failed = Signal(str, object)  # job id, AppError

    def __init__(self, services: Services, runner: TaskRunner, wanted: Wanted, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._wanted = wanted
        self._queue = DownloadQueue()
        self._task: Task | None = None
        self._task_job = ""
        self._failed_tasks: dict[str, Task] = {}
        self._saved: tuple[QueuedJob, ...] = ()
        self._saving = threading.Lock()
        self._pulse = QTimer(self)
        self._pulse.setInterval(PULSE_MS)
        self._pulse.timeout.connect(self.progressed)
        runner.task_dismissed.connect(self._on_dismissed)

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """Every job of the queue, in order."""
        return self._queue.items

    @property
    def totals(self) -> Totals:
        """How far everything is."""
        return self._queue.totals

    @property
    def problem(self) -> str:
        """Why nothing is fetched although jobs wait."""
        return self._queue.problem

    def item(self, job_id: str) -> QueueItem | None:
        """One job of the queue."""
        return self._queue.item(job_id)

    # -- intentions ---------------------------------------------------------------------------------------------

    def add(self, items: Iterable[QueueItem]) -> None:
        """Fetch jobs after those that are here."""
        items = tuple(items)
        self._do(lambda queue: queue.add(items), *(item.job_id for item in items))

    def add_first(self, item: QueueItem) -> None:
        """Fetch a job before all others."""
        self._do(lambda queue: queue.add_first(item), item.job_id)

    def pause(self, job_id: str) -> None:
        """Leave a job out for now."""
        self._do(lambda queue: queue.pause(job_id))

    def resume(self, job_id: str) -> None:
        """Go on with a job that was paused or failed."""
        self._do(lambda queue: queue.resume(job_id), job_id)

    def move(self, job_id: str, *, by: int) -> None:
        """Fetch a job earlier or later."""
        self._do(lambda queue: queue.move(job_id, by=by))

    def to_top(self, job_id: str) -> None:
        """Fetch a job next."""
        self._do(lambda queue: queue.to_top(job_id))

    def remove(self, job_id: str) -> None:
        """Do not fetch a job after all; what is here of it stays."""
        self._do(lambda queue: queue.remove(job_id), job_id)

    def pause_all(self) -> None:
        """Fetch nothing for now."""
        self._do(lambda queue: queue.pause_all())

    def resume_all(self) -> None:
        """Go on with everything that was paused."""
        self._do(lambda queue: queue.resume_all(), *(item.job_id for item in self.items if _is_held(item)))

    def retry_failed(self, project_id: str) -> None:
        """Try again what failed of a project, for example after its files were found elsewhere."""
        for item in self.items:
            if item.state is ItemState.FAILED and item.project_id == project_id:
                self.resume(item.job_id)

    def clear_done(self) -> None:
        """Take what is done off the list."""
        self._do(lambda queue: queue.clear_done())

    def restore(self) -> None:
        """Go on where the program ended last time."""
        services = self._services
        self._runner.run(
            lambda _progress: services.workspace.queued(),
            title="Reading the queue",
            quiet=True,
            on_success=self._on_restored,
        )

    # -- working ------------------------------------------------------------------------------------------------

    def _do(self, change: Callable[[DownloadQueue], None], *tried_again: str) -> None:
        for job_id in tried_again:
            if job_id in self._failed_tasks:
                self._runner.dismiss(self._failed_tasks[job_id])
        change(self._queue)
        self._go_on()

    def _go_on(self) -> None:
        """Stop what is no longer to run; start the next only when nothing is under way any more."""
        if self._task is not None and not self._queue.is_running(self._task_job):
            self._task.cancel()
        elif self._task is None and (item := self._queue.take()) is not None:
            self._start(item)
        self.changed.emit()
        self._save()

    def _start(self, item: QueueItem) -> None:
        queue, services, wanted, job_id = self._queue, self._services, self._wanted, item.job_id

        def work(progress: Progress) -> None:
            fetch_taken(queue, item, services, wanted=wanted, progress=progress)

        task = self._task = self._runner.run(
            work,
            title="Downloading the job",
            on_told=lambda news: self.told.emit(job_id, news),
            on_success=lambda _none: self.succeeded.emit(job_id),
            on_failure=lambda error: self._on_failed(task, job_id, error),
            again=lambda: self.resume(job_id),
        )
        self._task_job = job_id
        task.finished.connect(self._on_finished)
        self._pulse.start()

    def _on_failed(self, task: Task, job_id: str, error: AppError) -> None:
        self._failed_tasks[job_id] = task
        self.failed.emit(job_id, error)

    def _on_finished(self) -> None:
        self._task, self._task_job = None, ""
        self._pulse.stop()
        self._go_on()

    def _on_dismissed(self, task: Task) -> None:
        self._failed_tasks = {job_id: kept for job_id, kept in self._failed_tasks.items() if kept is not task}

    # -- remembering --------------------------------------------------------------------------------------------

    def _on_restored(self, queued: tuple[QueuedJob, ...]) -> None:
        left = tuple(restored(job) for job in queued if job.state != "done")
        if any(item.state is ItemState.WAITING for item in left) and not self._services.credentials.telus_key:
            self._queue.stand_still(NO_KEY)
        self._do(lambda queue: queue.add(item for item in left if queue.item(item.job_id) is None))

    def _save(self) -> None:
        now = remembered(self.items)
        if now == self._saved:
            return
        self._saved = now
        queue, services, saving = self._queue, self._services, self._saving

        def work(_progress: Progress) -> None:
            with saving:  # whoever comes last writes what holds by then
                if services.workspace.writable:
                    services.workspace.save_queue(remembered(queue.items))

        self._runner.run(work, title="Remembering the queue", quiet=True)


def fetch_taken(
    queue: DownloadQueue, item: QueueItem, services: Services, *, wanted: Wanted, progress: Progress
) -> None:
    """Download on a worker thread; tells an OpenedJob when a result came that the user waits for, then indices of
    frames. Raises as ``download_taken`` does, and ApiError when files are still missing at the end.
    """

    def on_sequence(_sequence: Sequence) -> None:
        if wanted.opening == item.job_id:
            progress.tell(open_as_left(services.workspace, item.job_id))

    watched = Listener(
        on_sequence, progress.tell, wanted_frame=lambda: wanted.index if wanted.job_id == item.job_id else 0
    )
    limit = round(services.settings.quota_gb * GB)
    try:
        quota = Quota(services.workspace, limit=limit, keep=lambda: queue.job_ids | {wanted.job_id})
    except AppError as error:
        queue.hold(item.job_id, str(error))
        raise
    summary = download_taken(
        queue, item, services.workspace, services.telus, quota=quota, listener=watched, progress=progress
    )
    if summary.problems:
        raise problem_of(summary)


def remembered(items: Iterable[QueueItem]) -> tuple[QueuedJob, ...]:
    """What is kept of the queue: a job that runs is one that waits after the next start."""
    return tuple(
        QueuedJob(item.project_id, item.job_id, item.name, _kept_state(item.state), item.message) for item in items
    )


def restored(job: QueuedJob) -> QueueItem:
    """A job of the queue as it was when the program ended."""
    return QueueItem(job.project_id, job.job_id, job.name, ItemState(job.state), job.message)


def _kept_state(state: ItemState) -> QueueState:
    return next((kept for kept in get_args(QueueState) if kept == state.value), "waiting")


def _is_held(item: QueueItem) -> bool:
    return item.state is ItemState.PAUSED and bool(item.message)
