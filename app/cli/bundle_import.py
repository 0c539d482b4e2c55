"""``pointproof import``: the job of a bundle into a workspace."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from app.cli.bar import progress_bar
from app.cli.exit_codes import FINE
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.domain.amounts import size_text
from app.domain.finding import printable
from app.settings import load_settings
from app.workspace import Workspace
from app.workspace.bundle import Bundle
from app.workspace.bundle_import import ImportedBundle, check_bundle, import_bundle


class ImportReport(msgspec.Struct, frozen=True):
    """What ``import --json`` writes."""

    workspace: str
    job_id: str
    name: str
    frames: int
    added: int
    added_bytes: int
    already_here: int
    lacking: tuple[str, ...]
    notices: tuple[str, ...]


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Check the whole bundle, then add what the workspace lacks of it; raises AppError."""
    root: Path = options.workspace or load_settings().workspace_path
    with closing(Bundle.open(options.bundle)) as bundle, progress_bar("Importing") as progress:
        checked = check_bundle(bundle, progress=progress)
        with Workspace.open(root) as workspace:  # only now: a bundle that is refused leaves nothing behind
            imported = import_bundle(checked, workspace, progress=progress)
    report = _report(imported, root)
    sys.stdout.write((to_json(report) if options.json else "\n".join(_lines(report))) + "\n")
    return FINE


def _report(imported: ImportedBundle, root: Path) -> ImportReport:
    return ImportReport(
        workspace=str(root),
        job_id=imported.job.job_id,
        name=imported.job.name,
        frames=imported.job.frames or 0,
        added=imported.added,
        added_bytes=imported.added_bytes,
        already_here=imported.already_here,
        lacking=imported.lacking,
        notices=imported.notices,
    )


def _lines(report: ImportReport) -> Iterator[str]:
    counts = f"{report.added} added ({size_text(report.added_bytes)}), {report.already_here} here already"
    yield f"{printable(report.name)}: {report.frames} frames, files: {counts}, {len(report.lacking)} lacking"
    yield from (f"  lacking: {printable(url)}" for url in report.lacking)
    yield from (f"  note: {printable(notice)}" for notice in report.notices)
    yield f"Workspace: {report.workspace}"
