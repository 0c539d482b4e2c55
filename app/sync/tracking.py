"""Fetching the tracking results that a camera is linked to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.api.edge_impulse import EdgeImpulseClient
from app.domain.impulse import ImpulseList
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS, PostProcessingAnswer
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.progress import Progress
from app.workspace import CameraLink, Workspace
from app.workspace.addresses import impulses_address

POLL_SECONDS = 2.0
MAX_REPEATS = 5  # how often the service may call a job running that it called finished


class TrackingState(StrEnum):
    """Where the results of a sample are."""

    STORED = "stored"
    RUNNING = "running"
    NO_RESULTS = "no results"
    FAILED = "failed"


@dataclass(frozen=True)
class TrackingStep:
    """A state with a sentence for the user; ``job_id`` is the service's job where there is one."""

    state: TrackingState
    message: str
    job_id: int | None = None


def _no_state(_step: TrackingStep) -> None:
    pass


def download_tracking(
    workspace: Workspace,
    edge_impulse: EdgeImpulseClient,
    link: CameraLink,
    *,
    progress: Progress,
    on_state: Callable[[TrackingStep], None] = _no_state,
    interval: float = POLL_SECONDS,
) -> TrackingStep:
    """Fetch the results for a link and store the answer as received; returns the last state.

    While the service works on them its job is asked for every ``interval`` seconds, and the results once per
    completion. Nothing is ever started: without results the state is NO_RESULTS, a failed job gives FAILED.
    Raises as EdgeImpulseClient and Workspace do, and Cancelled.
    """
    _keep_impulses(workspace, edge_impulse, link, progress)
    watched: set[int] = set()
    repeats = 0
    while True:
        answer = _ask(workspace, edge_impulse, link, progress)
        job_id = answer.job_id
        if answer.state != JOB_IS_RUNNING or repeats > MAX_REPEATS:
            return _tell(on_state, _final(answer, link))
        _tell(on_state, TrackingStep(TrackingState.RUNNING, _running(job_id), job_id))
        if job_id is None or job_id in watched:
            repeats += 1
            progress.wait(interval)
        elif _fails(edge_impulse, link, job_id, progress=progress, interval=interval):
            return _tell(on_state, TrackingStep(TrackingState.FAILED, _failed(job_id), job_id))
        else:
            watched.add(job_id)


def fetch_impulses(
    workspace: Workspace, edge_impulse: EdgeImpulseClient, ei_project_id: int, *, progress: Progress
) -> ImpulseList:
    """Ask for the impulses of a project and keep the document for use offline."""
    raw = edge_impulse.impulses_document(ei_project_id, progress)
    impulses = parse_impulses(raw)
    workspace.store(impulses_address(ei_project_id), raw, media_type="application/json")
    return impulses


def _keep_impulses(workspace: Workspace, edge_impulse: EdgeImpulseClient, link: CameraLink, progress: Progress) -> None:
    """The size of the model's input is needed offline too, to place boxes that count its pixels."""
    progress.report(0, None, "Asking for the impulses")
    if workspace.find(impulses_address(link.ei_project_id)) is None:
        fetch_impulses(workspace, edge_impulse, link.ei_project_id, progress=progress)


def _ask(
    workspace: Workspace, edge_impulse: EdgeImpulseClient, link: CameraLink, progress: Progress
) -> PostProcessingAnswer:
    progress.report(0, None, f"Asking for the results of {link.sample_name or link.sample_id}")
    config = edge_impulse.post_processing_config(link.ei_project_id, link.block_id, progress)
    raw = edge_impulse.post_processing_results(
        link.ei_project_id, link.block_id, link.sample_id, config=config, variant=link.variant, progress=progress
    )
    answer = parse_post_processing_answer(raw)
    if answer.state == HAS_RESULTS:
        workspace.store(link.answer_address, raw, media_type="application/json")
    return answer


def _fails(
    edge_impulse: EdgeImpulseClient, link: CameraLink, job_id: int, *, progress: Progress, interval: float
) -> bool:
    """Wait for the end of the service's job; whether it ended without success."""
    while True:
        job = edge_impulse.job_status(link.ei_project_id, job_id, progress)
        if job.finished:
            return job.failed
        progress.report(0, None, _running(job_id))
        progress.wait(interval)


def _final(answer: PostProcessingAnswer, link: CameraLink) -> TrackingStep:
    name = link.sample_name or f"sample {link.sample_id}"
    if answer.state == HAS_RESULTS:
        return TrackingStep(TrackingState.STORED, " ".join((f"The results of {name} are here.", *answer.remarks)))
    if answer.state == NO_RESULTS:
        message = (
            f"Edge Impulse has no results for {name} with this block and variant. Classify it there, then refresh."
        )
        return TrackingStep(TrackingState.NO_RESULTS, message)
    if answer.state == JOB_IS_RUNNING:
        message = f"Edge Impulse still calls its job for {name} running although it ended. Refresh later."
        return TrackingStep(TrackingState.FAILED, message, answer.job_id)
    message = f"Edge Impulse answers {answer.state[:60]!r} for {name}, which this version does not know."
    return TrackingStep(TrackingState.NO_RESULTS, message)


def _running(job_id: int | None) -> str:
    return "Edge Impulse is working on the results" + (f" (job {job_id})." if job_id is not None else ".")


def _failed(job_id: int) -> str:
    return f"Job {job_id} failed on Edge Impulse's side. Look at its log in Studio, start it again there, then refresh."


def _tell(on_state: Callable[[TrackingStep], None], step: TrackingStep) -> TrackingStep:
    on_state(step)
    return step
