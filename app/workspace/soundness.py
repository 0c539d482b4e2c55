"""Whether an object still is what was received: its SHA-256, computed once per program and file."""

import os
import threading
from pathlib import Path
from typing import BinaryIO

from app.workspace.objects import hash_stream

_Look = tuple[str, int, int, int]  # name, mtime in ns, size, inode: another look means another file


class Soundness:
    """Remembers which objects were found sound and which damaged; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sound: set[_Look] = set()
        self._damaged: set[str] = set()

    def is_sound(self, stream: BinaryIO, sha256: str) -> bool:
        """Whether the open object has its SHA-256; the stream is left at its first byte."""
        look = _look(os.fstat(stream.fileno()), sha256)
        with self._lock:
            if look in self._sound:
                return True
        sound = hash_stream(stream) == sha256
        stream.seek(0)
        with self._lock:
            if sound:
                self._sound.add(look)
                self._damaged.discard(sha256)
            else:
                self._damaged.add(sha256)
        return sound

    def is_damaged(self, sha256: str) -> bool:
        """Whether the object was found damaged and has not been replaced since."""
        with self._lock:
            return sha256 in self._damaged

    def trust(self, path: Path, sha256: str) -> None:
        """Note an object that was hashed while it was written."""
        look = _look(path.stat(), sha256)
        with self._lock:
            self._sound.add(look)
            self._damaged.discard(sha256)


def _look(status: os.stat_result, sha256: str) -> _Look:
    return sha256, status.st_mtime_ns, status.st_size, status.st_ino
