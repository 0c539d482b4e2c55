"""``pointproof bundle``: a job with everything that belongs to it as one file."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.cli.bar import progress_bar
from app.cli.exit_codes import FINE
from app.cli.windows import Windows
from app.domain.amounts import size_text
from app.domain.finding import printable
from app.errors import InputError
from app.jobs import LocalJob, open_path, open_workspace_job, parts_of
from app.settings import load_settings
from app.workspace import Workspace
from app.workspace.bundle_parts import Survey, survey
from app.workspace.bundle_writer import WrittenBundle, write_bundle
from app.workspace.workspace import is_workspace


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Write a bundle; raises AppError, also for a job of which files are missing unless that was allowed."""
    root: Path = options.workspace or load_settings().workspace_path
    with opened_job(options.job, root) as job, progress_bar("Bundling") as progress:
        found = survey(parts_of(job), progress=progress)
        if found.problems and not options.partial:
            raise InputError(found.complaint, next_step="Fetch the job again, or add --partial to go without them.")
        written = write_bundle(found, options.output, progress=progress)
    sys.stdout.write("\n".join(_lines(found, written)) + "\n")
    return FINE


@contextmanager
def opened_job(name: str, root: Path) -> Iterator[LocalJob]:
    """A job of the workspace by its id or reference id, else whatever lies at the path of that name."""
    if is_workspace(root):
        with Workspace.open(root, read_only=True) as workspace:
            job = workspace.job(name)
            if job is not None and job.downloaded:
                yield open_workspace_job(workspace, job.job_id)
                return
    path = Path(name)
    if not path.exists() and not is_workspace(path.parent):
        raise InputError(
            f"There is no job {printable(name)} in the workspace {root}, and nothing at that path.",
            next_step="Fetch it first, or name its workspace with --workspace.",
        )
    with closing(open_path(path)) as opened:
        yield opened


def _lines(found: Survey, written: WrittenBundle) -> Iterator[str]:
    yield f"{written.path}: {written.files} files, {size_text(written.size)}"
    yield from (f"  left out: {problem}" for problem in found.problems)
    if found.signature_note:
        yield f"Note: {found.signature_note}"
