"""Fetching tracking results, whatever state the service is in."""

import json
from pathlib import Path

import pytest

from app.domain.impulse import ImpulseList
from app.domain.post_processing import ServiceJob
from app.domain.tracking import CoordinateSpace
from app.errors import DocumentFormatError
from app.progress import Cancelled, Progress
from app.sync import TrackingState, TrackingStep, download_tracking, fetch_impulses
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
    assert fetch_impulses(workspace, service, 7, progress=Progress()) == ImpulseList(())
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
