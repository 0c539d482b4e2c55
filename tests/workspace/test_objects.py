"""Objects and received files: whole or not at all."""

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import WorkspaceError
from app.workspace import Workspace

URL = "https://store.example/scan.pcd?X-Amz-Signature=CANARY"


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "ws") as opened:
        yield opened


def partials(workspace: Workspace) -> list[Path]:
    return list(workspace.root.rglob("*.part"))


def receive_cut(workspace: Workspace, part: bytes) -> None:
    with workspace.receive(URL) as sink:
        sink.write(part)
        raise ConnectionError("cut")


def objects(workspace: Workspace) -> list[Path]:
    return [path for path in (workspace.root / "objects").rglob("*") if path.is_file()]


def test_received_bytes_lie_under_the_name_of_their_content(workspace: Workspace) -> None:
    with workspace.receive(URL) as sink:
        sink.media_type = "application/pcd"
        sink.write(b"some ")
        sink.write(b"points")
    found = workspace.find(URL)
    assert found is not None
    sha256 = hashlib.sha256(b"some points").hexdigest()
    assert (found.sha256, found.size, found.media_type) == (sha256, 11, "application/pcd")
    assert found.path == workspace.root / "objects" / sha256[:2] / sha256
    assert found.path.read_bytes() == b"some points"
    assert partials(workspace) == []


def test_a_failure_in_the_middle_leaves_nothing(workspace: Workspace) -> None:
    with pytest.raises(ConnectionError):
        receive_cut(workspace, b"half")
    assert workspace.find(URL) is None
    assert objects(workspace) == []


def test_a_failure_in_the_middle_leaves_the_earlier_file(workspace: Workspace) -> None:
    before = workspace.store(URL, b"old and whole")
    with pytest.raises(ConnectionError):
        receive_cut(workspace, b"new but cu")
    assert workspace.find(URL) == before
    assert workspace.read(URL) == b"old and whole"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(pieces=st.lists(st.binary(max_size=700)), lost=st.lists(st.binary(max_size=700)))
def test_a_download_that_starts_again_hashes_only_what_stays(
    workspace: Workspace, pieces: list[bytes], lost: list[bytes]
) -> None:
    with workspace.receive(URL) as sink:
        for piece in lost:
            sink.write(piece)
        sink.seek(0)
        sink.truncate()
        for piece in pieces:
            sink.write(piece)
        assert sink.head == b"".join(pieces)[:512]
    found = workspace.find(URL)
    whole = b"".join(pieces)
    assert found is not None
    assert (found.sha256, found.size) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert found.path.read_bytes() == whole


def test_writes_out_of_order_are_hashed_from_the_file(workspace: Workspace) -> None:
    with workspace.receive(URL) as sink:
        sink.write(b"xxxx tail")
        sink.seek(0)
        sink.write(b"head")
    found = workspace.find(URL)
    assert found is not None
    assert found.sha256 == hashlib.sha256(b"head tail").hexdigest()


def test_one_content_under_two_addresses_is_one_object(workspace: Workspace) -> None:
    workspace.store("https://a.example/1", b"same")
    workspace.store("https://b.example/2", b"same")
    assert len(objects(workspace)) == 1


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"shorter")])
def test_a_missing_or_shortened_object_counts_as_not_found(
    workspace: Workspace, damage: Callable[[Path], object]
) -> None:
    damage(workspace.store(URL, b"a sound object").path)
    assert workspace.find(URL) is None
    assert workspace.read(URL) is None


def test_receiving_again_heals_a_damaged_object(workspace: Workspace) -> None:
    path = workspace.store(URL, b"a sound object").path
    path.write_bytes(b"a damaged obj!")  # the same length
    assert workspace.store(URL, b"a sound object").path.read_bytes() == b"a sound object"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_only_the_owner_may_look_into_the_workspace(workspace: Workspace) -> None:
    stored = workspace.store(URL, b"secret")
    for folder in (workspace.root, workspace.root / "objects", stored.path.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (stored.path, workspace.root / "catalogue.sqlite"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "https://x/..%2f..%2fetc", "C:\\x", "a\0b", "CON"]
)
def test_remote_names_never_become_paths(workspace: Workspace, url: str) -> None:
    stored = workspace.store(url, b"anything")
    sha256 = hashlib.sha256(b"anything").hexdigest()
    assert stored.path == workspace.root / "objects" / sha256[:2] / sha256
    assert workspace.read(url) == b"anything"


def test_whichever_file_operation_fails_the_old_or_the_new_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLite tests itself: the n-th operation fails, for every n until there are no more."""
    failed_at, refused = 0, 0
    while True:
        with Workspace.open(tmp_path / str(failed_at)) as workspace:
            workspace.store(URL, b"old")
            with monkeypatch.context() as shim:
                operations = fail_at(shim, failed_at)
                try:
                    workspace.store(URL, b"new and longer")
                    failed = False
                except WorkspaceError:
                    failed = True
            assert workspace.read(URL) == (b"old" if failed else b"new and longer")
            assert workspace.store(URL, b"new and longer").path.read_bytes() == b"new and longer"
            assert list((workspace.root / "partial").iterdir()) == []
        refused += failed
        if operations[0] <= failed_at:
            break
        failed_at += 1
    # the part: open, write, sync; what is known of it: open, write, replace; the object: sync, replace, sync
    assert refused >= 9


def fail_at(shim: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let the ``number``-th call of open, fsync and replace fail; returns the count of calls."""
    calls = [0]

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            calls[0] += 1
            if calls[0] - 1 == number:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **named)

        return call

    for name in ("open", "write", "fsync", "replace", "mkdir"):
        shim.setattr(os, name, wrapped(getattr(os, name)))
    return calls


def test_partial_files_of_the_first_version_are_swept_away(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    partial = tmp_path / "objects" / "old.part"
    partial.write_bytes(b"half")
    Workspace.open(tmp_path).close()
    assert not partial.exists()


def test_several_threads_receive_at_once(workspace: Workspace) -> None:
    def receive(number: int) -> None:
        for step in range(10):
            workspace.store(f"https://store.example/{number}/{step}", f"{number} {step}".encode())

    threads = [threading.Thread(target=receive, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        for step in range(10):
            assert workspace.read(f"https://store.example/{number}/{step}") == f"{number} {step}".encode()
