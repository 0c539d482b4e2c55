"""Waiting for a job of the object-tracking service, without asking too often or for ever."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.post_processing import LogLine, ServiceJob
from app.errors import ApiError
from app.progress import Progress

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient

POLL_SECONDS = 1.0  # as the service's own clients do; it grows from there
MAX_POLL_SECONDS = 15.0
MAX_POLLS = 480  # two hours
SHOWN_LINES = 20
_GROWTH = 1.5


@dataclass(frozen=True)
class Followed:
    """How far a job was when last asked, and the last lines of its log; ``job`` has not ended where the patience
    has."""

    job: ServiceJob
    log: tuple[LogLine, ...] = ()


@dataclass
class Pace:
    """Seconds between questions, growing from ``interval`` to a cap."""

    interval: float = POLL_SECONDS
    asked: int = 0

    def wait(self, progress: Progress) -> None:
        """Wait before the next question; raises Cancelled at once."""
        seconds = min(MAX_POLL_SECONDS, self.interval * _GROWTH ** min(self.asked, 20))
        self.asked += 1
        progress.wait(seconds)


def follow_job(
    edge_impulse: "EdgeImpulseClient",
    project_id: int,
    job_id: int,
    *,
    progress: Progress,
    on_line: Callable[[str], None],
    interval: float = POLL_SECONDS,
) -> Followed:
    """Ask for a job until it ended, at most MAX_POLLS times; ``on_line`` hears the last line of its log whenever it
    is another one. Raises as EdgeImpulseClient, and Cancelled."""
    pace, last = Pace(interval), ""
    while True:
        job = edge_impulse.job_status(project_id, job_id, progress)
        log = last_lines(edge_impulse, project_id, job_id, progress=progress)
        if job.finished or pace.asked >= MAX_POLLS:
            return Followed(job, log)
        if log and log[-1].text != last:
            last = log[-1].text
            on_line(last)
        pace.wait(progress)


def last_lines(
    edge_impulse: "EdgeImpulseClient", project_id: int, job_id: int, *, progress: Progress
) -> tuple[LogLine, ...]:
    """The last SHOWN_LINES lines of a job's log; none where the service does not give it, which is no reason to stop
    waiting for the job."""
    with suppress(ApiError):
        return edge_impulse.job_log(project_id, job_id, progress=progress).lines[-SHOWN_LINES:]
    return ()
