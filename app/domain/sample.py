"""What a key of the object-tracking service opens: a project with its samples and the variants of its models."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.moments import parse_moment

SOON = timedelta(days=7)
ROLES_WITHOUT_READING = frozenset({"ingestiononly", "ingestion_deployment"})

POST_PROCESSING = "post-processing"  # the category of samples that post-processing blocks run on
CATEGORIES = (POST_PROCESSING, "training", "testing", "validation", "all")

VIDEO = "video"
IMAGE = "image"


@dataclass(frozen=True)
class KeyInfo:
    """The project an API key belongs to; ``role`` as the service names it, ``expires`` is its date text or empty."""

    project_id: int
    role: str = ""
    expires: str = ""

    def problems(self, now: datetime) -> tuple[str, ...]:
        """Sentences about a key that ran out or soon will, and about a role that may only send data; ``now`` has a
        time zone."""
        found = []
        if self.role in ROLES_WITHOUT_READING:
            found.append(
                f"The key of project {self.project_id} has the role {self.role}, which may not read. "
                "Make a key with the role readonly in Studio."
            )
        expires = parse_moment(self.expires)
        if expires is not None and expires <= now:
            found.append(f"The key of project {self.project_id} expired on {expires:%Y-%m-%d}. Make a new one.")
        elif expires is not None and expires - now <= SOON:
            found.append(
                f"The key of project {self.project_id} expires on {expires:%Y-%m-%d %H:%M} UTC. Make a new one in time."
            )
        return tuple(found)


@dataclass(frozen=True)
class Sample:
    """One recording. ``frame_rate`` in Hz and ``frame_count`` are None where the service gives none.

    ``image_size`` is (width, height) in pixels. ``problem`` is the service's reason for a sample it could not process.
    """

    sample_id: int
    name: str
    category: str = ""
    label: str = ""
    kind: str = ""  # VIDEO, IMAGE, "chart", "table": how the service displays it
    frame_rate: float | None = None
    frame_count: int | None = None
    image_size: tuple[int, int] | None = None
    is_processing: bool = False
    is_disabled: bool = False
    problem: str = ""

    @property
    def state(self) -> str:
        """Why it is not ready for use, as a list shows it; empty where it is."""
        if self.problem:
            return f"failed: {self.problem}"
        if self.is_processing:
            return "still processing"
        return "disabled" if self.is_disabled else ""


@dataclass(frozen=True)
class SamplePage:
    """Samples from an offset on; ``total_count`` is how many the whole query has."""

    samples: tuple[Sample, ...]
    total_count: int


@dataclass(frozen=True)
class ModelVariant:
    """One form of a project's models, such as "int8"; ``is_reference`` is the project's own default."""

    variant: str
    is_reference: bool = False
    is_enabled: bool = True
    is_selected: bool = False
