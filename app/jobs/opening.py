"""Finding out what lies at a path, and opening it as a job."""

from contextlib import suppress
from pathlib import Path

from app.errors import InputError, WorkspaceError
from app.formats.telus import parse_result
from app.jobs.bundled import open_bundle_job
from app.jobs.layouts import Layout, cloud_file, cloud_folder, find_dataset, is_infos
from app.jobs.local_job import LocalJob
from app.workspace import StoredJob, Workspace
from app.workspace.bundle import is_bundle
from app.workspace.delivery import RESULT_NAME, Delivery, LooseFiles
from app.workspace.job_files import WorkspaceFiles
from app.workspace.local_files import PlainFile
from app.workspace.workspace import is_workspace

_HEAD = 4096  # bytes that tell the kind of a file


def open_path(path: Path, *, mask: Path | None = None) -> LocalJob:
    """Open whatever lies at ``path``: a workspace with one job (or ``<workspace>/<job id or reference id>``), a
    delivery folder, a result document, a bundle, a dataset (see ``app.jobs.layouts``), a point cloud with an optional
    mask, or a folder with point clouds in or below it and an optional folder of masks that are named alike.

    Raises InputError where it is none of these, FormatError or WorkspaceError where it cannot be read. Close the job
    when done with it.
    """
    path = path.absolute()
    if mask is not None and not mask.exists():
        raise InputError(f"There is no mask at {mask}.", next_step="Check the path.")
    opened_job = _open_whole(path) or (_open_dataset(path) if mask is None else None)
    if opened_job is not None:
        if mask is None:
            return opened_job
        opened_job.close()
        raise InputError("A mask can only be given with a point cloud.", next_step="Leave the mask out.")
    return _job_of(_open_folder(path, mask) if path.is_dir() else cloud_file(path, mask))


def open_workspace_job(workspace: Workspace, job_id: str) -> LocalJob:
    """Open a downloaded job by its id or reference id; files still missing may arrive while it is open.

    Raises InputError where the job was not fetched, DamagedFileError where its result document is not what was
    received, FormatError where it cannot be read.
    """
    job, document = workspace.require_document(job_id)
    sequence = parse_result(document)
    if workspace.writable:
        with suppress(WorkspaceError):  # a note for sorting lists; without it the job can be seen all the same
            workspace.mark_opened(job.job_id)
    return LocalJob(job.name, sequence, WorkspaceFiles(workspace, job.job_id), job_id=job.job_id)


def _open_whole(path: Path) -> LocalJob | None:
    """A job that comes with its own masks; None where the path holds no such thing."""
    if is_workspace(path):
        return _open_in_workspace(path, name="")
    if not path.exists():
        if is_workspace(path.parent):
            return _open_in_workspace(path.parent, name=path.name)
        raise InputError(f"There is nothing at {path}.", next_step="Check the path.")
    if path.is_file() and is_bundle(path):
        return open_bundle_job(path)
    if (path / RESULT_NAME).is_file() or (path.is_file() and _is_document(path) and not is_infos(path)):
        delivery = Delivery.open(path)
        return LocalJob(delivery.name, parse_result(delivery.read_document()), delivery)
    return None


def _open_dataset(path: Path) -> LocalJob | None:
    """A dataset's folder or a text of boxes; None where the path is neither."""
    layout = find_dataset(path)
    return _job_of(layout) if layout else None


def _open_in_workspace(root: Path, *, name: str) -> LocalJob:
    workspace = Workspace.open(root, read_only=True)  # whoever looks must not keep others from writing
    try:
        job = open_workspace_job(workspace, name or _only_job(workspace).job_id)
    except BaseException:
        workspace.close()
        raise
    return LocalJob(job.name, job.sequence, job.files, job_id=job.job_id, on_close=workspace.close)


def _only_job(workspace: Workspace) -> StoredJob:
    jobs = [job for job in workspace.jobs() if job.downloaded]
    if len(jobs) == 1:
        return jobs[0]
    if not jobs:
        raise InputError(f"The workspace {workspace.root} holds no job yet.", next_step="Fetch one first.")
    names = ", ".join(job.name for job in jobs[:5]) + (" …" if len(jobs) > 5 else "")
    next_step = f"Name one of them: {workspace.root / jobs[0].name}."
    raise InputError(f"The workspace {workspace.root} holds {len(jobs)} jobs: {names}.", next_step=next_step)


def _open_folder(path: Path, masks: Path | None) -> Layout:
    layout = cloud_folder(path, masks)
    if layout is None:
        next_step = f"Choose a workspace, a folder with {RESULT_NAME} or with point clouds, or a single point cloud."
        raise InputError(f"There is no job in {path}.", next_step=next_step)
    return layout


def _job_of(layout: Layout) -> LocalJob:
    return LocalJob(layout.name, layout.sequence, LooseFiles(layout.paths), tracks=layout.tracks)


def _is_document(path: Path) -> bool:
    with PlainFile(path).open("the file") as stream:
        return stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
