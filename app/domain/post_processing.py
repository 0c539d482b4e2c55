"""Answers of the object-tracking service about one sample, and the jobs that make them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.finding import listed, printable
from app.domain.tracking import Tracking

HAS_RESULTS = "has-results"
JOB_IS_RUNNING = "job-is-running"
NO_RESULTS = "no-results"


@dataclass(frozen=True)
class PostProcessingAnswer:
    """The service's answer about one sample, for the configuration that was asked for.

    ``state`` is HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS or a word the service invented since. ``tracking`` is set
    exactly where the state is HAS_RESULTS, empty if nothing was sent. ``job_id`` and ``job_config`` tell of a running
    job, which may have been started by someone else with other parameters. ``remarks`` are sentences for the user.
    """

    state: str
    tracking: Tracking | None = None
    job_id: int | None = None
    job_config: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassifyAnswer:
    """What the request to classify a sample led to: results at once, or else the job that makes them."""

    job_id: int | None = None
    results: PostProcessingAnswer | None = None


@dataclass(frozen=True)
class ServiceJob:
    """Work on the service's side; ``finished_successful`` is None until it ended. Dates are the service's own text."""

    job_id: int
    category: str = ""
    started: bool = False
    finished: bool = False
    finished_successful: bool | None = None
    created_at: str = ""
    finished_at: str = ""

    @property
    def failed(self) -> bool:
        """Whether it ended without success."""
        return self.finished and not self.finished_successful

    @property
    def state(self) -> str:
        """One word for lists."""
        if self.finished:
            return "failed" if self.failed else "finished"
        return "running" if self.started else "waiting"


@dataclass(frozen=True)
class ServiceJobs:
    """Some jobs of a project; ``total_count`` is how many the whole query has."""

    jobs: tuple[ServiceJob, ...]
    total_count: int


@dataclass(frozen=True)
class LogLine:
    """One line of a job's log, fit for a terminal. ``level`` is "error", "warn", "info", "debug" or empty."""

    text: str
    level: str = ""
    created_at: str = ""


@dataclass(frozen=True)
class JobLog:
    """The last lines of a job's log in order; ``total_count`` is how many pieces the service has of it."""

    lines: tuple[LogLine, ...]
    total_count: int


def differences(made_with: Mapping[str, str], asked_for: Mapping[str, str]) -> tuple[str, ...]:
    """Parameters that differ, each as ``name (made with 5, asked for 8)``. Numbers are compared as numbers.

    Nothing is said where one of the sides names no parameter at all: then there is nothing to compare.
    """
    if not made_with or not asked_for:
        return ()
    names = sorted(made_with.keys() | asked_for.keys())
    return tuple(
        printable(f"{name} (made with {made_with.get(name, 'none')}, asked for {asked_for.get(name, 'none')})")
        for name in names
        if not _same(made_with.get(name), asked_for.get(name))
    )


def stale_sentence(made_with: Mapping[str, str], asked_for: Mapping[str, str]) -> str:
    """Why results are not those of the configuration that was asked for; empty where they are."""
    found = differences(made_with, asked_for)
    return f"These results are stale: they were made with other parameters, {listed(found)}." if found else ""


def _same(one: str | None, other: str | None) -> bool:
    if one == other:
        return True
    if one is None or other is None:
        return False
    try:
        return float(one) == float(other)
    except ValueError:
        return one.strip().casefold() == other.strip().casefold()  # "True" and "true" are the same yes
