"""Attachments: one encoding, any redirect or an address in JSON, and signed addresses that expire on the way."""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.http import HttpClient
from app.api.telus import TelusClient
from app.api.urls import join, parse_address
from app.errors import ServiceError, UnsafeUrlError
from app.formats.telus import parse_attachment_address
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import OriginServer, Reply, Request, xml_error
from app.sandbox.telus_side import error_reply
from tests.api.origins import KEY, client, origins

CONTENT = bytes(range(256)) * 1000
ETAG = '"one"'
URL = "https://data.example/a.pcd"


@pytest.fixture
def http() -> Iterator[HttpClient]:
    with client() as opened:
        yield opened


def over(http: HttpClient, server: OriginServer) -> TelusClient:
    return TelusClient(http, base_url=server.url, key=KEY)


class Signing:
    """A service and its store. Signatures are numbered; the store takes those that ``good`` names."""

    def __init__(self, *good: int) -> None:
        self.good = good
        self.signed = 0
        self.store_url = ""

    def service(self, _request: Request) -> Reply:
        self.signed += 1
        return Reply(302, b"", "text/plain", {"Location": f"{self.store_url}/a.pcd?X-Amz-Signature={self.signed}"})

    def store(self, request: Request) -> Reply:
        if int(request.query["X-Amz-Signature"]) not in self.good:
            return xml_error(403, "AccessDenied", "Request has expired")
        start = int(request.header("range").removeprefix("bytes=").removesuffix("-") or "0")
        headers = {"ETag": ETAG, "Content-Range": f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return Reply(206 if request.header("range") else 200, CONTENT[start:], "application/octet-stream", headers)


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
@settings(max_examples=200)
def test_any_address_is_encoded_exactly_once(inner: str) -> None:
    url = join("https://api.example", "v1", "attachments", query={"url": inner})
    target = parse_address(url).target  # what goes on the wire
    encoded = target.removeprefix("/v1/attachments?url=")
    assert not set(encoded) & set("/?&=#+ ")
    assert unquote(encoded, errors="surrogateescape") == inner


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 399])
@pytest.mark.parametrize(
    "form", ["{store}{path}", "//{authority}{path}", "/store{path}", "../store{path}", "{store}{path}#fragment"]
)
def test_any_redirect_absolute_or_relative_is_followed_byte_for_byte(http: HttpClient, status: int, form: str) -> None:
    path = "/a%2Fb/c+d/file.pcd?X-Amz-Credential=k%2F20260504%2Fx&sig=a+b/c==%2b&empty=&~"

    def service(request: Request) -> Reply:
        if request.recorded.path.startswith("/store"):
            return Reply(200, b"content")
        authority = store.url.removeprefix("http://")
        location = form.format(store=store.url, authority=authority, path=path)
        return Reply(status, b"moved", "text/plain", {"Location": location})

    sink = io.BytesIO()
    with origins(service, lambda _: Reply(200, b"content")) as (server, store):
        over(http, server).attachment(URL, sink)
        (*_, last) = server.recorder.requests + store.recorder.requests
    assert sink.getvalue() == b"content"
    assert last.target == (path if last.origin == "origin 1" else f"/store{path}")
    assert ("x-api-key" in last.headers) is (last.origin == "origin 0")


def test_a_redirect_without_an_address_is_named(http: HttpClient) -> None:
    nowhere = Reply(302, b"", "text/plain")
    with origins(lambda _: nowhere) as (server,), pytest.raises(UnsafeUrlError, match="redirects to nowhere"):
        over(http, server).attachment(URL, io.BytesIO())


@pytest.mark.parametrize(
    ("media_type", "chunked"),
    [("application/json", False), ("application/json", True), ("text/plain", False), ("binary/octet-stream", True)],
)
@pytest.mark.parametrize(
    "form",
    [
        {"success": True, "data": {"url": "{}"}},
        {"success": True, "data": {"signed_url": "{}", "expires_in": 60, "method": "GET"}},
        {"success": True, "data": "{}", "error": None},
        {"url": "{}", "expires_at": "2026-05-04T00:00:00Z"},
        "{}",
    ],
)
def test_json_that_holds_an_address_is_followed_whatever_its_type_or_length_says(
    http: HttpClient, form: Any, media_type: str, chunked: bool
) -> None:
    def service(_request: Request) -> Reply:
        body = json.dumps(form).replace("{}", f"{store.url}/f?sig=%2F+").encode()
        return Reply(200, body, media_type, chunked=chunked)

    sink = io.BytesIO()
    with origins(service, lambda _: Reply(200, b"content")) as (server, store):
        over(http, server).attachment(URL, sink)
        (request,) = store.recorder.requests
    assert sink.getvalue() == b"content"
    assert request.target == "/f?sig=%2F+"
    assert KEY not in str(request)


@pytest.mark.parametrize(
    "document",
    [
        {"annotation_data": {"frames": []}, "sensor_data": {}},
        {"legend": [], "url": "https://a.example/b.pcd"},
        {"data": {"image_url": "https://a.example/b.png", "annotations": {}}},
        {"url": "https://a.example/one", "other_url": "https://a.example/two"},
        {"url": "s3://bucket/key"},
        {"url": "/relative"},
        {"count": 3},
        {},
        [],
        ["https://a.example/"],
        7,
        None,
    ],
)
def test_json_that_is_the_file_itself_is_kept_as_it_came(http: HttpClient, document: Any) -> None:
    body, sink = json.dumps(document).encode(), io.BytesIO()
    assert parse_attachment_address(body) is None
    with origins(lambda _: Reply(200, body, "application/json")) as (server,):
        over(http, server).attachment(URL, sink)
    assert sink.getvalue() == body


def test_a_file_that_comes_at_once_is_stored_whole_however_long_it_is(http: HttpClient) -> None:
    body, sink = b'{"annotation_data": [' + b"1, " * 100_000 + b"1]}", io.BytesIO()
    with origins(lambda _: Reply(200, body, "application/json", chunked=True)) as (server,):
        received = over(http, server).attachment(URL, sink)
    assert sink.getvalue() == body
    assert received.sha256 == hashlib.sha256(body).hexdigest()


def test_an_address_in_json_that_leads_nowhere_acceptable_is_refused(http: HttpClient) -> None:
    leading = Reply(200, b'{"url": "http://169.254.169.254/latest"}')
    with origins(lambda _: leading) as (server,), pytest.raises(UnsafeUrlError, match="not encrypted"):
        over(http, server).attachment(URL, io.BytesIO())


def fetched(http: HttpClient, signing: Signing, *, cut: int = 0) -> tuple[bytes, list[str], str]:
    """What arrives, which signatures the store saw, and the failure in words."""
    sink, words = io.BytesIO(), ""
    with origins(signing.service, signing.store) as (server, store):
        signing.store_url = store.url
        if cut:
            store.faults.add(Fault(FaultKind.CUT, after_bytes=cut))
        try:
            over(http, server).attachment(URL, sink)
        except ServiceError as error:
            words = str(error)
        seen = [request.target.rpartition("=")[2] for request in store.recorder.requests]
    return sink.getvalue(), seen, words


def test_an_expired_address_is_asked_for_again_once(http: HttpClient) -> None:
    assert fetched(http, Signing(2)) == (CONTENT, ["1", "2"], "")


def test_an_address_that_is_expired_again_is_a_refusal_and_not_asked_for_a_third_time(http: HttpClient) -> None:
    content, seen, words = fetched(http, Signing())
    assert (content, seen) == (b"", ["1", "2"])
    assert "refused access (AccessDenied): the signed link has expired" in words
    assert "X-Amz" not in words


def test_an_address_that_expires_in_the_middle_of_a_resumed_file_is_asked_for_again_and_nothing_is_spliced(
    http: HttpClient,
) -> None:
    content, seen, words = fetched(http, Signing(1, 3), cut=100_000)
    assert words == ""
    assert seen == ["1", "2", "3"]
    assert hashlib.sha256(content).digest() == hashlib.sha256(CONTENT).digest()


def test_an_address_that_stays_expired_in_the_middle_of_a_file_ends_it(http: HttpClient) -> None:
    content, seen, words = fetched(http, Signing(1), cut=100_000)
    assert seen == ["1", "2", "3"]
    assert "has expired" in words
    assert content == CONTENT[:100_000]


def test_a_file_that_the_store_does_not_have_is_not_asked_for_again(http: HttpClient) -> None:
    missing = xml_error(404, "NoSuchKey", "The specified key does not exist")
    with origins(lambda _: Reply(302, headers={"Location": f"{store.url}/x"}), lambda _: missing) as (server, store):
        with pytest.raises(ServiceError, match="NoSuchKey") as caught:
            over(http, server).attachment(URL, io.BytesIO())
        assert len(store.recorder.requests) == 1
    assert "file was removed" in caught.value.next_step


def test_an_s3_address_goes_through_attachments_and_nowhere_else(http: HttpClient) -> None:
    sink = io.BytesIO()
    with origins(lambda _: Reply(200, b"content")) as (server,):
        over(http, server).attachment("s3://bucket/a b/key.pcd", sink)
        (request,) = server.recorder.requests
    assert request.target == "/v1/attachments?url=s3%3A%2F%2Fbucket%2Fa%20b%2Fkey.pcd"
    assert sink.getvalue() == b"content"


def test_a_refused_s3_address_is_the_services_refusal(http: HttpClient) -> None:
    with origins(lambda _: error_reply("FS_0007", "no")) as (server,):
        with pytest.raises(ServiceError, match="FS_0007"):
            over(http, server).attachment("s3://bucket/key", io.BytesIO())
        assert len(server.recorder.requests) == 1
