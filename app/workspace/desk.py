"""What the user left lying: how each job was last looked at, and the queue of downloads."""

from collections.abc import Iterable
from dataclasses import asdict

from app.workspace.catalogue import Catalogue
from app.workspace.records import QueuedJob

_FIELDS = tuple(QueuedJob.__dataclass_fields__)
_QUEUE = f"""INSERT INTO queued_jobs (position, {", ".join(_FIELDS)})
    VALUES (:position, {", ".join(f":{name}" for name in _FIELDS)})"""


class Desk:
    """Survives the end of the program, so that work goes on where it stopped."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def last_view(self, job_id: str) -> bytes | None:
        """What ``save_last_view`` was given for a job."""
        row = self._catalogue.row("SELECT view FROM last_views WHERE job_id = :job_id", {"job_id": job_id})
        return None if row is None else bytes(row["view"])

    def save_last_view(self, job_id: str, view: bytes) -> None:
        """Remember how a job was looked at; the bytes mean something to the caller alone."""
        statement = "INSERT OR REPLACE INTO last_views (job_id, view) VALUES (:job_id, :view)"
        self._catalogue.write((statement, [{"job_id": job_id, "view": view}]))

    def queued(self) -> tuple[QueuedJob, ...]:
        """The queue in its order."""
        rows = self._catalogue.rows(f"SELECT {', '.join(_FIELDS)} FROM queued_jobs ORDER BY position")
        return tuple(QueuedJob(**dict(row)) for row in rows)

    def save_queue(self, items: Iterable[QueuedJob]) -> None:
        """Replace the queue."""
        rows = [{"position": place, **asdict(item)} for place, item in enumerate(items)]
        self._catalogue.write(("DELETE FROM queued_jobs", [{}]), (_QUEUE, rows))
