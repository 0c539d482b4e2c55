"""``pointproof fetch``: jobs with all their files into a workspace."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.cli.bar import progress_bar
from app.cli.exit_codes import FAILED, FINE
from app.cli.inspection import to_json
from app.cli.windows import Windows
from app.domain.amounts import duration_text, size_text, speed_text
from app.domain.finding import counted, printable
from app.errors import AppError, KeyRefusedError, WorkspaceError
from app.progress import Progress, Step
from app.settings import credentials_from, load_settings
from app.sync import (
    GB,
    DownloadQueue,
    DownloadSummary,
    FileProblem,
    Listener,
    NamedJobs,
    QueueItem,
    Quota,
    download_taken,
    find_jobs,
    folder_mapping,
    list_all_jobs,
    list_batches,
)
from app.workspace import Workspace


class ProblemReport(msgspec.Struct, frozen=True):
    """A file that could not be fetched."""

    frame_id: str
    url: str
    message: str


class JobReport(msgspec.Struct, frozen=True):
    """How fetching one job went; ``error`` says why it did not come at all."""

    job_id: str
    name: str = ""
    frames: int = 0
    fetched: int = 0
    fetched_bytes: int = 0
    reused: int = 0
    problems: tuple[ProblemReport, ...] = ()
    error: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every file of the job is here."""
        return self.error is None and not self.problems


class TotalReport(msgspec.Struct, frozen=True):
    """All jobs together; ``files`` counts those that are here now, ``seconds`` is how long fetching took."""

    jobs: int
    complete: int
    files: int
    fetched: int
    fetched_bytes: int
    seconds: float


class FetchReport(msgspec.Struct, frozen=True):
    """What ``fetch --json`` writes."""

    workspace: str
    jobs: tuple[JobReport, ...]
    total: TotalReport


def run(options: argparse.Namespace, _windows: Windows) -> int:
    """Fetch jobs one after the other; one that fails does not keep the others from coming. Raises AppError."""
    settings, credentials = load_settings(), credentials_from()
    if not credentials.telus_key:
        raise KeyRefusedError(
            "There is no API key for the annotation service.", next_step="Set POINTPROOF_TELUS_API_KEY."
        )
    root: Path = options.workspace or settings.workspace_path
    usual = settings.quota_gb if options.workspace is None else 0
    limit = round(GB * (usual if options.quota is None else options.quota))
    with Workspace.open(root) as workspace, HttpClient() as http:
        workspace.require_writable()
        telus = TelusClient(http, base_url=settings.telus_url, key=credentials.telus_key)
        for prefix, folder in options.files_at:
            workspace.save_mapping(folder_mapping(options.project, prefix, folder))
        named = _named(workspace, telus, options)
        queue = DownloadQueue(QueueItem(options.project, job_id) for job_id in named.ids)
        quota = Quota(workspace, limit=limit, keep=lambda: queue.job_ids)
        started = time.monotonic()
        missing = tuple(JobReport(name, error=why) for name, why in named.missing.items())
        jobs = missing + tuple(_fetch_all(queue, workspace, telus, quota))
        total = _total(jobs, time.monotonic() - started)
    report = FetchReport(str(root), jobs, total)
    sys.stdout.write((to_json(report) if options.json else "\n".join(_lines(report))) + "\n")
    return FINE if all(job.complete for job in jobs) else FAILED


def _named(workspace: Workspace, telus: TelusClient, options: argparse.Namespace) -> NamedJobs:
    """The jobs asked for by id or reference id, without any every completed one."""
    if not options.jobs:
        return NamedJobs(tuple(dict.fromkeys(_completed(workspace, telus, options.project, options.batch))), {})
    with progress_bar("Looking for jobs") as progress:
        return find_jobs(workspace, telus, options.project, options.jobs, progress=progress)


def _completed(workspace: Workspace, telus: TelusClient, project_id: str, batch_id: str | None) -> list[str]:
    """Ids of the completed jobs of one batch, or of all batches of the project."""
    with progress_bar("Listing jobs") as progress:
        batches = [batch_id] if batch_id else _batches(workspace, telus, project_id, progress)
        return list(_completed_in(workspace, telus, project_id, batches, progress))


def _batches(workspace: Workspace, telus: TelusClient, project_id: str, progress: Progress) -> list[str]:
    project = list_batches(workspace, telus, project_id, progress=progress)
    return [batch.batch_id for batch in project.batches]


def _completed_in(
    workspace: Workspace, telus: TelusClient, project_id: str, batches: Iterable[str], progress: Progress
) -> Iterator[str]:
    for batch_id in batches:
        for job in list_all_jobs(workspace, telus, project_id, batch_id, progress=progress):
            if job.completed:
                yield job.job_id


def _fetch_all(queue: DownloadQueue, workspace: Workspace, telus: TelusClient, quota: Quota) -> Iterator[JobReport]:
    while (item := queue.take()) is not None:
        try:
            with progress_bar(f"Job {item.job_id}") as bar:
                yield _report(_fetch(queue, item, workspace, telus, quota=quota, bar=bar))
        except (KeyRefusedError, WorkspaceError):
            raise  # the other jobs would meet the same
        except AppError as error:
            yield JobReport(item.job_id, error=str(error))


def _fetch(
    queue: DownloadQueue, item: QueueItem, workspace: Workspace, telus: TelusClient, *, quota: Quota, bar: Progress
) -> DownloadSummary:
    def on_step(step: Step) -> None:
        bar.report(step.done, step.total, _said(queue, step))

    return download_taken(
        queue, item, workspace, lambda: telus, quota=quota, listener=Listener(), progress=bar.part(on_step)
    )


def _said(queue: DownloadQueue, step: Step) -> str:
    """What the bar says: the step, which job of how many, the speed and the time that all of them still need."""
    totals = queue.totals
    parts = [step.message]
    if totals.jobs > 1:
        parts.append(f"job {totals.done + totals.failed + 1} of {totals.jobs}")
    if totals.speed:
        parts.append(speed_text(totals.speed))
    if totals.seconds_left is not None:
        parts.append(f"{duration_text(totals.seconds_left)} left")
    return ", ".join(parts)


def _report(summary: DownloadSummary) -> JobReport:
    return JobReport(
        job_id=summary.job.job_id,
        name=summary.job.name,
        frames=len(summary.sequence),
        fetched=summary.fetched,
        fetched_bytes=summary.fetched_bytes,
        reused=summary.reused,
        problems=tuple(_problem(problem) for problem in summary.problems),
    )


def _total(jobs: tuple[JobReport, ...], seconds: float) -> TotalReport:
    return TotalReport(
        jobs=len(jobs),
        complete=sum(job.complete for job in jobs),
        files=sum(job.fetched + job.reused for job in jobs),
        fetched=sum(job.fetched for job in jobs),
        fetched_bytes=sum(job.fetched_bytes for job in jobs),
        seconds=round(seconds, 3),
    )


def _problem(problem: FileProblem) -> ProblemReport:
    return ProblemReport(problem.frame_id, problem.url, problem.message)


def _lines(report: FetchReport) -> Iterator[str]:
    if not report.jobs:
        yield "No job is completed there yet."
    for job in report.jobs:
        if job.error is not None:
            yield f"{job.job_id}: not fetched. {job.error}"
            continue
        counts = f"{job.fetched} fetched ({size_text(job.fetched_bytes)}), {job.reused} here already"
        yield f"{printable(job.name or job.job_id)}: {job.frames} frames, files: {counts}, {len(job.problems)} failed"
        yield from (f"  frame {problem.frame_id}: {problem.message}" for problem in job.problems)
    if len(report.jobs) > 1:
        total = report.total
        yield (
            f"{total.complete} of {counted(total.jobs, 'job')} complete, {counted(total.fetched, 'file')} fetched "
            f"({size_text(total.fetched_bytes)}, {speed_text(total.fetched_bytes / max(total.seconds, 0.001))})"
        )
    yield f"Workspace: {report.workspace}"
