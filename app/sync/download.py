"""Fetching a job: its result document, then its files, those of the frame looked at first."""

import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from app.domain.amounts import size_text
from app.domain.sequence import Sequence
from app.errors import ApiError, KeyRefusedError, ServiceError, WorkspaceError
from app.formats.telus import parse_result
from app.progress import Cancelled, Progress
from app.sync.flow import Flow
from app.sync.order import Arrivals, FetchOrder
from app.sync.sources import fetch_file
from app.workspace import StoredJob, Workspace
from app.workspace.addresses import shown_url
from app.workspace.incoming import Incoming

if TYPE_CHECKING:
    from app.api.telus import TelusClient

MAX_THREADS = 4
MAX_DOCUMENT = 512 << 20  # bytes
PULSE = 0.25  # seconds between two looks at what is under way


@dataclass(frozen=True)
class FileProblem:
    """A file that could not be fetched; ``url`` is without its query, ``frame_id`` the first frame that uses it."""

    frame_id: str
    url: str
    message: str


@dataclass(frozen=True)
class DownloadSummary:
    """What a download brought: files fetched now and bytes of them, files that were here already, and failures."""

    job: StoredJob
    sequence: Sequence
    fetched: int
    fetched_bytes: int
    reused: int
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True)
class _Outcome:
    """How one file, or with an empty ``url`` one thread, ended."""

    url: str = ""
    fetched_bytes: int | None = None  # None: it was here already
    error: BaseException | None = None


@dataclass
class _Listener:
    """Who hears of what arrives; called on the thread that runs the download."""

    on_sequence: Callable[[Sequence], None]
    on_frame: Callable[[int], None]
    on_problem: Callable[[int, str, str], None]
    on_received: Callable[[int, int], None]


@dataclass
class _Tally:
    fetched: int = 0
    fetched_bytes: int = 0
    reused: int = 0
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.fetched + self.reused + len(self.problems)

    def count(self, outcome: _Outcome) -> None:
        if outcome.fetched_bytes is None:
            self.reused += 1
        else:
            self.fetched += 1
            self.fetched_bytes += outcome.fetched_bytes


def _no_sequence(_sequence: Sequence) -> None:
    pass


def _no_frame(_index: int) -> None:
    pass


def _no_problem(_index: int, _url: str, _message: str) -> None:
    pass


def _not_counted(_bytes: int, _files: int) -> None:
    pass


def download_job(
    workspace: Workspace,
    telus: "TelusClient",
    *,
    project_id: str,
    job_id: str,
    progress: Progress,
    on_sequence: Callable[[Sequence], None] = _no_sequence,
    on_frame: Callable[[int], None] = _no_frame,
    on_problem: Callable[[int, str, str], None] = _no_problem,
    on_received: Callable[[int, int], None] = _not_counted,
    wanted_frame: Callable[[], int] = lambda: 0,
    refresh: bool = False,
) -> DownloadSummary:
    """Fetch what the workspace lacks of a job; with ``refresh`` ask for its result even where that is here.

    ``on_sequence`` hears first, ``on_frame(index)`` when mask and scan of a frame are there and again for each image
    after that, ``on_problem(index, url, message)`` of each failed file and frame, the URL without its query, and
    ``on_received(bytes, files)`` of what came and was completed since it heard last, four times a second or more.
    All are called on this thread; ``wanted_frame`` on others. What one of them raises ends the download.

    A file that fails does not stop the rest. Raises NotReadyError while the job has no result, KeyRefusedError,
    WorkspaceError for example when the disk is full, Cancelled, and for the result document any ApiError or
    DocumentFormatError.
    """
    listener = _Listener(on_sequence, on_frame, on_problem, on_received)
    job, sequence = _result(workspace, telus, project_id, job_id, progress=progress, refresh=refresh)
    listener.on_sequence(sequence)
    tally = _fetch_all(
        workspace,
        telus,
        sequence,
        listener,
        project_id=job.project_id or project_id,
        wanted_frame=wanted_frame,
        progress=progress,
    )
    return DownloadSummary(
        job, sequence, tally.fetched, tally.fetched_bytes, tally.reused, problems=tuple(tally.problems)
    )


def _result(
    workspace: Workspace, telus: "TelusClient", project_id: str, job_id: str, *, progress: Progress, refresh: bool
) -> tuple[StoredJob, Sequence]:
    known = workspace.job(job_id)
    document = workspace.job_document(known) if known and not refresh else None
    if known is not None and document is not None:
        return known, parse_result(document)
    progress.report(0, None, "Asking for the result")
    result = telus.job_result(project_id, known.job_id if known else job_id, progress)
    sequence = _document(workspace, telus, result.result_url, progress=progress, refresh=refresh)
    urls = dict.fromkeys(url for frame in sequence.frames for url in frame.urls)
    return workspace.save_result(result, frames=len(sequence), urls=urls), sequence


def _document(workspace: Workspace, telus: "TelusClient", url: str, *, progress: Progress, refresh: bool) -> Sequence:
    """The result document, kept only once it could be read; one that is here already is not fetched again."""
    stored = None if refresh else workspace.read(url)
    if stored is not None:
        return parse_result(stored)
    progress.report(0, None, "Fetching the result")
    with workspace.receive(url) as sink:
        sink.check_size = partial(_refuse_large, sink)
        sink.media_type = telus.attachment(url, sink, progress.part()).media_type
        sink.seek(0)
        return parse_result(sink.read())


def _refuse_large(sink: Incoming, size: int) -> None:
    if size > MAX_DOCUMENT:
        sink.discard()
        raise ServiceError(
            f"The result document is larger than {MAX_DOCUMENT >> 20} MiB.",
            code="too-large",
            next_step="Ask the vendor what the job's result should be.",
        )


def _fetch_all(
    workspace: Workspace,
    telus: "TelusClient",
    sequence: Sequence,
    listener: _Listener,
    *,
    project_id: str,
    wanted_frame: Callable[[], int],
    progress: Progress,
) -> _Tally:
    order, arrivals = FetchOrder(sequence, wanted_frame), Arrivals(sequence)
    outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
    threads = min(MAX_THREADS, max(1, arrivals.total))
    work, flow = progress.part(), Flow()

    def fetch_on() -> None:
        try:
            while (url := order.next()) is not None:
                outcomes.put(_fetch(workspace, telus, url, project_id=project_id, flow=flow, progress=work))
            outcomes.put(_Outcome())
        except BaseException as error:  # noqa: BLE001 - raised again on the thread that runs the download
            order.stop()
            outcomes.put(_Outcome(error=error))

    with ThreadPoolExecutor(threads, thread_name_prefix="download") as pool:
        try:
            for _ in range(threads):
                pool.submit(fetch_on)
            return _collect(outcomes, sequence, arrivals, listener, flow=flow, threads=threads, progress=progress)
        finally:
            order.stop()


def _collect(
    outcomes: "queue.SimpleQueue[_Outcome]",
    sequence: Sequence,
    arrivals: Arrivals,
    listener: _Listener,
    *,
    flow: Flow,
    threads: int,
    progress: Progress,
) -> _Tally:
    """Hear of every file until all threads ended; raises what ended a thread."""
    tally = _Tally()
    while threads:
        progress.report(tally.done, arrivals.total, _message(tally, arrivals.total))
        outcome = _next(outcomes)
        ended = outcome is not None and outcome.fetched_bytes is not None
        listener.on_received(flow.take(), int(ended))
        if outcome is None:
            continue
        if not outcome.url:
            threads -= 1
            if outcome.error is not None:
                raise outcome.error
            continue
        if outcome.error is None:
            tally.count(outcome)
        else:
            _note_problem(outcome, tally, sequence, arrivals, listener)
        for index in arrivals.settle(outcome.url):
            listener.on_frame(index)
    return tally


def _next(outcomes: "queue.SimpleQueue[_Outcome]") -> _Outcome | None:
    """The next end of a file or thread, None where none came within a pulse."""
    with suppress(queue.Empty):
        return outcomes.get(timeout=PULSE)
    return None


def _note_problem(
    outcome: _Outcome, tally: _Tally, sequence: Sequence, arrivals: Arrivals, listener: _Listener
) -> None:
    url, frames = shown_url(outcome.url), arrivals.frames(outcome.url)
    tally.problems.append(FileProblem(sequence.frames[frames[0]].frame_id, url, str(outcome.error)))
    for index in frames:
        listener.on_problem(index, url, str(outcome.error))


def _fetch(
    workspace: Workspace, telus: "TelusClient", url: str, *, project_id: str, flow: Flow, progress: Progress
) -> _Outcome:
    """Fetch one file unless it is here; raises what makes it pointless to go on with others."""
    progress.check()
    if workspace.find(url) is not None:
        return _Outcome(url)
    try:
        size = fetch_file(workspace, telus, url, project_id=project_id, progress=progress, watch=flow.watch)
        return _Outcome(url, fetched_bytes=size)
    except (KeyRefusedError, WorkspaceError, Cancelled):
        raise
    except ApiError as error:
        return _Outcome(url, error=error)


def _message(tally: _Tally, total: int) -> str:
    size = f", {size_text(tally.fetched_bytes)}" if tally.fetched_bytes else ""
    failed = f", {len(tally.problems)} failed" if tally.problems else ""
    return f"{tally.done} of {total} files{size}{failed}"
