import hashlib
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.api.answers import StoreRefusedError
from app.errors import ServiceError, UnreachableError
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import Reply, Request, xml_error
from tests.api.origins import Unseekable, client, fetch, origins, seconds_to_cancel

CONTENT = bytes(range(256)) * 1000
ETAG = '"one"'


def plain_file(_request: Request) -> Reply:
    return Reply(200, CONTENT, "text/plain; charset=utf-8")


def resumable_file(request: Request) -> Reply:
    text = request.header("range").removeprefix("bytes=").removesuffix("-")
    if not text or request.header("if-range") != ETAG:
        return Reply(200, CONTENT, "text/plain", {"ETag": ETAG})
    start = int(text)
    spread = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
    return Reply(206, CONTENT[start:], "text/plain", {"ETag": ETAG, "Content-Range": spread})


def test_a_file_arrives_whole_with_its_size_type_and_hash() -> None:
    sink, steps = io.BytesIO(), list[tuple[int, int | None]]()
    with origins(plain_file) as servers, client() as http:
        received = fetch(http, servers[0], sink, on_bytes=lambda *step: steps.append(step))
    assert sink.getvalue() == CONTENT
    assert (received.media_type, received.size) == ("text/plain", len(CONTENT))
    assert received.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert steps[-1] == (len(CONTENT), len(CONTENT))


def test_what_the_sink_held_before_stays() -> None:
    sink = io.BytesIO(b"head")
    sink.seek(4)
    with origins(plain_file) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=70_000))
        fetch(http, servers[0], sink)
    assert sink.getvalue() == b"head" + CONTENT


def test_a_cut_download_goes_on_where_it_stopped() -> None:
    sink = io.BytesIO()
    with origins(resumable_file) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        received = fetch(http, servers[0], sink)
    first, second = servers[0].recorder.requests
    assert "range" not in first.headers
    assert (second.headers["range"], second.headers["if-range"]) == ("bytes=100000-", ETAG)
    assert sink.getvalue() == CONTENT
    assert received.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_resumed_download_needs_no_sink_that_seeks() -> None:
    sink = Unseekable()
    with origins(resumable_file) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        fetch(http, servers[0], sink)
    assert sink.getvalue() == CONTENT


def test_a_sink_that_cannot_go_back_is_never_filled_twice() -> None:
    with origins(plain_file) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        with pytest.raises(UnreachableError, match="cut the transfer short"):
            fetch(http, servers[0], Unseekable())


@pytest.mark.parametrize("spread", ["bytes 5-9/10", "bytes 0-255999/256000", "nonsense", ""])
def test_another_part_than_asked_for_is_not_spliced(spread: str) -> None:
    def respond(request: Request) -> Reply:
        if request.header("range"):
            return Reply(206, b"wrong", "text/plain", {"ETag": ETAG, "Content-Range": spread})
        return Reply(200, CONTENT, "text/plain", {"ETag": ETAG})

    sink = io.BytesIO()
    with origins(respond) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        fetch(http, servers[0], sink)
    assert sink.getvalue() == CONTENT
    assert len(servers[0].recorder.requests) == 3


def test_a_file_that_changed_meanwhile_is_fetched_anew() -> None:
    def respond(request: Request) -> Reply:
        if request.header("range"):
            return Reply(
                206, CONTENT[100_000:], "x/y", {"ETag": '"two"', "Content-Range": "bytes 100000-255999/256000"}
            )
        return Reply(200, CONTENT, "text/plain", {"ETag": ETAG})

    sink = io.BytesIO()
    with origins(respond) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        fetch(http, servers[0], sink)
    assert sink.getvalue() == CONTENT
    assert len(servers[0].recorder.requests) == 3


def test_a_weak_etag_promises_nothing() -> None:
    weak = Reply(200, CONTENT, "text/plain", {"ETag": 'W/"one"'})
    with origins(lambda _request: weak) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        fetch(http, servers[0], io.BytesIO())
    assert all("range" not in request.headers for request in servers[0].recorder.requests)


def test_a_refused_range_starts_the_file_anew() -> None:
    def respond(request: Request) -> Reply:
        refused = Reply(416, b"", "text/plain", {"Content-Range": "bytes */10"})
        return refused if request.header("range") else Reply(200, CONTENT, "text/plain", {"ETag": ETAG})

    sink = io.BytesIO()
    with origins(respond) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.CUT, after_bytes=100_000))
        fetch(http, servers[0], sink)
    assert sink.getvalue() == CONTENT


def test_xml_of_the_store_is_named_by_its_code() -> None:
    denied = xml_error(403, "AccessDenied", "Request has expired")
    told = r"file store 127.0.0.1 refused access \(AccessDenied\)"
    with origins(lambda _request: denied) as servers, client() as http, pytest.raises(StoreRefusedError, match=told):
        fetch(http, servers[0], io.BytesIO())
    assert len(servers[0].recorder.requests) == 1


def test_a_file_above_the_cap_is_stopped() -> None:
    with origins(plain_file) as servers, client() as http, pytest.raises(ServiceError, match="most that is accepted"):
        fetch(http, servers[0], io.BytesIO(), max_bytes=1000)


def test_cancelling_ends_a_download_in_the_middle() -> None:
    sink = io.BytesIO()
    with origins(plain_file) as servers, client() as http:
        servers[0].faults.add(Fault(FaultKind.SLOW, seconds=0.2))
        seconds = seconds_to_cancel(
            lambda progress: fetch(http, servers[0], sink, progress=progress),
            when=lambda: sink.tell() > 0,
        )
    assert seconds < 1
    assert 0 < len(sink.getvalue()) < len(CONTENT)


def test_a_full_disk_is_not_mistaken_for_a_network_fault() -> None:
    class Full(io.BytesIO):
        def write(self, _piece: object) -> int:
            raise OSError(28, "No space left on device")

    with origins(plain_file) as servers, client() as http, pytest.raises(OSError, match="No space left"):
        fetch(http, servers[0], Full())
    assert len(servers[0].recorder.requests) == 1


def test_downloads_are_about_as_fast_as_plain_httpx(tmp_path: Path) -> None:
    """Compared with httpx streaming and hashing the same bytes; the margin is wide because machines are shared."""
    content = bytes(32 << 20)
    with origins(lambda _request: Reply(200, content, "text/plain")) as servers, client() as http:
        url = f"{servers[0].url}/x"

        def ours() -> None:
            with (tmp_path / "ours").open("wb") as sink:
                fetch(http, servers[0], sink)

        def theirs() -> None:
            digest = hashlib.sha256()
            with httpx.stream("GET", url) as response, (tmp_path / "theirs").open("wb") as sink:
                for chunk in response.iter_bytes():
                    digest.update(chunk)
                    sink.write(chunk)

        ratios = [_seconds(ours) / _seconds(theirs) for _ in range(5)]
    assert statistics.median(ratios) < 2.0


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
