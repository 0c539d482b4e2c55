"""Asking again what was listed before, and telling what is different."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.annotation import JobSummary, ListingChanges, Project, is_completed
from app.domain.finding import counted
from app.progress import Progress
from app.sync.listing import list_all_jobs, list_batches
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.api.telus import TelusClient


@dataclass(frozen=True)
class News:
    """Ids of what changed since the last listing: batches and jobs never seen before, jobs that were completed since,
    jobs that changed otherwise."""

    batches: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __add__(self, other: "News") -> "News":
        return News(
            self.batches + other.batches,
            self.new + other.new,
            self.completed + other.completed,
            self.changed + other.changed,
        )

    @property
    def text(self) -> str:
        """``2 new, 1 completed``."""
        parts = [counted(len(self.batches), "new batch", "new batches")] if self.batches else []
        named = ((self.new, "new"), (self.completed, "completed"), (self.changed, "changed"))
        parts += [f"{len(jobs):,} {word}" for jobs, word in named if jobs]
        return ", ".join(parts) or "Nothing new"


@dataclass(frozen=True)
class Refreshed:
    """A project as it is now; ``jobs`` by batch, whole lists of the batches whose jobs were listed before."""

    project: Project
    jobs: Mapping[str, tuple[JobSummary, ...]] = field(default_factory=dict)
    news: News = News()


def refresh_project(workspace: Workspace, telus: "TelusClient", project_id: str, *, progress: Progress) -> Refreshed:
    """Ask for a project, its batches, and all jobs of the batches that were listed before.

    A batch whose jobs were never listed has nothing to compare with. Raises as TelusClient and Workspace do.
    """
    in_project: list[ListingChanges] = []
    known_before = workspace.project(project_id) is not None
    progress.report(0, None, "Asking for the batches")
    project = list_batches(workspace, telus, project_id, progress=progress, on_changes=in_project.append)
    jobs: dict[str, tuple[JobSummary, ...]] = {}
    in_batches: list[ListingChanges] = []
    for done, batch in enumerate(project.batches):
        progress.report(done, len(project.batches), f"Listing {batch.name}")
        if workspace.jobs(project_id=project_id, batch_id=batch.batch_id):
            listing = list_all_jobs(
                workspace, telus, project_id, batch.batch_id, progress=progress, on_changes=in_batches.append
            )
            jobs[batch.batch_id] = tuple(listing)
    news = _job_news(in_batches, jobs.values())
    fresh = tuple(batch for changes in in_project for batch in changes.new) if known_before else ()
    return Refreshed(project, jobs, News(batches=fresh) + news)


def _job_news(changes: Iterable[ListingChanges], listed: Iterable[Iterable[JobSummary]]) -> News:
    changes = tuple(changes)
    completed_now = {job.job_id for jobs in listed for job in jobs if job.completed}
    moved = [change for page in changes for change in page.changed]
    completed = [
        change.id for change in moved if change.id in completed_now and not is_completed(change.before.split(",")[0])
    ]
    return News(
        new=tuple(dict.fromkeys(job for page in changes for job in page.new)),
        completed=tuple(dict.fromkeys(completed)),
        changed=tuple(dict.fromkeys(change.id for change in moved if change.id not in completed)),
    )
