import hashlib
import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from app.api.http import HttpClient, Timeouts
from app.api.telus import TelusClient, is_unreadable
from app.errors import AppError, KeyRefusedError, NotReadyError, ServiceError, UnreachableError, UnsafeUrlError
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import OriginServer, Reply, json_reply
from app.sandbox.server import Sandbox
from app.sandbox.telus_side import error_reply
from tests.api.origins import KEY, client, origins
from tests.builders import identifier, small_delivery

PROJECT, BATCH, JOB = (identifier("street", what) for what in ("project", "batch", "job"))
RESULT_URL = "https://data.example/street/result.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street")


@pytest.fixture
def sandbox(folder: Path) -> Iterator[Sandbox]:
    with Sandbox([folder], telus_key=KEY, extra_jobs=250) as running:
        yield running


@pytest.fixture
def http() -> Iterator[HttpClient]:
    with client() as opened:
        yield opened


@pytest.fixture
def telus(sandbox: Sandbox, http: HttpClient) -> TelusClient:
    return TelusClient(http, base_url=sandbox.telus_url, key=KEY)


def over(http: HttpClient, server: OriginServer) -> TelusClient:
    return TelusClient(http, base_url=server.url, key=KEY)


def test_a_project_lists_its_batches(telus: TelusClient) -> None:
    project = telus.project(PROJECT)
    assert (project.project_id, project.name) == (PROJECT, "street")
    assert [(batch.batch_id, batch.total_jobs) for batch in project.batches] == [(BATCH, 251)]


def test_jobs_come_in_pages_of_a_hundred_until_the_token_is_empty(telus: TelusClient) -> None:
    pages, token = [], ""
    for _ in range(3):
        page = telus.job_page(PROJECT, BATCH, page_token=token)
        pages.append(page)
        token = page.next_page_token
    assert [len(page.jobs) for page in pages] == [100, 100, 51]
    assert token == ""
    assert len({job.job_id for page in pages for job in page.jobs}) == 251
    assert int(pages[0].next_page_token) > 2**53


def test_a_completed_job_names_its_result(telus: TelusClient) -> None:
    assert telus.job_result(PROJECT, JOB).result_url == RESULT_URL


def test_a_job_in_work_is_not_ready_and_its_status_is_named(telus: TelusClient) -> None:
    unfinished = next(job for job in telus.job_page(PROJECT, BATCH).jobs if not job.completed)
    with pytest.raises(NotReadyError, match="'in progress'"):
        telus.job_result(PROJECT, unfinished.job_id)


@pytest.mark.parametrize(
    ("call", "code", "told"),
    [
        (lambda telus: telus.project("elsewhere"), "resource_error", "no such project"),
        (lambda telus: telus.job_page(PROJECT, "no-uuid"), "GE_0001", "a value is invalid"),
        (lambda telus: telus.job_page(PROJECT, BATCH, page_token="x"), "invalid_request_error", "no longer exists"),
        (lambda telus: telus.job_result(PROJECT, "x"), "FS_0006", "no such job"),
        (lambda telus: telus.attachment("s3://bucket/key", io.BytesIO()), "FS_0007", "could not be accessed"),
    ],
)
def test_documented_errors_are_explained(telus: TelusClient, call: Any, code: str, told: str) -> None:
    with pytest.raises(ServiceError, match=told) as caught:
        call(telus)
    assert caught.value.code == code
    assert caught.value.next_step


def test_a_batch_of_someone_else_is_a_matter_of_access(telus: TelusClient) -> None:
    with pytest.raises(KeyRefusedError, match="for this project, batch or job"):
        telus.job_page(PROJECT, identifier("street", "another batch"))


def test_a_wrong_key_is_refused_once_and_never_shown(sandbox: Sandbox, http: HttpClient) -> None:
    with pytest.raises(KeyRefusedError, match="refused the API key") as caught:
        TelusClient(http, base_url=sandbox.telus_url, key="wrong-key-9").project(PROJECT)
    assert "wrong-key-9" not in str(caught.value)
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("key", ["", "  ", "ke y", "k\u00e9y", "key\r\nX: y"])
def test_an_unusable_key_sends_nothing(sandbox: Sandbox, http: HttpClient, key: str) -> None:
    with pytest.raises(KeyRefusedError):
        TelusClient(http, base_url=sandbox.telus_url, key=key).project(PROJECT)
    assert sandbox.requests == ()


def test_a_pasted_key_loses_its_white_space(sandbox: Sandbox, http: HttpClient) -> None:
    assert TelusClient(http, base_url=sandbox.telus_url + "/v1/", key=f"  {KEY}\n").project(PROJECT).name == "street"


def test_a_log_in_page_is_named(sandbox: Sandbox, telus: TelusClient) -> None:
    sandbox.faults.add(Fault(FaultKind.HTML))
    with pytest.raises(ServiceError, match="a web page"):
        telus.project(PROJECT)


def test_an_unknown_code_is_shown_as_it_is(http: HttpClient) -> None:
    reply = error_reply("NEW_9", "see https://host.example/help?token=abc\nnow")
    with origins(lambda _: reply) as servers, pytest.raises(ServiceError) as caught:
        over(http, servers[0]).project("p")
    assert caught.value.code == "NEW_9"
    assert "abc" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_attachment_comes_from_the_store_which_sees_no_key(
    sandbox: Sandbox, telus: TelusClient, folder: Path
) -> None:
    sink = io.BytesIO()
    received = telus.attachment(RESULT_URL, sink)
    content = (folder / "result.json").read_bytes()
    assert sink.getvalue() == content
    assert received.sha256 == hashlib.sha256(content).hexdigest()
    assert received.media_type == "application/json"
    assert sandbox.leaks == ()
    assert [request.origin for request in sandbox.requests] == ["telus", "store"]
    assert KEY not in str(sandbox.requests[1])


def test_the_attachment_address_is_encoded_exactly_once(http: HttpClient) -> None:
    inner = "https://data.example/a b/%2Fc.txt?x=1&y=a+b#part"
    with origins(lambda _: Reply(200, b"[1]", "text/plain")) as servers:
        over(http, servers[0]).attachment(inner, io.BytesIO())
        target = servers[0].recorder.requests[0].target
    assert target.startswith("/v1/attachments?url=https%3A%2F%2Fdata.example%2Fa%20b%2F%252Fc.txt%3Fx%3D1%26y%3Da%2Bb")
    assert parse_qs(target.partition("?")[2])["url"] == [inner]


@pytest.mark.parametrize("origin", ["telus", "store"])
def test_a_log_in_page_is_never_taken_for_a_file(sandbox: Sandbox, telus: TelusClient, origin: str) -> None:
    sandbox.faults.add(Fault(FaultKind.HTML, origin=origin))
    sink = io.BytesIO()
    with pytest.raises(ServiceError, match="a web page instead of the file"):
        telus.attachment(RESULT_URL, sink)
    assert sink.getvalue() == b""


def test_an_error_with_status_200_is_never_taken_for_a_file(http: HttpClient) -> None:
    refused = json_reply({"success": False, "error": {"code": "auth-failure", "message": "no"}})
    sink = io.BytesIO()
    with origins(lambda _: refused) as servers, pytest.raises(KeyRefusedError):
        over(http, servers[0]).attachment(RESULT_URL, sink)
    assert sink.getvalue() == b""


def test_an_expired_address_is_asked_for_once_more(sandbox: Sandbox, telus: TelusClient) -> None:
    sandbox.faults.add(Fault(FaultKind.EXPIRED, origin="store"))
    sink = io.BytesIO()
    telus.attachment(RESULT_URL, sink)
    assert json.loads(sink.getvalue())["sensor_data"]
    assert [request.origin for request in sandbox.requests] == ["telus", "store", "telus", "store"]


def test_an_address_that_stays_expired_is_a_clear_refusal(sandbox: Sandbox, telus: TelusClient) -> None:
    sandbox.faults.add(Fault(FaultKind.EXPIRED, origin="store", times=9))
    with pytest.raises(ServiceError, match="AccessDenied") as caught:
        telus.attachment(RESULT_URL, io.BytesIO())
    assert "Amz" not in str(caught.value)
    assert len(sandbox.requests) == 4


def test_a_file_of_the_customer_is_fetched_directly_without_the_key(http: HttpClient) -> None:
    refused = error_reply("FS_0007", "Image Urls not found")
    sink = io.BytesIO()
    with origins(lambda _: refused, lambda _: Reply(200, b"own bucket")) as servers:
        telus, url = over(http, servers[0]), f"{servers[1].url}/own.pcd?sig=%2F"
        with pytest.raises(ServiceError, match="could not be accessed") as refusal:
            telus.attachment(url, sink)
        assert is_unreadable(refusal.value)
        telus.fetch_directly(url, sink)
        direct = servers[1].recorder.requests[0]
    assert sink.getvalue() == b"own bucket"
    assert direct.target == "/own.pcd?sig=%2F"
    assert KEY not in str(direct)


def test_a_file_on_the_service_itself_is_not_fetched_without_the_key(http: HttpClient) -> None:
    with origins(lambda _: error_reply("FS_0007", "no")) as servers:
        with pytest.raises(UnsafeUrlError, match="through attachments only"):
            over(http, servers[0]).fetch_directly(f"{servers[0].url}/v1/x", io.BytesIO())
        assert servers[0].recorder.requests == ()


@pytest.mark.parametrize("url", ["http://cdn.example/result.json", "s3://bucket/key", "file:///etc/passwd"])
def test_only_an_encrypted_web_address_is_fetched_directly(http: HttpClient, url: str) -> None:
    with origins(lambda _: Reply()) as servers, pytest.raises(UnsafeUrlError):
        over(http, servers[0]).fetch_directly(url, io.BytesIO())


def test_a_cut_attachment_is_resumed_through_a_fresh_address(
    sandbox: Sandbox, telus: TelusClient, folder: Path
) -> None:
    sandbox.faults.add(Fault(FaultKind.CUT, origin="store", after_bytes=1000))
    sink = io.BytesIO()
    telus.attachment("https://data.example/street/lidar/000001.pcd", sink)
    assert sink.getvalue() == (folder / "files" / "lidar" / "000001.pcd").read_bytes()
    assert sandbox.requests[-1].headers["range"] == "bytes=1000-"


@pytest.mark.parametrize("kind", list(FaultKind))
def test_no_trouble_brings_a_secret_into_a_message_or_a_log(
    sandbox: Sandbox, kind: FaultKind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.faults.add(Fault(kind, times=20, status=403, seconds=0.001))
    with client(timeouts=Timeouts(1, 0.2, 1), tries=2) as http:
        telus = TelusClient(http, base_url=sandbox.telus_url, key=KEY)
        errors = [
            failure_of(lambda: telus.project(PROJECT)),
            failure_of(lambda: telus.attachment(RESULT_URL, io.BytesIO())),
        ]
    told = caplog.text + "".join("".join(traceback.format_exception(error)) for error in errors if error)
    assert told
    assert KEY not in told
    assert "X-Amz" not in told
    assert sandbox.leaks == ()


def failure_of(call: Callable[[], object]) -> AppError | None:
    try:
        call()
    except AppError as error:
        return error
    return None


def test_a_stopped_service_is_unreachable(sandbox: Sandbox, telus: TelusClient) -> None:
    telus.project(PROJECT)
    sandbox.stop()
    with pytest.raises(UnreachableError):
        telus.project(PROJECT)


def test_a_service_address_without_encryption_is_refused(http: HttpClient) -> None:
    with pytest.raises(UnsafeUrlError, match="not encrypted"):
        TelusClient(http, base_url="http://api.example", key=KEY).project(PROJECT)
