"""Opening a workspace of many jobs: how long until they can be listed, and in how much memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.bench.fresh import grown_by_first
from app.bench.rows import Row, Work, compare
from app.domain.annotation import Batch, JobPage, JobSummary, Project
from app.workspace import Workspace
from app.workspace.addresses import url_key
from app.workspace.catalogue import CATALOGUE_NAME, Catalogue, Values
from app.workspace.read_only import asked_for

LIMIT_MS = 1000.0  # until the jobs are listed
FEW = (1, 5_000)  # files of each job, and bytes of each file
MANY = (20, 50_000_000)
_FEW = f"{FEW[0]} of {FEW[1] / 1e3:g} kB"
GOAL = 5.0  # most times that SQLite takes to hand out the rows
_BATCH = 100  # jobs

_PROJECT_ID = "street"
_DOWNLOADED = "UPDATE jobs SET result_key = :url_key, result_sha256 = :url_key WHERE job_id = :job_id"
_FILE = """INSERT INTO files (url_key, shown_url, state, size, sha256)
    VALUES (:url_key, :shown_url, 'stored', :size, :url_key)"""
_NEED = "INSERT INTO job_files (job_id, url_key) VALUES (:job_id, :url_key)"


def measure(*, jobs: int = 10_000, repeats: int = 9) -> list[Row]:
    """All rows of this section; catalogues of about 10 and 90 MB are written to a temporary folder, objects nowhere."""
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        fill(few, jobs=jobs, files=FEW[0], size=FEW[1])
        fill(many, jobs=jobs, files=MANY[0], size=MANY[1])
        return [*listing_rows(few, many, jobs=jobs, repeats=repeats), memory_row(few, many)]


def listing_rows(few: Path, many: Path, *, jobs: int, repeats: int) -> list[Row]:
    """Until the jobs are listed: against the limit, against SQLite itself, and against fewer and smaller files; then
    with the bytes of each job, which are counted over all files."""
    name = f"open a workspace of {jobs:,} jobs and list them"
    in_all = f"the same with what is here of each, {jobs * MANY[0]:,} files"
    ours: Work = lambda: listed(str(many))  # noqa: E731 - one short piece of work among others
    rows = compare(name, ours, peer="rows of jobs from SQLite", theirs=lambda: _rows(many), goal=GOAL, repeats=repeats)
    small = compare(name, ours, peer=_FEW, theirs=lambda: listed(str(few)), goal=1.25, repeats=repeats)
    counted = compare(in_all, lambda: shown(str(many)), peer="", theirs=None, goal=None, repeats=repeats // 3 + 1)
    return [_within_limit(name, rows.ours), rows, small, _within_limit(in_all, counted.ours)]


def _within_limit(name: str, ours_ms: float) -> Row:
    return Row(name, ours_ms, "the limit", LIMIT_MS, ours_ms / LIMIT_MS, 1.0)


def memory_row(few: Path, many: Path) -> Row:
    """The same jobs with many large files against few small ones, each in a new process, in megabytes."""
    ours, theirs = grown_by_first(shown, str(many)), grown_by_first(shown, str(few))
    name = f"memory of it, {MANY[0]} files of {MANY[1] / 1e6:g} MB a job"
    return Row(name, ours / 1e6, _FEW, theirs / 1e6, ours / theirs, 1.1, unit="MB")


def listed(root: str) -> object:
    """A workspace opened, its projects and jobs listed."""
    with Workspace.open(Path(root)) as workspace:
        return workspace.projects(), workspace.jobs()


def shown(root: str) -> object:
    """As the window shows it: with what is here of each job and what is missing."""
    with Workspace.open(Path(root)) as workspace:
        return workspace.projects(), workspace.jobs(), workspace.job_sizes(), workspace.job_gaps()


def fill(root: Path, *, jobs: int, files: int, size: int) -> None:
    """A workspace of downloaded jobs with ``files`` files of ``size`` bytes each; no object is there."""
    names = [f"job-{number:08}" for number in range(jobs)]
    batches = [names[start : start + _BATCH] for start in range(0, jobs, _BATCH)]
    with Workspace.open(root) as workspace:
        described = tuple(Batch(f"batch-{place}", f"batch {place}") for place in range(len(batches)))
        workspace.save_project(Project(_PROJECT_ID, "street", "", described))
        for batch, members in zip(described, batches, strict=True):
            page = JobPage(tuple(JobSummary(name, f"street {name}", "completed", 50, 71) for name in members), "")
            workspace.save_job_page(page, project_id=_PROJECT_ID, batch_id=batch.batch_id)
    catalogue = Catalogue.open(root / CATALOGUE_NAME)
    try:
        for members in batches:
            rows = list(_files(members, files=files, size=size))
            catalogue.write((_DOWNLOADED, rows[::files]), (_FILE, rows), (_NEED, rows))
    finally:
        catalogue.close()


def _files(jobs: list[str], *, files: int, size: int) -> Iterator[Values]:
    for job_id in jobs:
        for number in range(files):
            name = f"{job_id}/{number:06}"
            yield {
                "job_id": job_id,
                "url_key": url_key(name),
                "shown_url": f"https://store.example/{name}",
                "size": size,
            }


def _rows(root: Path) -> object:
    catalogue = Catalogue.open(root / CATALOGUE_NAME, read_only=asked_for(root))
    try:
        return catalogue.rows("SELECT * FROM jobs ORDER BY rowid")
    finally:
        catalogue.close()
