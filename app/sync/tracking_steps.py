"""How far the results of a sample are, in sentences for the user."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.finding import listed, quoted
from app.domain.impulse import PostProcessingConfig
from app.domain.post_processing import (
    HAS_RESULTS,
    JOB_IS_RUNNING,
    NO_RESULTS,
    LogLine,
    PostProcessingAnswer,
    differences,
    stale_sentence,
)
from app.workspace import CameraLink


class TrackingState(StrEnum):
    """Where the results of a sample are."""

    STORED = "stored"
    RUNNING = "running"
    NO_RESULTS = "no results"
    FAILED = "failed"


@dataclass(frozen=True)
class TrackingStep:
    """A state with a sentence for the user; ``job_id`` is the service's job where there is one.

    ``last_line`` is what a running job wrote last, ``log`` are the last lines of one that failed. ``can_classify``:
    ``classify_sample`` may bring results, after the user said yes to ``classify_question``.
    """

    state: TrackingState
    message: str
    job_id: int | None = None
    log: tuple[LogLine, ...] = ()
    can_classify: bool = False
    last_line: str = ""


def classify_question(link: CameraLink) -> str:
    """What to ask before ``classify_sample``."""
    return (
        f"Shall Edge Impulse classify {name_of(link)} with the variant {link.variant} now? "
        "This uses compute time of the project and needs a key that may start jobs."
    )


def final_step(answer: PostProcessingAnswer, link: CameraLink, config: PostProcessingConfig) -> TrackingStep:
    """What an answer means that is not waited on any longer; ``config`` is what was asked for."""
    name = name_of(link)
    if answer.state == HAS_RESULTS:
        made_with = answer.tracking.parameters if answer.tracking else {}
        told = (f"The results of {name} are here.", stale_sentence(made_with, config.values), *answer.remarks)
        return TrackingStep(TrackingState.STORED, " ".join(filter(None, told)))
    if answer.state == NO_RESULTS:
        message = f"Edge Impulse has no results for {name} with this block, its parameters and variant."
        next_step = "Classify it, which uses compute time of the project."
        return TrackingStep(TrackingState.NO_RESULTS, f"{message} {next_step}", can_classify=True)
    if answer.state == JOB_IS_RUNNING:
        message = f"Edge Impulse still calls its job for {name} running although it ended. Refresh later."
        return TrackingStep(TrackingState.FAILED, message, answer.job_id)
    message = f"Edge Impulse answers {quoted(answer.state)} for {name}, which this version does not know."
    return TrackingStep(TrackingState.NO_RESULTS, message)


def running_step(answer: PostProcessingAnswer, config: PostProcessingConfig) -> TrackingStep:
    """A job is at work, perhaps somebody else's with other parameters than ``config``."""
    job = f" (job {answer.job_id})" if answer.job_id is not None else ""
    other = differences(answer.job_config, config.values)
    told = f" It works with other parameters than were asked for, {listed(other)}." if other else ""
    message = f"Edge Impulse is working on the results{job}.{told}"
    return TrackingStep(TrackingState.RUNNING, message, answer.job_id)


def failed_step(job_id: int, log: tuple[LogLine, ...]) -> TrackingStep:
    """A job ended without success."""
    said = f" It says: {log[-1].text}" if log else ""
    message = f"Job {job_id} failed on Edge Impulse's side; it is not started again by itself.{said}"
    return TrackingStep(TrackingState.FAILED, message, job_id, log, can_classify=True)


def no_variant() -> TrackingStep:
    """The model has no form that results could be asked for in."""
    message = "The link names no variant of the model, so there is nothing to ask for."
    return TrackingStep(TrackingState.NO_RESULTS, f"{message} Train the model in Studio, then link the camera again.")


def name_of(link: CameraLink) -> str:
    """The sample as its people call it."""
    return link.sample_name or f"sample {link.sample_id}"
