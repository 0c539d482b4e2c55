"""How much the workspace takes, and making room by letting go of what was not looked at for longest."""

import json
from collections.abc import Collection, Mapping

from app.workspace.addresses import ANSWER_PATTERNS
from app.workspace.catalogue import Catalogue, Row
from app.workspace.files import ReceivedFiles
from app.workspace.listing import Listing
from app.workspace.records import DELIVERED, JobGaps, StoredJob

_USAGE = "SELECT sum(size) AS bytes FROM (SELECT max(size) AS size FROM files WHERE sha256 <> '' GROUP BY sha256)"
_SIZES = """SELECT job_id, sum(size) AS bytes FROM job_files JOIN files USING (url_key)
    WHERE state = 'stored' GROUP BY job_id"""
# the few files that are lacking lead to their jobs, not the many jobs to their files
_GAPS = """SELECT job_id, sum(state = 'wanted') AS missing, sum(state = 'damaged') AS damaged
    FROM files CROSS JOIN job_files USING (url_key) WHERE state <> 'stored' AND shown_url NOT LIKE 'edge-impulse:%'
    GROUP BY job_id"""
_DAMAGED = "SELECT url_key FROM files JOIN job_files USING (url_key) WHERE job_id = :job_id AND state = 'damaged'"
_MOMENT = "coalesce(nullif(opened_at, ''), added_at)"  # when a job was last of interest
_STAYS = f"(pinned OR project_id = '{DELIVERED}')"  # no service gives again what a bundle brought
_OLDEST = f"""SELECT job_id, {_MOMENT} AS moment, jobs.rowid AS place FROM jobs
    WHERE result_key <> '' AND NOT {_STAYS} ORDER BY moment, place"""
# all but documents and answers, of what is no longer needed once this job and those whose turn came before it went
_ITS_FILES = f"""SELECT url_key FROM job_files AS need JOIN files USING (url_key)
    WHERE need.job_id = :job_id AND sha256 <> ''
    AND NOT EXISTS (SELECT 1 FROM json_each(:kinds) WHERE shown_url GLOB value)
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE result_key = files.url_key)
    AND NOT EXISTS (SELECT 1 FROM job_files AS other JOIN jobs USING (job_id) WHERE other.url_key = files.url_key
        AND ({_STAYS} OR ({_MOMENT}, jobs.rowid) > (:moment, :place)
            OR job_id IN (SELECT value FROM json_each(:keep))))"""


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

    def job_gaps(self) -> Mapping[str, JobGaps]:
        """What each job lacks; jobs that lack nothing are absent."""
        return {row["job_id"]: JobGaps(row["missing"], row["damaged"]) for row in self._catalogue.rows(_GAPS)}

    def damaged_keys(self, job_id: str) -> frozenset[str]:
        """Keys of the files that a job needs and that were found damaged."""
        return frozenset(row["url_key"] for row in self._catalogue.rows(_DAMAGED, {"job_id": job_id}))

    def make_room(self, limit_bytes: int, *, keep: Collection[str]) -> tuple[StoredJob, ...]:
        """Let go of the pictures, scans and masks of jobs, the least recently opened first, until ``limit_bytes`` are
        not exceeded; returns these jobs. Videos and images of linked samples count as pictures.

        Pinned jobs, those that came with a bundle and those in ``keep`` stay whole; of every job the result document,
        links, answers of Edge Impulse and what led to them stay. The catalogue lets go first, then the disk: after a
        crash in between nothing is missing that the catalogue promises.
        """
        self._catalogue.require_writable()
        usage, gone, kept = self.usage(), list[str](), json.dumps(sorted(keep))
        for row in self._catalogue.rows(_OLDEST):
            if usage <= limit_bytes:
                break
            keys = () if row["job_id"] in keep else self._its_files(row, kept)
            if keys:
                usage -= self._files.forget(keys)
                gone.append(row["job_id"])
        return tuple(job for job_id in gone if (job := self._listing.job(job_id)) is not None)

    def _its_files(self, job: Row, kept: str) -> tuple[str, ...]:
        rows = self._catalogue.rows(_ITS_FILES, {**job, "keep": kept, "kinds": json.dumps(ANSWER_PATTERNS)})
        return tuple(row["url_key"] for row in rows)
