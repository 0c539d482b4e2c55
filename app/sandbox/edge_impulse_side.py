"""The object-tracking service's side: key info, samples, impulses, post-processing results and the jobs behind them.

Failures come with status 200 and ``{"success": false, "error"}``, as the service's own clients expect them.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.impulse import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS
from app.errors import InputError
from app.sandbox import impulse_answer
from app.sandbox.deliveries import Delivery
from app.sandbox.origin import Reply, Request, json_reply
from app.sandbox.project_answer import project_document

FIRST_PROJECT = 5001
FIRST_SAMPLE = 9001
FIRST_JOB = 70001


@dataclass
class _Job:
    """Work that finishes after so many looks at its status."""

    job_id: int
    sample_id: int
    polls_left: int
    succeeds: bool


@dataclass(frozen=True)
class _Project:
    project_id: int
    delivery: Delivery
    key: str
    samples: dict[int, str]  # sample id to camera


class EdgeImpulseSide:
    """One project per delivery, opened by a key of its own; one video sample per camera."""

    def __init__(self, deliveries: Sequence[Delivery], *, key: str) -> None:
        self.url = ""  # known once the origin serves
        self._projects = _projects(deliveries, key)
        self._lock = threading.Lock()
        self._states: dict[int, str] = {}
        self._jobs: dict[int, _Job] = {}
        self._plans: dict[int, tuple[int, bool]] = {}

    @property
    def keys(self) -> dict[int, str]:
        """The key of each project."""
        return {project.project_id: project.key for project in self._projects}

    def set_state(self, sample_name: str, state: str, *, polls: int, succeeds: bool) -> None:
        """Let a sample ("street front") be in one of the three states; a job ends after ``polls`` looks at it."""
        sample_id = self._sample_id(sample_name)
        with self._lock:
            self._plans[sample_id] = (polls, succeeds)
            self._states[sample_id] = state
            if state == JOB_IS_RUNNING:
                self._start_job(sample_id)

    def respond(self, request: Request) -> Reply:
        """The answer to one request."""
        key = request.header("x-api-key")
        project = next((project for project in self._projects if project.key == key), None)
        if project is None:
            return _failure("Invalid API key")
        match request.segments:
            case ("v1", "api", "projects", "api-key-info"):
                info = {"apiKeyId": 1, "projectId": project.project_id, "role": "readonly"}
                return json_reply({"success": True, **info})
            case ("v1", "api", number, *rest) if number == str(project.project_id):
                return self._in_project(project, tuple(rest), request)
            case ("v1", "api", number, *_) if number.isdigit():
                return _failure("You do not have permission to access this project")
        return Reply(404, b"Not found", "text/plain")

    def _in_project(self, project: _Project, rest: tuple[str, ...], request: Request) -> Reply:
        match request.recorded.method, rest:
            case "GET", ():
                return json_reply(project_document(project.delivery, project_id=project.project_id, url=self.url))
            case "GET", ("raw-data",):
                return self._samples(project, request)
            case "GET", ("impulses-detailed",):
                return json_reply(impulse_answer.impulses_document(project.delivery))
            case _, ("post-processing", block_id, *further):
                return self._post_processing(project, block_id, tuple(further), request)
            case "GET", ("jobs", job_id, "status" | "stdout" as what):
                return self._job_status(job_id) if what == "status" else self._job_log(job_id)
        return Reply(404, b"Not found", "text/plain")

    def _samples(self, project: _Project, request: Request) -> Reply:
        query = request.query
        category = query.get("category", "")
        if category not in ("training", "testing", "validation", "post-processing", "all"):
            return _failure("Missing or invalid query parameter 'category'")
        offset, limit = query.get("offset", "0"), query.get("limit", "1000")
        if not (offset.isdigit() and limit.isdigit()):
            return _failure("'offset' and 'limit' must be numbers")
        found = [
            impulse_answer.sample(project.delivery, camera, sample_id=number, project_id=project.project_id)
            for number, camera in project.samples.items()
            if category in ("all", "post-processing")
        ]
        matching = [sample for sample in found if query.get("search", "").lower() in sample["filename"].lower()]
        shown = matching[int(offset) : int(offset) + int(limit)]
        return json_reply({"success": True, "samples": shown, "totalCount": len(matching)})

    def _post_processing(self, project: _Project, block_id: str, further: tuple[str, ...], request: Request) -> Reply:
        known = impulse_answer.tracking_block_ids(impulse_answer.impulses_document(project.delivery))
        if not block_id.isdigit() or int(block_id) not in known:
            return _failure("Unknown post-processing block")
        match request.recorded.method, further:
            case "GET", ():
                return json_reply({"success": True, **impulse_answer.tracking_config(project.delivery)})
            case "POST", ("samples", number, *action) if number.isdigit() and int(number) in project.samples:
                if (problem := _problem_with(request.recorded.body)) is not None:
                    return _failure(problem)
                config = json.loads(request.recorded.body)["config"]
                return self._results(project, int(number), config, classify=action == ["classify"])
            case "POST", ("samples", _, *_):
                return _failure("Unknown sample ID")
        return Reply(404, b"Not found", "text/plain")

    def _results(self, project: _Project, sample_id: int, config: dict[str, Any], *, classify: bool) -> Reply:
        with self._lock:
            state = self._states.get(sample_id, HAS_RESULTS)
            running = next((job for job in self._jobs.values() if job.sample_id == sample_id and job.polls_left), None)
            if classify and state == NO_RESULTS:
                self._states[sample_id] = JOB_IS_RUNNING
                return json_reply({"success": True, "id": self._start_job(sample_id).job_id})
        answer = project.delivery.tracking(project.samples[sample_id])
        if classify and state == HAS_RESULTS:
            return json_reply({"success": True, "results": answer["results"]})
        if classify and running is not None:
            return json_reply({"success": True, "id": running.job_id})
        if state == HAS_RESULTS:
            return json_reply(answer)
        if state == JOB_IS_RUNNING and running is not None:
            job = {"jobId": running.job_id, "config": config}
            return json_reply({"success": True, "hasResults": state, "jobIsRunning": job})
        return json_reply({"success": True, "hasResults": NO_RESULTS})

    def _start_job(self, sample_id: int) -> _Job:
        """A new job of the sample; the lock is held by the caller."""
        polls, succeeds = self._plans.get(sample_id, (2, True))
        job = _Job(FIRST_JOB + len(self._jobs), sample_id, polls, succeeds)
        self._jobs[job.job_id] = job
        return job

    def _job_status(self, job_id: str) -> Reply:
        with self._lock:
            job = self._jobs.get(int(job_id)) if job_id.isdigit() else None
            if job is None:
                return _failure("Unknown job ID")
            job.polls_left = max(0, job.polls_left - 1)
            if job.polls_left == 0:
                self._states[job.sample_id] = HAS_RESULTS if job.succeeds else NO_RESULTS
            return json_reply({"success": True, "job": _job_document(job)})

    def _job_log(self, job_id: str) -> Reply:
        if not job_id.isdigit() or int(job_id) not in self._jobs:
            return _failure("Unknown job ID")
        lines = [{"created": impulse_answer.CREATED, "data": f"Job {job_id} tracks objects\n", "logLevel": "info"}]
        return json_reply({"success": True, "stdout": lines, "totalCount": len(lines)})

    def _sample_id(self, name: str) -> int:
        for project in self._projects:
            for sample_id, camera in project.samples.items():
                if name == f"{project.delivery.name} {camera}":
                    return sample_id
        raise InputError(f"The sandbox has no sample {name!r}.")


def _projects(deliveries: Sequence[Delivery], key: str) -> tuple[_Project, ...]:
    projects: list[_Project] = []
    number = FIRST_SAMPLE
    for place, delivery in enumerate(deliveries):
        samples = dict(enumerate(delivery.cameras, start=number))
        number += len(samples)
        own_key = key if place == 0 else f"{key}_{place + 1}"
        projects.append(_Project(FIRST_PROJECT + place, delivery, own_key, samples))
    return tuple(projects)


def _job_document(job: _Job) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": job.job_id,
        "category": "Post-processing",
        "categoryKey": "post-processing",
        "key": f"post-processing-{job.sample_id}",
        "created": impulse_answer.CREATED,
        "started": impulse_answer.CREATED,
        "jobNotificationUids": [],
    }
    if job.polls_left == 0:
        document |= {"finished": impulse_answer.CREATED, "finishedSuccessful": job.succeeds}
    return document


def _problem_with(body: bytes) -> str | None:
    """What is wrong with a request for results: the service wants text values and one of its variants."""
    try:
        document = json.loads(body)
        config, variant = document["config"], document["variant"]
        values = config["parameters"].values()
        enabled = config["enabled"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "The body needs 'config' and 'variant'"
    if variant not in ("int8", "float32", "akida"):
        return "Unknown variant"
    texts = all(isinstance(value, str) for value in values)
    return None if texts and isinstance(enabled, bool) else "Parameters must be strings"


def _failure(reason: str) -> Reply:
    return json_reply({"success": False, "error": reason})
