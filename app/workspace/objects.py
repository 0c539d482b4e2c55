"""Objects: received bytes under the name of their content, each written once, whole or not at all."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.workspace.failures import plain_words

PARTIAL_SUFFIX = ".part"
_CHUNK = 1 << 20
_SHARDS = tuple(f"{number:02x}" for number in range(256))


class ObjectStore:
    """The folder of objects; safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder; sweep away partial files that the first version of the program left here."""
        make_private_folder(self.folder)
        with plain_words("tidy up", self.folder):
            for partial in self.folder.glob(f"*{PARTIAL_SUFFIX}"):
                partial.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the object with this name lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    def size(self, sha256: str) -> int | None:
        """Its size in bytes; None where nothing that can be read is there."""
        try:
            return self.path(sha256).stat().st_size
        except OSError:  # whatever hides the object, it must be fetched again
            return None

    def adopt(self, file: Path, sha256: str) -> Path:
        """Turn a whole file, already on disk, into an object, durably; returns its path. Raises WorkspaceError.

        An object of that name is replaced: should it be damaged, this heals it.
        """
        target = self.path(sha256)
        with plain_words("store a received file", self.folder):
            if not target.parent.is_dir():
                make_private_folder(target.parent)
                sync_folder(self.folder)
            os.replace(file, target)
            sync_folder(target.parent)
        return target

    def remove(self, sha256: str) -> None:
        """Free the space of an object; one that the system holds on to is found by the next ``shards``."""
        with suppress(OSError):
            self.path(sha256).unlink(missing_ok=True)

    def shards(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Names of all objects here, by their first two digits."""
        for shard in _SHARDS:
            with plain_words("list the objects", self.folder):
                folder = self.folder / shard
                names = tuple(sorted(os.listdir(folder))) if folder.is_dir() else ()
            yield shard, names


def hash_file(path: Path) -> str:
    """SHA-256 of a file as 64 hex digits."""
    with path.open("rb") as stream:
        return hash_stream(stream)


def hash_stream(stream: BinaryIO) -> str:
    """SHA-256 of what is left of a binary stream as 64 hex digits."""
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


def open_private(path: str | Path, flags: int) -> int:
    """Open a file that only its owner may read; an ``opener``."""
    return os.open(path, flags, 0o600)


def write_all(descriptor: int, content: memoryview | bytes) -> None:
    """Write every byte, however many the system takes at a time."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
