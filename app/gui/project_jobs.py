"""Jobs of the Edge Impulse project that the key opens, and their logs, listed in the background."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.domain.post_processing import JobLog, ServiceJob
from app.errors import AppError
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.progress import Progress

PAGE = 50


@dataclass(frozen=True)
class ListedJobs:
    """Jobs that wait or run, then those that ended, the newest first, as far as they were asked for.

    ``asked`` is how many ended jobs the service was asked for, ``total`` how many it has.
    """

    ei_project_id: int
    active: tuple[ServiceJob, ...]
    ended: tuple[ServiceJob, ...]
    asked: int
    total: int

    @property
    def jobs(self) -> tuple[ServiceJob, ...]:
        """All of them, each once: a job may end between two questions."""
        return tuple({job.job_id: job for job in (*self.active, *self.ended)}.values())

    @property
    def has_more(self) -> bool:
        """Whether the service has older ones."""
        return self.asked < self.total


@dataclass(frozen=True)
class ReadLog:
    """A job with the last lines of its log."""

    job: ServiceJob
    log: JobLog


class ProjectJobs(QObject):
    """Asks for jobs and logs; starts and stops none."""

    listed = Signal(object)  # ListedJobs
    listing_failed = Signal(object)  # AppError
    log_read = Signal(int, object)  # job id, ReadLog
    log_failed = Signal(int, object)  # job id, AppError

    def __init__(self, services: Services, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._known: ListedJobs | None = None

    def load(self) -> None:
        """List the project's jobs anew."""
        services = self._services
        self._runner.run(
            lambda progress: list_project_jobs(services, progress),
            title="Listing jobs of the project",
            key="project-jobs",
            on_success=self._on_listed,
            on_failure=self._on_listing_failed,
        )

    def load_more(self) -> None:
        """List older jobs, too."""
        services, known = self._services, self._known
        if known is None or not known.has_more:
            return
        self._runner.run(
            lambda progress: list_older_jobs(services, known, progress),
            title="Listing older jobs",
            key="project-jobs",
            on_success=self._on_listed,
            on_failure=self._on_listing_failed,
        )

    def load_log(self, ei_project_id: int, job_id: int) -> None:
        """Read how far a job is and what it wrote last."""
        services = self._services

        def work(progress: Progress) -> ReadLog:
            client = services.edge_impulse()
            job = client.job_status(ei_project_id, job_id, progress)
            return ReadLog(job, client.job_log(ei_project_id, job_id, progress=progress))

        self._runner.run(
            work,
            title=f"Reading the log of job {job_id}",
            key=f"log:{job_id}",
            on_success=lambda read: self.log_read.emit(job_id, read),
            on_failure=lambda error: self.log_failed.emit(job_id, error),
        )

    def _on_listed(self, listed: ListedJobs) -> None:
        self._known = listed
        self.listed.emit(listed)

    def _on_listing_failed(self, error: AppError) -> None:
        self.listing_failed.emit(error)


def list_project_jobs(services: Services, progress: Progress) -> ListedJobs:
    """Ask which project the key opens and for its jobs; runs on a worker thread."""
    client = services.edge_impulse()
    progress.report(0, 3, "Asking which project the key opens")
    project_id = client.key_info(progress).project_id
    progress.report(1, 3, "Listing jobs that run")
    active = client.active_jobs(project_id, progress).jobs
    progress.report(2, 3, "Listing jobs that ended")
    return _with_older(services, ListedJobs(project_id, active, (), 0, 1), progress)


def list_older_jobs(services: Services, known: ListedJobs, progress: Progress) -> ListedJobs:
    """One page more of the jobs that ended; runs on a worker thread."""
    progress.report(known.asked, known.total, "Listing older jobs")
    return _with_older(services, known, progress)


def _with_older(services: Services, known: ListedJobs, progress: Progress) -> ListedJobs:
    page = services.edge_impulse().finished_jobs(known.ei_project_id, limit=PAGE, offset=known.asked, progress=progress)
    asked = known.asked + len(page.jobs)
    total = page.total_count if page.jobs else asked  # an empty page is the last one, whatever was promised
    return replace(known, ended=(*known.ended, *page.jobs), asked=asked, total=total)
