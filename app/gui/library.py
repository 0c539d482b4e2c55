"""Projects, batches and jobs as the tree shows them: from the workspace at once, from the service when asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from app.domain.annotation import Batch, JobPage, JobSummary, Project
from app.errors import AppError, ServiceError
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.progress import Progress
from app.settings import RememberedProject
from app.sync import list_batches, list_jobs
from app.workspace import StoredJob
from app.workspace.bundle_manifest import DELIVERED


@dataclass(frozen=True)
class BatchJobs:
    """What is known of one batch's jobs so far."""

    jobs: tuple[JobSummary, ...] = ()
    next_page_token: str = ""
    loaded: bool = False
    loading: bool = False
    seen_tokens: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_more(self) -> bool:
        """Whether another page may be asked for."""
        return bool(self.next_page_token) and not self.loading

    def with_page(self, page: JobPage) -> "BatchJobs":
        """This plus one page; a repeated token or job ends or skips instead of looping."""
        known = {job.job_id for job in self.jobs}
        fresh = tuple(job for job in page.jobs if job.job_id not in known)
        token = "" if page.next_page_token in self.seen_tokens else page.next_page_token
        return BatchJobs(self.jobs + fresh, token, loaded=True, seen_tokens=self.seen_tokens | {page.next_page_token})


@dataclass(frozen=True)
class _Known:
    """What the workspace knows, read in a worker."""

    projects: tuple[Project, ...]
    jobs: tuple[StoredJob, ...]

    def jobs_by_batch(self) -> dict[tuple[str, str], tuple[JobSummary, ...]]:
        """Jobs as listed before, by project and batch."""
        grouped: dict[tuple[str, str], tuple[JobSummary, ...]] = {}
        for job in self.jobs:
            summary = JobSummary(job.job_id, job.reference_id, job.status, job.frames)
            key = (job.project_id, job.batch_id)
            grouped[key] = (*grouped.get(key, ()), summary)
        return grouped

    def stored(self) -> frozenset[str]:
        """Ids of the jobs whose result is here."""
        return frozenset(job.job_id for job in self.jobs if job.downloaded)


class Library(QObject):
    """The browsable side of the annotation service; lives on the GUI thread."""

    projects_changed = Signal()
    batches_changed = Signal(str)  # project id
    jobs_changed = Signal(str, str)  # project id, batch id
    listing_failed = Signal(str, object)  # project id, AppError

    def __init__(self, services: Services, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._projects: dict[str, str] = {}  # id -> name
        self._batches: dict[str, tuple[Batch, ...]] = {}
        self._jobs: dict[tuple[str, str], BatchJobs] = {}
        self._stored: frozenset[str] = frozenset()

    @property
    def projects(self) -> tuple[RememberedProject, ...]:
        """Projects in the order they were added."""
        return tuple(RememberedProject(project_id, name) for project_id, name in self._projects.items())

    def batches(self, project_id: str) -> tuple[Batch, ...] | None:
        """Batches of a project; None until they were listed once."""
        return self._batches.get(project_id)

    def jobs(self, project_id: str, batch_id: str) -> BatchJobs:
        """Jobs of a batch as far as they were listed."""
        return self._jobs.get((project_id, batch_id), BatchJobs())

    def is_stored(self, job_id: str) -> bool:
        """Whether a job's result is in the workspace."""
        return job_id in self._stored

    def add_project(self, project_id: str, name: str = "") -> None:
        """Put a project into the tree and list its batches."""
        project_id = project_id.strip()
        if not project_id:
            return
        self._projects.setdefault(project_id, name)
        self.projects_changed.emit()
        self.load_batches(project_id)

    def show_remembered(self) -> None:
        """Fill the tree from settings and workspace without asking the network."""
        for remembered in self._services.settings.projects:
            self._projects.setdefault(remembered.project_id, remembered.name)
        self._read_workspace(self._on_workspace)

    def refresh_stored(self) -> None:
        """Look again which jobs the workspace holds."""
        self._read_workspace(self._on_workspace)

    def load_batches(self, project_id: str) -> None:
        """Ask the service for a project's batches; it knows nothing of jobs that came with bundles of deliveries."""
        if project_id == DELIVERED:
            return
        services = self._services

        def work(progress: Progress) -> Project:
            return list_batches(services.workspace, services.telus(), project_id, progress=progress)

        self._runner.run(
            work,
            title="Listing batches",
            key=f"library:{project_id}",
            on_success=self._on_project,
            on_failure=lambda error: self._on_listing_failed(project_id, error),
        )

    def load_jobs(self, project_id: str, batch_id: str) -> None:
        """Ask for the next page of a batch's jobs; does nothing while one is under way or after the last."""
        known = self.jobs(project_id, batch_id)
        if project_id == DELIVERED or known.loading or (known.loaded and not known.next_page_token):
            return
        services, token = self._services, known.next_page_token
        self._jobs[project_id, batch_id] = replace(known, loading=True)

        def work(progress: Progress) -> JobPage:
            return list_jobs(
                services.workspace, services.telus(), project_id, batch_id, page_token=token, progress=progress
            )

        self._runner.run(
            work,
            title="Listing jobs",
            key=f"library:{project_id}:{batch_id}",
            on_success=lambda page: self._on_page(project_id, batch_id, page),
            on_failure=lambda error: self._on_page_failed(project_id, batch_id, error),
        )

    def _read_workspace(self, on_read: Callable[["_Known"], None]) -> None:
        services = self._services
        self._runner.run(
            lambda _progress: _Known(services.workspace.projects(), services.workspace.jobs()),
            title="Reading the workspace",
            quiet=True,
            on_success=on_read,
        )

    def _on_workspace(self, known: "_Known") -> None:
        for project in known.projects:
            self._projects[project.project_id] = project.name or self._projects.get(project.project_id, "")
            self._batches.setdefault(project.project_id, project.batches)
        for (project_id, batch_id), jobs in known.jobs_by_batch().items():
            self._projects.setdefault(project_id, "")
            self._jobs.setdefault((project_id, batch_id), BatchJobs(jobs))
        self._stored = known.stored()
        self.projects_changed.emit()

    def _on_project(self, project: Project) -> None:
        self._projects[project.project_id] = project.name
        self._batches[project.project_id] = project.batches
        self.projects_changed.emit()
        self.batches_changed.emit(project.project_id)

    def _on_listing_failed(self, project_id: str, error: AppError) -> None:
        if isinstance(error, ServiceError) and project_id not in self._batches:
            self._projects.pop(project_id, None)  # a mistyped id is not worth remembering
            self.projects_changed.emit()
        self.listing_failed.emit(project_id, error)

    def _on_page(self, project_id: str, batch_id: str, page: JobPage) -> None:
        known = self.jobs(project_id, batch_id)
        self._jobs[project_id, batch_id] = known.with_page(page)
        self.jobs_changed.emit(project_id, batch_id)

    def _on_page_failed(self, project_id: str, batch_id: str, error: AppError) -> None:
        self._jobs[project_id, batch_id] = replace(self.jobs(project_id, batch_id), loading=False)
        self.listing_failed.emit(project_id, error)
