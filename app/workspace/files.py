"""Received files: which object holds what an address gave, and which job needs it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.workspace.addresses import shown_url, url_key
from app.workspace.catalogue import Catalogue, Row, Values
from app.workspace.objects import Incoming, ObjectStore
from app.workspace.records import StoredFile

_STORE = """INSERT INTO files (url_key, shown_url, state, size, sha256, media_type, received_at)
    VALUES (:url_key, :shown_url, 'stored', :size, :sha256, :media_type, :received_at)
    ON CONFLICT (url_key) DO UPDATE SET state = 'stored', size = excluded.size, sha256 = excluded.sha256,
    media_type = excluded.media_type, received_at = excluded.received_at"""
_WANT = "INSERT OR IGNORE INTO files (url_key, shown_url, state) VALUES (:url_key, :shown_url, 'wanted')"
_NEED = "INSERT OR IGNORE INTO job_files (job_id, url_key) VALUES (:job_id, :url_key)"
_FIND = "SELECT size, sha256, media_type, received_at FROM files WHERE url_key = :url_key AND state = 'stored'"

_SHOWN = "SELECT shown_url FROM files WHERE state = 'stored' AND shown_url GLOB :pattern ORDER BY shown_url"


class ReceivedFiles:
    """Files by address. An object comes first, its row after it: a row never promises what is not there."""

    def __init__(self, catalogue: Catalogue, objects: ObjectStore) -> None:
        self._catalogue = catalogue
        self._objects = objects

    @contextmanager
    def receive(self, url: str) -> Iterator[Incoming]:
        """A sink for what ``url`` gives; it becomes the file when the block ends well and leaves nothing otherwise."""
        with self._objects.incoming() as sink:
            yield sink
            sha256, size = self._objects.keep(sink)
            row = {"size": size, "sha256": sha256, "media_type": sink.media_type, "received_at": now_text()}
            self._catalogue.write((_STORE, [{**_address(url), **row}]))

    def find(self, url: str) -> StoredFile | None:
        """The file that ``url`` gave, None where it was not received or its object is missing or of another size."""
        return self.find_key(url_key(url))

    def find_key(self, key: str) -> StoredFile | None:
        """As ``find``, by the key of the address."""
        row = self._catalogue.row(_FIND, {"url_key": key})
        return None if row is None else self._sound(row)

    def shown(self, pattern: str) -> tuple[str, ...]:
        """The shown addresses of received files that fit a pattern in which ``*`` stands for any text."""
        return tuple(row["shown_url"] for row in self._catalogue.rows(_SHOWN, {"pattern": pattern}))

    def need(self, job_id: str, urls: Iterable[str]) -> None:
        """Record which addresses a job needs."""
        addresses = [_address(url) for url in dict.fromkeys(urls)]
        needs = [{"job_id": job_id, "url_key": address["url_key"]} for address in addresses]
        self._catalogue.write((_WANT, addresses), (_NEED, needs))

    def _sound(self, row: Row) -> StoredFile | None:
        path = self._objects.path(row["sha256"])
        try:
            size = path.stat().st_size
        except OSError:  # whatever hides the object, it must be fetched again
            return None
        if size != row["size"]:
            return None
        return StoredFile(
            path, size, sha256=row["sha256"], media_type=row["media_type"], received_at=row["received_at"]
        )


def now_text() -> str:
    """This moment in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _address(url: str) -> Values:
    return {"url_key": url_key(url), "shown_url": shown_url(url)}
