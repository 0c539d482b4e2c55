"""Fetching tracking results, whatever state the service is in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.impulse import PostProcessingConfig
from app.domain.impulse.parameters import Parameter
from app.domain.post_processing import ServiceJob
from app.domain.tracking import CoordinateSpace
from app.errors import DocumentFormatError
from app.progress import Cancelled, Progress
from app.sync import (
    TrackingState,
    TrackingStep,
    classify_question,
    classify_sample,
    download_tracking,
    fetch_impulses,
)
from app.sync.following import MAX_POLL_SECONDS, Pace
from app.workspace import CameraLink, Workspace
from app.workspace.addresses import impulses_address
from tests.builders import tracking_answer
from tests.fake_services import FakeEdgeImpulse

LINK = CameraLink("front", 7, 11, "street front", 5, "int8", space=CoordinateSpace.IMAGE)
RESULTS = json.dumps(tracking_answer(3)).encode()
NONE = b'{"success": true, "hasResults": "no-results"}'
FINISHED = ServiceJob(31, started=True, finished=True, finished_successful=True)
WORKING = ServiceJob(31, started=True)
FAILED = ServiceJob(31, started=True, finished=True, finished_successful=False)


def running(job_id: int = 31) -> bytes:
    config = {"enabled": True, "parameters": {}}
    body = {"success": True, "hasResults": "job-is-running", "jobIsRunning": {"jobId": job_id, "config": config}}
    return json.dumps(body).encode()


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def fetch(workspace: Workspace, service: FakeEdgeImpulse, steps: list[TrackingStep] | None = None) -> TrackingStep:
    heard: list[TrackingStep] = [] if steps is None else steps
    return download_tracking(workspace, service, LINK, progress=Progress(), on_state=heard.append, interval=0.001)


def test_results_are_stored_as_received(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS])
    assert fetch(workspace, service).state is TrackingState.STORED
    assert workspace.read(LINK.answer_address) == RESULTS
    assert service.requests == ["impulses", "config", "results"]


def test_impulses_are_asked_for_once_and_kept_for_offline(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS])
    assert fetch_impulses(workspace, service, 7, progress=Progress()).impulses == ()
    fetch(workspace, service)
    assert service.requests.count("impulses") == 1
    assert workspace.find(impulses_address(7)) is not None


def test_a_running_job_is_waited_for_and_the_results_asked_for_once_more(workspace: Workspace) -> None:
    steps: list[TrackingStep] = []
    service = FakeEdgeImpulse([running(), RESULTS], [WORKING, WORKING, FINISHED])
    assert fetch(workspace, service, steps).state is TrackingState.STORED
    asked = [request for request in service.requests[1:] if not request.startswith("log")]
    assert asked == ["config", "results", "job 31", "job 31", "job 31", "config", "results"]
    assert [(step.state, step.job_id) for step in steps] == [(TrackingState.RUNNING, 31), (TrackingState.STORED, None)]


def test_another_job_after_the_first_is_waited_for_too(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([running(31), running(32), RESULTS], [FINISHED])
    assert fetch(workspace, service).state is TrackingState.STORED
    assert [request for request in service.requests if request.startswith("job")] == ["job 31", "job 32"]


def test_a_failed_job_is_told_and_nothing_is_started(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([running()], [FAILED])
    step = fetch(workspace, service)
    assert (step.state, step.job_id) == (TrackingState.FAILED, 31)
    assert service.requests == ["impulses", "config", "results", "job 31", "log 31"]
    assert workspace.find(LINK.answer_address) is None


def test_no_results_is_a_state_and_nothing_is_started(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([NONE])
    step = fetch(workspace, service)
    assert step.state is TrackingState.NO_RESULTS
    assert "Classify" in step.message
    assert service.requests == ["impulses", "config", "results"]


def test_no_results_keep_the_earlier_answer(workspace: Workspace) -> None:
    fetch(workspace, FakeEdgeImpulse([RESULTS]))
    fetch(workspace, FakeEdgeImpulse([NONE]))
    assert workspace.read(LINK.answer_address) == RESULTS


def test_a_job_that_is_called_running_after_its_end_does_not_go_on_for_ever(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([running()], [FINISHED])
    step = fetch(workspace, service)
    assert step.state is TrackingState.FAILED
    assert service.requests.count("job 31") == 1
    assert service.requests.count("results") < 10


def test_waiting_ends_at_once_when_cancelled(workspace: Workspace) -> None:
    progress = Progress()
    service = FakeEdgeImpulse([running()], [WORKING])
    with pytest.raises(Cancelled):
        download_tracking(
            workspace, service, LINK, progress=progress, on_state=lambda _step: progress.cancel(), interval=60
        )


def test_an_answer_that_cannot_be_read_is_not_kept(workspace: Workspace) -> None:
    with pytest.raises(DocumentFormatError):
        fetch(workspace, FakeEdgeImpulse([b"<html>"]))
    assert workspace.find(LINK.answer_address) is None


CONFIG = PostProcessingConfig(enabled=True, parameters=(Parameter("keep_grace", "Keep", "8", "5"),))


def test_what_was_asked_for_is_kept_beside_the_answer(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS])
    service.config = CONFIG
    fetch(workspace, service)
    body = json.loads(workspace.read(LINK.request_address) or b"")
    assert body == {"config": {"enabled": True, "parameters": {"keep_grace": "8"}}, "variant": "int8"}


def test_results_of_other_parameters_are_told_as_stale(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS])
    service.config = CONFIG
    step = fetch(workspace, service)
    assert step.state is TrackingState.STORED
    assert "stale" in step.message
    assert "keep_grace (made with 5, asked for 8)" in step.message


def test_an_earlier_answer_is_stale_by_a_request_without_results(workspace: Workspace) -> None:
    fetch(workspace, FakeEdgeImpulse([RESULTS]))
    later = FakeEdgeImpulse([NONE])
    later.config = CONFIG
    fetch(workspace, later)
    assert workspace.read(LINK.answer_address) == RESULTS
    assert b'"8"' in (workspace.read(LINK.request_address) or b"")


def test_a_job_with_other_parameters_than_asked_for_is_told(workspace: Workspace) -> None:
    steps: list[TrackingStep] = []
    answer = json.loads(running())
    answer["jobIsRunning"]["config"]["parameters"] = {"keep_grace": "2"}
    service = FakeEdgeImpulse([json.dumps(answer).encode(), RESULTS], [FINISHED])
    service.config = CONFIG
    fetch(workspace, service, steps)
    assert "other parameters than were asked for, keep_grace (made with 2, asked for 8)" in steps[0].message


def test_the_last_line_of_the_log_is_told_whenever_it_is_another(workspace: Workspace) -> None:
    steps: list[TrackingStep] = []
    service = FakeEdgeImpulse([running(), RESULTS], [WORKING, WORKING, WORKING, FINISHED])
    service.logs = [[], ["frame 1"], ["frame 1"], ["frame 1", "frame 2"]]
    fetch(workspace, service, steps)
    said = [step.message.partition("(job 31).")[2].strip() for step in steps if step.state is TrackingState.RUNNING]
    assert said == ["", "frame 1"]


def test_a_failed_job_brings_the_end_of_its_log(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([running()], [FAILED])
    service.logs = [[f"line {number}" for number in range(100)]]
    step = fetch(workspace, service)
    assert [line.text for line in step.log] == [f"line {number}" for number in range(80, 100)]
    assert step.message.endswith("It says: line 99")
    assert step.can_classify
    assert "classify" not in service.requests


def test_a_job_that_never_ends_is_left_to_a_later_refresh(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.following.MAX_POLLS", 3)
    step = fetch(workspace, FakeEdgeImpulse([running()], [WORKING]))
    assert (step.state, step.job_id) == (TrackingState.RUNNING, 31)
    assert "Refresh later" in step.message


def test_questions_about_a_job_become_rarer_up_to_a_limit() -> None:
    waits: list[float] = []

    class Clock(Progress):
        def wait(self, seconds: float) -> None:
            waits.append(seconds)

    pace = Pace()
    for _ in range(40):
        pace.wait(Clock())
    assert waits[0] >= 1.0
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] == MAX_POLL_SECONDS


@pytest.mark.parametrize(
    "answer",
    [
        {"hasResults": "has-results"},
        {"hasResults": "has-results", "results": {}},
        {"hasResults": "has-results", "results": None},
        {"hasResults": "has-results", "results": {"objectDetection": {"frames": []}}},
    ],
)
def test_results_that_hold_nothing_are_stored_and_not_called_stale(
    workspace: Workspace, answer: dict[str, Any]
) -> None:
    service = FakeEdgeImpulse([json.dumps({"success": True, **answer}).encode()])
    service.config = CONFIG
    step = fetch(workspace, service)
    assert step.state is TrackingState.STORED
    assert "stale" not in step.message


def test_a_running_job_without_a_name_is_asked_about_a_few_times(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([b'{"success": true, "hasResults": "job-is-running"}', RESULTS])
    assert fetch(workspace, service).state is TrackingState.STORED
    assert not [request for request in service.requests if request.startswith("job")]


def test_a_link_without_a_variant_asks_nothing(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS])
    step = download_tracking(workspace, service, replace(LINK, variant=""), progress=Progress())
    assert step.state is TrackingState.NO_RESULTS
    assert "Train the model" in step.message
    assert service.requests == []


def classify(workspace: Workspace, service: FakeEdgeImpulse) -> TrackingStep:
    return classify_sample(workspace, service, LINK, progress=Progress(), interval=0.001)


def test_classifying_follows_its_job_to_the_results(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([RESULTS], [WORKING, FINISHED])
    assert classify(workspace, service).state is TrackingState.STORED
    asked = [request for request in service.requests if not request.startswith("log")]
    assert asked == ["impulses", "config", "classify", "job 31", "job 31", "config", "results"]
    assert workspace.read(LINK.answer_address) == RESULTS


def test_classifying_may_bring_results_at_once(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([NONE])
    service.classified = json.dumps({"success": True, "results": tracking_answer(3)["results"]}).encode()
    assert classify(workspace, service).state is TrackingState.STORED
    assert service.requests == ["impulses", "config", "classify"]
    assert workspace.read(LINK.answer_address) == service.classified


def test_classifying_that_fails_is_not_tried_again(workspace: Workspace) -> None:
    service = FakeEdgeImpulse([NONE], [FAILED])
    assert classify(workspace, service).state is TrackingState.FAILED
    assert service.requests.count("classify") == 1
    assert "results" not in service.requests


def test_the_question_before_classifying_says_what_it_costs() -> None:
    question = classify_question(LINK)
    assert "street front" in question
    assert "compute time" in question
    assert "may start jobs" in question
