"""Finding out what lies at a path, and opening it as a job."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.domain.sequence import Sequence, SequenceFrame
from app.errors import InputError, WorkspaceError
from app.formats.clouds import read_cloud
from app.formats.telus import parse_result
from app.jobs.local_job import LABEL_KEY, LocalJob
from app.workspace import StoredJob, Workspace
from app.workspace.delivery import RESULT_NAME, Delivery, LooseFiles
from app.workspace.failures import plain_words
from app.workspace.job_files import WorkspaceFiles
from app.workspace.local_files import PlainFile
from app.workspace.workspace import is_workspace

CLOUD_SUFFIXES = (".pcd",)
MASK_SUFFIXES = (".txt", ".json", ".txt.gz", ".json.gz", ".pcd")
_HEAD = 4096  # bytes of a cloud file that hold its header


def open_path(path: Path, *, mask: Path | None = None) -> LocalJob:
    """Open whatever lies at ``path``: a workspace with one job (or ``<workspace>/<job id or reference id>``), a
    delivery folder, a result document, a point cloud with an optional mask, or a folder with point clouds in or below
    it and an optional folder of masks that are named alike.

    Raises InputError where it is none of these, FormatError or WorkspaceError where it cannot be read. Close the job
    when done with it.
    """
    path = path.absolute()
    if mask is not None and not mask.exists():
        raise InputError(f"There is no mask at {mask}.", next_step="Check the path.")
    opened_job = _open_whole(path)
    if opened_job is not None:
        if mask is None:
            return opened_job
        opened_job.close()
        raise InputError("A mask can only be given with a point cloud.", next_step="Leave the mask out.")
    return _open_folder(path, mask) if path.is_dir() else _open_cloud(path, mask)


def open_workspace_job(workspace: Workspace, job_id: str) -> LocalJob:
    """Open a downloaded job by its id or reference id; files still missing may arrive while it is open.

    Raises InputError where the job or its result document is not here, FormatError where that is damaged.
    """
    job = workspace.job(job_id)
    document = workspace.job_document(job) if job else None
    if job is None or document is None:
        raise InputError(f"The job {job_id} is not in the workspace {workspace.root}.", next_step="Fetch it first.")
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
    if (path / RESULT_NAME).is_file() or (path.is_file() and _is_document(path)):
        delivery = Delivery.open(path)
        return LocalJob(delivery.name, parse_result(delivery.read_document()), delivery)
    return None


def _open_in_workspace(root: Path, *, name: str) -> LocalJob:
    workspace = Workspace.open(root)
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


def _open_cloud(path: Path, mask: Path | None) -> LocalJob:
    if mask is not None and mask.is_dir():
        raise InputError(f"The mask {mask} is a folder.", next_step="Give the mask's file.")
    with PlainFile(path).open("a point cloud") as stream:
        read_cloud(stream)  # a single file that cannot be read is a failure, not a job with a finding
    return _loose_job(path.name, {path: mask}, root=path.parent)


def _open_folder(path: Path, mask: Path | None) -> LocalJob:
    if mask is not None and not mask.is_dir():
        raise InputError("One mask cannot fit a folder of point clouds.", next_step="Give a folder of masks.")
    with plain_words("list the files", path):
        clouds = _clouds(path.iterdir()) or _clouds(path.rglob("*"))  # below only where the folder itself has none
    if not clouds:
        next_step = f"Choose a workspace, a folder with {RESULT_NAME} or with point clouds, or a single point cloud."
        raise InputError(f"There is no job in {path}.", next_step=next_step)
    return _loose_job(path.name, {cloud: _mask_beside(mask, cloud) if mask else None for cloud in clouds}, root=path)


def _clouds(files: Iterable[Path]) -> list[Path]:
    return sorted((file for file in files if file.suffix.lower() in CLOUD_SUFFIXES), key=_play_order)


def _loose_job(name: str, masks: dict[Path, Path | None], *, root: Path) -> LocalJob:
    """Frames are named by where their clouds lie below ``root``."""
    paths: dict[str, Path] = {}
    frames = []
    for cloud, mask in masks.items():
        frame_id = cloud.relative_to(root).with_suffix("").as_posix()
        scan_url = f"cloud/{frame_id}{cloud.suffix}"
        mask_url = f"mask/{frame_id}{mask.suffix}" if mask else (scan_url if _has_label_keys(cloud) else "")
        paths |= {mask_url: mask} if mask else {}
        paths[scan_url] = cloud
        frames.append(SequenceFrame(frame_id, scan_url, mask_url, mask_expected=mask is not None))
    return LocalJob(name, Sequence(tuple(frames)), LooseFiles(paths))


def _mask_beside(folder: Path, cloud: Path) -> Path | None:
    names = (folder / f"{cloud.stem}{suffix}" for suffix in MASK_SUFFIXES)
    return next((path for path in names if path.is_file()), None)


def _play_order(path: Path) -> tuple[tuple[int, str], ...]:
    """Numbers inside of names by value: 2 before 10."""
    parts = re.split(r"([0-9]+)", path.as_posix())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _is_document(path: Path) -> bool:
    with PlainFile(path).open("the file") as stream:
        return stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _has_label_keys(cloud: Path) -> bool:
    with PlainFile(cloud).open("a point cloud") as stream:
        head = stream.read(_HEAD)
    fields = re.search(rb"^FIELDS\s(.*)$", head, re.MULTILINE)
    return fields is not None and LABEL_KEY.encode() in fields.group(1).split()
