"""One job of the queue on its way: the download itself, the quota it keeps to, and how its end is noted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.sequence import Sequence
from app.errors import ApiError, AppError, KeyRefusedError, WorkspaceError
from app.progress import Cancelled, Progress, Step
from app.sync.download import DownloadSummary, download_job
from app.sync.queue import DownloadQueue, QueueItem
from app.sync.quota import Quota
from app.workspace import Workspace

if TYPE_CHECKING:
    from app.api.telus import TelusClient

BROKEN = "Something went wrong inside the program. Retry; if it stays, report it with the log."


@dataclass(frozen=True)
class Listener:
    """Who looks at the job meanwhile; see ``download_job``."""

    on_sequence: Callable[[Sequence], None] = lambda _sequence: None
    on_frame: Callable[[int], None] = lambda _index: None
    wanted_frame: Callable[[], int] = lambda: 0


def download_taken(
    queue: DownloadQueue,
    item: QueueItem,
    workspace: Workspace,
    telus: "Callable[[], TelusClient]",
    *,
    quota: Quota,
    listener: Listener,
    progress: Progress,
) -> DownloadSummary:
    """Fetch a job that was taken from the queue and note there how it ended; what ended it is raised as well.

    A refused key, a full disk and a full workspace hold the whole queue: every other job would meet the same.
    """

    def on_step(step: Step) -> None:
        queue.advance(item.job_id, files=step.done, total_files=step.total)
        progress.report(step.done, step.total, step.message)

    def on_received(count: int, files: int) -> None:
        if count or files:
            queue.receive(item.job_id, count=count, files=files)
            quota.spend(count)

    with _noted(queue, item.job_id):
        progress.report(0, None, "Looking what is here")
        quota.make_room()
        summary = download_job(
            workspace,
            telus(),
            project_id=item.project_id,
            job_id=item.job_id,
            progress=progress.part(on_step),
            on_sequence=listener.on_sequence,
            on_frame=listener.on_frame,
            on_received=on_received,
            wanted_frame=listener.wanted_frame,
        )
    files = summary.fetched + summary.reused
    message = str(problem_of(summary)) if summary.problems else ""
    queue.finish(item.job_id, files=files, problems=summary.problems, message=message)
    return summary


@contextmanager
def _noted(queue: DownloadQueue, job_id: str) -> Iterator[None]:
    """Write into the queue what ends the block early."""
    try:
        yield
    except Cancelled:
        queue.interrupt(job_id)
        raise
    except (KeyRefusedError, WorkspaceError) as error:
        queue.hold(job_id, str(error))
        raise
    except AppError as error:
        queue.fail(job_id, str(error))
        raise
    except Exception:
        queue.fail(job_id, BROKEN)
        raise


def problem_of(summary: DownloadSummary) -> ApiError:
    """What to tell of a download that lacks files."""
    total = summary.fetched + summary.reused + len(summary.problems)
    count, first = len(summary.problems), summary.problems[0]
    return ApiError(
        f"{count} of {total} files could not be fetched. The first: {first.message}",
        next_step="Retry fetches only what is missing.",
    )
