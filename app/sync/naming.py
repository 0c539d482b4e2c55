"""From what people call jobs to their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.finding import printable
from app.errors import AppError, KeyRefusedError, WorkspaceError
from app.progress import Progress
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.api.telus import TelusClient


@dataclass(frozen=True)
class NamedJobs:
    """Ids of jobs, each once, in the order of their names; ``missing`` says of the other names why there is none."""

    ids: tuple[str, ...]
    missing: Mapping[str, str]


def find_jobs(
    workspace: Workspace, telus: "TelusClient", project_id: str, names: Iterable[str], *, progress: Progress
) -> NamedJobs:
    """Jobs of a project by id or reference id; what the workspace knows is not asked for.

    Raises KeyRefusedError, WorkspaceError and Cancelled; other failures concern one name.
    """
    ids: dict[str, None] = {}
    missing: dict[str, str] = {}
    for name in dict.fromkeys(names):
        progress.report(len(ids) + len(missing), None, f"Looking for {printable(name)}")
        try:
            found = _find(workspace, telus, project_id, name, progress)
        except (KeyRefusedError, WorkspaceError):
            raise
        except AppError as error:
            missing[name] = str(error)
            continue
        if found:
            ids[found] = None
        else:
            missing[name] = (
                f"Project {printable(project_id)} has no job of this name. Check the id or the reference id."
            )
    return NamedJobs(tuple(ids), missing)


def _find(workspace: Workspace, telus: "TelusClient", project_id: str, name: str, progress: Progress) -> str:
    known = workspace.job(name)
    if known is not None and known.project_id == project_id:
        return known.job_id
    found = telus.find_job(project_id, name, progress)
    return found.job_id if found else ""
