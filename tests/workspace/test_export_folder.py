"""Folders that are exported into: nothing of others is touched, and an export is there whole or not at all."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import InputError, WorkspaceError
from app.formats.export_manifest import MANIFEST_NAME, ExportManifest, decode_manifest, encode_manifest
from app.workspace.export_folder import TargetState, export_into, target_state
from tests.deadly import run_to_its_death

MANIFEST = ExportManifest(job="street", format="pcd", whole=False, frames=())


def write(target: Path, *names: str, content: bytes = b"new", replace: bool = False) -> None:
    with export_into(target, replace=replace) as folder:
        for name in names:
            with folder.create(name) as stream:
                stream.write(content)
        folder.publish(MANIFEST)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != MANIFEST_NAME}


def write_half(target: Path) -> None:
    with export_into(target, replace=False) as folder, folder.create("000000.pcd") as stream:
        stream.write(b"half")
        raise KeyError


def test_files_appear_together_with_a_manifest_that_lists_them(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with export_into(target, replace=False) as folder:
        with folder.create("labels/000000.label") as stream:
            stream.write(b"1")
        assert [path.name for path in target.iterdir() if not path.name.startswith(".pointproof-export-")] == []
        folder.publish(MANIFEST)
    assert contents(target) == {"labels/000000.label": b"1"}
    manifest = decode_manifest((target / MANIFEST_NAME).read_bytes())
    assert manifest is not None
    assert manifest.files == ("labels/000000.label",)


def test_what_was_not_published_is_gone_with_the_folders_made_for_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_half(tmp_path / "deep" / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled_and_stays_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(KeyError), export_into(tmp_path, replace=False):
        raise KeyError
    assert tmp_path.is_dir()
    write(tmp_path, "000000.pcd")
    assert contents(tmp_path) == {"000000.pcd": b"new"}


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("manifest", [None, b"{}", b"\xff\xfe", b"[" * 5000, b'{"program": "other", "kind": "export"}'])
def test_a_folder_with_something_else_is_never_written_to(
    tmp_path: Path, manifest: bytes | None, replace: bool
) -> None:
    (tmp_path / "thesis.txt").write_bytes(b"years")
    if manifest is not None:
        (tmp_path / MANIFEST_NAME).write_bytes(manifest)
    assert target_state(tmp_path) is TargetState.OCCUPIED
    with pytest.raises(InputError, match="something else"):
        write(tmp_path, "thesis.txt", replace=replace)
    assert contents(tmp_path) == {"thesis.txt": b"years"}


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(InputError, match="something else"):
        write(tmp_path / "out", "000000.pcd", replace=True)


def test_an_earlier_export_is_replaced_only_when_allowed(tmp_path: Path) -> None:
    write(tmp_path, "000000.pcd", content=b"old")
    assert target_state(tmp_path) is TargetState.EXPORT
    with pytest.raises(InputError, match="earlier export"):
        write(tmp_path, "000000.pcd")
    assert contents(tmp_path) == {"000000.pcd": b"old"}
    write(tmp_path, "000000.pcd", replace=True)
    assert contents(tmp_path) == {"000000.pcd": b"new"}


def test_files_of_the_earlier_export_go_and_those_of_the_person_stay(tmp_path: Path) -> None:
    write(tmp_path, "velodyne/000000.bin", "labels/000000.label", "poses.txt", content=b"old")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    (tmp_path / "labels" / "mine.label").write_bytes(b"mine")
    write(tmp_path, "000000.pcd", replace=True)
    assert contents(tmp_path) == {"000000.pcd": b"new", "notes.txt": b"mine", "labels/mine.label": b"mine"}
    assert not (tmp_path / "velodyne").exists()


@pytest.mark.parametrize("name", ["../precious.txt", "/etc/passwd", "labels/../../precious.txt", "link/precious.txt"])
def test_a_manifest_that_somebody_edited_removes_nothing_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    for precious in (tmp_path / "precious.txt", tmp_path / "elsewhere" / "precious.txt"):
        precious.write_bytes(b"years")
    target = tmp_path / "out"
    target.mkdir()
    (target / "link").symlink_to(tmp_path / "elsewhere")
    edited = ExportManifest(job="", format="pcd", whole=False, frames=(), files=(name,))
    (target / MANIFEST_NAME).write_bytes(encode_manifest(edited))
    write(target, "000000.pcd", replace=True)
    assert (tmp_path / "precious.txt").read_bytes() == b"years"
    assert (tmp_path / "elsewhere" / "precious.txt").read_bytes() == b"years"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("earlier", [False, True])
def test_whichever_call_fails_whole_files_stay_and_the_reason_is_told(
    tmp_path: Path, code: int, earlier: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, number = True, 0
    while failing:
        number += 1
        target = tmp_path / str(number)
        if earlier:
            write(target, "000000.pcd", "velodyne/000001.bin", content=b"old")
        with monkeypatch.context() as patch:
            calls = fail_at(patch, number, code)
            told = sentence_of(lambda target=target: write(target, "000000.pcd", "labels/000001.label", replace=True))
        failing = len(calls) >= number
        assert told.startswith("Could not ") or (not told and (target / MANIFEST_NAME).is_file())
        if told and earlier:
            assert target_state(target) is TargetState.EXPORT
            assert set(contents(target).values()) <= {b"old", b"new"}
        elif told and target.is_dir():
            assert contents(target) == {} or (target / MANIFEST_NAME).is_file()
    assert number > 10
    assert contents(target) == {"000000.pcd": b"new", "labels/000001.label": b"new"}


def sentence_of(work: Callable[[], None]) -> str:
    """Why it failed, empty where it did not."""
    try:
        work()
    except WorkspaceError as error:
        return str(error)
    return ""


def fail_at(patch: pytest.MonkeyPatch, number: int, code: int) -> list[str]:
    """Let the n-th call that changes the disk fail; the list grows with every call."""
    calls: list[str] = []

    def failing(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            calls.append(name)
            if len(calls) == number:
                raise OSError(code, os.strerror(code))
            return real(*arguments, **named)

        return call

    for name in ("fsync", "replace", "mkdir"):
        patch.setattr(os, name, failing(name, getattr(os, name)))
    return calls


CHILD = """
import sys
from pathlib import Path
from app.formats.export_manifest import ExportManifest
from app.workspace.export_folder import export_into
from tests.deadly import arm

arm(int(sys.argv[2]), "fsync", "replace", "mkdir")
with export_into(Path(sys.argv[1]), replace=True) as folder:
    for name in ("velodyne/000000.bin", "labels/000000.label"):
        with folder.create(name) as stream:
            stream.write(b"x" * 70000)
    folder.publish(ExportManifest(job="", format="semantic-kitti", whole=False, frames=()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("call", range(1, 12, 2))
def test_a_killed_export_leaves_whole_files_and_can_be_repeated(tmp_path: Path, call: int) -> None:
    target = tmp_path / "out"
    run_to_its_death(CHILD, target, call)
    placed = (
        {name: content for name, content in contents(target).items() if not name.startswith(".")}
        if target.is_dir()
        else {}
    )
    assert all(content == b"x" * 70000 for content in placed.values())
    assert target_state(target) in (TargetState.FREE, TargetState.EXPORT)
    write(target, "000000.pcd", replace=True)
    assert not [path for path in target.iterdir() if path.name.startswith(".")]
    assert contents(target)["000000.pcd"] == b"new"
