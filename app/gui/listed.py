"""What is known of jobs in the tree: as plain values, read from the workspace in a worker or told by the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.annotation import JobPage, JobSummary, Project
from app.errors import AppError, ServiceError
from app.gui.services import Services
from app.progress import Progress
from app.workspace import JobGaps, StoredJob


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
class OnDisk:
    """The local copy of a job: bytes of its files, how many are missing or damaged, and whether it is pinned."""

    size: int
    pinned: bool = False
    gaps: JobGaps = field(default_factory=JobGaps)


@dataclass(frozen=True)
class Known:
    """What the workspace knows."""

    projects: tuple[Project, ...]
    jobs: tuple[StoredJob, ...]
    sizes: Mapping[str, int]
    gaps: Mapping[str, JobGaps]
    notice: str = ""

    def jobs_by_batch(self) -> dict[tuple[str, str], tuple[JobSummary, ...]]:
        """Jobs as listed before, by project and batch."""
        grouped: dict[tuple[str, str], list[JobSummary]] = {}
        for job in self.jobs:
            summary = JobSummary(job.job_id, job.reference_id, job.status, job.frames, job.annotations)
            grouped.setdefault((job.project_id, job.batch_id), []).append(summary)
        return {key: tuple(jobs) for key, jobs in grouped.items()}

    def on_disk(self) -> dict[str, OnDisk]:
        """The jobs whose result is here."""
        return {job.job_id: self._on_disk(job) for job in self.jobs if job.downloaded}

    def _on_disk(self, job: StoredJob) -> OnDisk:
        return OnDisk(self.sizes.get(job.job_id, 0), job.pinned, self.gaps.get(job.job_id, JobGaps()))


def read_known(services: Services) -> Known:
    """Read the workspace; for a worker thread."""
    workspace = services.workspace
    return Known(workspace.projects(), workspace.jobs(), workspace.job_sizes(), workspace.job_gaps(), workspace.notice)


def find_job(
    services: Services, project_ids: tuple[str, ...], name: str, progress: Progress
) -> tuple[str, JobSummary] | None:
    """Ask the service for a job by its id or reference id, project after project; for a worker thread.

    Raises what one project's search failed with where no other has the job.
    """
    failure: AppError | None = None
    for done, project_id in enumerate(project_ids):
        progress.report(done, len(project_ids), f"Looking for {name}")
        try:
            job = services.telus().find_job(project_id, name, progress)
        except ServiceError as error:
            failure = failure or error
        else:
            if job is not None:
                return project_id, job
    if failure is not None:
        raise failure
    return None
