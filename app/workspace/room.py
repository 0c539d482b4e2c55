"""How much the workspace takes, and making room by letting go of what was not looked at for longest."""

import json
from collections.abc import Collection, Iterator, Mapping

from app.workspace.catalogue import Catalogue
from app.workspace.files import ReceivedFiles
from app.workspace.listing import Listing
from app.workspace.records import StoredJob

_USAGE = "SELECT sum(size) AS bytes FROM (SELECT max(size) AS size FROM files WHERE sha256 <> '' GROUP BY sha256)"
_SIZES = """SELECT job_id, sum(size) AS bytes FROM job_files JOIN files USING (url_key)
    WHERE state = 'stored' GROUP BY job_id"""
_OLDEST = """SELECT job_id FROM jobs WHERE result_key <> '' AND NOT pinned
    ORDER BY coalesce(nullif(opened_at, ''), added_at), jobs.rowid"""
# masks, scans and images that no other job needs but those whose turn came before
_ITS_FILES = """SELECT url_key FROM job_files AS need JOIN files USING (url_key)
    WHERE need.job_id = :job_id AND sha256 <> '' AND shown_url NOT LIKE 'edge-impulse:%'
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE result_key = files.url_key)
    AND NOT EXISTS (SELECT 1 FROM job_files AS other JOIN jobs USING (job_id) WHERE other.url_key = files.url_key
        AND job_id <> :job_id AND job_id NOT IN (SELECT value FROM json_each(:before)))"""


class Room:
    """Sizes in bytes. Content that two addresses share counts once in all, and for each job that needs it."""

    def __init__(self, catalogue: Catalogue, files: ReceivedFiles, listing: Listing) -> None:
        self._catalogue = catalogue
        self._files = files
        self._listing = listing

    def usage(self) -> int:
        """Bytes of all objects."""
        row = self._catalogue.row(_USAGE)
        return int(row["bytes"] or 0) if row else 0

    def job_sizes(self) -> Mapping[str, int]:
        """Bytes of the files of each job that has any."""
        return {row["job_id"]: int(row["bytes"]) for row in self._catalogue.rows(_SIZES)}

    def make_room(self, limit_bytes: int, *, keep: Collection[str]) -> tuple[StoredJob, ...]:
        """Let go of the pictures, scans and masks of jobs, the least recently opened first, until ``limit_bytes`` are
        not exceeded; returns these jobs.

        Pinned jobs and those in ``keep`` stay whole; of every job the result document, links, and answers of Edge
        Impulse stay. The catalogue lets go first, then the disk: after a crash in between nothing is missing that the
        catalogue promises.
        """
        self._catalogue.require_writable()
        usage, before, gone = self.usage(), list[str](), list[str]()
        for job_id in self._oldest(keep):
            if usage <= limit_bytes:
                break
            keys = self._its_files(job_id, before)
            before.append(job_id)
            if keys:
                usage -= self._files.forget(keys)
                gone.append(job_id)
        return tuple(job for job_id in gone if (job := self._listing.job(job_id)) is not None)

    def _oldest(self, keep: Collection[str]) -> Iterator[str]:
        return (row["job_id"] for row in self._catalogue.rows(_OLDEST) if row["job_id"] not in keep)

    def _its_files(self, job_id: str, before: list[str]) -> tuple[str, ...]:
        rows = self._catalogue.rows(_ITS_FILES, {"job_id": job_id, "before": json.dumps(before)})
        return tuple(row["url_key"] for row in rows)
