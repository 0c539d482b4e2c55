"""Projects, batches and jobs of the annotation service, remembered for browsing offline."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.api.pages import each_page
from app.domain.annotation import JobPage, JobSummary, ListingChanges, Project
from app.progress import Progress
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.api.telus import TelusClient

OnChanges = Callable[[ListingChanges], None]


def _not_compared(_changes: ListingChanges) -> None:
    pass


def list_batches(
    workspace: Workspace,
    telus: "TelusClient",
    project_id: str,
    *,
    progress: Progress,
    on_changes: OnChanges = _not_compared,
) -> Project:
    """Ask for a project and its batches; ``on_changes`` hears what is different from before.

    Raises as TelusClient and Workspace do.
    """
    project = telus.project(project_id, progress)
    on_changes(workspace.save_project(project))
    return project


def list_jobs(
    workspace: Workspace,
    telus: "TelusClient",
    project_id: str,
    batch_id: str,
    *,
    page_token: str = "",
    progress: Progress,
    on_changes: OnChanges = _not_compared,
) -> JobPage:
    """Ask for one page of a batch's jobs; an empty token asks for the first."""
    page = telus.job_page(project_id, batch_id, page_token=page_token, progress=progress)
    on_changes(workspace.save_job_page(page, project_id=project_id, batch_id=batch_id))
    return page


def list_all_jobs(
    workspace: Workspace,
    telus: "TelusClient",
    project_id: str,
    batch_id: str,
    *,
    progress: Progress,
    on_changes: OnChanges = _not_compared,
) -> Iterator[JobSummary]:
    """Every job of a batch, page after page, each once; ends even where the service repeats itself."""

    def ask(token: str) -> JobPage:
        return list_jobs(
            workspace, telus, project_id, batch_id, page_token=token, progress=progress, on_changes=on_changes
        )

    for page in each_page(ask):
        yield from page.jobs
