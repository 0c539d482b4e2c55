"""``pointproof jobs``: the batches and jobs of a project, asked for now or as they were listed last."""

import argparse
import sys
from pathlib import Path

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.cli.bar import progress_bar
from app.cli.exit_codes import FINE
from app.cli.inspection import to_json
from app.cli.jobs_report import BatchRow, Changes, JobRow, JobsReport, batch_row, changes_of, job_row, lines
from app.cli.windows import Windows
from app.domain.annotation import Batch, ListingChanges, Project
from app.errors import InputError, KeyRefusedError
from app.progress import Progress
from app.settings import credentials_from, load_settings
from app.sync import list_all_jobs, list_batches
from app.workspace import Workspace


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """List a project; raises AppError, InputError for a batch or job that it does not have."""
    root: Path = options.workspace or load_settings().workspace_path
    with Workspace.open(root, read_only=options.offline) as workspace:
        report = _offline(workspace, options) if options.offline else _online(workspace, options)
    sys.stdout.write((to_json(report) if options.json else "\n".join(lines(report))) + "\n")
    return FINE


def _offline(workspace: Workspace, options: argparse.Namespace) -> JobsReport:
    project = workspace.project(options.project)
    if project is None:
        raise InputError(
            f"Project {options.project} was never listed in {workspace.root}.", next_step="Leave out --offline."
        )
    if options.find:
        return _report(workspace, project, options, found=_known(workspace, project, options.find))
    sizes = workspace.job_sizes()
    rows = []
    for batch in _chosen(project, options.batch):
        jobs = workspace.jobs(project_id=project.project_id, batch_id=batch.batch_id)
        rows.append(batch_row(batch, (job_row(job, job, sizes) for job in jobs)))
    return _report(workspace, project, options, batches=tuple(rows))


def _known(workspace: Workspace, project: Project, name: str) -> tuple[JobRow, ...]:
    jobs = workspace.jobs(project_id=project.project_id)
    by_id = [job for job in jobs if job.job_id == name]
    found = by_id or [job for job in jobs if job.reference_id == name]
    if not found:
        raise _no_such_job(project.project_id, name)
    sizes = workspace.job_sizes()
    return tuple(job_row(job, job, sizes) for job in found)


def _online(workspace: Workspace, options: argparse.Namespace) -> JobsReport:
    settings, credentials = load_settings(), credentials_from()
    if not credentials.telus_key:
        raise KeyRefusedError(
            "There is no API key for the annotation service.",
            next_step="Set POINTPROOF_TELUS_API_KEY, or add --offline to see what was listed last.",
        )
    with HttpClient() as http, progress_bar("Listing jobs") as progress:
        telus = TelusClient(http, base_url=settings.telus_url, key=credentials.telus_key)
        if options.find:
            return _searched(workspace, telus, options, progress)
        return _listed(workspace, telus, options, progress)


def _searched(workspace: Workspace, telus: TelusClient, options: argparse.Namespace, progress: Progress) -> JobsReport:
    job = telus.find_job(options.project, options.find, progress)
    if job is None:
        raise _no_such_job(options.project, options.find)
    row = job_row(job, workspace.job(job.job_id), workspace.job_sizes())
    known = workspace.project(options.project) or Project(options.project, name="", base="", batches=())
    return _report(workspace, known, options, found=(row,))


def _listed(workspace: Workspace, telus: TelusClient, options: argparse.Namespace, progress: Progress) -> JobsReport:
    known = workspace.project(options.project)
    in_batches: list[ListingChanges] = []
    in_jobs: list[ListingChanges] = []
    project = list_batches(workspace, telus, options.project, progress=progress, on_changes=in_batches.append)
    rows: list[BatchRow] = []
    for batch in _chosen(project, options.batch):
        progress.report(len(rows), None, f"Listing {batch.name}")
        ids = {"project_id": project.project_id, "batch_id": batch.batch_id}
        listed_before = bool(workspace.jobs(**ids))
        changes: list[ListingChanges] = []
        jobs = tuple(list_all_jobs(workspace, telus, **ids, progress=progress, on_changes=changes.append))
        sizes, stored = workspace.job_sizes(), {job.job_id: job for job in workspace.jobs(**ids)}
        rows.append(batch_row(batch, (job_row(job, stored.get(job.job_id), sizes) for job in jobs)))
        in_jobs += changes if listed_before else []
    changed = changes_of(in_batches if known else (), in_jobs)
    return _report(workspace, project, options, batches=tuple(rows), changes=changed)


def _chosen(project: Project, batch_id: str | None) -> tuple[Batch, ...]:
    chosen = tuple(batch for batch in project.batches if batch_id in (None, batch.batch_id))
    if batch_id is not None and not chosen:
        raise InputError(
            f"Project {project.project_id} has no batch {batch_id}.", next_step="Leave out --batch to see them all."
        )
    return chosen


def _report(
    workspace: Workspace,
    project: Project,
    options: argparse.Namespace,
    *,
    batches: tuple[BatchRow, ...] = (),
    found: tuple[JobRow, ...] = (),
    changes: Changes | None = None,
) -> JobsReport:
    return JobsReport(
        workspace=str(workspace.root),
        offline=options.offline,
        project_id=project.project_id,
        name=project.name,
        base=project.base,
        batches=batches,
        found=found,
        changes=changes or Changes(),
    )


def _no_such_job(project_id: str, name: str) -> InputError:
    return InputError(f"Project {project_id} has no job {name}.", next_step="Check the job id or the reference id.")
