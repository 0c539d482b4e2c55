"""Servers that hang, drip or fall silent, and how soon a cancelled download lets go of its socket."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.api.http import HttpClient, Timeouts
from app.api.pace import Pace, TooSlowError
from app.api.telus import TelusClient
from app.api.urls import parse_address
from app.errors import UnreachableError
from app.progress import Cancelled, Progress
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import OriginServer, Reply, Request
from tests.api.origins import KEY, client, fetch, origins, seconds_to_cancel

FILE = bytes(range(256)) * 400
LONG = 3600.0
# every limit out of reach but the one that a test is about
PATIENT = Timeouts(connect=LONG, read=LONG, answer=LONG, file=LONG, slow=LONG)


def plain_file(_request: Request) -> Reply:
    return Reply(200, FILE, "application/octet-stream", {"ETag": '"1"'})


def impatient(**limits: float) -> Timeouts:
    chosen = {"connect": LONG, "read": LONG, "answer": LONG, "file": LONG, "slow": LONG, "slow_bytes": 64 << 10}
    return Timeouts(**{**chosen, **limits})  # type: ignore[arg-type]


def ask(http: HttpClient, server: OriginServer) -> None:
    TelusClient(http, base_url=server.url, key=KEY).project("p")


def test_a_service_that_never_answers_is_given_up_by_the_read_timeout() -> None:
    with origins(plain_file) as (server,), client(timeouts=impatient(read=0.2), tries=2) as http:
        server.faults.add(Fault(FaultKind.HANG, times=9))
        with pytest.raises(UnreachableError, match="did not answer in time"):
            ask(http, server)
        with pytest.raises(UnreachableError, match="did not answer in time"):
            fetch(http, server, io.BytesIO())
    assert len(server.recorder.requests) == 4


def test_an_answer_of_one_byte_after_the_other_is_given_up_by_the_total_deadline() -> None:
    with origins(plain_file) as (server,), client(timeouts=impatient(answer=0.3), tries=1) as http:
        server.faults.add(Fault(FaultKind.SLOW, seconds=0.01, piece_bytes=1))
        with pytest.raises(UnreachableError, match="did not answer in time"):
            ask(http, server)


def test_a_file_of_one_byte_after_the_other_is_given_up_as_too_slow() -> None:
    sink = io.BytesIO()
    with origins(plain_file) as (server,), client(timeouts=impatient(slow=0.2), tries=2) as http:
        server.faults.add(Fault(FaultKind.SLOW, seconds=0.01, piece_bytes=1, times=9))
        with pytest.raises(UnreachableError, match="sends too slowly to wait for it") as caught:
            fetch(http, server, sink)
    assert caught.value.next_step
    assert len(server.recorder.requests) == 2


def test_a_file_that_was_too_slow_goes_on_where_it_was_given_up() -> None:
    def ranged(request: Request) -> Reply:
        text = request.header("range").removeprefix("bytes=").removesuffix("-")
        if not text:
            return plain_file(request)
        headers = {"ETag": '"1"', "Content-Range": f"bytes {text}-{len(FILE) - 1}/{len(FILE)}"}
        return Reply(206, FILE[int(text) :], "application/octet-stream", headers)

    sink = io.BytesIO()
    with origins(ranged) as (server,), client(timeouts=impatient(slow=0.3)) as http:
        server.faults.add(Fault(FaultKind.STALL, after_bytes=1000))
        fetch(http, server, sink)
    assert sink.getvalue() == FILE
    assert server.recorder.requests[-1].headers["range"] == "bytes=1000-"


def test_a_file_as_a_whole_has_a_deadline_too() -> None:
    with origins(plain_file) as (server,), client(timeouts=impatient(file=0.3)) as http:
        server.faults.add(Fault(FaultKind.SLOW, seconds=0.05, piece_bytes=512, times=99))
        with pytest.raises(UnreachableError, match="did not answer in time"):
            fetch(http, server, io.BytesIO())


def test_a_slow_but_steady_file_comes_whole() -> None:
    sink = io.BytesIO()
    with origins(plain_file) as (server,), client(timeouts=impatient(slow=0.5, slow_bytes=1)) as http:
        server.faults.add(Fault(FaultKind.SLOW, seconds=0.03))
        fetch(http, server, sink)
    assert sink.getvalue() == FILE
    assert len(server.recorder.requests) == 1


def test_only_waiting_for_the_network_counts_as_slow() -> None:
    pace = Pace(seconds=10, least=100)
    for _ in range(99):
        pace.note(1, waited=0.1)  # ten bytes a second in ten seconds
    with pytest.raises(TooSlowError):
        pace.note(0, waited=0.2)
    late = Pace(seconds=10, least=100)
    late.note(0, waited=9.9)
    late.restart()  # the answer began
    late.note(0, waited=9.9)
    steady = Pace(seconds=10, least=100)
    for _ in range(1000):
        steady.note(20, waited=1.0)
    steady.note(0, waited=9.0)
    with pytest.raises(TooSlowError):
        steady.note(0, waited=1.0)


def test_by_default_a_byte_a_second_holds_a_thread_for_minutes_and_nothing_for_a_day() -> None:
    usual = Timeouts()
    assert usual.slow <= 60
    assert usual.slow_bytes > 60 * usual.slow  # a byte a second is far below
    assert usual.file <= 12 * 3600


@contextmanager
def endless() -> Iterator[tuple[str, threading.Event, threading.Event]]:
    """A server whose file never ends: its address, and events for "it flows" and "the client closed its socket"."""
    flows, closed = threading.Event(), threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n" + bytes(100_000))
            flows.set()
            while connection.recv(1024):
                pass
            closed.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/file", flows, closed
        thread.join(10)
        assert not thread.is_alive()


def test_a_download_cancelled_in_the_middle_ends_its_thread_and_closes_its_socket() -> None:
    with endless() as (url, flows, closed), client(timeouts=PATIENT) as http:
        sink = io.BytesIO()
        seconds = seconds_to_cancel(
            lambda progress: http.download(url, sink, home=parse_address(url).origin, progress=progress),
            when=lambda: flows.is_set() and sink.tell() > 0,
        )
        assert closed.wait(5), "the socket stayed open"
    assert seconds < 1
    assert 0 < len(sink.getvalue()) <= 100_000


def test_a_cancelled_download_is_not_tried_again() -> None:
    with origins(plain_file) as (server,), client(timeouts=PATIENT) as http:
        server.faults.add(Fault(FaultKind.STALL, after_bytes=600, times=9))
        progress = Progress()
        sink = io.BytesIO()

        def cancel(_so_far: int, _in_all: int | None) -> None:
            progress.cancel()

        with pytest.raises(Cancelled):
            fetch(http, server, sink, progress=progress, on_bytes=cancel)
    assert len(server.recorder.requests) == 1
