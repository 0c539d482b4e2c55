import gzip
import socket
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.api.exchange import clean_key
from app.api.http import MAX_ANSWER, HttpClient, Timeouts
from app.api.retries import LONGEST_WAIT, retry_after
from app.errors import KeyRefusedError, ServiceError, UnreachableError
from app.progress import Cancelled, Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import Reply, Request
from tests.api.origins import KEY, client, credential, origins, seconds_to_cancel

OK = Reply(200, b'{"ok": true}')
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


def answer_ok(_request: Request) -> Reply:
    return OK


def test_four_tries_are_all() -> None:
    with origins(answer_ok) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.ERROR, times=9))
        with pytest.raises(ServiceError, match="has a problem of its own") as caught:
            http.request(f"{servers[0].url}/x")
    assert caught.value.code == "500"
    assert len(servers[0].recorder.requests) == 4


def test_a_401_without_json_is_a_refused_key() -> None:
    away = Reply(401, b"go away", "text/plain")
    with (
        origins(lambda _request: away) as servers,
        client() as http,
        pytest.raises(KeyRefusedError, match="refused the API key") as caught,
    ):
        http.request(f"{servers[0].url}/x", credential=credential(servers[0]))
    assert KEY not in str(caught.value)
    assert caught.value.next_step


def test_a_post_is_sent_once_unless_it_is_a_read() -> None:
    with origins(answer_ok) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.ERROR))
        with pytest.raises(ServiceError):
            http.request(f"{servers[0].url}/x", method="POST", body=b"{}")
        servers[0].faults.add(Fault(FaultKind.ERROR))
        http.request(f"{servers[0].url}/x", method="POST", body=b"{}", idempotent=True)
    assert len(servers[0].recorder.requests) == 3


def test_a_short_body_is_tried_again_and_then_named_cut() -> None:
    with origins(answer_ok) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.WRONG_LENGTH, times=9))
        with pytest.raises(UnreachableError, match="cut the transfer short"):
            http.request(f"{servers[0].url}/x")
    assert len(servers[0].recorder.requests) == 4


def test_a_chunked_body_without_its_end_is_cut_too() -> None:
    with origins(lambda _request: Reply(200, b"[1, 2, 3]", chunked=True)) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=5))
        assert http.request(f"{servers[0].url}/x").body == b"[1, 2, 3]"
    assert len(servers[0].recorder.requests) == 2


def test_nobody_listening_is_worded_with_the_host_and_a_next_step() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x?key={KEY}"
        with client() as http, pytest.raises(UnreachableError, match=r"127\.0\.0\.1 cannot be reached") as caught:
            http.request(url)
    assert "network" in caught.value.next_step
    assert KEY not in str(caught.value)


def test_a_name_without_an_address_cannot_be_reached() -> None:
    with client() as http, pytest.raises(UnreachableError, match=r"nowhere\.example cannot be reached"):
        http.request("https://nowhere.example/x")


def test_a_page_in_place_of_json_is_named() -> None:
    page = Reply(200, PAGE, "text/html")
    told = r"a web page \(text/html\) instead of JSON"
    with origins(lambda _: page) as servers, client() as http, pytest.raises(ServiceError, match=told) as caught:
        http.request(f"{servers[0].url}/x").json_body()
    assert "proxy" in caught.value.next_step


def test_gzip_is_undone() -> None:
    body = gzip.compress(OK.body) + gzip.compress(b" ")
    zipped = Reply(200, body, headers={"Content-Encoding": "gzip"})
    with origins(lambda _request: zipped) as servers, client() as http:
        assert http.request(f"{servers[0].url}/x").body == OK.body + b" "


def test_gzip_that_stops_early_is_a_cut_transfer() -> None:
    half = Reply(200, gzip.compress(OK.body * 100)[:-20], headers={"Content-Encoding": "gzip"})
    with origins(lambda _request: half) as servers, client() as http, pytest.raises(UnreachableError, match="cut"):
        http.request(f"{servers[0].url}/x")


def test_a_gzip_bomb_is_stopped_at_the_cap() -> None:
    bomb = Reply(200, gzip.compress(bytes(200 << 20), 6), headers={"Content-Encoding": "gzip"})
    with origins(lambda _request: bomb) as servers, client() as http:
        tracemalloc.start()
        try:
            with pytest.raises(ServiceError, match="more than 64 MiB"):
                http.request(f"{servers[0].url}/x")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < MAX_ANSWER + (16 << 20)


def test_an_unknown_encoding_is_refused() -> None:
    strange = Reply(200, b"xx", headers={"Content-Encoding": "br"})
    with origins(lambda _request: strange) as servers, client() as http, pytest.raises(ServiceError, match="encoding"):
        http.request(f"{servers[0].url}/x")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0), ("7", 7), (" 7 ", 7), ("1000000000", LONGEST_WAIT), ("9" * 5000, LONGEST_WAIT)],
)
def test_retry_after_in_seconds_is_capped(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "٣", "Wed, 99 Foo 2026 99:99:99 GMT"])
def test_an_unusable_retry_after_says_nothing(header: str | None) -> None:
    assert retry_after(header) is None


def test_retry_after_may_be_a_date() -> None:
    now = datetime.now(UTC)
    assert 8 < (retry_after(format_datetime(now + timedelta(seconds=10), usegmt=True)) or 0) <= 10
    assert retry_after(format_datetime(now - timedelta(days=1), usegmt=True)) == 0
    assert retry_after(format_datetime(now + timedelta(days=1), usegmt=True)) == LONGEST_WAIT


def test_cancelling_ends_a_wait_for_the_next_try_within_200_ms() -> None:
    """The quickest of a few, as other programs share the machine; a wait that is slept through never ends so soon."""

    def seconds() -> float:
        with origins(answer_ok) as servers, client() as http:
            servers[0].faults.add(Fault(FaultKind.TOO_MANY, retry_after="60", times=9))
            return seconds_to_cancel(
                lambda progress: http.request(f"{servers[0].url}/x", progress=progress),
                when=lambda: bool(servers[0].recorder.requests),
            )

    assert any(seconds() < 0.2 for _ in range(5))


def test_cancelling_ends_a_hanging_read() -> None:
    with origins(answer_ok) as servers, client(timeouts=Timeouts(10, 60, 180)) as http:
        servers[0].faults.add(Fault(FaultKind.HANG))
        seconds = seconds_to_cancel(
            lambda progress: http.request(f"{servers[0].url}/x", progress=progress),
            when=lambda: bool(servers[0].recorder.requests),
        )
        assert http.request(f"{servers[0].url}/x").body == OK.body
    assert seconds < 1


def test_cancelling_ends_a_hanging_tls_handshake() -> None:
    accepted = list[socket.socket]()
    with socket.create_server(("127.0.0.1", 0)) as silent, client(timeouts=Timeouts(10, 60, 180)) as http:
        waiter = threading.Thread(target=lambda: accepted.append(silent.accept()[0]))
        waiter.start()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/x"
        seconds = seconds_to_cancel(lambda progress: http.request(url, progress=progress), when=lambda: bool(accepted))
        waiter.join()
        accepted[0].close()
    assert seconds < 1


def test_work_cancelled_before_sends_nothing() -> None:
    progress = Progress()
    progress.cancel()
    with origins(answer_ok) as servers, client() as http, pytest.raises(Cancelled):
        http.request(f"{servers[0].url}/x", progress=progress)
    assert servers[0].recorder.requests == ()


def test_cancelling_ends_a_wait_for_the_limit() -> None:
    with (
        origins(answer_ok) as servers,
        client(requests_per_second=1, limit_loopback=True, clock=lambda: 0.0) as http,  # a second that never ends
    ):
        seconds = seconds_to_cancel(
            lambda progress: [http.request(f"{servers[0].url}/x", progress=progress) for _ in range(50)],
            when=lambda: bool(servers[0].recorder.requests),
        )
    assert seconds < 1


def test_more_work_than_connections_waits_its_turn_and_can_be_cancelled() -> None:
    with origins(answer_ok) as servers, client(timeouts=Timeouts(10, 60, 180)) as http:
        servers[0].faults.add(Fault(FaultKind.HANG, times=8))
        progress, ended = Progress(), list[str]()

        def hang() -> None:
            with pytest.raises(Cancelled):
                http.request(f"{servers[0].url}/hang", progress=progress)
            ended.append("cancelled")

        threads = [threading.Thread(target=hang) for _ in range(8)]
        for thread in threads:
            thread.start()
        seconds = seconds_to_cancel(
            lambda ninth: http.request(f"{servers[0].url}/ninth", progress=ninth),
            when=lambda: len(servers[0].recorder.requests) == 8,
        )
        progress.cancel()
        for thread in threads:
            thread.join(5)
    assert seconds < 1
    assert ended == ["cancelled"] * 8
    assert len(servers[0].recorder.requests) == 8


@pytest.mark.parametrize("pasted", [" key ", "\tkey\n", "key\r\n", "﻿key".strip("﻿")])
def test_white_space_around_a_key_is_dropped(pasted: str) -> None:
    assert clean_key(pasted, service="the service") == "key"


@pytest.mark.parametrize("pasted", ["ke\r\ny: x", "k\u00e9y", "ke y", "key\0", "ключ", "", "   "])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(pasted: str) -> None:
    with pytest.raises(KeyRefusedError) as caught:
        clean_key(pasted, service="the service")
    assert not pasted.strip() or pasted.strip() not in str(caught.value)


def test_requests_share_their_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six requests one after the other, answers and failures, by two services' clients: one connection."""
    opened = list[object]()
    with origins(answer_ok) as (server,), client() as http:
        accept = server._server.get_request

        def counted() -> object:
            opened.append(1)
            return accept()

        monkeypatch.setattr(server._server, "get_request", counted)
        server.faults.add(Fault(FaultKind.ERROR, path_contains="/fails", status=404))
        for path in ("/a", "/b", "/c", "/d", "/e"):
            http.request(f"{server.url}{path}", credential=credential(server))
        with pytest.raises(ServiceError):
            http.request(f"{server.url}/fails")
        http.request(f"{server.url}/last")
    assert len(opened) == 1


def test_a_client_can_be_closed_twice() -> None:
    http = HttpClient()
    http.close()
    http.close()
