import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.api.edge_impulse import EdgeImpulseClient
from app.api.http import HttpClient
from app.domain.post_processing import HAS_RESULTS, JOB_IS_RUNNING, NO_RESULTS, PostProcessingAnswer
from app.domain.sample import CATEGORIES
from app.errors import KeyRefusedError, ServiceError
from app.formats.edge_impulse import parse_impulses, parse_post_processing_answer
from app.formats.images import decode_image
from app.formats.video import open_video
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import Reply, json_reply
from app.sandbox.server import Sandbox
from tests.api.origins import client, origins
from tests.builders import small_delivery

PROJECT, VIDEO, PICTURE = 5001, 9001, 8001
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


def test_a_video_is_streamed_and_opens(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sink, told = io.BytesIO(), list[tuple[int, int | None]]()
    received = service.sample_video(PROJECT, VIDEO, sink, on_bytes=lambda done, total: told.append((done, total)))
    assert (received.media_type, received.size) == ("video/mp4", len(sink.getvalue()))
    assert told[-1] == (received.size, received.size)
    sink.seek(0)
    with open_video(sink) as video:
        assert (len(video), video.size) == (3, (160, 120))
    assert sandbox.requests[-1].headers["accept"] == "video/mp4"


def test_a_picture_is_streamed_as_it_is(service: EdgeImpulseClient) -> None:
    sink = io.BytesIO()
    assert service.sample_image(PROJECT, PICTURE, sink).media_type == "image/jpeg"
    assert decode_image(sink.getvalue()).shape == (120, 160, 3)


def test_a_cut_video_goes_on_where_it_stopped(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    whole, cut = io.BytesIO(), io.BytesIO()
    service.sample_video(PROJECT, VIDEO, whole)
    sandbox.faults.add(Fault(FaultKind.CUT, path_contains="/video", after_bytes=700))
    service.sample_video(PROJECT, VIDEO, cut)
    assert cut.getvalue() == whole.getvalue()
    assert sandbox.requests[-1].headers["range"] == "bytes=700-"


def test_an_error_in_place_of_a_video_is_told_in_its_words_and_not_kept(
    sandbox: Sandbox, service: EdgeImpulseClient
) -> None:
    sandbox.set_sample_processing("street front", running=True)
    sink = io.BytesIO()
    with pytest.raises(ServiceError, match="refused the request: Sample is still processing"):
        service.sample_video(PROJECT, VIDEO, sink)
    assert sink.getvalue() == b""


@pytest.mark.parametrize(
    ("media_type", "body", "told"),
    [
        ("application/json", b'{"success": true}', "data of type application/json instead of video/mp4"),
        ("text/plain; charset=utf-8", b"Not now", "data of type text/plain instead of video/mp4"),
        ("application/xml", b"<Error/>", "data of type application/xml instead of video/mp4"),
        ("text/html", b"<html>", "a web page"),
    ],
)
def test_text_in_place_of_a_video_is_named(http: HttpClient, media_type: str, body: bytes, told: str) -> None:
    sink = io.BytesIO()
    with origins(lambda _: Reply(200, body, media_type)) as servers, pytest.raises(ServiceError, match=told):
        EdgeImpulseClient(http, base_url=servers[0].url, key=KEY).sample_video(1, 2, sink)
    assert sink.getvalue() == b""


def test_a_store_may_give_a_video_without_saying_so(http: HttpClient) -> None:
    sink = io.BytesIO()
    with origins(lambda _: Reply(200, b"bytes", "binary/octet-stream")) as servers:
        EdgeImpulseClient(http, base_url=servers[0].url, key=KEY).sample_video(1, 2, sink)
    assert sink.getvalue() == b"bytes"


def test_a_video_elsewhere_is_fetched_without_the_key(http: HttpClient) -> None:
    sink = io.BytesIO()
    with origins(lambda _: Reply(200, b"bytes", "video/mp4")) as (store,):
        target = f"{store.url}/signed?X-Amz-Signature=abc"
        with origins(lambda _: Reply(302, b"", "text/plain", {"Location": target})) as (home,):
            EdgeImpulseClient(http, base_url=home.url, key=KEY).sample_video(1, 2, sink)
        (request,) = store.recorder.requests
    assert sink.getvalue() == b"bytes"
    assert "x-api-key" not in request.headers


def test_one_sample_tells_what_is_wrong_with_it(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_sample_processing("street front", problem="Cannot read video")
    assert service.sample(PROJECT, VIDEO).problem == "Cannot read video"
    (listed, *_rest) = service.samples(PROJECT, category="all").samples
    assert listed.state == "failed: Cannot read video"
    with pytest.raises(ServiceError, match="Cannot read video"):
        service.sample_video(PROJECT, VIDEO, io.BytesIO())


@pytest.mark.parametrize("category", CATEGORIES)
def test_samples_of_every_category_are_listed(service: EdgeImpulseClient, category: str) -> None:
    names = {sample.name for sample in service.samples(PROJECT, category=category).samples}
    expected = {"post-processing": {"street front", "street left"}, "testing": {"street front picture"}}
    expected["all"] = expected["post-processing"] | expected["testing"]
    assert names == expected.get(category, set())


def test_jobs_are_active_and_then_history_with_their_log(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=1, succeeds=False)
    (job,) = service.active_jobs(PROJECT).jobs
    assert (job.state, service.finished_jobs(PROJECT).jobs) == ("running", ())
    service.job_status(PROJECT, job.job_id)
    assert service.active_jobs(PROJECT).jobs == ()
    assert [ended.state for ended in service.finished_jobs(PROJECT, limit=5).jobs] == ["failed"]
    log = service.job_log(PROJECT, job.job_id)
    assert log.lines[-1].text == "ERR: Job failed, out of memory"
    assert log.lines[-1].level == "error"
    assert [line.text for line in service.job_log(PROJECT, job.job_id, limit=1).lines] == [log.lines[-1].text]


def test_a_whole_log_is_streamed_as_it_is(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_sample_state("street front", JOB_IS_RUNNING)
    (job,) = service.active_jobs(PROJECT).jobs
    sink = io.BytesIO()
    service.download_job_log(PROJECT, job.job_id, sink)
    assert b"tracks objects" in sink.getvalue()


def test_the_project_offers_variants(service: EdgeImpulseClient) -> None:
    assert [variant.variant for variant in service.model_variants(PROJECT)] == ["int8", "float32"]


def test_classifying_is_never_sent_twice(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains="/classify", status=503))
    config = service.post_processing_config(PROJECT, 4)
    with pytest.raises(ServiceError):
        service.classify(PROJECT, 4, VIDEO, config=config, variant="int8")
    assert len([request for request in sandbox.requests if request.path.endswith("/classify")]) == 1


def test_an_expiring_key_says_when(sandbox: Sandbox, service: EdgeImpulseClient) -> None:
    sandbox.set_key_info(role="ingestiononly", expires="2026-05-04T09:12:00.000Z")
    assert len(service.key_info().problems(datetime(2026, 6, 1, tzinfo=UTC))) == 2
