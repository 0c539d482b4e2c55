"""What came of a file before its transfer was cut is there for the next try, and only that."""

import errno
import hashlib
import os
import threading
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from app.api.transfer import Resumable
from app.errors import FormatError, WorkspaceError
from app.workspace import Workspace
from app.workspace import partials as partials_module
from app.workspace.addresses import url_key
from app.workspace.incoming import Incoming
from app.workspace.objects import ObjectStore
from app.workspace.partials import KEPT_SECONDS, Sidecar

URL = "https://store.example/scan.pcd?X-Amz-Signature=CANARY"
ETAG = '"one"'
WHOLE = bytes(range(256)) * 40


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "ws"


@pytest.fixture
def next_start(monkeypatch: pytest.MonkeyPatch):
    """Let the machine start anew when called."""
    monkeypatch.setattr(partials_module, "boot_id", lambda: "first")
    return lambda boot="second": monkeypatch.setattr(partials_module, "boot_id", lambda: boot)


def cut(workspace: Workspace, content: bytes, *, etag: str = ETAG) -> None:
    """A transfer that starts anew and breaks off."""
    with suppress(ConnectionError), workspace.receive(URL) as sink:
        sink.discard()
        sink.etag = etag
        sink.write(content)
        raise ConnectionError("cut")


def leave_as_killed(root: Path, content: bytes) -> None:
    """A partial file as a killed program leaves it: the ETag was noted, nothing was synced."""
    workspace = Workspace.open(root)
    with workspace.receive(URL) as sink:
        sink.etag = ETAG
        sink.write(content)  # behind what was there
        part, sidecar = part_path(root), sidecar_path(root)
        kept = {part: part.read_bytes(), sidecar: sidecar.read_bytes()}
        sink.discard()
        sink.write(b"x")
    workspace.forget([URL])
    workspace.close()
    for path, data in kept.items():
        path.write_bytes(data)


def part_path(root: Path) -> Path:
    return root / "partial" / f"{url_key(URL)}.part"


def sidecar_path(root: Path) -> Path:
    return root / "partial" / f"{url_key(URL)}.json"


def change_sidecar(root: Path, **changes: object) -> None:
    known = msgspec.json.decode(sidecar_path(root).read_bytes(), type=Sidecar)
    sidecar_path(root).write_bytes(msgspec.json.encode(msgspec.structs.replace(known, **changes)))


def waiting(root: Path) -> tuple[int, str]:
    """How many bytes the next try would find, and under which ETag."""
    found = list[tuple[int, str]]()
    with Workspace.open(root) as workspace, suppress(ConnectionError), workspace.receive(URL) as sink:
        found.append((sink.tell(), sink.etag))
        raise ConnectionError("cut")
    return found[0]


def test_the_next_try_goes_on_where_the_last_was_cut(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
    with Workspace.open(root) as workspace:
        with workspace.receive(URL) as sink:
            assert (sink.tell(), sink.etag, sink.head) == (4000, ETAG, WHOLE[:512])
            sink.write(WHOLE[4000:])
        found = workspace.find(URL)
        assert found is not None
        assert (found.sha256, found.size) == (hashlib.sha256(WHOLE).hexdigest(), len(WHOLE))
        assert workspace.read(URL) == WHOLE
    assert list((root / "partial").iterdir()) == []


def test_without_an_etag_nothing_stays(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000], etag="")
    assert list((root / "partial").iterdir()) == []


def test_what_is_not_what_it_should_be_does_not_stay(root: Path) -> None:
    def receive(workspace: Workspace) -> None:
        with workspace.receive(URL) as sink:
            sink.etag = ETAG
            sink.write(WHOLE)
            raise FormatError("This is no point cloud.")

    with Workspace.open(root) as workspace:
        with pytest.raises(FormatError):
            receive(workspace)
        assert workspace.find(URL) is None
    assert list((root / "partial").iterdir()) == []


def test_a_partial_file_is_not_a_file(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
        assert workspace.find(URL) is None
        assert workspace.usage() == 0
        assert workspace.left_overs().partials == 1
        assert list(workspace.verify(read_data=True)) == []


def test_a_killed_program_loses_no_byte_until_the_machine_starts_anew(root: Path, next_start) -> None:
    leave_as_killed(root, WHOLE[:4000])
    assert waiting(root) == (4000, ETAG)
    assert waiting(root) == (4000, ETAG)


def test_after_a_power_cut_only_synced_bytes_are_trusted(root: Path, next_start) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])  # a transfer that ends by an error is synced
    with part_path(root).open("ab") as part:
        part.write(b"bytes that the disk never promised")
    next_start()
    assert waiting(root) == (4000, ETAG)
    assert part_path(root).read_bytes() == WHOLE[:4000]
    leave_as_killed(root, WHOLE[4000:5000])
    assert waiting(root) == (5000, ETAG)
    leave_as_killed(root, WHOLE[5000:6000])
    next_start("third")
    assert waiting(root)[0] == 5000  # the wait before ended in order and was synced


def test_what_was_never_synced_is_gone_after_a_power_cut(root: Path, next_start) -> None:
    leave_as_killed(root, WHOLE[:4000])
    next_start()
    assert waiting(root) == (0, "")


def test_where_the_system_does_not_tell_its_start_only_synced_bytes_are_trusted(root: Path, next_start) -> None:
    next_start("")
    leave_as_killed(root, WHOLE[:4000])
    assert waiting(root) == (0, "")


def test_fewer_bytes_than_were_synced_are_not_trusted_at_all(root: Path, next_start) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
    os.truncate(part_path(root), 3999)
    next_start()
    assert waiting(root) == (0, "")


@pytest.mark.parametrize("spoiled", [b"", b"\0" * 80, b"{", b'{"etag": 1}', b"[" * 100_000])
def test_bytes_that_nothing_is_known_of_are_swept(root: Path, spoiled: bytes) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
    sidecar_path(root).write_bytes(spoiled)
    (root / "partial" / "stray.part").write_bytes(b"of a crash")
    assert waiting(root) == (0, "")
    assert list((root / "partial").iterdir()) == []


def test_starting_anew_parts_the_bytes_from_the_old_etag(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
        with suppress(ConnectionError), workspace.receive(URL) as sink:
            assert sink.tell() == 4000
            sink.seek(0)
            sink.truncate()
            assert sink.etag == ""
            assert not sidecar_path(root).exists()
            sink.etag = '"two"'
            sink.write(b"other")
            raise ConnectionError("cut")
    assert waiting(root) == (5, '"two"')


def test_two_at_once_for_one_address_never_share_a_file(root: Path) -> None:
    with Workspace.open(root) as workspace:
        with workspace.receive(URL) as first:
            first.etag = ETAG
            first.write(WHOLE[:100])
            with workspace.receive(URL) as second:
                assert second.tell() == 0
                assert second.path != first.path
                second.etag = ETAG
                second.write(WHOLE)
            assert workspace.read(URL) == WHOLE
            first.write(WHOLE[100:])
        assert workspace.read(URL) == WHOLE
        assert list((root / "partial").iterdir()) == []


def test_several_threads_for_one_address_all_end_well(root: Path) -> None:
    together = threading.Barrier(4, timeout=20)

    def receive(workspace: Workspace) -> None:
        together.wait()
        for _ in range(5):
            with workspace.receive(URL) as sink:
                sink.discard()
                sink.etag = ETAG
                sink.write(WHOLE)

    with Workspace.open(root) as workspace:
        threads = [threading.Thread(target=receive, args=(workspace,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert workspace.read(URL) == WHOLE
    assert list((root / "partial").iterdir()) == []


def receive_whole(workspace: Workspace) -> None:
    with workspace.receive(URL) as sink:
        sink.media_type = "application/pcd"
        sink.etag = ETAG
        sink.write(WHOLE)


def test_a_file_that_came_whole_is_entered_later_without_asking_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part is synced and known to be whole; the rename fails."""
    with Workspace.open(root) as workspace:
        with monkeypatch.context() as broken:
            broken.setattr(ObjectStore, "adopt", failing)
            with pytest.raises(WorkspaceError, match="disk is full"):
                receive_whole(workspace)
            with pytest.raises(WorkspaceError, match="disk is full"):
                workspace.find(URL)
        assert workspace.read(URL) == WHOLE  # in the same run
    assert list((root / "partial").iterdir()) == []


def test_an_object_whose_row_is_missing_is_entered_by_the_next_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(root)
    with monkeypatch.context() as broken:
        broken.setattr("app.workspace.files._STORE", "no such statement")
        with pytest.raises(WorkspaceError):
            receive_whole(workspace)
    workspace.close()
    assert not part_path(root).exists()
    with Workspace.open(root) as workspace:
        assert workspace.left_overs().objects == ()  # entered, not taken for rubbish
        found = workspace.find(URL)
        assert found is not None
        assert (found.media_type, workspace.read(URL)) == ("application/pcd", WHOLE)
    assert list((root / "partial").iterdir()) == []


def test_what_is_left_beside_a_stored_file_is_swept(root: Path) -> None:
    """The row is written; the program dies before it removes the note."""
    with Workspace.open(root) as workspace:
        receive_whole(workspace)
    sidecar_path(root).write_bytes(msgspec.json.encode(Sidecar(sha256="0" * 64, size=3, touched=time.time())))
    with Workspace.open(root) as workspace:
        assert workspace.read(URL) == WHOLE
    assert list((root / "partial").iterdir()) == []


@pytest.mark.parametrize("where", ["part", "object"])
def test_a_file_that_is_said_to_be_whole_but_is_not_is_not_entered(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    workspace = Workspace.open(root)
    with monkeypatch.context() as broken:
        if where == "part":
            broken.setattr(ObjectStore, "adopt", failing)
        else:
            broken.setattr("app.workspace.files._STORE", "no such statement")
        with pytest.raises(WorkspaceError):
            receive_whole(workspace)
    workspace.close()
    sha256 = hashlib.sha256(WHOLE).hexdigest()
    path = part_path(root) if where == "part" else root / "objects" / sha256[:2] / sha256
    path.write_bytes(WHOLE[:-1] + b"!")
    with Workspace.open(root) as workspace:
        assert workspace.find(URL) is None
    assert list((root / "partial").iterdir()) == []


def failing(*_arguments: object) -> None:
    raise WorkspaceError("The disk is full.")


def test_bytes_whose_sync_failed_are_not_gone_on_with(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may have dropped what it could not write, whatever a second sync says."""

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with Workspace.open(root) as workspace:
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", refuse)
            with pytest.raises(WorkspaceError, match="read or write error"):
                receive_whole(workspace)
        assert list((root / "partial").iterdir()) == []


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (0.0, True),
        (KEPT_SECONDS - 60, True),
        (KEPT_SECONDS + 60, False),
        (-3600.0, True),  # the clock was turned back an hour: daylight saving, or a journey
        (-50 * 365 * 86400.0, True),  # written while the clock was wrong
    ],
)
def test_a_partial_file_is_kept_for_a_week_whatever_the_clock_did(root: Path, age: float, kept: bool) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
    change_sidecar(root, touched=time.time() - age)
    for path in (part_path(root), sidecar_path(root)):
        os.utime(path, (0, 0))  # what the file system says of the time does not matter
    Workspace.open(root).close()
    assert part_path(root).exists() == kept
    if kept:
        known = msgspec.json.decode(sidecar_path(root).read_bytes(), type=Sidecar)
        assert known.touched <= time.time()


def test_no_address_is_written_beside_a_partial_file(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
    for path in (root / "partial").iterdir():
        assert b"CANARY" not in path.read_bytes()
        assert "CANARY" not in path.name


def test_forgetting_an_address_forgets_what_came_of_it(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, WHOLE[:4000])
        workspace.forget([URL])
    assert list((root / "partial").iterdir()) == []


def test_a_size_that_is_refused_is_not_written(root: Path) -> None:
    def refuse(size: int) -> None:
        if size > 150:
            raise ValueError(size)

    def receive(workspace: Workspace) -> None:
        with workspace.receive(URL) as sink:
            sink.check_size = refuse
            sink.write(WHOLE[:100])
            sink.write(WHOLE[100:200])

    with Workspace.open(root) as workspace, pytest.raises(ValueError, match="200"):
        receive(workspace)


def test_taking_over_many_bytes_takes_little_memory(root: Path) -> None:
    with Workspace.open(root) as workspace:
        cut(workspace, bytes(32 << 20))
        tracemalloc.start()
        with workspace.receive(URL) as sink:
            assert sink.tell() == 32 << 20
            sink.write(b"end")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 6 << 20
        found = workspace.find(URL)
        assert found is not None
        assert found.sha256 == hashlib.sha256(bytes(32 << 20) + b"end").hexdigest()


def test_a_sink_that_outlives_the_program_is_known_to_the_client(root: Path) -> None:
    with Workspace.open(root) as workspace, workspace.receive(URL) as sink:
        assert isinstance(sink, Incoming)
        assert isinstance(sink, Resumable)
