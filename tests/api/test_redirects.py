import io

import pytest

from app.api.urls import parse_address
from app.errors import ServiceError, UnsafeUrlError
from app.sandbox.origin import Reply, Request
from tests.api.origins import KEY, client, credential, keys_seen, origins, redirect

OK = Reply(200, b'{"ok": true}')
PUBLIC = parse_address("https://api.example").origin


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_origin_arrives_without_the_key(status: int) -> None:
    def api(_request: Request) -> Reply:
        return redirect(f"{servers[1].url}/file", status=status)

    with origins(api, lambda _request: OK) as servers, client() as http:
        answer = http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert answer.body == OK.body
    assert not answer.from_home
    assert keys_seen(servers[0]) == [KEY]
    store_request = servers[1].recorder.requests[0]
    assert KEY not in str(store_request)
    assert not {"authorization", "cookie", "x-api-key"} & set(store_request.headers)


def test_another_port_of_the_same_host_is_another_origin() -> None:
    with origins(lambda _request: OK, lambda _request: OK) as servers, client() as http:
        http.request(f"{servers[1].url}/x", credential=credential(servers[0]))
    assert keys_seen(servers[1]) == [""]


def test_another_host_of_the_same_machine_and_port_is_another_origin() -> None:
    def api(request: Request) -> Reply:
        port = servers[0].url.rpartition(":")[2]
        return redirect(f"http://localhost:{port}/second") if request.recorded.path == "/first" else OK

    with origins(api) as servers, client() as http:
        answer = http.request(f"{servers[0].url}/first", credential=credential(servers[0]))
        second = servers[0].recorder.requests[1]
    assert not answer.from_home
    assert keys_seen(servers[0]) == [KEY, ""]
    assert not {"authorization", "cookie", "x-api-key"} & set(second.headers)


def test_a_redirect_within_the_origin_keeps_the_key() -> None:
    def api(request: Request) -> Reply:
        return redirect("/second") if request.recorded.path == "/first" else OK

    with origins(api) as servers, client() as http:
        answer = http.request(f"{servers[0].url}/first", credential=credential(servers[0]))
    assert answer.from_home
    assert keys_seen(servers[0]) == [KEY, KEY]


def test_in_a_chain_there_and_back_only_the_service_sees_the_key() -> None:
    def api(request: Request) -> Reply:
        return redirect(f"{servers[1].url}/b") if request.recorded.path == "/a" else OK

    with origins(api, lambda _request: redirect(f"{servers[0].url}/c")) as servers, client() as http:
        http.request(f"{servers[0].url}/a", credential=credential(servers[0]))
    assert keys_seen(servers[0]) == [KEY, KEY]
    assert keys_seen(servers[1]) == [""]


def test_a_loop_ends_after_five_redirects_and_is_not_tried_again() -> None:
    with (
        origins(lambda _request: redirect("/again")) as servers,
        client() as http,
        pytest.raises(ServiceError, match="redirects more than 5 times"),
    ):
        http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert len(servers[0].recorder.requests) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "https://api@evil.example/", "ftp://a.example/", ""])
def test_a_redirect_to_nowhere_acceptable_is_refused(location: str) -> None:
    with origins(lambda _request: redirect(location)) as servers, client() as http, pytest.raises(UnsafeUrlError):
        http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert len(servers[0].recorder.requests) == 1


def test_the_location_goes_on_the_wire_byte_for_byte() -> None:
    target = "/a%2Fb/../c/./d+e;f?X-Sig=%2b%2F+/=~&&z=a%20b&q='()!*"

    def api(_request: Request) -> Reply:
        return redirect(servers[1].url + target)

    with origins(api, lambda _request: OK) as servers, client() as http:
        http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert servers[1].recorder.requests[0].target == target


def test_cookies_are_never_sent_back() -> None:
    with_cookie = Reply(200, b"{}", headers={"Set-Cookie": "jwt=abc; Path=/"})
    with origins(lambda _request: with_cookie) as servers, client() as http:
        for _ in range(2):
            http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert all("cookie" not in request.headers for request in servers[0].recorder.requests)


def test_a_post_is_not_carried_to_another_origin() -> None:
    def api(_request: Request) -> Reply:
        return redirect(f"{servers[1].url}/x", status=307)

    with (
        origins(api, lambda _request: OK) as servers,
        client() as http,
        pytest.raises(ServiceError, match="only be answered where it was sent"),
    ):
        http.request(f"{servers[0].url}/x", method="POST", body=b"{}", credential=credential(servers[0]))
    assert servers[1].recorder.requests == ()


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/x", "http://localhost:{port}/x", "http://[::1]:{port}/x"])
def test_a_public_service_cannot_lead_into_this_machine(target: str) -> None:
    """The first hop plays a public service: only the rule's home decides what is allowed."""
    with origins(lambda _request: OK) as servers, client() as http:
        port = servers[0].url.rpartition(":")[2]
        with pytest.raises(UnsafeUrlError, match="private network"):
            http.download(target.format(port=port), io.BytesIO(), home=PUBLIC)
        assert servers[0].recorder.requests == ()


def test_a_service_on_this_machine_may_lead_to_files_on_this_machine() -> None:
    with origins(lambda _request: OK) as servers, client() as http:
        received = http.download(f"{servers[0].url}/x", io.BytesIO(), home=credential(servers[0]).origin)
    assert received.size == len(OK.body)
