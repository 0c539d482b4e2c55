"""Partial files: what came of a file before its transfer was cut, kept so that the next try goes on from there.

Each is two files named by the key of the address: ``<key>.part`` holds the bytes, ``<key>.json`` says what they are. A
power cut may lose bytes that were written but never synced, a crash of the program loses none. So within the same
start of the machine every byte is trusted, afterwards only those that a sync made durable.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import msgspec

from app.errors import FormatError, WorkspaceError
from app.workspace.failures import plain_words
from app.workspace.incoming import Incoming
from app.workspace.objects import PARTIAL_SUFFIX, hash_file, make_private_folder, sync_folder
from app.workspace.private_file import write_private

SIDECAR_SUFFIX = ".json"
KEPT_SECONDS = 7 * 24 * 3600.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Sidecar(msgspec.Struct, frozen=True):
    """What a partial file is: the ETag its bytes belong to and how many are durable, under which start of the machine
    it was written, and, once it is whole, its SHA-256 and size in bytes. ``touched`` in seconds since 1970."""

    shown_url: str = ""
    etag: str = ""
    media_type: str = ""
    boot: str = ""
    durable: int = 0
    sha256: str = ""
    size: int = 0
    touched: float = 0.0


@cache
def boot_id() -> str:
    """What is the same until the machine starts anew; empty where the system does not tell."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except (OSError, UnicodeError):
        return ""


class Partials:
    """The folder of partial files; only the program that may write to the workspace touches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._whole: dict[str, Sidecar] = {}

    def prepare(self, is_stored: Callable[[str], bool]) -> None:
        """Make the folder and sweep it: what is stored by now, what nothing is known of, and what is a week old."""
        make_private_folder(self.folder)
        with plain_words("tidy up", self.folder):
            for file in sorted(self.folder.iterdir()):
                if file.suffix == PARTIAL_SUFFIX and not self._sidecar_path(file.stem).is_file():
                    file.unlink(missing_ok=True)
            for file in sorted(self.folder.glob(f"*{SIDECAR_SUFFIX}")):
                self._look_over(file.stem, is_stored)

    @contextmanager
    def incoming(self, key: str, shown_url: str) -> Iterator[Incoming]:
        """What came of a file so far, ready to be continued; what is then there is kept when the block fails.

        Of two at once for one address the second gets a partial file of its own, which is not kept.
        """
        with self._claim(key) as mine:
            sink = self._open(key, shown_url) if mine else self._open_private()
            try:
                yield sink
            except FormatError:  # not what it should be: the next try must not go on from it
                self._tidy(key if mine else "", sink)
                raise
            except BaseException:
                self._suspend(key if mine else "", sink, shown_url)
                raise
            else:
                self._tidy(key if mine else "", sink)
            finally:
                sink.close()

    def finish(self, key: str, sink: Incoming, shown_url: str) -> tuple[str, int]:
        """Force a whole file to disk and note what it is; returns SHA-256 in hex and size in bytes."""
        with plain_words("store a received file", self.folder):
            size = sink.sync()
            sha256 = sink.sha256()
            sink.close()
        if sink.path == self._part_path(key):
            whole = self._sidecar(shown_url, sink, sha256=sha256, size=size, durable=size)
            self._save(key, whole)
            with self._lock:
                self._whole[key] = whole
        return sha256, size

    def whole(self, key: str) -> Sidecar | None:
        """What is known of a file that came whole but was not entered into the catalogue."""
        with self._lock:
            return None if key in self._busy else self._whole.get(key)

    def whole_keys(self) -> tuple[str, ...]:
        """The keys of all such files."""
        with self._lock:
            return tuple(self._whole)

    def whole_part(self, key: str) -> Path | None:
        """The bytes of such a file where they are still here and right; read to the end to be sure."""
        known, path = self._whole.get(key), self._part_path(key)
        return path if known is not None and path.is_file() and hash_file(path) == known.sha256 else None

    def drop(self, key: str) -> None:
        """Forget a partial file unless it is being written; one that the system holds on to is swept at a later
        start."""
        with self._lock:
            if key in self._busy:
                return
            self._whole.pop(key, None)
        self._remove(key)

    def names(self) -> tuple[str, ...]:
        """Keys of the partial files that are kept."""
        return tuple(sorted(path.stem for path in self.folder.glob(f"*{PARTIAL_SUFFIX}")))

    def _open(self, key: str, shown_url: str) -> Incoming:
        def note(sink: Incoming) -> None:
            if sink.etag:
                self._save(key, self._sidecar(shown_url, sink))
            else:
                self._disown(key)

        with plain_words("store a received file", self.folder):
            known = self._read(key)
            kept = self._trusted(key, known)
            if known is None or not kept:
                self._remove(key)
                return Incoming(self._part_path(key), on_etag=note)
            sink = Incoming(self._part_path(key), kept=kept, etag=known.etag, media_type=known.media_type, on_etag=note)
            try:
                self._save(key, self._sidecar(shown_url, sink, durable=known.durable))
            except BaseException:
                sink.close()
                raise
            return sink

    def _open_private(self) -> Incoming:
        with plain_words("store a received file", self.folder):
            return Incoming(self.folder / f"{uuid.uuid4().hex}{PARTIAL_SUFFIX}")

    def _trusted(self, key: str, known: Sidecar | None) -> int:
        """How many bytes of a partial file can be continued."""
        path = self._part_path(key)
        if known is None or not known.etag or not path.is_file():
            return 0
        size = path.stat().st_size
        same_start = bool(boot_id()) and known.boot == boot_id()
        trusted = size if same_start else known.durable
        return trusted if trusted <= size else 0

    def _suspend(self, key: str, sink: Incoming, shown_url: str) -> None:
        """Keep what a later try can continue, and nothing else."""
        if key and (key in self._whole or (sink.closed and sink.etag)):
            return  # it is on disk, and what was noted of it is still true
        if key and sink.etag:
            with suppress(OSError, WorkspaceError):
                size = sink.sync()
                self._save(key, self._sidecar(shown_url, sink, durable=size))
                return
        self._tidy(key, sink)

    def _tidy(self, key: str, sink: Incoming) -> None:
        """Leave nothing of a partial file."""
        if key:
            with self._lock:
                self._whole.pop(key, None)
            self._remove(key)
        else:
            with suppress(OSError):
                sink.path.unlink(missing_ok=True)

    def _remove(self, key: str) -> None:
        with suppress(OSError):
            self._part_path(key).unlink(missing_ok=True)
            self._sidecar_path(key).unlink(missing_ok=True)

    def _disown(self, key: str) -> None:
        """Part the bytes from what was known of them, durably where a power cut could bring it back."""
        known = self._read(key)
        self._sidecar_path(key).unlink(missing_ok=True)
        if known is not None and known.durable:
            sync_folder(self.folder)

    def _look_over(self, key: str, is_stored: Callable[[str], bool]) -> None:
        known = self._read(key)
        if known is None or is_stored(key) or time.time() - known.touched > KEPT_SECONDS:
            self.drop(key)
            return
        if known.touched > time.time():  # the clock was wrong, now or then: the week begins today
            self._save(key, msgspec.structs.replace(known, touched=time.time()))
        if known.sha256:
            self._whole[key] = known

    def _sidecar(self, shown_url: str, sink: Incoming, *, durable: int = 0, sha256: str = "", size: int = 0) -> Sidecar:
        return Sidecar(shown_url, sink.etag, sink.media_type, boot_id(), durable, sha256, size, time.time())

    def _save(self, key: str, sidecar: Sidecar) -> None:
        write_private(self._sidecar_path(key), msgspec.json.encode(sidecar), synced=False)

    def _read(self, key: str) -> Sidecar | None:
        """What the sidecar says; None where there is none, or it was spoiled by a power cut or a bad disk."""
        try:
            return msgspec.json.decode(self._sidecar_path(key).read_bytes(), type=Sidecar)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    @contextmanager
    def _claim(self, key: str) -> Iterator[bool]:
        with self._lock:
            mine = key not in self._busy
            self._busy.add(key)
        try:
            yield mine
        finally:
            if mine:
                with self._lock:
                    self._busy.discard(key)

    def _part_path(self, key: str) -> Path:
        return self.folder / f"{key}{PARTIAL_SUFFIX}"

    def _sidecar_path(self, key: str) -> Path:
        return self.folder / f"{key}{SIDECAR_SUFFIX}"
