"""The service's whole table of error codes, and every answer that is none, over real sockets."""

import io
import re

import pytest

from app.api.telus import TelusClient
from app.api.telus_errors import AccessRefusedError
from app.errors import ApiError, AppError, DocumentFormatError, KeyRefusedError, NotReadyError, ServiceError
from app.sandbox.origin import Reply, json_reply, xml_error
from app.sandbox.telus_side import error_reply
from tests.api.origins import KEY, client, origins

# code, meaning, next step: the service's public page "error codes" and the exceptions of its own client library
TABLE = [
    ("auth-failure", "refused the API key as wrong", "Copy the key again"),
    ("core.webutil.token_auth", "refused the API key as wrong", "Copy the key again"),
    ("unauthorized", "for this project, batch or job", "give this key access"),
    ("core.webutil.auther", "for this project, batch or job", "give this key access"),
    ("FS_0000", "a problem of its own", "Try again in a few minutes."),
    ("FS_0001", "reference id exists already", "another reference id"),
    ("FS_0002", "reference id is missing", "Give a reference id"),
    ("FS_0003", "data of the job is invalid", "owner of the project"),
    ("FS_0004", "has no data", "owner of the project"),
    ("FS_0005", "workflow id is missing", "owner of the project"),
    ("FS_0006", "no such job", "Check the job id"),
    ("FS_0007", "could not be accessed or copied", "name a folder on this machine"),
    ("FS_0008", "a problem of its own", "Try again in a few minutes."),
    ("FS_00011", "TEST or NON_TEST", "owner of the project"),
    ("FS_00012", "between 1 and 9", "owner of the project"),
    ("GE_0001", "an id of the wrong form", "Check the ids"),
    ("GE_0002", "a value is missing", "Check the ids"),
    ("api_error", "a problem of its own", "Try again in a few minutes."),
    ("BATCH_CREATION", "name exists already", "another name"),
    ("invalid_request_error", "page of jobs asked for no longer exists", "Load the list of jobs again"),
    ("resource_error", "no such project", "Check the project id"),
]
TROUBLE = {"FS_0000", "FS_0008", "api_error"}  # documented as "server side, try again after some time"
KEY_CODES = {"auth-failure", "core.webutil.token_auth", "unauthorized", "core.webutil.auther"}
LOGIN = b"<!DOCTYPE html><html><body>Please log in</body></html>"
DENIED = xml_error(200, "AccessDenied", "Request has expired").body


def asked(reply: Reply, *, attachment: bool = False) -> tuple[AppError, int]:
    """What a client says to an answer, and how many requests it sent before."""
    with origins(lambda _: reply) as (server,), client() as http:
        telus = TelusClient(http, base_url=server.url, key=KEY)
        sink = io.BytesIO()
        with pytest.raises(AppError) as caught:
            telus.attachment("https://data.example/a.pcd", sink) if attachment else telus.job_result("p", "j")
        assert sink.getvalue() == b""
        return caught.value, len(server.recorder.requests)


@pytest.mark.parametrize("status", [400, 200, 401, 403])
@pytest.mark.parametrize(("code", "meaning", "step"), TABLE, ids=[code for code, *_ in TABLE])
def test_every_documented_code_gives_its_meaning_and_a_next_step(
    code: str, meaning: str, step: str, status: int
) -> None:
    refusal = json_reply({"success": False, "error": {"code": code, "message": "Their words"}}, status=status)
    error, requests = asked(refusal)
    assert meaning in error.message
    assert "(Their words)" in error.message
    assert step in error.next_step
    assert isinstance(error, KeyRefusedError) is (code in KEY_CODES)
    assert isinstance(error, KeyRefusedError) or (isinstance(error, ServiceError) and error.code == code)
    assert requests == (4 if code in TROUBLE and status != 200 else 1)


@pytest.mark.parametrize("code", ["unauthorized", "core.webutil.auther"])
def test_a_right_key_without_access_is_told_from_a_wrong_one(code: str) -> None:
    assert isinstance(asked(error_reply(code, ""))[0], AccessRefusedError)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(401, b"", "text/plain"), "refused the API key with status 401."),
        (Reply(401, b"Unauthorized", "application/json"), "refused the API key with status 401."),
        (Reply(401, LOGIN, "text/html"), "refused the API key with status 401 and sent a web page (text/html)."),
        (json_reply({"message": "Unauthorized"}, status=401), "refused the API key (Unauthorized)."),
        (json_reply({"message": "Forbidden"}, status=403), "refused the API key (Forbidden)."),
        (Reply(403, b"<html><head><title>403</title></html>", "text/html"), "with status 403 and sent a web page"),
    ],
)
@pytest.mark.parametrize("attachment", [False, True])
def test_401_and_403_are_refused_keys_with_or_without_json_and_are_never_tried_again(
    reply: Reply, told: str, attachment: bool
) -> None:
    error, requests = asked(reply, attachment=attachment)
    assert isinstance(error, KeyRefusedError)
    assert told in error.message
    assert requests == 1


@pytest.mark.parametrize(
    ("reply", "told", "step"),
    [
        (Reply(200, LOGIN, "text/html"), "a web page (text/html) instead of JSON", "proxy or a log-in page"),
        (Reply(200, LOGIN, "application/json"), "a web page (application/json) instead", "proxy or a log-in page"),
        (Reply(200, b"\n <HTML>", ""), "a web page (no type) instead of JSON", "proxy or a log-in page"),
        (Reply(200, DENIED, "application/json"), "an error of the file store (AccessDenied) instead", "proxy"),
        (Reply(200, b"<?xml version='1.0'?><rss/>", "text/xml"), "data of type text/xml instead of JSON", "proxy"),
        (Reply(200, b"", "application/json"), "nothing instead of JSON", "proxy"),
        (Reply(200, b"OK", "text/plain"), "data of type text/plain instead of JSON", "proxy"),
        (Reply(400, b"Bad Request", "text/plain"), "refused the request (status 400)", "Check the ids"),
        (Reply(404, LOGIN, "text/html"), "nothing at this address (status 404) and sent a web page", "Check the ids"),
        (Reply(502, LOGIN, "text/html"), "problem of its own (status 502) and sent a web page", "Try again in a few"),
        (Reply(407, b"", "text/plain"), "behind a proxy that wants a log-in (status 407)", "Check the ids"),
    ],
)
def test_what_is_no_json_answer_is_named_for_what_it_is(reply: Reply, told: str, step: str) -> None:
    error, _ = asked(reply)
    assert isinstance(error, ServiceError)
    assert told in error.message
    assert step in error.next_step


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(200, LOGIN, "text/html"), "a web page instead of the file"),
        (Reply(200, LOGIN, "application/octet-stream"), "a web page instead of the file"),
        (Reply(200, b" \r\n<html>", "image/jpeg", chunked=True), "a web page instead of the file"),
        (Reply(200, b"not for you", "text/html"), "a web page instead of the file"),
        (Reply(200, DENIED, "application/octet-stream"), "refused access (AccessDenied): the signed link has expired"),
        (Reply(403, DENIED, "application/xml"), "refused access (AccessDenied): the signed link has expired"),
        (xml_error(400, "InvalidArgument", "Only one auth mechanism"), "refused access (InvalidArgument)"),
        (xml_error(404, "NoSuchKey", "No such key"), "has nothing at this address (NoSuchKey, status 404)"),
        (xml_error(503, "SlowDown", "Reduce your rate"), "a problem of its own (SlowDown, status 503)"),
        (json_reply({"success": False, "error": {"code": "FS_0007"}}), "FS_0007"),
    ],
)
def test_what_is_no_file_is_named_for_what_it_is_and_never_reaches_the_sink(reply: Reply, told: str) -> None:
    error, _ = asked(reply, attachment=True)
    assert isinstance(error, ServiceError)
    assert told in error.message
    assert error.next_step


@pytest.mark.parametrize("status", ["in progress", "", None, "REVIEW"])
def test_a_job_that_is_not_completed_is_named_with_its_status(status: str | None) -> None:
    data = {"job_id": "j", "reference_id": "street 7", "status": status, "result": "https://data.example/r.json"}
    error, _ = asked(json_reply({"data": data, "success": True}))
    assert isinstance(error, NotReadyError)
    assert re.search(f"street 7 is not completed yet: its status is '{status or 'unknown'}'", error.message)
    assert "when the service calls it completed" in error.next_step


@pytest.mark.parametrize("empty", [{"result": ""}, {"result": None}, {"result": "  "}, {}])
@pytest.mark.parametrize("status", ["completed", "Complete", "COMPLETED"])
def test_a_completed_job_with_an_empty_result_is_named_as_such(empty: dict[str, object], status: str) -> None:
    data = {"job_id": "j", "reference_id": "street 7", "status": status, **empty}
    error, _ = asked(json_reply({"data": data, "success": True}))
    assert isinstance(error, NotReadyError)
    assert "street 7 is completed, but the service gives no result for it" in error.message
    assert "ask the vendor" in error.next_step


def test_ids_that_an_answer_leaves_out_are_those_that_were_asked_for() -> None:
    data = {"status": "completed", "result": "https://data.example/r.json"}
    with origins(lambda _: json_reply({"data": data, "success": True})) as (server,), client() as http:
        result = TelusClient(http, base_url=server.url, key=KEY).job_result("p7", "j7")
    assert (result.project_id, result.job_id) == ("p7", "j7")


@pytest.mark.parametrize("body", [b'{"success": true}', b'{"success": true, "data": {}}', b'{"data": [1]}'])
def test_a_missing_required_part_is_named_by_its_json_path(body: bytes) -> None:
    error, _ = asked(Reply(200, body))
    assert isinstance(error, DocumentFormatError)
    assert "$.data" in error.message


def test_an_unknown_status_an_extra_field_and_missing_optional_ones_are_no_failure() -> None:
    row = {"id": 7, "status": "awaiting_qc", "colour": {"new": ["field"]}}
    page = json_reply({"data": {"jobs": [row], "sparkle": 1}, "success": True, "warnings": []})
    with origins(lambda _: page) as (server,), client() as http:
        (job,) = TelusClient(http, base_url=server.url, key=KEY).job_page("p", "b").jobs
    assert (job.job_id, job.reference_id, job.status, job.completed) == ("7", "", "awaiting_qc", False)
    assert (job.frames, job.annotations) == (None, None)


# what the strict parser makes of each oddity, as measured: all are refused but the last two
ODD_NUMBERS_AND_TEXT = [
    ("NaN", b'{"data": {"job_id": NaN}}', "NaN or Infinity"),
    ("Infinity", b'{"data": {"job_id": Infinity}}', "NaN or Infinity"),
    ("-Infinity in a field nobody reads", b'{"data": {"x": -Infinity}}', "NaN or Infinity"),
    ("1e999", b'{"data": {"job_id": 1e999}}', "out of range"),
    ("5000 digits", b'{"data": {"job_id": ' + b"9" * 5000 + b"}}", "out of range"),
    ("half a surrogate pair", b'{"data": {"job_id": "\\ud800"}}', "half of a surrogate pair"),
    ("a byte order mark", b'\xef\xbb\xbf{"data": {"job_id": "j"}}', "byte order mark"),
    ("text behind the end", b'{"data": {"job_id": "j"}} done', "more text after its end"),
    ("broken UTF-8", b'{"data": {"job_id": "\xff"}}', "not UTF-8"),
    ("broken UTF-8 in a field nobody reads", b'{"data": {"job_id": "j", "x": "\xff"}}', "not UTF-8"),
]


@pytest.mark.parametrize(
    ("body", "told"), [row[1:] for row in ODD_NUMBERS_AND_TEXT], ids=[row[0] for row in ODD_NUMBERS_AND_TEXT]
)
def test_odd_numbers_and_text_are_refused_in_words(body: bytes, told: str) -> None:
    error, requests = asked(Reply(200, body))
    assert isinstance(error, DocumentFormatError)
    assert told in error.message
    assert requests == 1


@pytest.mark.parametrize(
    ("body", "job_id"),
    [
        (b'{"data": {"job_id": "1", "job_id": "2", "status": "completed", "result": "https://a.example/r"}}', "2"),
        (b'{"data": {"job_id": 123456789012345678901234567890, "status": "completed", "result": "https://a.b/r"}}',
         "123456789012345678901234567890"),
    ],
)  # fmt: skip
def test_a_repeated_key_and_a_number_of_30_digits_are_accepted(body: bytes, job_id: str) -> None:
    with origins(lambda _: Reply(200, body)) as (server,), client() as http:
        assert TelusClient(http, base_url=server.url, key=KEY).job_result("p", "j").job_id == job_id


@pytest.mark.parametrize("attachment", [False, True])
@pytest.mark.parametrize("opening", [b'{"data":', b'{"x":[', b'{"data":{"result":['])
def test_json_nested_100_000_deep_is_one_error_in_words(opening: bytes, attachment: bool) -> None:
    body = b'{"success": true, "data": ' + opening * 100_000
    if attachment:  # a small one may be looked into for an address, and is a file where it holds none
        body = body[: 60 << 10]
        with origins(lambda _: Reply(200, body)) as (server,), client() as http:
            sink = io.BytesIO()
            TelusClient(http, base_url=server.url, key=KEY).attachment("https://data.example/a", sink)
        assert sink.getvalue() == body
        return
    error, requests = asked(Reply(200, body))
    assert isinstance(error, DocumentFormatError)
    assert "nested too deeply" in error.message
    assert requests == 1


def test_the_error_of_an_attachment_is_an_api_error_so_that_other_files_go_on() -> None:
    assert isinstance(asked(error_reply("FS_0007", ""), attachment=True)[0], ApiError)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_key_that_the_service_repeats_is_left_out(status: int) -> None:
    refusal = json_reply({"success": False, "error": {"message": f"Key {KEY} is unknown"}}, status=status)
    error, _ = asked(refusal)
    assert "Key … is unknown" in error.message
    assert KEY not in str(error)
