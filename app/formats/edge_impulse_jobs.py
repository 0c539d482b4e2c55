"""Jobs of the object-tracking service, and their logs made fit for reading."""

import re
from collections.abc import Iterator

from app.domain.finding import printable
from app.domain.post_processing import JobLog, LogLine, ServiceJob
from app.formats.documents import LONGEST_MESSAGE, Rows, rows, text, whole
from app.formats.edge_impulse_records import JobRecord, LogRecord

LONGEST_LINE = 4 * LONGEST_MESSAGE  # characters
# ECMA-48: control sequences such as colours, operating system commands such as window titles, and single escapes
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\|$)|\x1b[@-Z\\^_=>78]", re.DOTALL)


def read_job(record: JobRecord) -> ServiceJob | None:
    """One job; None without an id."""
    job_id = whole(record.id)
    if job_id is None:
        return None
    successful = record.finished_successful if isinstance(record.finished_successful, bool) else None
    finished = bool(text(record.finished)) or successful is not None
    return ServiceJob(
        job_id,
        category=printable(text(record.category)),
        started=bool(text(record.started)) or finished,
        finished=finished,
        finished_successful=successful,
        created_at=text(record.created),
        finished_at=text(record.finished),
    )


def read_log(pieces: Rows[LogRecord], total_count: object) -> JobLog:
    """Every line in the order the service sends, which is that of time."""
    lines = tuple(line for record in rows(pieces, LogRecord) for line in _lines(record))
    total = whole(total_count)
    return JobLog(lines, total_count=len(lines) if total is None else total)


def clean_log(written: str) -> Iterator[str]:
    """The lines of a piece of log without escape sequences and control characters; what a carriage return
    overwrote is left out, and so are blank lines."""
    for line in re.split(r"\r?\n", _ESCAPES.sub("", written)):
        shown = printable(line.rstrip().rpartition("\r")[2].expandtabs(4)).rstrip()
        if shown:
            yield shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 1] + "…"


def _lines(record: LogRecord) -> Iterator[LogLine]:
    for line in clean_log(text(record.data)):
        yield LogLine(line, level=text(record.log_level), created_at=text(record.created))
