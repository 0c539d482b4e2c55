"""Objects: received bytes under the name of their content, each written once, whole or not at all."""

import hashlib
import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.workspace.failures import plain_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PARTIAL_SUFFIX = ".part"
_FORGOTTEN_AFTER = 24 * 3600.0  # seconds after which a partial file belongs to no running download
_HEAD = 512
_CHUNK = 1 << 20


class Incoming(io.FileIO):
    """A partial file that hashes what is written to it. Seeking back and truncating, as a repeated download does,
    is allowed. ``media_type`` may be set by whoever writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "xb", opener=_open_private)
        self.path = path
        self.media_type = ""
        self._hash = hashlib.sha256()
        self._hashed: int | None = 0  # bytes hashed so far; None once writes left the straight order
        self._head = b""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Append all of ``data``; raises WorkspaceError where the disk refuses."""
        view = memoryview(data).cast("B")
        if len(view) == 0:
            return 0
        position = self.tell()
        with plain_words("store a received file", self.path.parent):
            written = 0
            while written < len(view):
                written += super().write(view[written:]) or 0
        self._note(view, position)
        return len(view)

    def truncate(self, size: int | None = None, /) -> int:
        """Cut the file; at 0 the hash starts anew."""
        left = super().truncate(size)
        if left == 0:
            self._hash, self._hashed, self._head = hashlib.sha256(), 0, b""
        elif self._hashed is not None and left < self._hashed:
            self._hashed = None
        return left

    @property
    def head(self) -> bytes:
        """The first bytes received, at most 512, for telling what kind of file this is."""
        return self._head

    def finish(self) -> tuple[str, int]:
        """Force the bytes to disk and close; returns SHA-256 in hex and the size in bytes."""
        os.fsync(self.fileno())
        size = os.fstat(self.fileno()).st_size
        self.close()
        return (self._hash.hexdigest() if self._hashed == size else hash_file(self.path)), size

    def _note(self, view: memoryview, position: int) -> None:
        if position != self._hashed:
            self._hashed = None
            return
        self._hash.update(view)
        self._hashed += len(view)
        if len(self._head) < _HEAD:
            self._head += bytes(view[: _HEAD - len(self._head)])


class ObjectStore:
    """The folder of objects; safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder and sweep away partial files that a crash left behind."""
        make_private_folder(self.folder)
        now = time.time()
        for partial in self.folder.glob(f"*{PARTIAL_SUFFIX}"):
            with plain_words("tidy up", self.folder):
                if abs(now - partial.stat().st_mtime) > _FORGOTTEN_AFTER:
                    partial.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the object with this name lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A partial file; it is removed at the end unless ``keep`` made an object of it."""
        path = self.folder / f"{uuid.uuid4().hex}{PARTIAL_SUFFIX}"
        with plain_words("store a received file", self.folder):
            sink = Incoming(path)
        try:
            yield sink
        finally:
            sink.close()
            with suppress(OSError):  # a partial file that cannot be removed is swept away at a later start
                path.unlink(missing_ok=True)

    def keep(self, sink: Incoming) -> tuple[str, int]:
        """Turn a finished partial file into an object, durably; returns its name and its size in bytes.

        An object of that name is replaced: should it be damaged, this heals it.
        """
        with plain_words("store a received file", self.folder):
            sha256, size = sink.finish()
            target = self.path(sha256)
            if not target.parent.is_dir():
                make_private_folder(target.parent)
                sync_folder(self.folder)
            os.replace(sink.path, target)
            sync_folder(target.parent)
        return sha256, size


def hash_file(path: Path) -> str:
    """SHA-256 of a file as 64 hex digits."""
    with path.open("rb") as stream:
        digest = hashlib.sha256()
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; raises WorkspaceError."""
    with plain_words("make a folder", folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut; Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_private(path: Any, flags: int) -> int:
    return os.open(path, flags, 0o600)
