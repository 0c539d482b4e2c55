"""What a new listing says differently than the one before."""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.annotation import Batch, JobSummary, ListingChanges, StatusChange
from app.workspace.records import StoredJob


def batch_changes(known: Iterable[Batch], listed: Iterable[Batch]) -> ListingChanges:
    """Batches that are new, and those whose status or counts moved."""
    before = {batch.batch_id: _batch_state(batch) for batch in known}
    return _changes(before, [(batch.batch_id, batch.name, _batch_state(batch)) for batch in listed])


def job_changes(known: Mapping[str, StoredJob], listed: Sequence[JobSummary]) -> ListingChanges:
    """Jobs that are new, and those whose status or annotations moved; a count that one side lacks is unchanged.

    Frames are left out: a download counts them in the document, a listing in its own way.
    """
    before = {job_id: _job_state(job.status, job.annotations) for job_id, job in known.items()}
    after = [(job.job_id, job.reference_id or job.job_id, _listed_state(job, known.get(job.job_id))) for job in listed]
    return _changes(before, after)


def _changes(before: Mapping[str, str], after: Iterable[tuple[str, str, str]]) -> ListingChanges:
    states = {identifier: (name, state) for identifier, name, state in after}  # a page may name a job twice
    new = tuple(identifier for identifier in states if identifier not in before)
    changed = tuple(
        StatusChange(identifier, name, before[identifier], state)
        for identifier, (name, state) in states.items()
        if identifier in before and before[identifier] != state
    )
    return ListingChanges(new, changed)


def _batch_state(batch: Batch) -> str:
    jobs = _share(batch.completed_jobs, batch.total_jobs, "jobs")
    frames = _share(batch.completed_frames, batch.total_frames, "frames")
    return _joined(batch.status, jobs, frames, _count(batch.annotations, "annotations"))


def _listed_state(job: JobSummary, known: StoredJob | None) -> str:
    one_sided = known is not None and None in (job.annotations, known.annotations)
    return _job_state(job.status, known.annotations if known and one_sided else job.annotations)


def _job_state(status: str, annotations: int | None) -> str:
    return _joined(status, _count(annotations, "annotations"))


def _share(done: int | None, total: int | None, what: str) -> str:
    if done is None:
        return _count(total, what)
    return f"{done} of {total} {what}" if total is not None else f"{done} {what} done"


def _count(count: int | None, what: str) -> str:
    return "" if count is None else f"{count} {what}"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
