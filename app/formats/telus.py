"""The annotation service's answers and result documents; every id is an opaque string.

Facts about the service: its public pages "get project batches", "get batch jobs", "get job results" and its table of
error codes. Failures come as HTTP 400 with ``{"success": false, "error": {"code", "message"}}``.
"""

import msgspec

from app.domain.annotation import Batch, JobPage, JobResult, JobSummary, Project
from app.domain.sequence import Sequence
from app.errors import DocumentFormatError, ServiceError
from app.formats.documents import Maybe, T, decode, part, rows, spoken, text, whole
from app.formats.telus_records import (
    BatchRecord,
    Envelope,
    ErrorRecord,
    JobAnswer,
    JobPageAnswer,
    JobPageRecord,
    JobRecord,
    JobRow,
    ProjectAnswer,
    ProjectRecord,
    ResultDocument,
)
from app.formats.telus_result import read_result


def parse_project(raw: bytes, *, project_id: str) -> Project:
    """A project with its batches; the answer does not repeat the id that was asked for.

    Raises ServiceError for the service's own "no", DocumentFormatError for anything unreadable.
    """
    answer = decode(raw, ProjectAnswer, what="project answer")
    record = _data(answer, answer.data, ProjectRecord, what="project answer")
    batches = tuple(_batch(row) for row in rows(record.batches, BatchRecord) if text(row.id))
    return Project(project_id, name=text(record.name), base=text(record.base), batches=batches)


def parse_job_page(raw: bytes) -> JobPage:
    """One page of a batch's jobs. The token is text: as a number it would lose digits.

    Raises ServiceError for the service's own "no", DocumentFormatError for anything unreadable.
    """
    answer = decode(raw, JobPageAnswer, what="batch answer")
    record = _data(answer, answer.data, JobPageRecord, what="batch answer")
    jobs = tuple(_job_summary(row) for row in rows(record.jobs, JobRow) if text(row.id))
    return JobPage(jobs, next_page_token=text(record.next_page_token), batch_name=text(record.name))


def parse_job_result(raw: bytes) -> JobResult:
    """A job and the address of its result, which is empty until the job is completed.

    Raises ServiceError for the service's own "no", DocumentFormatError for anything unreadable.
    """
    answer = decode(raw, JobAnswer, what="job answer")
    record = _data(answer, answer.data, JobRecord, what="job answer")
    if not (text(record.job_id) or text(record.status) or text(record.result)):
        raise DocumentFormatError(
            "The job answer names neither a job nor a status nor a result ($.data.job_id, status, result)."
        )
    return JobResult(
        project_id=text(record.project_id),
        job_id=text(record.job_id),
        reference_id=text(record.reference_id),
        batch_id=text(record.batch_id),
        status=text(record.status),
        result_url=text(record.result).strip(),
    )


def parse_result(raw: bytes) -> Sequence:
    """The frames of a result document, current or older form; oddities become ``findings`` of the sequence.

    Raises ServiceError where the service put a "no" in its place, DocumentFormatError where the bytes are no JSON
    object or belong to another kind of job.
    """
    document = decode(raw, ResultDocument, what="result document")
    _refuse(document)
    return read_result(document)


def parse_error(raw: bytes) -> tuple[str, str] | None:
    """(code, message) of a failure, either possibly empty; None where the body does not tell of one."""
    try:
        answer = decode(raw, Envelope, what="error answer")
    except DocumentFormatError:
        return None
    return _error_of(answer)


def parse_attachment_address(raw: bytes) -> str | None:
    """The address in an answer that holds nothing but one, beside a few plain values; None for a file that is JSON.

    A result document never fits: it holds lists and objects, whatever else is in it.
    """
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    inner = found.get("data") or found if isinstance(found, dict) else found
    values = list(inner.values()) if isinstance(inner, dict) else [inner]
    addresses = [value for value in values if isinstance(value, str) and _is_web_address(value)]
    plain = not any(isinstance(value, dict | list) for value in values)
    return addresses[0] if plain and len(addresses) == 1 else None


def _is_web_address(value: str) -> bool:
    return value.strip().lower().startswith(("http://", "https://"))


def _error_of(answer: Envelope) -> tuple[str, str] | None:
    error = part(answer.error, ErrorRecord) or ErrorRecord(message=answer.error)
    message = spoken(error.message) or spoken(answer.message)
    told = answer.success is None and bool(message or text(error.code))
    return (text(error.code), message) if answer.success is False or told else None


def _refuse(answer: Envelope) -> None:
    if answer.success is not False:
        return
    code, message = _error_of(answer) or ("", "")
    reason = (message or code).rstrip(".") or "the request failed, without a reason"
    raise ServiceError(f"The annotation service says: {reason}.", code=code)


def _data(answer: Envelope, data: Maybe[T], kind: type[T], *, what: str) -> T:
    _refuse(answer)
    record = part(data, kind)
    if record is None:
        raise DocumentFormatError(f"The {what} holds no data ($.data).")
    return record


def _batch(row: BatchRecord) -> Batch:
    return Batch(
        batch_id=text(row.id),
        name=text(row.name),
        status=text(row.status),
        total_jobs=whole(row.total_jobs),
        completed_jobs=whole(row.completed_jobs),
        total_frames=whole(row.total_frames),
        completed_frames=whole(row.completed_frames),
        annotations=whole(row.annotations),
        created_at=text(row.created_at),
    )


def _job_summary(row: JobRow) -> JobSummary:
    return JobSummary(
        job_id=text(row.id),
        reference_id=text(row.reference_id),
        status=text(row.status),
        frames=whole(row.frames),
        annotations=whole(row.annotations),
    )
