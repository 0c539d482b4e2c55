"""``verify``: what is damaged is named with its job, fetched again when asked, and the exit code tells."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.server import Sandbox
from app.workspace import Workspace
from tests.commands import JOB, PROJECT, pointproof, small_sandbox

SCAN = "https://data.example/street/lidar/000001.pcd"
MASK = "https://data.example/street/masks/000000.txt"


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with small_sandbox(tmp_path / "delivery", monkeypatch) as sandbox:
        yield sandbox


@pytest.fixture
def root(tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Path:
    """A workspace with that job."""
    assert pointproof("fetch", "--project", PROJECT, JOB, "--out", tmp_path / "ws") == 0
    capsys.readouterr()
    sandbox.forget_requests()
    return tmp_path / "ws"


def object_of(root: Path, url: str) -> Path:
    with Workspace.open(root, read_only=True) as workspace:
        found = workspace.find(url)
    assert found is not None
    return found.path


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def verify(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = pointproof("verify", *arguments, "--json")
    return code, json.loads(capsys.readouterr().out)


def test_a_sound_workspace_ends_with_0(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = verify(capsys, root, "--read-data")
    assert (code, report["damage"], report["unused_objects"], report["unfinished_transfers"]) == (0, [], 0, 0)
    assert pointproof("verify", root) == 0
    assert "every file is here in its size" in capsys.readouterr().out


def test_one_flipped_bit_is_named_with_its_job_when_the_data_is_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flip_a_bit(object_of(root, SCAN))
    assert verify(capsys, root)[0] == 0
    code, report = verify(capsys, root, "--read-data")
    assert code == 1
    assert report["damage"] == [{"url": SCAN, "problem": "damaged", "job_ids": [JOB], "jobs": ["street"]}]
    assert verify(capsys, root)[0] == 1  # what was found once is known


def test_missing_and_shortened_files_are_named_without_reading_the_data(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    object_of(root, SCAN).unlink()
    object_of(root, MASK).write_bytes(b"[1")
    code, report = verify(capsys, root)
    assert code == 1
    assert {(damage["url"], damage["problem"]) for damage in report["damage"]} == {
        (SCAN, "missing"),
        (MASK, "wrong size"),
    }
    assert pointproof("verify", root) == 1
    out = capsys.readouterr().out
    assert f"missing: {SCAN} (job street)" in out
    assert "2 damaged files" in out


def test_a_repair_fetches_what_is_damaged_and_nothing_else(
    sandbox: Sandbox, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flip_a_bit(object_of(root, SCAN))
    object_of(root, MASK).unlink()
    code, report = verify(capsys, root, "--read-data", "--repair")
    assert (code, len(report["damage"]), report["remaining"], report["problems"]) == (0, 2, [], [])
    fetched = [request.path for request in sandbox.requests if request.origin == "store"]
    assert sorted(Path(path).name for path in fetched) == ["000000.txt", "000001.pcd"]
    assert verify(capsys, root, "--read-data")[0] == 0


def test_a_damaged_result_document_is_asked_for_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Workspace.open(root) as workspace:
        job = workspace.job(JOB)
    assert job is not None
    flip_a_bit(root / "objects" / job.result_sha256[:2] / job.result_sha256)
    code, report = verify(capsys, root, "--read-data", "--repair")
    assert (code, len(report["damage"]), report["remaining"]) == (0, 1, [])


def test_what_cannot_be_fetched_stays_named(
    sandbox: Sandbox, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    object_of(root, SCAN).unlink()
    monkeypatch.delenv("POINTPROOF_TELUS_API_KEY")
    code, report = verify(capsys, root, "--repair")
    assert (code, len(report["remaining"])) == (1, 1)
    assert "Set POINTPROOF_TELUS_API_KEY" in report["problems"][0]
    assert sandbox.requests == ()


def test_objects_that_no_file_uses_are_told_and_swept_by_a_repair(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stray = root / "objects" / "00" / ("0" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    code, report = verify(capsys, root)
    assert (code, report["unused_objects"], report["unused_bytes"]) == (0, 1, 5)
    assert stray.exists()
    verify(capsys, root, "--repair")
    assert not stray.exists()


def test_a_folder_without_a_workspace_ends_with_3_and_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof("verify", tmp_path / "none") == 3
    assert "no workspace" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_damaged_catalogue_ends_with_3(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    connection = sqlite3.connect(root / "catalogue.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = root / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 3] = bytes(4096 * 2)
    path.write_bytes(content)
    assert pointproof("verify", root) == 3
    assert "damaged" in capsys.readouterr().err


def test_nothing_is_repaired_while_another_program_has_the_workspace_open(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace.open(root):
        assert verify(capsys, root)[1]["notice"]
        assert pointproof("verify", root, "--repair") == 3
        assert "Another Pointproof" in capsys.readouterr().err
