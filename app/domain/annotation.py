"""Projects, batches and jobs of the annotation service. Every id is an opaque string."""

from dataclasses import dataclass


def is_completed(status: str) -> bool:
    """Whether a status means done: jobs say "completed", batches "Complete"; unknown words mean not yet."""
    return status.strip().lower() in ("completed", "complete")


@dataclass(frozen=True)
class Batch:
    """A batch as the project lists it."""

    batch_id: str
    name: str
    status: str = ""
    total_jobs: int | None = None
    completed_jobs: int | None = None
    total_frames: int | None = None
    completed_frames: int | None = None
    annotations: int | None = None
    created_at: str = ""


@dataclass(frozen=True)
class Project:
    """A project with its batches."""

    project_id: str
    name: str
    base: str
    batches: tuple[Batch, ...]


@dataclass(frozen=True)
class JobSummary:
    """A job as its batch lists it."""

    job_id: str
    reference_id: str
    status: str
    frames: int | None = None
    annotations: int | None = None

    @property
    def completed(self) -> bool:
        """Whether the service calls it completed."""
        return is_completed(self.status)


@dataclass(frozen=True)
class JobPage:
    """One page of a batch's jobs; ``next_page_token`` is empty on the last."""

    jobs: tuple[JobSummary, ...]
    next_page_token: str
    batch_name: str = ""


@dataclass(frozen=True)
class JobResult:
    """What the service returns for one job; ``result_url`` is empty until the job is completed."""

    project_id: str
    job_id: str
    reference_id: str
    batch_id: str
    status: str
    result_url: str

    @property
    def ready(self) -> bool:
        """Whether there is a result to fetch."""
        return bool(self.result_url)


@dataclass(frozen=True)
class StatusChange:
    """A batch or job whose status or progress the service lists differently than before, both in words."""

    id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ListingChanges:
    """What a listing brought compared with what was known: ids seen for the first time, and what moved on."""

    new: tuple[str, ...] = ()
    changed: tuple[StatusChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)
