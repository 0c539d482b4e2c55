"""Projects, batches and jobs as the tree shows them: from the workspace at once, from the service when asked."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.annotation import Batch, JobPage, JobSummary, Project
from app.errors import AppError, ServiceError
from app.gui.listed import BatchJobs, Known, OnDisk, find_job, read_known
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.progress import Progress
from app.settings import RememberedProject
from app.sync import News, Refreshed, list_all_jobs, list_batches, list_jobs, refresh_project
from app.workspace.records import DELIVERED

NOT_FOUND = "No job has this id or reference id in the projects listed here. Check it, or add the job's project."
NO_PROJECT = "Add a project first: type its id above."


class Library(QObject):
    """The browsable side of the annotation service; lives on the GUI thread."""

    projects_changed = Signal()
    batches_changed = Signal(str)  # project id
    jobs_changed = Signal(str, str)  # project id, batch id; an empty batch id for jobs that were searched for
    stored_changed = Signal()  # what the workspace holds of which job
    listing_failed = Signal(str, object)  # project id, AppError
    news_changed = Signal()  # what a refresh found
    job_found = Signal(str, str)  # project id, job id
    search_failed = Signal(str)  # a sentence
    notice_changed = Signal(str)  # why the workspace cannot be written; empty where it can

    def __init__(self, services: Services, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._projects: dict[str, str] = {}  # id -> name
        self._batches: dict[str, tuple[Batch, ...]] = {}
        self._jobs: dict[tuple[str, str], BatchJobs] = {}
        self._on_disk: dict[str, OnDisk] = {}
        self._damaged: frozenset[str] = frozenset()
        self._news: News | None = None
        self._marks: dict[str, str] = {}  # job id -> word
        self._refreshing: set[str] = set()

    @property
    def projects(self) -> tuple[RememberedProject, ...]:
        """Projects in the order they were added."""
        return tuple(RememberedProject(project_id, name) for project_id, name in self._projects.items())

    def batches(self, project_id: str) -> tuple[Batch, ...] | None:
        """Batches of a project; None until they were listed once."""
        return self._batches.get(project_id)

    def jobs(self, project_id: str, batch_id: str) -> BatchJobs:
        """Jobs of a batch as far as they were listed; of the empty batch those that were searched for."""
        return self._jobs.get((project_id, batch_id), BatchJobs())

    def is_stored(self, job_id: str) -> bool:
        """Whether a job's result is in the workspace."""
        return job_id in self._on_disk

    def on_disk(self, job_id: str) -> OnDisk | None:
        """The local copy of a job, None where there is none."""
        known = self._on_disk.get(job_id)
        if known is None or known.gaps.damaged or job_id not in self._damaged:
            return known
        return replace(known, gaps=replace(known.gaps, damaged=1))

    @property
    def news(self) -> News | None:
        """What the last refresh found; None before the first."""
        return self._news

    def mark(self, job_id: str) -> str:
        """``new``, ``completed`` or ``changed`` until the job is opened, else empty."""
        return self._marks.get(job_id, "")

    def name_of(self, job_id: str) -> str:
        """What people call a listed job; its id where it is not listed."""
        jobs = (job for known in self._jobs.values() for job in known.jobs if job.job_id == job_id)
        return next((job.reference_id for job in jobs if job.reference_id), job_id)

    def completed_jobs(self, project_id: str, batch_id: str) -> tuple[JobSummary, ...]:
        """The listed jobs of a batch that are completed."""
        return tuple(job for job in self.jobs(project_id, batch_id).jobs if job.completed)

    # -- intentions ---------------------------------------------------------------------------------------------

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
        self.refresh_stored()

    def refresh_stored(self) -> None:
        """Look again what the workspace holds."""
        services = self._services
        self._runner.run(
            lambda _progress: read_known(services),
            title="Reading the workspace",
            key="library:stored",
            quiet=True,
            on_success=self._on_workspace,
        )

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
        if project_id == DELIVERED or not batch_id or known.loading or (known.loaded and not known.next_page_token):
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

    def load_all_jobs(self, project_id: str, batch_id: str) -> None:
        """Ask for all pages of a batch's jobs."""
        services = self._services

        def work(progress: Progress) -> tuple[JobSummary, ...]:
            jobs = list_all_jobs(services.workspace, services.telus(), project_id, batch_id, progress=progress)
            return tuple(jobs)

        self._runner.run(
            work,
            title="Listing the whole batch",
            key=f"library:{project_id}:{batch_id}",
            on_success=lambda jobs: self._on_all_jobs(project_id, batch_id, jobs),
            on_failure=lambda error: self._on_page_failed(project_id, batch_id, error),
        )

    def refresh(self) -> None:
        """Ask again for every project what was listed before, and tell what is different."""
        if not self._asked_for():
            self.search_failed.emit(NO_PROJECT)
        self._news = None
        for project_id in self._asked_for():
            self._refresh_project(project_id)

    def find(self, name: str) -> None:
        """Ask the service for a job by its id or reference id."""
        services, project_ids, name = self._services, self._asked_for(), name.strip()
        if not project_ids:
            self.search_failed.emit(NO_PROJECT)
        elif name:
            self._runner.run(
                lambda progress: find_job(services, project_ids, name, progress),
                title="Looking for the job",
                key="library:find",
                on_success=self._on_found,
                on_failure=lambda error: self.search_failed.emit(str(error)),
            )

    def note_opened(self, job_id: str) -> None:
        """The user has seen what changed about a job."""
        if self._marks.pop(job_id, None):
            self.stored_changed.emit()

    def set_damaged(self, job_ids: Iterable[str]) -> None:
        """Mark the jobs of which a file is damaged or missing."""
        self._damaged = frozenset(job_ids)
        self.stored_changed.emit()

    def _asked_for(self) -> tuple[str, ...]:
        """The projects that the service knows."""
        return tuple(project_id for project_id in self._projects if project_id != DELIVERED)

    def _refresh_project(self, project_id: str) -> None:
        services = self._services
        self._refreshing.add(project_id)
        self._runner.run(
            lambda progress: refresh_project(services.workspace, services.telus(), project_id, progress=progress),
            title=f"Refreshing {self._projects.get(project_id) or project_id}",
            key=f"library:{project_id}",
            on_success=self._on_refreshed,
            on_failure=lambda error: self._on_listing_failed(project_id, error),
        )

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_workspace(self, known: Known) -> None:
        for project in known.projects:
            self._projects[project.project_id] = project.name or self._projects.get(project.project_id, "")
            self._batches.setdefault(project.project_id, project.batches)
        for (project_id, batch_id), jobs in known.jobs_by_batch().items():
            self._projects.setdefault(project_id, "")
            self._jobs.setdefault((project_id, batch_id), BatchJobs(jobs))
        self._on_disk = known.on_disk()
        self.notice_changed.emit(known.notice)
        self.projects_changed.emit()
        self.stored_changed.emit()

    def _on_project(self, project: Project) -> None:
        self._projects[project.project_id] = project.name
        self._batches[project.project_id] = project.batches
        self.projects_changed.emit()
        self.batches_changed.emit(project.project_id)

    def _on_listing_failed(self, project_id: str, error: AppError) -> None:
        self._refreshing.discard(project_id)
        if isinstance(error, ServiceError) and project_id not in self._batches:
            self._projects.pop(project_id, None)  # a mistyped id is not worth remembering
            self.projects_changed.emit()
        self.listing_failed.emit(project_id, error)

    def _on_page(self, project_id: str, batch_id: str, page: JobPage) -> None:
        known = self.jobs(project_id, batch_id)
        self._jobs[project_id, batch_id] = known.with_page(page)
        self.jobs_changed.emit(project_id, batch_id)

    def _on_all_jobs(self, project_id: str, batch_id: str, jobs: tuple[JobSummary, ...]) -> None:
        self._jobs[project_id, batch_id] = BatchJobs(jobs, loaded=True)
        self.jobs_changed.emit(project_id, batch_id)

    def _on_page_failed(self, project_id: str, batch_id: str, error: AppError) -> None:
        self._jobs[project_id, batch_id] = replace(self.jobs(project_id, batch_id), loading=False)
        self.listing_failed.emit(project_id, error)

    def _on_refreshed(self, refreshed: Refreshed) -> None:
        project_id, news = refreshed.project.project_id, refreshed.news
        self._refreshing.discard(project_id)
        self._news = (self._news or News()) + news
        for word, job_ids in (("changed", news.changed), ("completed", news.completed), ("new", news.new)):
            self._marks.update(dict.fromkeys(job_ids, word))
        self._on_project(refreshed.project)
        for batch_id, jobs in refreshed.jobs.items():
            self._on_all_jobs(project_id, batch_id, jobs)
        if not self._refreshing:
            self.news_changed.emit()

    def _on_found(self, found: tuple[str, JobSummary] | None) -> None:
        if found is None:
            self.search_failed.emit(NOT_FOUND)
            return
        project_id, job = found
        if all(job.job_id != known.job_id for jobs in self._jobs.values() for known in jobs.jobs):
            searched = self.jobs(project_id, "")
            self._jobs[project_id, ""] = replace(searched, jobs=(*searched.jobs, job))
            self.jobs_changed.emit(project_id, "")
        self.job_found.emit(project_id, job.job_id)
