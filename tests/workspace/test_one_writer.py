"""One program writes to a workspace; the others look, and say why."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pytest

from app.domain.annotation import Project
from app.errors import WorkspaceError
from app.workspace import CameraLink, FolderMapping, QueuedJob, Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
URL = "https://store.example/scan.pcd"
PROJECT = Project("p1", "Streets", "POINT_CLOUD", ())

# opens a workspace, tells whether it may write, and keeps it open until a line comes
OTHER = """
import sys
from pathlib import Path
from app.workspace import Workspace

with Workspace.open(Path(sys.argv[1])) as workspace:
    print(workspace.writable, workspace.notice, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def other_program(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another program with the workspace open, and what it said."""
    command = [sys.executable, "-c", OTHER, str(root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=REPOSITORY, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            if process.poll() is None:
                process.communicate("\n", timeout=30)


def test_a_second_program_looks_and_says_why(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        workspace.store(URL, b"points")
        with other_program(tmp_path) as (_, said):
            assert said.startswith("False Another Pointproof has the workspace")
            assert "Close the other one" in said
        assert workspace.writable
        workspace.save_project(PROJECT)


def test_what_another_program_writes_is_seen_but_not_changed(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as writer, Workspace.open(tmp_path) as reader:
        assert (writer.writable, reader.writable) == (True, False)
        assert "Another Pointproof" in reader.notice
        writer.save_project(PROJECT)
        writer.store(URL, b"points")
        assert reader.projects() == (PROJECT,)
        assert reader.read(URL) == b"points"


def test_the_place_of_a_closed_program_is_free(tmp_path: Path) -> None:
    with other_program(tmp_path) as (_, said):
        assert said.startswith("True")
        with Workspace.open(tmp_path) as workspace:
            assert not workspace.writable
    with Workspace.open(tmp_path) as workspace:
        assert workspace.writable


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_the_place_of_a_killed_program_is_free(tmp_path: Path) -> None:
    with other_program(tmp_path) as (process, _):
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        with Workspace.open(tmp_path) as workspace:
            assert workspace.writable


def test_looking_takes_no_place(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    with Workspace.open(tmp_path, read_only=True), Workspace.open(tmp_path) as workspace:
        assert workspace.writable


def test_an_opening_that_fails_gives_the_place_back(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(WorkspaceError):
        Workspace.open(tmp_path)
    (tmp_path / "catalogue.sqlite").unlink()
    with Workspace.open(tmp_path) as workspace:
        assert workspace.writable


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_a_disk_that_cannot_lock_is_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    with Workspace.open(tmp_path) as workspace:
        workspace.store(URL, b"points")

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with Workspace.open(tmp_path) as workspace:
        assert not workspace.writable
        assert "cannot lock files" in workspace.notice
        assert workspace.read(URL) == b"points"
        with pytest.raises(WorkspaceError, match="cannot lock files"):
            workspace.save_project(PROJECT)
    with pytest.raises(WorkspaceError, match="cannot lock files"):
        Workspace.open(tmp_path / "new")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks in another way")
def test_a_system_without_file_locks_leaves_no_file_that_would_lock_everybody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def missing(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    Workspace.open(tmp_path).close()
    with monkeypatch.context() as broken:
        broken.setattr(fcntl, "flock", missing)
        with Workspace.open(tmp_path) as workspace:
            assert "cannot lock files" in workspace.notice
    with Workspace.open(tmp_path) as workspace:
        assert workspace.writable


def test_every_write_to_a_workspace_that_is_only_read_says_why(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as writer, Workspace.open(tmp_path) as reader:
        writer.store(URL, b"points")
        for write in (
            lambda: reader.store(URL, b"other"),
            lambda: reader.save_project(PROJECT),
            lambda: reader.mark_opened("j1"),
            lambda: reader.set_pinned("j1", pinned=True),
            lambda: reader.save_camera_links("j1", [CameraLink("front", 7, 11, "", 5, "int8")]),
            lambda: reader.remove_camera_link("j1", "front"),
            lambda: reader.save_mapping(FolderMapping("p1", "https://store.example/", tmp_path)),
            lambda: reader.remove_mapping("p1", "https://store.example/"),
            lambda: reader.save_last_view("j1", b"view"),
            lambda: reader.save_queue([QueuedJob("p1", "j1", "street")]),
            lambda: reader.need("j1", [URL]),
            lambda: reader.forget([URL]),
            lambda: reader.make_room(0),
            reader.sweep,
        ):
            with pytest.raises(WorkspaceError, match="Another Pointproof"):
                write()
        assert writer.read(URL) == b"points"
