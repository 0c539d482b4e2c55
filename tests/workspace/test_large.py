"""A workspace of ten thousand jobs opens as fast as a small one: what matters is counted, not timed."""

import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.workspace import StoredJob, Workspace

JOBS = 10_000
FILES = 10  # of 5 MB each
COUNT = """WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < {last})"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of ten thousand downloaded jobs of 50 MB each; no object is there."""
    root = tmp_path_factory.mktemp("large")
    Workspace.open(root).close()
    connection = sqlite3.connect(root / "catalogue.sqlite")
    connection.execute(
        COUNT.format(last=JOBS - 1)
        + """ INSERT INTO jobs (job_id, project_id, batch_id, reference_id, name, status, frames, annotations,
        result_key, result_sha256, added_at) SELECT 'job-' || n, 'p1', 'b' || (n / 100), 'street ' || n, 'street ' || n,
        'completed', 50, 71, printf('%064x', n * 10), printf('%064x', n * 10), '2026-01-01' FROM number"""
    )
    connection.execute(
        COUNT.format(last=JOBS * FILES - 1)
        + """ INSERT INTO files (url_key, shown_url, state, size, sha256) SELECT printf('%064x', n),
        'https://store.example/' || n, 'stored', 5000000, printf('%064x', n) FROM number"""
    )
    connection.execute(
        COUNT.format(last=JOBS * FILES - 1)
        + f" INSERT INTO job_files SELECT 'job-' || (n / {FILES}), printf('%064x', n) FROM number"
    )
    connection.commit()
    connection.close()
    return root


class Work:
    """What SQLite did on every connection opened meanwhile: statements, and steps of its machine in thousands."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.steps = 0

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connect = sqlite3.connect

        def watched(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self.statements.append)
            connection.set_progress_handler(self._step, 1000)
            return connection

        monkeypatch.setattr(sqlite3, "connect", watched)

    def _step(self) -> int:
        self.steps += 1
        return 0


def work_of(root: Path, look: Callable[[Workspace], object], monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    with monkeypatch.context() as patched:
        work.watch(patched)
        with Workspace.open(root) as workspace:
            look(workspace)
    return work


def nothing(_workspace: Workspace) -> None:
    pass


def test_opening_does_the_same_work_however_much_is_stored(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.open(tmp_path / "small").close()
    small, big = (work_of(root, nothing, monkeypatch) for root in (tmp_path / "small", large))
    assert big.statements == small.statements
    assert big.steps == small.steps == 0  # fewer than a thousand


def test_ten_thousand_jobs_are_listed_with_one_statement_that_reads_jobs_alone(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[StoredJob, ...]] = []
    work = work_of(large, lambda workspace: found.append(workspace.jobs()), monkeypatch)
    assert len(found[0]) == JOBS
    opening = work_of(large, nothing, monkeypatch)
    (listing,) = work.statements[len(opening.statements) :]
    assert "files" not in listing
    assert work.steps < 40 * JOBS / 1000  # steps of the machine: some forty for a job


def test_one_job_and_its_files_are_found_without_looking_at_the_others(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(workspace: Workspace) -> None:
        assert workspace.job("street 9999") is not None
        assert workspace.job("job-5000") is not None
        assert len(workspace.jobs(project_id="p1", batch_id="b42")) == 100
        assert workspace.find("https://store.example/none") is None

    assert work_of(large, look, monkeypatch).steps <= 8


def test_ten_thousand_jobs_take_little_memory(large: Path) -> None:
    with Workspace.open(large) as workspace:
        tracemalloc.start()
        jobs = workspace.jobs()
        current, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(jobs) == JOBS
    assert current < 2_000 * JOBS
    assert peak < 3_000 * JOBS


def test_a_terabyte_is_added_up_from_the_catalogue(large: Path) -> None:
    with Workspace.open(large, read_only=True) as workspace:
        assert workspace.usage() == JOBS * FILES * 5_000_000
        sizes = workspace.job_sizes()
    assert len(sizes) == JOBS
    assert set(sizes.values()) == {FILES * 5_000_000}


def test_room_is_made_among_ten_thousand_jobs_with_work_for_those_that_go(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    Workspace.open(copy).close()
    (copy / "catalogue.sqlite").write_bytes((large / "catalogue.sqlite").read_bytes())
    target = (JOBS * FILES - 50 * (FILES - 1)) * 5_000_000
    gone: list[tuple[StoredJob, ...]] = []
    few = work_of(copy, lambda workspace: gone.append(workspace.make_room(target)), monkeypatch)
    assert [job.job_id for job in gone[0]] == [f"job-{number}" for number in range(50)]
    usage = work_of(copy, lambda workspace: workspace.usage(), monkeypatch)
    assert few.steps < usage.steps + 1000  # adding up, ordering the jobs, and some twenty thousand steps for each job
