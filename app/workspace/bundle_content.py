"""The content of a bundle's entries: never more than declared, and nothing in memory that need not be."""

import io
import threading
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.errors import DamagedFileError, WorkspaceError
from app.workspace.bundle_zip import DEFLATED, LOCAL_HEADER, LOCAL_MARK, Entry, read_directory
from app.workspace.failures import plain_words

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 20


class Container:
    """An open archive with its entries by name, the manifest first; safe to use from any thread.

    The file stays open: one that is replaced meanwhile goes on giving what it was checked for.
    """

    def __init__(self, path: Path, stream: BinaryIO, length: int) -> None:
        self.path = path
        self._stream = stream
        self._lock = threading.Lock()
        self.entries = read_directory(stream, length)

    @staticmethod
    def open(path: Path) -> "Container":
        """Open an archive; raises BundleFormatError where it cannot be a bundle, WorkspaceError where unreadable."""
        with plain_words("open the bundle", path):
            stream = path.open("rb")
            try:
                return Container(path, stream, path.stat().st_size)
            except BaseException:
                stream.close()
                raise

    def close(self) -> None:
        """Close the file; reading on raises WorkspaceError."""
        with self._lock:
            self._stream.close()

    def read_into(self, position: int, target: "WriteableBuffer") -> int:
        """Fill ``target`` from a position of the archive; returns the number of bytes, fewer only at its end."""
        with self._lock, plain_words("read the bundle", self.path):
            if self._stream.closed:
                raise WorkspaceError("The bundle is closed.", next_step="Open it again.")
            self._stream.seek(position)
            return self._stream.readinto(target)  # type: ignore[attr-defined,no-any-return]

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The content piece by piece, as many bytes as the directory says; raises DamagedFileError otherwise."""
        stored = self._stored_chunks(entry)
        yield from _inflated(stored, entry) if entry.method == DEFLATED else stored

    def window(self, entry: Entry) -> BinaryIO:
        """A seekable stream over a stored entry in its place; raises DamagedFileError."""
        return io.BufferedReader(_Window(self, self._start(entry), entry.size), CHUNK)

    def _stored_chunks(self, entry: Entry) -> Iterator[bytes]:
        position = self._start(entry)
        end = position + entry.stored_size
        buffer = memoryview(bytearray(min(CHUNK, entry.stored_size)))
        while position < end:
            count = self.read_into(position, buffer[: end - position])
            if count == 0:
                raise damaged(entry, "it is cut short")
            yield bytes(buffer[:count])
            position += count

    def _start(self, entry: Entry) -> int:
        """Where the bytes of an entry start: its own header, which must agree with the directory, is of any length."""
        raw = bytearray(LOCAL_HEADER.size + len(entry.name))
        self.read_into(entry.offset, raw)
        fields = LOCAL_HEADER.unpack_from(raw)
        name = bytes(raw[LOCAL_HEADER.size :])
        if fields[0] != LOCAL_MARK or fields[4] != entry.method or name != entry.name.encode():
            raise damaged(entry, "its header is not the one that the directory tells of")
        return entry.offset + LOCAL_HEADER.size + int(fields[10]) + int(fields[11])


class _Window(io.RawIOBase):
    """A stretch of the archive as a stream."""

    def __init__(self, container: Container, start: int, size: int) -> None:
        super().__init__()
        self._container = container
        self._start = start
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, target: "WriteableBuffer", /) -> int:
        view = memoryview(target).cast("B")
        wanted = max(0, min(len(view), self._size - self._position))
        count = self._container.read_into(self._start + self._position, view[:wanted]) if wanted else 0
        self._position += count
        return count


def damaged(entry: Entry, reason: str) -> DamagedFileError:
    """The error for an entry that does not hold what it should."""
    return DamagedFileError(f"{entry.name} in the bundle is damaged: {reason}.", next_step="Ask for the bundle again.")


def _inflated(stored: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    machine, left = zlib.decompressobj(-zlib.MAX_WBITS), entry.size
    for waiting in chain(stored, [b""]):  # the last one brings out what the machine still holds
        for piece in _pieces(machine, waiting, entry):
            left -= len(piece)
            if left < 0:
                raise damaged(entry, f"it is larger than the {entry.size:,} bytes it claims")
            yield piece
    if left or not machine.eof:
        raise damaged(entry, f"it is smaller than the {entry.size:,} bytes it claims")


def _pieces(machine: "zlib._Decompress", waiting: bytes, entry: Entry) -> Iterator[bytes]:
    """What one stretch of input gives, at most CHUNK bytes at a time."""
    while not machine.eof:
        piece = _inflate(machine, waiting, entry)
        yield piece
        waiting = machine.unconsumed_tail
        if not waiting and len(piece) < CHUNK:
            return


def _inflate(machine: "zlib._Decompress", waiting: bytes, entry: Entry) -> bytes:
    try:
        return machine.decompress(waiting, CHUNK)
    except zlib.error as error:
        raise damaged(entry, "it cannot be decompressed") from error
