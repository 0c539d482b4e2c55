"""What bundles need of the workspace: files by the key of their address, and whole jobs."""

from collections.abc import Iterable

from app.workspace.bundle_manifest import BundledJob, ListedFile, NamedFile
from app.workspace.catalogue import Catalogue
from app.workspace.files import ReceivedFiles, now_text
from app.workspace.records import StoredFile

_STATE = "SELECT shown_url, state FROM files WHERE url_key = :url_key"
_WANT = "INSERT OR IGNORE INTO files (url_key, shown_url, state) VALUES (:url_key, :shown_url, 'wanted')"
_NEED = "INSERT OR IGNORE INTO job_files (job_id, url_key) VALUES (:job_id, :url_key)"
# what the service listed last about a project, a batch or a job that is known here is newer than any bundle
_SAVE_PROJECT = """INSERT OR IGNORE INTO projects (project_id, name, base, updated_at)
    VALUES (:project_id, :project_name, '', :added_at)"""
_SAVE_BATCH = """INSERT OR IGNORE INTO batches (project_id, batch_id, position, name, status, created_at)
    SELECT :project_id, :batch_id, count(*), coalesce(nullif(:batch_name, ''), :batch_id), '', ''
    FROM batches WHERE project_id = :project_id"""
_SAVE_JOB = """INSERT INTO jobs
    (job_id, project_id, batch_id, reference_id, name, status, frames, annotations, result_key, result_sha256, added_at)
    VALUES (:job_id, :project_id, :batch_id, :reference_id, :name, :status, :frames, :annotations, :result_key,
    :result_sha256, :added_at)
    ON CONFLICT (job_id) DO UPDATE SET frames = coalesce(frames, excluded.frames),
    result_key = excluded.result_key, result_sha256 = excluded.result_sha256"""


class BundleShelf:
    """The workspace as bundles see it; safe to use from any thread. Every failure is a WorkspaceError."""

    def __init__(self, catalogue: Catalogue, files: ReceivedFiles) -> None:
        self._catalogue = catalogue
        self._files = files

    @property
    def free_bytes(self) -> int:
        """What the disk of the workspace has left."""
        return self._files.free_bytes

    def find(self, key: str) -> StoredFile | None:
        """The file of an address by its key."""
        return self._files.find_key(key)

    def shown_url(self, key: str) -> str:
        """The address of a key as it may be shown; empty where it is unknown."""
        row = self._catalogue.row(_STATE, {"url_key": key})
        return "" if row is None else str(row["shown_url"])

    def state(self, key: str) -> str:
        """ "wanted", "stored" or "damaged" as last noted for an address; empty where it is unknown."""
        row = self._catalogue.row(_STATE, {"url_key": key})
        return "" if row is None else str(row["state"])

    def is_sound(self, stored: StoredFile) -> bool:
        """Whether a file is what was received."""
        return self._files.is_sound(stored)

    def holds(self, sha256: str) -> bool:
        """Whether a content is here and sound, whichever address gave it."""
        return self._files.holds(sha256)

    def note(self, listed: ListedFile) -> None:
        """Record that an address gave a content that is here."""
        described = {"sha256": listed.sha256, "media_type": listed.media_type}
        self._files.note(listed.url_key, listed.shown_url, size=listed.size, **described)

    def receive(self, listed: ListedFile, chunks: Iterable[bytes]) -> None:
        """Keep a content, whole or not at all, as what an address gave; raises what ``chunks`` raises."""
        with self._files.receive_key(listed.url_key, listed.shown_url) as sink:
            sink.discard()
            sink.media_type = listed.media_type
            for chunk in chunks:
                sink.write(chunk)

    def need(self, job_id: str, files: Iterable[NamedFile]) -> None:
        """Record which addresses a job needs, whether or not they are here."""
        addresses = [{"url_key": file.url_key, "shown_url": file.shown_url} for file in files]
        needs = [{"job_id": job_id, "url_key": address["url_key"]} for address in addresses]
        self._catalogue.write((_WANT, addresses), (_NEED, needs))

    def save_job(self, job: BundledJob, *, result: ListedFile, frames: int) -> None:
        """List a job as downloaded; the last step, so that a job never promises what did not arrive."""
        row: dict[str, object] = {name: getattr(job, name) for name in BundledJob.__struct_fields__}
        row |= {"frames": frames, "result_key": result.url_key, "result_sha256": result.sha256}
        rows = [{**row, "added_at": now_text()}]
        self._catalogue.write((_SAVE_PROJECT, rows), (_SAVE_BATCH, rows), (_SAVE_JOB, rows))
