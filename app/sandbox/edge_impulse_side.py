"""The object-tracking service's side: key info, samples, impulses, post-processing results and the jobs behind them.

Failures come with status 200 and ``{"success": false, "error"}``, as the service's own clients expect them.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS
from app.errors import InputError
from app.sandbox import impulse_answer
from app.sandbox.deliveries import Delivery
from app.sandbox.origin import Reply, Request, json_reply
from app.sandbox.project_answer import project_document
from app.sandbox.ranges import ranged_reply
from app.sandbox.sample_answer import Processing, SandboxSample, sample_answer, sample_document
from app.sandbox.sample_media import SampleMedia, first_picture
from app.sandbox.service_jobs import FIRST_JOB, SandboxJob

FIRST_PROJECT = 5001
FIRST_SAMPLE = 9001
FIRST_PICTURE = 8001


@dataclass(frozen=True)
class _Project:
    project_id: int
    delivery: Delivery
    key: str
    samples: dict[int, SandboxSample]


class EdgeImpulseSide:
    """One project per delivery, opened by a key of its own; one video sample per camera, and one picture."""

    def __init__(self, deliveries: Sequence[Delivery], *, key: str) -> None:
        self.url = ""  # known once the origin serves
        self._projects = _projects(deliveries, key)
        self._lock = threading.Lock()
        self._states: dict[int, str] = {}
        self._jobs: dict[int, SandboxJob] = {}
        self._plans: dict[int, tuple[int, bool]] = {}
        self._processing: dict[int, Processing] = {}
        self._media = SampleMedia()
        self.key_info: dict[str, str] = {"role": "readonly"}

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

    def set_processing(self, sample_name: str, processing: Processing) -> None:
        """Let the service be still at work on a sample, or have failed with it."""
        self._processing[self._sample_id(sample_name)] = processing

    def respond(self, request: Request) -> Reply:
        """The answer to one request."""
        key = request.header("x-api-key")
        project = next((project for project in self._projects if project.key == key), None)
        if project is None:
            return _failure("Invalid API key")
        match request.segments:
            case ("v1", "api", "projects", "api-key-info"):
                info = {"apiKeyId": 1, "projectId": project.project_id}
                return json_reply({"success": True, **info, **self.key_info})
            case ("v1", "api", number, *rest) if number == str(project.project_id):
                return self._in_project(project, tuple(rest), request)
            case ("v1", "api", number, *_) if number.isdigit():
                return _failure("You do not have permission to access this project")
        return Reply(404, b"Not found", "text/plain")

    def _in_project(self, project: _Project, rest: tuple[str, ...], request: Request) -> Reply:
        document = self._document(project, rest, request) if request.recorded.method == "GET" else None
        if document is not None:
            return json_reply(document)
        match request.recorded.method, rest:
            case "GET", ("raw-data",):
                return self._samples(project, request)
            case "GET", ("raw-data", number, *what):
                found = project.samples.get(int(number)) if number.isdigit() else None
                return self._sample(project, found, tuple(what), request) if found else _failure("Unknown sample ID")
            case _, ("post-processing", block_id, *further):
                return self._post_processing(project, block_id, tuple(further), request)
            case "GET", ("jobs", *steps):
                return self._job_reply(project, tuple(steps), request)
        return Reply(404, b"Not found", "text/plain")

    def _document(self, project: _Project, rest: tuple[str, ...], request: Request) -> dict[str, Any] | None:
        match rest:
            case ():
                return project_document(project.delivery, project_id=project.project_id, url=self.url)
            case ("impulses-detailed",):
                return impulse_answer.impulses_document(project.delivery)
            case ("model-variants",):
                impulse_id = request.query.get("impulseId", "")
                return impulse_answer.variants_document(impulse_answer.impulses_document(project.delivery), impulse_id)
        return None

    def _samples(self, project: _Project, request: Request) -> Reply:
        query = request.query
        category = query.get("category", "")
        if category not in ("training", "testing", "validation", "post-processing", "all"):
            return _failure("Missing or invalid query parameter 'category'")
        offset, limit = query.get("offset", "0"), query.get("limit", "1000")
        if not (offset.isdigit() and limit.isdigit()):
            return _failure("'offset' and 'limit' must be numbers")
        found = [sample for sample in project.samples.values() if category in ("all", sample.category)]
        matching = [sample for sample in found if query.get("search", "").lower() in sample.name.lower()]
        shown = matching[int(offset) : int(offset) + int(limit)]
        rows = [self._described(project, sample) for sample in shown]
        return json_reply({"success": True, "samples": rows, "totalCount": len(matching)})

    def _described(self, project: _Project, sample: SandboxSample) -> dict[str, Any]:
        processing = self._processing.get(sample.sample_id, Processing())
        return sample_document(project.delivery, sample, project_id=project.project_id, processing=processing)

    def _sample(self, project: _Project, sample: SandboxSample, what: tuple[str, ...], request: Request) -> Reply:
        if not what:
            return json_reply(sample_answer(self._described(project, sample)))
        processing = self._processing.get(sample.sample_id, Processing())
        if processing.running or processing.problem:
            return _failure(processing.problem or "Sample is still processing")
        if what == ("video",) and sample.kind == "video":
            return ranged_reply(self._media.video(project.delivery, sample.camera), "video/mp4", request)
        if what == ("image",) and sample.kind == "image":
            picture = first_picture(project.delivery, sample.camera)
            content = picture.read_bytes() if picture else b""
            return ranged_reply(content, "image/jpeg", request) if content else _failure("Sample has no image")
        return _failure(f"Sample has no {what[0]}")

    def _post_processing(self, project: _Project, block_id: str, further: tuple[str, ...], request: Request) -> Reply:
        document = impulse_answer.impulses_document(project.delivery)
        known = impulse_answer.tracking_block_ids(document)
        if not block_id.isdigit() or int(block_id) not in known:
            return _failure("Unknown post-processing block")
        match request.recorded.method, further:
            case "GET", ():
                return json_reply(
                    {"success": True, **impulse_answer.block_config(project.delivery, document, int(block_id))}
                )
            case "POST", ("samples", number, *action) if number.isdigit() and int(number) in project.samples:
                if (problem := _problem_with(request.recorded.body)) is not None:
                    return _failure(problem)
                config = json.loads(request.recorded.body)["config"]
                delivered = project.delivery.tracking(project.samples[int(number)].camera)
                answer = impulse_answer.answer_of_block(delivered, document, int(block_id), config["parameters"])
                return self._results(int(number), answer, config, classify=action == ["classify"])
            case "POST", ("samples", _, *_):
                return _failure("Unknown sample ID")
        return Reply(404, b"Not found", "text/plain")

    def _results(self, sample_id: int, answer: dict[str, Any], config: dict[str, Any], *, classify: bool) -> Reply:
        with self._lock:
            state = self._states.get(sample_id, HAS_RESULTS)
            running = next((job for job in self._jobs.values() if job.sample_id == sample_id and not job.ended), None)
            if classify and state == NO_RESULTS:
                self._states[sample_id] = JOB_IS_RUNNING
                return json_reply({"success": True, "id": self._start_job(sample_id).job_id})
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

    def _start_job(self, sample_id: int) -> SandboxJob:
        """A new job of the sample; the lock is held by the caller."""
        polls, succeeds = self._plans.get(sample_id, (2, True))
        job = SandboxJob(FIRST_JOB + len(self._jobs), sample_id, polls, succeeds)
        self._jobs[job.job_id] = job
        return job

    def _job_reply(self, project: _Project, steps: tuple[str, ...], request: Request) -> Reply:
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.sample_id in project.samples]
            match steps:
                case ():
                    return _job_list([job for job in jobs if not job.ended], request)
                case ("history",):
                    return _job_list([job for job in jobs if job.ended][::-1], request)
                case (number, *what):
                    job = next((job for job in jobs if str(job.job_id) == number), None)
                    return self._of_job(job, tuple(what), request) if job else _failure("Unknown job ID")
        return Reply(404, b"Not found", "text/plain")

    def _of_job(self, job: SandboxJob, what: tuple[str, ...], request: Request) -> Reply:
        """Status or log of a job; the lock is held by the caller."""
        match what:
            case ("status",):
                job.look()
                if job.ended:
                    self._states[job.sample_id] = HAS_RESULTS if job.succeeds else NO_RESULTS
                return json_reply({"success": True, "job": job.document()})
            case ("stdout",):
                lines, limit = job.log(), request.query.get("limit", "1000")
                shown = lines[-int(limit) :] if limit.isdigit() else lines
                return json_reply({"success": True, "stdout": shown, "totalCount": len(lines)})
            case ("stdout", "download"):
                return Reply(200, "".join(line["data"] for line in job.log()).encode(), "text/plain")
        return Reply(404, b"Not found", "text/plain")

    def _sample_id(self, name: str) -> int:
        for project in self._projects:
            for sample in project.samples.values():
                if name == sample.name:
                    return sample.sample_id
        raise InputError(f"The sandbox has no sample {name!r}.")


def _projects(deliveries: Sequence[Delivery], key: str) -> tuple[_Project, ...]:
    projects: list[_Project] = []
    number = FIRST_SAMPLE
    for place, delivery in enumerate(deliveries):
        videos = [
            SandboxSample(sample_id, f"{delivery.name} {camera}", camera, "video")
            for sample_id, camera in enumerate(delivery.cameras, start=number)
        ]
        number += len(videos)
        pictures = [
            SandboxSample(FIRST_PICTURE + place, f"{delivery.name} {camera} picture", camera, "image")
            for camera in delivery.cameras[:1]
        ]
        samples = {sample.sample_id: sample for sample in (*videos, *pictures)}
        own_key = key if place == 0 else f"{key}_{place + 1}"
        projects.append(_Project(FIRST_PROJECT + place, delivery, own_key, samples))
    return tuple(projects)


def _job_list(jobs: Sequence[SandboxJob], request: Request) -> Reply:
    offset, limit = (request.query.get(name, "") for name in ("offset", "limit"))
    first = int(offset) if offset.isdigit() else 0
    shown = jobs[first : first + int(limit)] if limit.isdigit() else jobs[first:]
    return json_reply({"success": True, "jobs": [job.document() for job in shown], "totalJobCount": len(jobs)})


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
