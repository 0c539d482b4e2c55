"""Bytes on their way into the workspace: a partial file that hashes what is written to it."""

import hashlib
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.amounts import size_text
from app.errors import WorkspaceError
from app.workspace.failures import plain_words
from app.workspace.objects import hash_file, open_private, write_all

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_HEAD = 512
_CHUNK = 1 << 20


def _forget(_sink: "Incoming") -> None:
    pass


class Incoming(io.FileIO):
    """A file that is not whole yet; what came of it in an earlier try is there already, ``tell()`` says how much.

    Whoever downloads sets ``etag`` to the strong ETag of what follows, before writing it: only then can a later try go
    on from here. Seeking back and truncating to nothing starts anew and forgets the ETag. ``media_type`` may be set
    too. ``check_size`` is asked before each write with the size in bytes that the file would have, and may raise.
    """

    def __init__(
        self,
        path: Path,
        *,
        kept: int = 0,
        etag: str = "",
        media_type: str = "",
        on_etag: "Callable[[Incoming], None]" = _forget,
    ) -> None:
        super().__init__(path, "r+b" if kept else "x+b", opener=open_private)
        self.path = path
        self.media_type = media_type
        self.check_size: Callable[[int], None] = lambda _size: None
        self._on_etag = on_etag
        self._etag = etag
        self._hash = hashlib.sha256()
        self._hashed: int | None = 0  # bytes hashed so far; None once writes left the straight order
        self._head = b""
        if kept:
            try:
                self._take_over(kept)
            except BaseException:
                self.close()
                raise

    @property
    def etag(self) -> str:
        """The strong ETag that the bytes belong to, empty where there is none."""
        return self._etag

    @etag.setter
    def etag(self, etag: str) -> None:
        if etag != self._etag:
            self._etag = etag
            self._on_etag(self)

    @property
    def head(self) -> bytes:
        """The first bytes received, at most 512, for telling what kind of file this is."""
        return self._head

    def write(self, data: "ReadableBuffer", /) -> int:
        """Append all of ``data``; raises WorkspaceError where the disk refuses."""
        view = memoryview(data).cast("B")
        position = self.tell()
        self.check_size(position + len(view))
        with plain_words("store a received file", self.path.parent):
            write_all(self.fileno(), view)
        self._note(view, position)
        return len(view)

    def truncate(self, size: int | None = None, /) -> int:
        """Cut the file; at 0 its hash starts anew and its ETag is forgotten. Raises WorkspaceError."""
        left = self.tell() if size is None else size
        with plain_words("store a received file", self.path.parent):
            if left == 0:
                self.etag = ""  # first: an ETag must never stand beside bytes that it does not belong to
                self._hash, self._hashed, self._head = hashlib.sha256(), 0, b""
            os.ftruncate(self.fileno(), left)
        if self._hashed is not None and left < self._hashed:
            self._hashed = None
        return left

    def expect(self, size: int) -> None:
        """Raise WorkspaceError where the disk has no room for the rest of a file of ``size`` bytes."""
        folder, missing = self.path.parent, size - self.tell()
        with plain_words("store a received file", folder):
            free = shutil.disk_usage(folder).free
        if missing > free:
            raise WorkspaceError(
                f"Could not store a received file in {folder}: it needs {size_text(missing)} more, "
                f"but the disk has only {size_text(free)} left.",
                next_step="Free some space, then try again.",
            )

    def discard(self) -> None:
        """Keep nothing of what came, neither now nor for a later try."""
        self.seek(0)
        self.truncate(0)

    def sha256(self) -> str:
        """SHA-256 in hex of all bytes that are here."""
        in_order = self._hashed == os.fstat(self.fileno()).st_size
        return self._hash.hexdigest() if in_order else hash_file(self.path)

    def sync(self) -> int:
        """Force the bytes to disk; returns how many there are.

        After a failure nobody knows which of them the disk holds (the system may drop what it could not write), so
        the ETag is forgotten with them.
        """
        try:
            os.fsync(self.fileno())
        except OSError:
            self._etag = ""
            raise
        return os.fstat(self.fileno()).st_size

    def _take_over(self, kept: int) -> None:
        """Cut what is not to be trusted and hash the rest."""
        os.ftruncate(self.fileno(), kept)
        position = 0
        while chunk := self.read(_CHUNK):
            self._note(memoryview(chunk), position)
            position += len(chunk)

    def _note(self, view: memoryview, position: int) -> None:
        if position != self._hashed:
            self._hashed = None
            return
        self._hash.update(view)
        self._hashed += len(view)
        if len(self._head) < _HEAD:
            self._head += bytes(view[: _HEAD - len(self._head)])
