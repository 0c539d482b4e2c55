"""Fetching the tracking results that a camera is linked to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.domain.impulse import ImpulseList, PostProcessingConfig
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, PostProcessingAnswer
from app.formats.edge_impulse import (
    build_post_processing_request,
    parse_classify_answer,
    parse_impulses,
    parse_post_processing_answer,
)
from app.progress import Progress
from app.sync.following import POLL_SECONDS, Pace, follow_job
from app.sync.tracking_steps import (
    TrackingStep,
    failed_step,
    final_step,
    name_of,
    no_variant,
    running_step,
)
from app.workspace import CameraLink, Workspace
from app.workspace.addresses import impulses_address

if TYPE_CHECKING:
    from app.api.edge_impulse import EdgeImpulseClient

MAX_REPEATS = 5  # how often the service may call a job running that it called finished


def _no_state(_step: TrackingStep) -> None:
    pass


def download_tracking(
    workspace: Workspace,
    edge_impulse: "EdgeImpulseClient",
    link: CameraLink,
    *,
    progress: Progress,
    on_state: Callable[[TrackingStep], None] = _no_state,
    interval: float = POLL_SECONDS,
) -> TrackingStep:
    """Fetch the results for a link; store the answer as received and beside it what it was asked for with; returns
    the last state.

    While the service works on them its job is asked for, every ``interval`` seconds at first and ever more rarely,
    and the results once per completion. Nothing is ever started: without results the state is NO_RESULTS, a failed
    job gives FAILED with its log. Raises as EdgeImpulseClient and Workspace do, and Cancelled.
    """
    return _Results(workspace, edge_impulse, link, progress, on_state, interval).fetched()


def classify_sample(
    workspace: Workspace,
    edge_impulse: "EdgeImpulseClient",
    link: CameraLink,
    *,
    progress: Progress,
    on_state: Callable[[TrackingStep], None] = _no_state,
    interval: float = POLL_SECONDS,
) -> TrackingStep:
    """Have the service make the results for a link and follow its job to them, else as ``download_tracking``.

    This uses compute time of the project: call it only after the user's yes to ``classify_question``.
    """
    return _Results(workspace, edge_impulse, link, progress, on_state, interval).made()


def fetch_impulses(
    workspace: Workspace, edge_impulse: "EdgeImpulseClient", ei_project_id: int, *, progress: Progress
) -> ImpulseList:
    """Ask for the impulses of a project and keep the document for use offline."""
    raw = edge_impulse.impulses_document(ei_project_id, progress)
    impulses = parse_impulses(raw)
    workspace.store(impulses_address(ei_project_id), raw, media_type="application/json")
    return impulses


@dataclass
class _Results:
    """One link on its way to its results."""

    workspace: Workspace
    edge_impulse: "EdgeImpulseClient"
    link: CameraLink
    progress: Progress
    on_state: Callable[[TrackingStep], None]
    interval: float
    config: PostProcessingConfig = field(default_factory=lambda: PostProcessingConfig(enabled=True))
    watched: set[int] = field(default_factory=set)

    def fetched(self) -> TrackingStep:
        if not self.link.variant:
            return self._tell(no_variant())
        self._keep_impulses()
        return self._settled()

    def made(self) -> TrackingStep:
        if not self.link.variant:
            return self._tell(no_variant())
        self._keep_impulses()
        self.progress.report(0, None, f"Asking to classify {name_of(self.link)}")
        self._ask_config()
        raw = self.edge_impulse.classify(
            *self._ids, config=self.config, variant=self.link.variant, progress=self.progress
        )
        answer = parse_classify_answer(raw)
        if answer.results is not None:
            self._keep(raw, with_results=True)
            return self._tell(final_step(answer.results, self.link, self.config))
        running = PostProcessingAnswer(JOB_IS_RUNNING, job_id=answer.job_id)
        ended = None if answer.job_id is None else self._watch(running, answer.job_id)
        return ended or self._settled()

    def _settled(self) -> TrackingStep:
        """Ask until the service is done with the sample."""
        pace, repeats = Pace(self.interval), 0
        while True:
            answer = self._ask()
            job_id = answer.job_id
            if answer.state != JOB_IS_RUNNING or repeats > MAX_REPEATS:
                return self._tell(final_step(answer, self.link, self.config))
            if job_id is None or job_id in self.watched:
                self._tell(running_step(answer, self.config))
                repeats += 1
                pace.wait(self.progress)
            elif (ended := self._watch(answer, job_id)) is not None:
                return ended

    def _watch(self, answer: PostProcessingAnswer, job_id: int) -> TrackingStep | None:
        """Wait for the end of the service's job; None where it ended well, else the last state."""
        self.watched.add(job_id)
        running = self._tell(running_step(answer, self.config))

        def on_line(line: str) -> None:
            self.progress.report(0, None, f"Job {job_id}: {line}")
            self._tell(replace(running, message=f"{running.message} {line}", last_line=line))

        followed = follow_job(
            self.edge_impulse,
            self.link.ei_project_id,
            job_id,
            progress=self.progress,
            on_line=on_line,
            interval=self.interval,
        )
        if not followed.job.finished:
            message = f"{running.message} It is still not done. Refresh later."
            return self._tell(replace(running, message=message, log=followed.log))
        return self._tell(failed_step(job_id, followed.log)) if followed.job.failed else None

    @property
    def _ids(self) -> tuple[int, int, int]:
        return self.link.ei_project_id, self.link.block_id, self.link.sample_id

    def _keep_impulses(self) -> None:
        """The size of the model's input is needed offline too, to place boxes that count its pixels."""
        self.progress.report(0, None, "Asking for the impulses")
        if self.workspace.find(impulses_address(self.link.ei_project_id)) is None:
            fetch_impulses(self.workspace, self.edge_impulse, self.link.ei_project_id, progress=self.progress)

    def _ask_config(self) -> None:
        self.config = self.edge_impulse.post_processing_config(
            self.link.ei_project_id, self.link.block_id, self.progress
        )

    def _ask(self) -> PostProcessingAnswer:
        self.progress.report(0, None, f"Asking for the results of {name_of(self.link)}")
        self._ask_config()
        raw = self.edge_impulse.post_processing_results(
            *self._ids, config=self.config, variant=self.link.variant, progress=self.progress
        )
        answer = parse_post_processing_answer(raw)
        self._keep(raw, with_results=answer.state == HAS_RESULTS)
        return answer

    def _keep(self, raw: bytes, *, with_results: bool) -> None:
        """What was asked for is kept even without results: an earlier answer may be stale by it."""
        request = build_post_processing_request(self.config, variant=self.link.variant)
        self.workspace.store(self.link.request_address, request, media_type="application/json")
        if with_results:
            self.workspace.store(self.link.answer_address, raw, media_type="application/json")

    def _tell(self, step: TrackingStep) -> TrackingStep:
        self.on_state(step)
        return step
