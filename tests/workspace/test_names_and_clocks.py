"""Names from a service never become paths, and clocks decide nothing that matters."""

import errno
import os
import re
import time
import unicodedata
from pathlib import Path

import pytest

from app.domain.annotation import JobPage, JobResult, JobSummary
from app.errors import WorkspaceError
from app.workspace import Workspace

# on some system each of these is another name for one of the others, or no name at all
TWINS = [
    "CON", "con", "Con", "NUL", "COM1", "aux.txt", "a:b", "a", "a.", "a ", "A", "a.txt", "A.TXT", "a\\b", "a/b", "..",
    unicodedata.normalize("NFC", "straße é"), unicodedata.normalize("NFD", "straße é"), "STRASSE É", "x" * 300, "\0",
    "",
]  # fmt: skip
OUR_NAMES = re.compile(
    r"catalogue\.sqlite(-wal|-shm)?|writer\.lock|objects|partial|objects/[0-9a-f]{2}|objects/[0-9a-f]{2}/[0-9a-f]{64}"
)


def test_names_that_are_one_on_some_system_never_collide(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        for number, name in enumerate(TWINS):
            workspace.store(name, b"%d" % number)
            result = JobResult("p1", name or "empty", name, "b1", "completed", name)
            workspace.save_result(result, frames=number, urls=[])
        for number, name in enumerate(TWINS):
            assert workspace.read(name) == b"%d" % number
            job = workspace.job(name or "empty")
            assert job is not None
            assert (job.frames, workspace.job_document(job)) == (number, b"%d" % number)
        assert list(workspace.verify(read_data=True)) == []
        names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert [name for name in names if not OUR_NAMES.fullmatch(name)] == []


def test_contents_are_told_apart_by_more_than_the_case_of_letters() -> None:
    assert OUR_NAMES.fullmatch("objects/ab/" + "a" * 64)
    assert not OUR_NAMES.fullmatch("objects/AB/" + "A" * 64)  # names of objects are lower case throughout


def test_files_whose_time_is_zero_or_far_ahead_are_sound(tmp_path: Path) -> None:
    with Workspace.open(tmp_path) as workspace:
        for number, moment in enumerate((0, 1, 2**31, 2**33)):
            path = workspace.store(f"https://store.example/{number}", b"%d" % number).path
            os.utime(path, (moment, moment))
    with Workspace.open(tmp_path) as workspace:
        assert list(workspace.verify(read_data=True)) == []
        for number in range(4):
            assert workspace.read(f"https://store.example/{number}") == b"%d" % number


def test_a_clock_that_jumps_changes_no_order_of_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = ["2026-03-29T00:59:59+00:00", "1970-01-01T00:00:00+00:00", "2038-01-19T03:14:08+00:00"]
    with Workspace.open(tmp_path) as workspace:
        for number, moment in enumerate(moments):
            monkeypatch.setattr("app.workspace.listing.now_text", lambda moment=moment: moment)
            page = JobPage((JobSummary(f"j{number}", f"street {number}", "completed"),), "")
            workspace.save_job_page(page, project_id="p1", batch_id="b1")
            workspace.mark_opened(f"j{number}")
        assert [job.job_id for job in workspace.jobs()] == ["j0", "j1", "j2"]


def test_times_are_kept_in_utc_whatever_the_zone_and_the_season(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be changed here")
    with Workspace.open(tmp_path) as workspace:
        times = []
        for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            stored = workspace.store(f"https://store.example/{zone}", b"x")
            times.append(stored.received_at)
        monkeypatch.delenv("TZ")
        time.tzset()
    assert all(moment.endswith("+00:00") for moment in times)
    assert times == sorted(times)


@pytest.mark.parametrize("name", ["x" * 300, "/".join(["deep" * 20] * 60)], ids=["a long name", "a long path"])
def test_a_path_that_is_too_long_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkspaceError, match="path is too long") as caught:
        Workspace.open(tmp_path / name)
    assert "shorter" in caught.value.next_step


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota is used up"),
        (errno.EIO, "read or write error"),
        (errno.EACCES, "Access is denied"),
        (errno.EROFS, "disk is read-only"),
        (errno.EMFILE, "Too many files are open"),
        (errno.ENAMETOOLONG, "path is too long"),
    ],
)
@pytest.mark.parametrize("operation", ["open", "write", "fsync", "replace"])
def test_what_the_system_refuses_is_named_and_the_old_data_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, code: int, words: str
) -> None:
    url = "https://store.example/scan.pcd?X-Amz-Signature=CANARY"

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    with Workspace.open(tmp_path) as workspace:
        workspace.store(url, b"old and whole")
        with monkeypatch.context() as broken:
            broken.setattr(os, operation, refuse)
            with pytest.raises(WorkspaceError, match=words) as caught:
                workspace.store(url, b"new")
        assert caught.value.next_step
        assert "CANARY" not in str(caught.value)
        assert workspace.read(url) == b"old and whole"
        workspace.store(url, b"new")
        assert workspace.read(url) == b"new"


def test_a_catalogue_that_finds_no_more_room_is_named_and_stays_as_it_was(tmp_path: Path) -> None:
    """SQLite's own refusal, not one made up: its file may not grow."""
    with Workspace.open(tmp_path) as workspace:
        workspace.store("https://store.example/1", b"old and whole")
        connection = workspace._catalogue._connection
        assert connection is not None
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(WorkspaceError, match="disk is full"):
            workspace.save_last_view("j1", bytes(1 << 20))
        assert workspace.last_view("j1") is None
        assert workspace.read("https://store.example/1") == b"old and whole"
        connection.execute("PRAGMA max_page_count=1000000")
        workspace.save_last_view("j1", bytes(1 << 20))
