"""Damaged data is found, named with its job, never shown as sound, and healed by fetching it again."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from app.domain.annotation import JobResult
from app.errors import DamagedFileError, WorkspaceError
from app.progress import Cancelled, Progress, Step
from app.workspace import Damage, StoredFile, Workspace
from app.workspace.addresses import url_key
from app.workspace.objects import hash_stream

RESULT, SCAN, MASK = (f"https://store.example/{name}" for name in ("result.json", "scan.pcd", "mask.txt"))
CONTENT = b"a sound object" * 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one job of a document and two files."""
    root = tmp_path / "ws"
    with Workspace.open(root) as workspace:
        workspace.store(RESULT, b"{}")
        workspace.store(SCAN, CONTENT)
        workspace.store(MASK, b"[1, 2]")
        job = JobResult("p1", "j1", "street", "b1", "completed", RESULT)
        workspace.save_result(job, frames=1, urls=[SCAN, MASK])
    return root


def stored(workspace: Workspace, url: str = SCAN) -> StoredFile:
    found = workspace.find(url)
    assert found is not None
    return found


def flip_a_bit(path: Path, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def read(file: StoredFile) -> bytes:
    with file.open("a point cloud") as stream:
        return stream.read()


@pytest.mark.parametrize("bit", [0, 8 * len(CONTENT) // 2, 8 * len(CONTENT) - 1])
def test_one_flipped_bit_in_an_object_is_found_before_its_first_use(root: Path, bit: int) -> None:
    with Workspace.open(root) as workspace:
        flip_a_bit(stored(workspace).path, bit)
        file = stored(workspace)
        with pytest.raises(DamagedFileError, match="point cloud is damaged") as caught:
            read(file)
        assert "Fetch the job again" in caught.value.next_step
        assert workspace.find(SCAN) is None  # so it is fetched again
        assert workspace.read(SCAN) is None
        assert read(stored(workspace, MASK)) == b"[1, 2]"


def test_what_was_found_damaged_once_stays_so_for_other_runs(root: Path) -> None:
    with Workspace.open(root) as workspace:
        flip_a_bit(stored(workspace).path)
        assert workspace.read(SCAN) is None
    with Workspace.open(root) as workspace:
        assert workspace.find(SCAN) is None


def test_a_workspace_that_is_only_read_refuses_damaged_files_too(root: Path) -> None:
    with Workspace.open(root, read_only=True) as workspace:
        flip_a_bit(stored(workspace).path)
        with pytest.raises(DamagedFileError):
            read(stored(workspace))
        assert workspace.find(SCAN) is None


def test_receiving_a_damaged_file_again_heals_it(root: Path) -> None:
    with Workspace.open(root) as workspace:
        flip_a_bit(stored(workspace).path)
        assert workspace.read(SCAN) is None
        workspace.store(SCAN, CONTENT)
        assert workspace.read(SCAN) == CONTENT
        assert list(workspace.verify(read_data=True)) == []


def test_healing_one_address_heals_every_other_of_the_same_content(root: Path) -> None:
    other = "https://store.example/copy.pcd"
    with Workspace.open(root) as workspace:
        workspace.store(other, CONTENT)
        flip_a_bit(stored(workspace).path)
        assert (workspace.read(SCAN), workspace.read(other)) == (None, None)
        workspace.store(SCAN, CONTENT)
        assert workspace.read(other) == CONTENT


def test_an_object_that_somebody_put_right_is_found_again(root: Path) -> None:
    with Workspace.open(root) as workspace:
        path = stored(workspace).path
        flip_a_bit(path)
        assert workspace.read(SCAN) is None
        flip_a_bit(path)
        assert list(workspace.verify()) == []
        assert workspace.read(SCAN) == CONTENT


def test_a_damaged_result_document_counts_as_not_here(root: Path) -> None:
    with Workspace.open(root) as workspace:
        job = workspace.job("j1")
        assert job is not None
        stored(workspace, RESULT).path.write_bytes(b"[]")
        assert workspace.job_document(job) is None
        assert [damage.problem for damage in workspace.verify()] == ["damaged"]


def test_an_object_is_hashed_once_per_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[object] = []

    def count(stream: BinaryIO) -> str:
        hashed.append(stream)
        return hash_stream(stream)

    monkeypatch.setattr("app.workspace.soundness.hash_stream", count)
    with Workspace.open(root) as workspace:
        for _ in range(3):
            assert read(stored(workspace)) == CONTENT
    assert len(hashed) == 1


def test_what_was_just_written_is_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_stream: object) -> str:
        raise AssertionError("its hash is known from writing it")

    with Workspace.open(root) as workspace:
        workspace.store("https://store.example/new", b"new")
        monkeypatch.setattr("app.workspace.soundness.hash_stream", refuse)
        assert workspace.read("https://store.example/new") == b"new"


def test_every_damage_is_named_with_its_job(root: Path) -> None:
    with Workspace.open(root) as workspace:
        stored(workspace, RESULT).path.unlink()
        stored(workspace, MASK).path.write_bytes(b"[1")
        flip_a_bit(stored(workspace).path)
        expected = {
            Damage(url_key(RESULT), RESULT, ("j1",), ("street",), "missing"),
            Damage(url_key(MASK), MASK, ("j1",), ("street",), "wrong size"),
        }
        assert set(workspace.verify()) == expected
        damaged = Damage(url_key(SCAN), SCAN, ("j1",), ("street",), "damaged")
        assert set(workspace.verify(read_data=True)) == {*expected, damaged}
        assert workspace.find(SCAN) is None


def test_verifying_tells_how_far_it_is_and_can_be_stopped(root: Path) -> None:
    steps: list[Step] = []
    with Workspace.open(root) as workspace:
        assert list(workspace.verify(read_data=True, progress=Progress(steps.append))) == []
        assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
        progress = Progress()
        progress.cancel()
        with pytest.raises(Cancelled):
            list(workspace.verify(progress=progress))


def test_verifying_many_files_holds_few_of_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.workspace.inspection._PAGE", 2)
    with Workspace.open(root) as workspace:
        for number in range(7):
            workspace.store(f"https://store.example/{number}", b"%d" % (number // 2))
        for path in (root / "objects").rglob("*"):
            if path.is_file():
                path.unlink()
        assert len(list(workspace.verify())) == 3 + 7


def test_objects_that_no_file_uses_are_no_damage_and_can_be_swept(root: Path) -> None:
    with Workspace.open(root) as workspace:
        name = hashlib.sha256(b"stray").hexdigest()
        stray = root / "objects" / name[:2] / name
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"stray")
        assert list(workspace.verify(read_data=True)) == []
        assert (workspace.left_overs().objects, workspace.left_overs().object_bytes) == ((name,), 5)
        assert workspace.sweep() == 1
        assert not stray.exists()
        assert workspace.read(SCAN) == CONTENT


def test_content_that_an_address_gave_before_is_let_go_of_with_it(root: Path) -> None:
    with Workspace.open(root) as workspace:
        before = stored(workspace).path
        workspace.store(SCAN, b"changed by its owner")
        assert not before.exists()
        assert workspace.left_overs().objects == ()


def test_forgetting_an_address_keeps_what_another_gave_too(root: Path) -> None:
    copy = "https://store.example/copy.pcd"
    with Workspace.open(root) as workspace:
        path = workspace.store(copy, CONTENT).path
        workspace.forget([SCAN])
        assert (workspace.read(SCAN), workspace.read(copy)) == (None, CONTENT)
        workspace.forget([copy, "https://store.example/never-came"])
        assert not path.exists()
        assert list(workspace.verify()) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_an_object_that_may_not_be_read_is_an_error_in_words(root: Path) -> None:
    with Workspace.open(root) as workspace:
        file = stored(workspace)
        file.path.chmod(0)
        with pytest.raises(WorkspaceError, match="denied"):
            read(file)
