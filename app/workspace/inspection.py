"""Looking over a whole workspace: what is damaged, and what lies around that nothing needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.progress import Progress
from app.workspace.catalogue import Catalogue, Row
from app.workspace.files import ReceivedFiles
from app.workspace.objects import ObjectStore
from app.workspace.partials import Partials
from app.workspace.records import StoredFile

Problem = Literal["missing", "wrong size", "damaged"]

_PAGE = 500  # rows held at a time
_ROWS = """SELECT url_key, shown_url, state, size, sha256 FROM files
    WHERE state <> 'wanted' AND (sha256, url_key) > (:sha256, :url_key) ORDER BY sha256, url_key LIMIT :page"""
_JOBS = """SELECT job_id, coalesce(jobs.name, job_id) AS name FROM job_files LEFT JOIN jobs USING (job_id)
    WHERE url_key = :url_key ORDER BY job_id"""
_IN_SHARD = "SELECT DISTINCT sha256 FROM files WHERE sha256 >= :shard AND sha256 < :behind"


@dataclass(frozen=True)
class Damage:
    """A file that is not as it was received, with the jobs that need it; ``shown_url`` is without its query."""

    url_key: str
    shown_url: str
    job_ids: tuple[str, ...]
    job_names: tuple[str, ...]
    problem: Problem


@dataclass(frozen=True)
class LeftOvers:
    """What is no damage: objects that no row of the catalogue knows, their bytes, and unfinished transfers."""

    objects: tuple[str, ...]
    object_bytes: int
    partials: int


class Inspection:
    """Goes over the catalogue row by row, and over the folder of objects shard by shard: memory stays flat."""

    def __init__(self, catalogue: Catalogue, objects: ObjectStore, partials: Partials, files: ReceivedFiles) -> None:
        self._catalogue = catalogue
        self._objects = objects
        self._partials = partials
        self._files = files

    def damage(self, *, read_data: bool, progress: Progress) -> Iterator[Damage]:
        """Every stored file that is missing or of another size; with ``read_data`` also those of another SHA-256.

        What is found is not handed out any more until it was fetched again. Raises WorkspaceError where the catalogue
        itself is damaged, and Cancelled.
        """
        self._catalogue.check()
        self._files.settle_all()
        known: Mapping[str, Problem | None] = {}
        counted = self._catalogue.row("SELECT count(*) AS files FROM files WHERE state <> 'wanted'")
        total = int(counted["files"]) if counted else 0
        for number, row in enumerate(self._rows(), start=1):
            if row["sha256"] not in known:  # rows of one content follow each other
                known = {row["sha256"]: self._problem(row, read_data=read_data)}
            problem = known[row["sha256"]]
            if problem is not None:
                yield self._damage(row, problem)
            progress.report(number, total, f"{number} of {total} files checked")

    def left_overs(self) -> LeftOvers:
        """What lies in the folder without belonging to a file."""
        self._files.settle_all()
        names = tuple(name for shard, found in self._objects.shards() for name in self._unknown(shard, found))
        sizes = (self._objects.size(name) or 0 for name in names)
        return LeftOvers(names, sum(sizes), len(self._partials.names()))

    def sweep(self) -> int:
        """Remove the objects that no row knows; returns how many."""
        self._catalogue.require_writable()
        return sum(self._files.remove_if_unused(name) for name in self.left_overs().objects)

    def _rows(self) -> Iterator[Row]:
        place: Mapping[str, str] = {"sha256": "", "url_key": ""}
        while rows := self._catalogue.rows(_ROWS, {**place, "page": _PAGE}):
            yield from rows
            place = {name: rows[-1][name] for name in place}

    def _problem(self, row: Row, *, read_data: bool) -> Problem | None:
        size = self._objects.size(row["sha256"])
        if size is None:
            return "missing"
        if size != row["size"]:
            return "wrong size"
        if not read_data and row["state"] == "stored":
            return None
        stored = StoredFile(self._objects.path(row["sha256"]), size, row["sha256"])
        return None if self._files.is_sound(stored) else "damaged"

    def _damage(self, row: Row, problem: Problem) -> Damage:
        jobs = self._catalogue.rows(_JOBS, {"url_key": row["url_key"]})
        job_ids, names = tuple(job["job_id"] for job in jobs), tuple(job["name"] for job in jobs)
        return Damage(row["url_key"], row["shown_url"], job_ids, names, problem)

    def _unknown(self, shard: str, names: tuple[str, ...]) -> Iterator[str]:
        rows = self._catalogue.rows(_IN_SHARD, {"shard": shard, "behind": f"{shard}g"})  # g follows the last hex digit
        known = {row["sha256"] for row in rows}
        return (name for name in names if name not in known)
