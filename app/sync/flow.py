"""How many bytes come in while files are still under way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


class Flow:
    """Watches the sinks of several threads; what an earlier try left in a sink does not count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, tuple[BinaryIO, int]] = {}
        self._ended = 0  # bytes of files that are no longer under way
        self._told = 0

    @contextmanager
    def watch(self, sink: BinaryIO) -> Iterator[None]:
        """Count what is written to ``sink`` inside of the block."""
        with self._lock:
            self._open[id(sink)] = sink, sink.tell()
        try:
            yield
        finally:
            with self._lock:
                self._ended += _grown(*self._open.pop(id(sink)))

    def take(self) -> int:
        """Bytes since the last call; a file that had to start over may make this 0 for a while."""
        with self._lock:
            now = self._ended + sum(_grown(*watched) for watched in self._open.values())
            fresh, self._told = max(0, now - self._told), max(self._told, now)
        return fresh


def _grown(sink: BinaryIO, start: int) -> int:
    return max(0, sink.tell() - start)
