"""One file on its way into a sink, over as many tries as it takes."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import BinaryIO

from app.api.answers import Received, unreachable
from app.api.retries import TransientError

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class Transfer:
    """Counts and hashes what it writes. Resumes only under a strong ETag, else starts again from the first byte."""

    def __init__(self, sink: BinaryIO, *, on_bytes: Callable[[int, int | None], None] | None) -> None:
        self._sink = sink
        self._on_bytes = on_bytes
        self._start = sink.tell() if sink.seekable() else None
        self._total: int | None = None
        self._etag = ""
        self._size = 0
        self._hash = hashlib.sha256()

    def range_headers(self) -> dict[str, str]:
        """What asks for the rest, empty where everything is asked for."""
        if not self._size or not self._etag:
            return {}
        return {"Range": f"bytes={self._size}-", "If-Range": self._etag}

    def forget_if_refused(self, status: int) -> None:
        """Drop the promise of the same file when the store refused its range (416); the next try starts anew."""
        if status == 416:
            self._etag = ""
            raise TransientError(unreachable("The file store", "changed the file while it was fetched"))

    def begin(self, status: int, headers: Mapping[str, str], *, host: str) -> None:
        """Go on behind what is there (206), or from the start (200)."""
        if status == 206:
            self._check_range(headers, host)
            return
        self._restart(host)
        length = headers.get("content-length", "")
        self._total = int(length) if length.isdigit() and not headers.get("content-encoding") else None
        self._etag = _strong_etag(headers)

    def write(self, piece: bytes) -> None:
        """Append to the sink."""
        self._sink.write(piece)
        self._hash.update(piece)
        self._size += len(piece)
        if self._on_bytes:
            self._on_bytes(self._size, self._total)

    def received(self, media_type: str) -> Received:
        """What arrived in all."""
        return Received(media_type, self._size, self._hash.hexdigest())

    def _check_range(self, headers: Mapping[str, str], host: str) -> None:
        match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        fits = match is not None and int(match.group(1)) == self._size and self._size > 0
        if not fits or headers.get("etag", self._etag) != self._etag:
            self._etag = ""
            raise TransientError(unreachable(host, "sent another part of the file than was asked for"))

    def _restart(self, host: str) -> None:
        if not self._size:
            return
        if self._start is None:
            raise unreachable(host, "cut the transfer short")
        self._sink.seek(self._start)
        self._sink.truncate()
        self._size = 0
        self._hash = hashlib.sha256()


def _strong_etag(headers: Mapping[str, str]) -> str:
    etag = headers.get("etag", "")
    plain_body = headers.get("content-encoding", "identity") == "identity"
    return etag if plain_body and etag.startswith('"') else ""
