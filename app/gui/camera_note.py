"""What is to be said about the boxes of one camera, and what the user can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.errors import AppError
from app.sync import MediaState, MediaStep, TrackingState, TrackingStep


class CameraAct(StrEnum):
    """What the view of a camera offers, in the order of its buttons."""

    LOG = "log"  # of the service's job
    CLASSIFY = "classify"  # after a question
    REFRESH = "refresh"


@dataclass(frozen=True)
class CameraNote:
    """A whole sentence, and where it is too long for a header, its short form; ``job_id`` is the service's job.

    ``warns``: something went wrong.
    """

    sentence: str
    short: str = ""
    job_id: int | None = None
    acts: frozenset[CameraAct] = frozenset()
    warns: bool = False

    @property
    def brief(self) -> str:
        """What a header has room for."""
        return self.short or self.sentence


FETCHING = CameraNote("Fetching boxes …")
FETCHING_PICTURES = CameraNote("Fetching the sample's pictures …", "Fetching pictures …")
STOPPED = CameraNote("Fetching was stopped. Refresh to go on.", "Stopped", acts=frozenset({CameraAct.REFRESH}))
_SHORT = {TrackingState.NO_RESULTS: "No results", TrackingState.FAILED: "Failed"}


def with_note(notes: Mapping[str, CameraNote], camera: str, note: CameraNote | None) -> Mapping[str, CameraNote]:
    """Notes by camera with another one for a camera, or with none."""
    others = {name: kept for name, kept in notes.items() if name != camera}
    return {**others, camera: note} if note is not None else others


def note_of_tracking(step: TrackingStep) -> CameraNote | None:
    """The note of a step; None where the results are here, which speak for themselves."""
    if step.state is TrackingState.STORED:
        return None
    acts = {CameraAct.LOG} if step.job_id is not None else set()
    if step.state is not TrackingState.RUNNING:
        acts |= {CameraAct.REFRESH} | ({CameraAct.CLASSIFY} if step.can_classify else set())
    return CameraNote(
        step.message, _short(step), step.job_id, frozenset(acts), warns=step.state is TrackingState.FAILED
    )


def note_of_media(step: MediaStep) -> CameraNote | None:
    """The note about a sample's own pictures; None where they are here."""
    if step.state is MediaState.STORED:
        return None
    short = "Sample still processing" if step.state is MediaState.PROCESSING else "No pictures of the sample"
    failed = step.state is MediaState.FAILED
    return CameraNote(step.message, short, acts=frozenset({CameraAct.REFRESH}), warns=failed)


def note_of_failure(error: AppError) -> CameraNote:
    """The note where the service could not be asked."""
    return CameraNote(str(error), acts=frozenset({CameraAct.REFRESH}), warns=True)


def _short(step: TrackingStep) -> str:
    job = f"Job {step.job_id}" if step.job_id is not None else ""
    if step.state is TrackingState.RUNNING:
        return f"{job or 'Job'}: {step.last_line or 'working'}"
    return f"{job} failed" if job and step.state is TrackingState.FAILED else _SHORT.get(step.state, "")
