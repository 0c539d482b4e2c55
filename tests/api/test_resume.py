"""A download cut in one run of the program goes on in the next, over real sockets, and is never spliced."""

import hashlib
import shutil
from collections import namedtuple
from contextlib import suppress
from pathlib import Path

import pytest

from app.api.answers import Received
from app.errors import ServiceError, UnreachableError, WorkspaceError
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.origin import OriginServer, Reply, Request
from app.workspace import Workspace
from tests.api.origins import Respond, client, fetch, origins

CONTENT = bytes(range(256)) * 1000
OTHER = bytes(reversed(range(256))) * 1000
ETAG = '"one"'
URL = "https://store.example/scan.pcd"
CUT = 100_000


def file_reply(content: bytes, etag: str) -> Respond:
    """A store that keeps to the rules for Range and If-Range."""

    def respond(request: Request) -> Reply:
        headers = {"ETag": etag}
        text = request.header("range").removeprefix("bytes=").removesuffix("-")
        if not text or request.header("if-range") != etag:
            return Reply(200, content, "application/pcd", headers)
        start = int(text)
        if start >= len(content):
            return Reply(416, b"", "text/plain", {**headers, "Content-Range": f"bytes */{len(content)}"})
        spread = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Reply(206, content[start:], "application/pcd", {**headers, "Content-Range": spread})

    return respond


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with the first bytes of a file whose download was cut."""
    with origins(file_reply(CONTENT, ETAG)) as (server,):
        server.faults.add(Fault(FaultKind.CUT, after_bytes=CUT))
        with pytest.raises(UnreachableError):
            download(tmp_path / "ws", server, tries=1)
    return tmp_path / "ws"


def download(root: Path, server: OriginServer, **options: int) -> Received:
    with Workspace.open(root) as workspace, client(**options) as http, workspace.receive(URL) as sink:
        received = fetch(http, server, sink)
        sink.media_type = received.media_type
    return received


def stored(root: Path) -> bytes | None:
    with Workspace.open(root) as workspace:
        return workspace.read(URL)


def ranges(server: OriginServer) -> list[str]:
    return [request.headers.get("range", "") for request in server.recorder.requests]


def test_the_next_run_asks_for_the_rest_alone(root: Path) -> None:
    with origins(file_reply(CONTENT, ETAG)) as (server,):
        received = download(root, server)
    assert ranges(server) == [f"bytes={CUT}-"]
    assert server.recorder.requests[0].headers["if-range"] == ETAG
    assert (received.size, received.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert stored(root) == CONTENT


def test_a_file_that_changed_comes_anew_and_whole(root: Path) -> None:
    with origins(file_reply(OTHER, '"two"')) as (server,):
        download(root, server)
    assert ranges(server) == [f"bytes={CUT}-"]
    assert stored(root) == OTHER


def test_a_server_that_ignores_ranges_sends_the_file_anew(root: Path) -> None:
    with origins(lambda _request: Reply(200, OTHER, "application/pcd")) as (server,):
        download(root, server)
    assert stored(root) == OTHER


def spread_reply(spread: str, *, etag: str = ETAG, length: int | None = None) -> Respond:
    """A store that answers a range with what was not asked for, and else with the whole file."""

    def respond(request: Request) -> Reply:
        if request.header("range"):
            return Reply(206, OTHER[CUT : length or len(OTHER)], "x/y", {"ETag": etag, "Content-Range": spread})
        return Reply(200, CONTENT, "application/pcd", {"ETag": ETAG})

    return respond


@pytest.mark.parametrize(
    "respond",
    [
        spread_reply("bytes 0-255999/256000"),
        spread_reply("bytes 99999-255999/256000"),
        spread_reply("nonsense"),
        spread_reply(""),
        spread_reply(f"bytes {CUT}-255999/256000", etag='"two"'),
    ],
    ids=["from the start", "one byte early", "nonsense", "no range", "another etag"],
)
def test_another_part_than_asked_for_starts_anew_and_is_never_spliced(root: Path, respond: Respond) -> None:
    with origins(respond) as (server,):
        download(root, server)
    assert ranges(server) == [f"bytes={CUT}-", ""]
    assert stored(root) == CONTENT


def test_a_refused_range_of_the_same_size_means_that_everything_is_here(root: Path) -> None:
    with origins(file_reply(CONTENT[:CUT], ETAG)) as (server,):
        received = download(root, server)
    assert ranges(server) == [f"bytes={CUT}-"]
    assert (received.size, received.media_type) == (CUT, "application/pcd")
    assert stored(root) == CONTENT[:CUT]


@pytest.mark.parametrize("spread", ["bytes */10", "bytes */*", ""])
def test_a_refused_range_of_another_size_starts_anew(root: Path, spread: str) -> None:
    def respond(request: Request) -> Reply:
        refused = Reply(416, b"", "text/plain", {"Content-Range": spread})
        return refused if request.header("range") else Reply(200, CONTENT, "application/pcd", {"ETag": ETAG})

    with origins(respond) as (server,):
        download(root, server)
    assert stored(root) == CONTENT


def test_a_part_that_ends_early_is_gone_on_with(root: Path) -> None:
    """The answer is sound in itself, yet holds less than the rest of the file."""

    def respond(request: Request) -> Reply:
        start = int(request.header("range").removeprefix("bytes=").removesuffix("-"))
        end = min(start + 60_000, len(CONTENT))
        spread = f"bytes {start}-{end - 1}/{len(CONTENT)}"
        return Reply(206, CONTENT[start:end], "application/pcd", {"ETag": ETAG, "Content-Range": spread})

    with origins(respond) as (server,):
        download(root, server)
    assert ranges(server) == [f"bytes={start}-" for start in (100_000, 160_000, 220_000)]
    assert stored(root) == CONTENT


def test_a_cut_after_a_cut_keeps_what_came_each_time(root: Path) -> None:
    with origins(file_reply(CONTENT, ETAG)) as (server,):
        for _ in range(2):
            server.faults.add(Fault(FaultKind.CUT, after_bytes=50_000))
            with suppress(UnreachableError):
                download(root, server, tries=1)
        download(root, server)
    assert ranges(server) == [f"bytes={start}-" for start in (100_000, 150_000, 200_000)]
    assert stored(root) == CONTENT


def test_a_log_in_page_in_between_does_not_cost_the_bytes_that_are_here(root: Path) -> None:
    with origins(file_reply(CONTENT, ETAG)) as (server,):
        server.faults.add(Fault(FaultKind.HTML))
        with pytest.raises(ServiceError, match="web page"):
            download(root, server)
        download(root, server)
    assert ranges(server)[-1] == f"bytes={CUT}-"
    assert stored(root) == CONTENT


@pytest.mark.parametrize("etag", ["", 'W/"one"'])
def test_without_a_strong_etag_the_next_run_starts_anew(tmp_path: Path, etag: str) -> None:
    reply = Reply(200, CONTENT, "application/pcd", {"ETag": etag} if etag else {})
    with origins(lambda _request: reply) as (server,):
        server.faults.add(Fault(FaultKind.CUT, after_bytes=CUT))
        with pytest.raises(UnreachableError):
            download(tmp_path / "ws", server, tries=1)
        download(tmp_path / "ws", server)
    assert ranges(server) == ["", ""]
    assert stored(tmp_path / "ws") == CONTENT


def test_bytes_of_an_earlier_run_count_against_the_cap(root: Path) -> None:
    def receive(workspace: Workspace, server: OriginServer) -> None:
        with client() as http, workspace.receive(URL) as sink:
            fetch(http, server, sink, max_bytes=CUT + 10)

    with origins(file_reply(CONTENT, ETAG)) as (server,), Workspace.open(root) as workspace:
        with pytest.raises(ServiceError, match="most that is accepted"):
            receive(workspace, server)
        assert workspace.find(URL) is None


@pytest.mark.parametrize("free", [CUT, len(CONTENT) - CUT])
def test_a_file_that_the_disk_has_no_room_for_is_not_begun(
    root: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    usage = namedtuple("usage", "total used free")(10**12, 10**12 - free, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with origins(file_reply(CONTENT, ETAG)) as (server,):
        if free == CUT:
            with pytest.raises(WorkspaceError, match="needs 156 kB more, but the disk has only 100 kB left"):
                download(root, server)
            assert stored(root) is None
        else:  # what is here already needs no room
            download(root, server)
            assert stored(root) == CONTENT
