"""The rows of ``bench workspace`` at a size that costs nothing; how fast they are is not judged here."""

from pathlib import Path

from app.bench import workspaces
from app.bench.fresh import grown_by_first
from app.workspace import Workspace


def take(megabytes: int) -> None:
    bytearray(megabytes * 1_000_000)


def test_every_row_is_measured_against_its_peer() -> None:
    rows = workspaces.measure(jobs=150, repeats=1)
    assert [(row.name, row.peer) for row in rows] == [
        ("open a workspace of 150 jobs and list them", "the limit"),
        ("open a workspace of 150 jobs and list them", "rows of jobs from SQLite"),
        ("open a workspace of 150 jobs and list them", "1 of 5 kB"),
        ("the same with what is here of each, 3,000 files", "the limit"),
        ("memory of it, 20 files of 50 MB a job", "1 of 5 kB"),
    ]
    assert all(row.ours > 0 and row.ratio is not None and row.goal is not None for row in rows)
    assert [row.theirs for row in rows if row.peer == "the limit"] == [1000.0, 1000.0]


def test_the_workspace_that_is_measured_holds_what_its_rows_say(tmp_path: Path) -> None:
    workspaces.fill(tmp_path / "ws", jobs=101, files=3, size=7)
    with Workspace.open(tmp_path / "ws") as workspace:
        jobs = workspace.jobs()
        assert len({job.job_id for job in jobs}) == 101
        assert all(job.downloaded for job in jobs)
        assert len(workspace.projects()[0].batches) == 2
        assert workspace.job_sizes() == {job.job_id: 21 for job in jobs}
        assert workspace.job_gaps() == {}


def test_memory_is_that_of_the_first_run_in_a_new_process() -> None:
    grown = grown_by_first(take, 80)
    assert 79_000_000 <= grown <= 90_000_000
