"""Clouds that do not fit into memory, wherever they are opened: a sentence instead of a program that is killed."""

import os
from pathlib import Path

import pytest

from app.errors import TooLargeError
from app.jobs import open_path
from tests.builders import small_delivery
from tests.commands import pointproof

MANY = 100_000_000


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 2 kB left."""
    monkeypatch.setattr("app.jobs.local_job.available_bytes", lambda: 2000)
    monkeypatch.setattr("app.jobs.layouts.clouds.available_bytes", lambda: 2000)


@pytest.fixture
def hollow(tmp_path: Path) -> Path:
    """100 million points of zeros that take no room on the disk."""
    path = tmp_path / "street.bin"
    path.touch()
    os.truncate(path, 16 * MANY)
    return path


@pytest.mark.usefixtures("little_memory")
def test_a_frame_of_a_job_says_it_as_a_finding_and_the_job_stays_open(tmp_path: Path) -> None:
    job = open_path(small_delivery(tmp_path / "job", frames=1))
    frame = job.load_frame(0)
    assert frame.cloud is None
    messages = " ".join(finding.message for finding in frame.findings)
    assert "2 kB are free, enough for" in messages
    assert "save a part of the cloud" in messages
    job.close()


@pytest.mark.usefixtures("little_memory")
def test_a_single_cloud_is_not_opened(hollow: Path) -> None:
    with pytest.raises(TooLargeError, match="100,000,000 points"):
        open_path(hollow)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("command", [("inspect",), ("render", "-o", "picture.png")])
def test_the_terminal_gets_one_sentence_and_3(
    hollow: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert pointproof(command[0], hollow, *command[1:]) == 3
    error = capsys.readouterr().err
    assert error.startswith("pointproof: This cloud has 100,000,000 points and needs about 5.6 GB of memory;")
    assert error.count("\n") == 1
