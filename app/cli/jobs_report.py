"""What ``pointproof jobs`` tells: batches, jobs, what is on disk, what changed."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from app.domain.amounts import size_text
from app.domain.annotation import Batch, JobSummary, ListingChanges, StatusChange, is_completed
from app.domain.finding import printable
from app.workspace import StoredJob


class JobRow(msgspec.Struct, frozen=True):
    """A job; ``on_disk`` once its result is here, ``bytes`` of its files that are here."""

    job_id: str
    reference_id: str
    status: str
    completed: bool
    frames: int | None
    annotations: int | None
    on_disk: bool
    bytes: int


class BatchRow(msgspec.Struct, frozen=True):
    """A batch with the service's counts; ``jobs`` are those that were listed."""

    batch_id: str
    name: str
    status: str
    total_jobs: int | None
    completed_jobs: int | None
    total_frames: int | None
    completed_frames: int | None
    annotations: int | None
    jobs: tuple[JobRow, ...]


class ChangeRow(msgspec.Struct, frozen=True):
    """A batch or job whose state the service words differently than before."""

    id: str
    name: str
    before: str
    after: str


class Changes(msgspec.Struct, frozen=True):
    """Differences from the last listing; what was never listed before has none."""

    new_batches: tuple[str, ...] = ()
    new_jobs: tuple[str, ...] = ()
    batches: tuple[ChangeRow, ...] = ()
    jobs: tuple[ChangeRow, ...] = ()


class JobsReport(msgspec.Struct, frozen=True):
    """What ``jobs --json`` writes; ``found`` holds the job that was looked for, then no batch is listed."""

    workspace: str
    offline: bool
    project_id: str
    name: str
    base: str
    batches: tuple[BatchRow, ...] = ()
    found: tuple[JobRow, ...] = ()
    changes: Changes = Changes()


def batch_row(batch: Batch, jobs: Iterable[JobRow]) -> BatchRow:
    """A batch as it is told."""
    return BatchRow(
        batch.batch_id,
        batch.name,
        batch.status,
        batch.total_jobs,
        batch.completed_jobs,
        batch.total_frames,
        batch.completed_frames,
        batch.annotations,
        tuple(jobs),
    )


def job_row(job: JobSummary | StoredJob, stored: StoredJob | None, sizes: Mapping[str, int]) -> JobRow:
    """A job as it is told, with what the workspace has of it."""
    return JobRow(
        job.job_id,
        job.reference_id,
        job.status,
        is_completed(job.status),
        job.frames,
        job.annotations,
        on_disk=stored is not None and stored.downloaded,
        bytes=sizes.get(job.job_id, 0),
    )


def changes_of(batches: Iterable[ListingChanges], jobs: Iterable[ListingChanges]) -> Changes:
    """All differences together."""
    in_batches, in_jobs = tuple(batches), tuple(jobs)
    return Changes(
        tuple(batch for changes in in_batches for batch in changes.new),
        tuple(job for changes in in_jobs for job in changes.new),
        tuple(_change(change) for changes in in_batches for change in changes.changed),
        tuple(_change(change) for changes in in_jobs for change in changes.changed),
    )


def lines(report: JobsReport) -> Iterator[str]:
    """The report as text."""
    if not report.found:
        yield f"{_named(report.name, report.project_id)}{f' ({printable(report.base)})' if report.base else ''}"
    for job in report.found:
        yield _job_line(job).strip()
    for batch in report.batches:
        yield f"  {_batch_line(batch)}"
        yield from (_job_line(job) for job in batch.jobs)
    yield from _change_lines(report)


def _batch_line(batch: BatchRow) -> str:
    parts = [
        _named(batch.name, batch.batch_id),
        printable(batch.status),
        _share(batch.completed_jobs, batch.total_jobs, "jobs completed"),
        _share(batch.completed_frames, batch.total_frames, "frames"),
        "" if batch.annotations is None else f"{batch.annotations:,} annotations",
    ]
    if batch.total_jobs is not None and batch.jobs and len(batch.jobs) != batch.total_jobs:
        parts.append(f"{len(batch.jobs):,} listed")
    return ", ".join(filter(None, parts))


def _job_line(job: JobRow) -> str:
    name = printable(job.reference_id or job.job_id)
    frames = "" if job.frames is None else f"{job.frames:,} frames"
    here = f"on disk ({size_text(job.bytes)})" if job.on_disk else ""
    identity = printable(job.job_id) if job.reference_id else ""
    return "    " + ", ".join(filter(None, [name, printable(job.status) or "no status", frames, here, identity]))


def _share(done: int | None, total: int | None, what: str) -> str:
    if total is None or done is None:
        return ""
    return f"{done:,} of {total:,} {what}" + (f" ({100 * done // total} %)" if total > 0 else "")


def _change_lines(report: JobsReport) -> Iterator[str]:
    changes = report.changes
    names = {batch.batch_id: batch.name for batch in report.batches}
    names |= {job.job_id: job.reference_id for batch in report.batches for job in batch.jobs}
    told = [f"new batch {_named(names.get(batch, ''), batch)}" for batch in changes.new_batches]
    told += [f"new job {_named(names.get(job, ''), job)}" for job in changes.new_jobs]
    told += [
        f"{printable(change.name or change.id)}: {printable(change.before)} -> {printable(change.after)}"
        for change in (*changes.batches, *changes.jobs)
    ]
    if told:
        yield "Since the last listing:"
        yield from (f"  {line}" for line in told)


def _named(name: str, identity: str) -> str:
    return f"{printable(name)} ({printable(identity)})" if name else printable(identity)


def _change(change: StatusChange) -> ChangeRow:
    return ChangeRow(change.id, change.name, change.before, change.after)
