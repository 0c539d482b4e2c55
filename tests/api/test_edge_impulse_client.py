import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS, PostProcessingAnswer
from app.errors import KeyRefusedError, ServiceError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import json_reply
from app.sandbox.server import Sandbox
from tests.api.origins import client, origins
from tests.builders import small_delivery

KEY = "ei_CANARY_0123456789abcdef0123456789abcdef"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    street = small_delivery(tmp_path / "street", cameras=("front", "left"))
    yard = small_delivery(tmp_path / "yard", name="yard")
    with Sandbox([street, yard], edge_impulse_key=KEY) as running:
        yield running


@pytest.fixture
def http() -> Iterator[HttpClient]:
    with client() as opened:
        yield opened


@pytest.fixture
def service(sandbox: Sandbox, http: HttpClient) -> EdgeImpulseClient:
    return EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=KEY)


def results(service: EdgeImpulseClient) -> PostProcessingAnswer:
    project = service.key_info().project_id
    block = parse_impulses(service.impulses_document(project)).impulses[0].tracking_blocks[0]
    sample = next(sample for sample in service.samples(project).samples if sample.name == "street front")
    config = service.post_processing_config(project, block.block_id)
    raw = service.post_processing_results(project, block.block_id, sample.sample_id, config=config, variant="int8")
    return parse_post_processing_answer(raw)


def test_a_key_tells_its_project(sandbox: Sandbox, service: EdgeImpulseClient, http: HttpClient) -> None:
    first, second = sandbox.edge_impulse_keys.items()
    assert service.key_info().project_id == first[0]
    other = EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key=second[1])
    assert other.key_info().project_id == second[0]
    assert [sample.name for sample in other.samples(second[0]).samples] == ["yard front"]


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_the_service_address_may_end_with_its_version(sandbox: Sandbox, http: HttpClient, end: str) -> None:
    EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url + end, key=KEY).key_info()
    assert sandbox.requests[-1].target == "/v1/api/projects/api-key-info"


def test_samples_are_searched_and_paged(service: EdgeImpulseClient) -> None:
    project = service.key_info().project_id
    assert [sample.name for sample in service.samples(project, search="left").samples] == ["street left"]
    page = service.samples(project, offset=1, limit=1)
    assert ([sample.name for sample in page.samples], page.total_count) == (["street left"], 2)
    assert service.samples(project, category="training").total_count == 0


def test_results_hold_tracks_and_detections_apart(service: EdgeImpulseClient) -> None:
    answer = results(service)
    assert answer.state == HAS_RESULTS
    assert answer.tracking is not None
    assert [box.track_id for box in answer.tracking.tracked[0]] == [0, 2]
    assert [box.score for box in answer.tracking.detected[2]] == [0.93, 0.5]
    assert answer.tracking.parameters["keep_grace"] == "5"


def test_a_running_job_is_followed_to_its_results(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=3)
    project, answer = service.key_info().project_id, results(service)
    assert answer.state == JOB_IS_RUNNING
    assert answer.job_id is not None
    jobs = [service.job_status(project, answer.job_id) for _ in range(3)]
    assert [job.finished for job in jobs] == [False, False, True]
    assert jobs[-1].finished_successful
    assert results(service).state == HAS_RESULTS


def test_a_failed_job_leaves_no_results(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=1, succeeds=False)
    job_id = results(service).job_id
    assert job_id is not None
    assert service.job_status(service.key_info().project_id, job_id).failed
    assert results(service).state == NO_RESULTS


def test_a_wrong_key_is_recognised_behind_status_200(sandbox: Sandbox, http: HttpClient) -> None:
    with pytest.raises(KeyRefusedError, match="Invalid API key") as caught:
        EdgeImpulseClient(http, base_url=sandbox.edge_impulse_url, key="ei_wrong").key_info()
    assert "ei_wrong" not in str(caught.value)


def test_another_project_is_refused(service: EdgeImpulseClient) -> None:
    with pytest.raises(KeyRefusedError, match="permission"):
        service.samples(1)


def test_an_unknown_job_is_a_refusal_in_the_words_of_the_service(service: EdgeImpulseClient) -> None:
    with pytest.raises(ServiceError, match="refused the request: Unknown job ID"):
        service.job_status(service.key_info().project_id, 5)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, {"success": False}, "gives no reason"),
        (200, {"success": False, "error": None}, "gives no reason"),
        (200, {"success": False, "error": {"a": 1}}, "gives no reason"),
        (400, {"success": False, "error": "Bad sample."}, "refused the request: Bad sample."),
    ],
)
def test_a_failure_may_come_in_any_status_and_without_a_reason(
    http: HttpClient, status: int, body: dict[str, Any], told: str
) -> None:
    with origins(lambda _: json_reply(body, status=status)) as servers, pytest.raises(ServiceError, match=told):
        EdgeImpulseClient(http, base_url=servers[0].url, key=KEY).key_info()


def test_an_error_text_beside_success_means_nothing(http: HttpClient) -> None:
    fine = {"success": True, "error": "text", "apiKeyId": 1, "projectId": 7, "role": "admin"}
    with origins(lambda _: json_reply(fine)) as servers:
        assert EdgeImpulseClient(http, base_url=servers[0].url, key=KEY).key_info().project_id == 7


def test_reading_results_is_tried_again_although_it_is_a_post(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains="/samples/", status=503))
    assert results(service).state == HAS_RESULTS
    posts = [request for request in sandbox.requests if request.method == "POST"]
    assert len(posts) == 2
    assert json.loads(posts[0].body) == json.loads(posts[1].body)


def test_a_log_in_page_is_named(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.faults.add(Fault(FaultKind.HTML))
    with pytest.raises(ServiceError, match="a web page"):
        service.key_info()
