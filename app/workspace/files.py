"""Received files: which object holds what an address gave, and which job needs it."""

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.errors import DamagedFileError, WorkspaceError
from app.workspace.addresses import shown_url, url_key
from app.workspace.catalogue import Catalogue, Row
from app.workspace.failures import plain_words
from app.workspace.incoming import Incoming
from app.workspace.objects import ObjectStore
from app.workspace.partials import Partials
from app.workspace.records import StoredFile
from app.workspace.soundness import Soundness

_STORE = """INSERT INTO files (url_key, shown_url, state, size, sha256, media_type, received_at)
    VALUES (:url_key, :shown_url, 'stored', :size, :sha256, :media_type, :received_at)
    ON CONFLICT (url_key) DO UPDATE SET state = 'stored', size = excluded.size, sha256 = excluded.sha256,
    media_type = excluded.media_type, received_at = excluded.received_at"""
_HEAL = "UPDATE files SET state = 'stored' WHERE sha256 = :sha256 AND state = 'damaged' AND size = :size"
_DAMAGE = "UPDATE files SET state = 'damaged' WHERE sha256 = :sha256 AND state = 'stored'"
_WANT = "INSERT OR IGNORE INTO files (url_key, shown_url, state) VALUES (:url_key, :shown_url, 'wanted')"
_NEED = "INSERT OR IGNORE INTO job_files (job_id, url_key) VALUES (:job_id, :url_key)"
_FIND = "SELECT state, size, sha256, media_type, received_at FROM files WHERE url_key = :url_key"
_LET_GO = """UPDATE files SET state = 'wanted', size = 0, sha256 = '', media_type = '', received_at = ''
    WHERE url_key = :url_key"""
_DROP = "DELETE FROM files WHERE url_key = :url_key AND url_key NOT IN (SELECT url_key FROM job_files)"

_SHOWN = "SELECT shown_url FROM files WHERE state = 'stored' AND shown_url GLOB :pattern ORDER BY shown_url"


class ReceivedFiles:
    """Files by address. An object comes first, its row after it: a row never promises what is not there."""

    def __init__(self, catalogue: Catalogue, objects: ObjectStore, partials: Partials) -> None:
        self._catalogue = catalogue
        self._objects = objects
        self._partials = partials
        self._soundness = Soundness()
        self._settling = threading.Lock()  # of two threads that ask for a file one enters it
        self._entering = threading.Lock()  # between an object and its row nobody may take it for unused

    def prepare(self) -> None:
        """Make the folders and sweep what earlier runs left; files that came whole are entered when asked for."""
        self._objects.prepare()
        self._partials.prepare(lambda key: self._stored(self._row(key)) is not None)

    def receive(self, url: str) -> AbstractContextManager[Incoming]:
        """A sink for what ``url`` gives; it becomes the file when the block ends well."""
        return self.receive_key(url_key(url), shown_url(url))

    @contextmanager
    def receive_key(self, key: str, shown: str) -> Iterator[Incoming]:
        """As ``receive``, by the key of the address."""
        self._catalogue.require_writable()
        self.settle(key)
        with self._partials.incoming(key, shown) as sink:
            yield sink
            sha256, size = self._partials.finish(key, sink, shown)
            self._enter(key, shown, sink.path, sha256=sha256, size=size, media_type=sink.media_type)

    def settle(self, key: str) -> None:
        """Enter a file that came whole before something kept it from being entered, without fetching it again."""
        with self._settling:
            known = self._partials.whole(key)
            if known is None:
                return
            with plain_words("store a received file", self._objects.folder):
                source = self._partials.whole_part(key) or self._whole_object(known.sha256)
            if source is not None:
                sha256, size = known.sha256, known.size
                self._enter(key, known.shown_url, source, sha256=sha256, size=size, media_type=known.media_type)
            self._partials.drop(key)

    def note(self, key: str, shown: str, *, sha256: str, size: int, media_type: str) -> None:
        """Record that an address gave an object that is here and sound."""
        self._enter(key, shown, self._objects.path(sha256), sha256=sha256, size=size, media_type=media_type)

    def holds(self, sha256: str) -> bool:
        """Whether an object is here and sound, whichever address gave it."""
        with plain_words("check a stored file", self._objects.folder):
            return self._whole_object(sha256) is not None

    @property
    def free_bytes(self) -> int:
        """What the disk of the objects has left."""
        with plain_words("ask for free space", self._objects.folder):
            return shutil.disk_usage(self._objects.folder).free

    def settle_all(self) -> None:
        """Enter every such file."""
        for key in self._partials.whole_keys():
            self.settle(key)

    def find(self, url: str) -> StoredFile | None:
        """The file that ``url`` gave, None where it was not received or its object is missing, damaged or of another
        size."""
        return self.find_key(url_key(url))

    def find_key(self, key: str) -> StoredFile | None:
        """As ``find``, by the key of the address."""
        found = self._stored(self._row(key))
        if found is None and self._partials.whole(key) is not None:
            self.settle(key)
            found = self._stored(self._row(key))
        return found

    def shown(self, pattern: str) -> tuple[str, ...]:
        """The shown addresses of received files that fit a pattern in which ``*`` stands for any text."""
        return tuple(row["shown_url"] for row in self._catalogue.rows(_SHOWN, {"pattern": pattern}))

    def need(self, job_id: str, urls: Iterable[str]) -> None:
        """Record which addresses a job needs."""
        addresses = [{"url_key": url_key(url), "shown_url": shown_url(url)} for url in dict.fromkeys(urls)]
        needs = [{"job_id": job_id, "url_key": address["url_key"]} for address in addresses]
        self._catalogue.write((_WANT, addresses), (_NEED, needs))

    def forget(self, keys: Iterable[str]) -> int:
        """Let go of files, the rows first; returns how many bytes of objects that freed.

        What a job needs stays known as wanted. An object goes when no other row uses it.
        """
        gone = [{"url_key": key} for key in keys]
        with self._entering:
            rows = [row for key in gone if (row := self._row(key["url_key"])) is not None and row["sha256"]]
            self._catalogue.write((_LET_GO, gone), (_DROP, gone))
            for key in gone:
                self._partials.drop(key["url_key"])
            sizes = {row["sha256"]: int(row["size"]) for row in rows}
            return sum(size for sha256, size in sizes.items() if self._remove_unused(sha256))

    def give_up(self, keys: Iterable[str]) -> None:
        """Let go of files that no job needs any more."""
        keys = tuple(keys)
        self._catalogue.write(("DELETE FROM job_files WHERE url_key = :url_key", [{"url_key": key} for key in keys]))
        self.forget(keys)

    def remove_if_unused(self, sha256: str) -> bool:
        """Remove an object that no row uses; whether it did."""
        with self._entering:
            return self._remove_unused(sha256)

    def is_sound(self, stored: StoredFile) -> bool:
        """Whether a file has its SHA-256. One that has not is not found any more, so that it is fetched again; one that
        was damaged and has it again is found again."""
        with plain_words("check a stored file", stored.path.parent), stored.path.open("rb") as stream:
            sound = self._is_sound(stored, stream)
        if sound and self._catalogue.read_only is None:
            self._catalogue.write((_HEAL, [{"sha256": stored.sha256, "size": stored.size}]))
        return sound

    def _is_sound(self, stored: StoredFile, stream: BinaryIO) -> bool:
        was_damaged = self._soundness.is_damaged(stored.sha256)
        sound = self._soundness.is_sound(stream, stored.sha256)
        if not sound and not was_damaged and self._catalogue.read_only is None:
            with suppress(WorkspaceError):  # the note in memory does for this run
                self._catalogue.write((_DAMAGE, [{"sha256": stored.sha256}]))
        return sound

    def _check(self, stored: StoredFile, stream: BinaryIO, what: str) -> None:
        if not self._is_sound(stored, stream):
            raise DamagedFileError(
                f"The stored file for {what} is damaged: it is not what was received any more.",
                next_step="Fetch the job again, or run pointproof verify --repair.",
            )

    def _enter(self, key: str, shown: str, source: Path, *, sha256: str, size: int, media_type: str) -> None:
        row = {"url_key": key, "shown_url": shown, "size": size, "sha256": sha256, "media_type": media_type}
        with self._entering:
            before = self._row(key)
            target = self._objects.path(sha256)
            if source != target:
                self._objects.adopt(source, sha256)
            with plain_words("store a received file", target.parent):
                self._soundness.trust(target, sha256)
            self._catalogue.write((_STORE, [{**row, "received_at": now_text()}]), (_HEAL, [row]))
            if before is not None and before["sha256"] not in ("", sha256):
                self._remove_unused(before["sha256"])

    def _remove_unused(self, sha256: str) -> bool:
        used = self._catalogue.row("SELECT 1 FROM files WHERE sha256 = :sha256", {"sha256": sha256})
        if used is None:
            self._objects.remove(sha256)
        return used is None

    def _whole_object(self, sha256: str) -> Path | None:
        path = self._objects.path(sha256)
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return path if self._soundness.is_sound(stream, sha256) else None

    def _row(self, key: str) -> Row | None:
        return self._catalogue.row(_FIND, {"url_key": key})

    def _stored(self, row: Row | None) -> StoredFile | None:
        if row is None or row["state"] != "stored" or self._soundness.is_damaged(row["sha256"]):
            return None
        size = self._objects.size(row["sha256"])
        if size is None or size != row["size"]:
            return None
        described = {"media_type": row["media_type"], "received_at": row["received_at"]}
        path = self._objects.path(row["sha256"])
        return StoredFile(path, size, sha256=row["sha256"], **described, check=self._check)


def now_text() -> str:
    """This moment in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
