"""``pointproof verify``: whether a workspace still holds what was received, and fetching again what it does not."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.cli.bar import progress_bar
from app.cli.exit_codes import FINDINGS, FINE
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.domain.amounts import size_text
from app.domain.finding import counted, listed, printable
from app.errors import InputError
from app.settings import credentials_from, load_settings
from app.sync import repair
from app.workspace import Damage, Workspace
from app.workspace.workspace import is_workspace


class DamageReport(msgspec.Struct, frozen=True):
    """A damaged or missing file; ``url`` comes without its query."""

    url: str
    problem: str
    job_ids: tuple[str, ...]
    jobs: tuple[str, ...]


class VerifyReport(msgspec.Struct, frozen=True):
    """What ``verify --json`` writes. ``damage`` was found; ``remaining`` is what of it could not be repaired.

    ``unused_objects`` and ``unfinished_transfers`` are no damage; a repair sweeps the former.
    """

    workspace: str
    read_data: bool
    damage: tuple[DamageReport, ...]
    remaining: tuple[DamageReport, ...]
    problems: tuple[str, ...]
    unused_objects: int
    unused_bytes: int
    unfinished_transfers: int
    notice: str


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Verify a workspace; raises AppError where it cannot be read, or not be repaired at all."""
    root: Path = options.workspace or load_settings().workspace_path
    if not is_workspace(root):
        raise InputError(f"There is no workspace in {root}.", next_step="Name the folder of one.")
    with Workspace.open(root) as workspace:
        if options.repair:
            workspace.require_writable()
        found = remaining = _verify(workspace, read_data=options.read_data)
        problems: tuple[str, ...] = ()
        if options.repair and found:
            problems = _repair(workspace, found)
            remaining = _verify(workspace, read_data=options.read_data)
        report = VerifyReport(
            workspace=str(workspace.root),
            read_data=options.read_data,
            damage=_reports(found),
            remaining=_reports(remaining),
            problems=problems,
            **_left_overs(workspace, sweep=options.repair),
            notice=workspace.notice,
        )
    sys.stdout.write((to_json(report) if options.json else "\n".join(_lines(report))) + "\n")
    return FINDINGS if remaining else FINE


def _verify(workspace: Workspace, *, read_data: bool) -> tuple[Damage, ...]:
    with progress_bar("Verifying") as progress:
        return tuple(workspace.verify(read_data=read_data, progress=progress))


def _repair(workspace: Workspace, damages: tuple[Damage, ...]) -> tuple[str, ...]:
    """Fetch again with the keys that are set."""
    settings, keys = load_settings(), credentials_from()
    with HttpClient() as http, progress_bar("Repairing") as progress:
        telus = TelusClient(http, base_url=settings.telus_url, key=keys.telus_key)
        edge_impulse = EdgeImpulseClient(http, base_url=settings.edge_impulse_url, key=keys.edge_impulse_key)
        return repair(
            workspace,
            damages,
            telus=telus if keys.telus_key else None,
            edge_impulse=edge_impulse if keys.edge_impulse_key else None,
            progress=progress,
        )


def _left_overs(workspace: Workspace, *, sweep: bool) -> dict[str, int]:
    found = workspace.left_overs()
    if sweep:
        workspace.sweep()
    return {
        "unused_objects": len(found.objects),
        "unused_bytes": found.object_bytes,
        "unfinished_transfers": found.partials,
    }


def _reports(damages: tuple[Damage, ...]) -> tuple[DamageReport, ...]:
    return tuple(DamageReport(damage.shown_url, damage.problem, damage.job_ids, damage.job_names) for damage in damages)


def _lines(report: VerifyReport) -> Iterator[str]:
    for damage in report.damage:
        jobs = f"job {listed(damage.jobs)}" if damage.jobs else "no job"
        repaired = "" if damage in report.remaining else ", repaired"
        yield printable(f"{damage.problem}: {damage.url} ({jobs}){repaired}")
    yield from (printable(problem) for problem in report.problems)
    if report.unused_objects:
        yield f"{counted(report.unused_objects, 'object')} that no file uses ({size_text(report.unused_bytes)})"
    if report.unfinished_transfers:
        yield f"{counted(report.unfinished_transfers, 'unfinished transfer')} to go on with"
    if report.notice:
        yield report.notice
    checked = "every file is as it was received" if report.read_data else "every file is here in its size"
    yield f"{report.workspace}: {counted(len(report.remaining), 'damaged file') if report.remaining else checked}"
