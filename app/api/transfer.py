"""One file on its way into a sink, over as many tries as it takes."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import BinaryIO, Protocol, runtime_checkable

from app.api.answers import Received, unreachable
from app.api.retries import TransientError

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)


@runtime_checkable
class Resumable(Protocol):
    """A sink that outlives the program: what it holds at the start belongs to the file under its strong ETag."""

    etag: str
    media_type: str

    def sha256(self) -> str:
        """SHA-256 in hex of all bytes that it holds."""

    def expect(self, size: int) -> None:
        """Hear how many bytes the whole file has; may raise where there is no room for them."""


class Transfer:
    """Counts and hashes what it writes. Resumes only under a strong ETag, else starts again from the first byte.

    A ``Resumable`` sink brings bytes and ETag of an earlier try, and is told the ETag before the bytes that follow.
    """

    def __init__(self, sink: BinaryIO, *, on_bytes: Callable[[int, int | None], None] | None) -> None:
        self._sink = sink
        self._kept = sink if isinstance(sink, Resumable) else None
        self._on_bytes = on_bytes
        self._start = 0 if self._kept else sink.tell() if sink.seekable() else None
        self._total: int | None = None
        self._etag = self._kept.etag if self._kept else ""
        self._media_type = self._kept.media_type if self._kept else ""
        self.size = sink.tell() if self._kept else 0  # bytes of the file that are here
        self._hash = hashlib.sha256()

    def range_headers(self) -> dict[str, str]:
        """What asks for the rest, empty where everything is asked for."""
        if not self.size or not self._etag:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._etag}

    def is_whole(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether the store has nothing behind what is here: it refuses the range (416) of a file of this very size.

        With another size the promise of the same file is dropped and TransientError raised: the next try starts anew.
        """
        if status != 416:
            return False
        if self.range_headers() and headers.get("content-range") == f"bytes */{self.size}" and self._is_same(headers):
            self._total = self.size  # whatever an earlier answer declared
            return True
        self._set_etag("")
        raise TransientError(unreachable("The file store", "changed the file while it was fetched"))

    def begin(self, status: int, headers: Mapping[str, str], *, media_type: str, host: str) -> None:
        """Go on behind what is there (206), or from the start (200)."""
        self._media_type = media_type
        if status == 206:
            self._check_range(headers, host)
        else:
            self._begin_anew(headers, media_type, host)
        if self._kept and self._total is not None:
            self._kept.expect(self._total)

    def write(self, piece: bytes) -> None:
        """Append to the sink."""
        self._sink.write(piece)
        if not self._kept:
            self._hash.update(piece)
        self.size += len(piece)
        if self._on_bytes:
            self._on_bytes(self.size, self._total)

    def end(self, host: str) -> Received:
        """What arrived in all; raises TransientError where the store sent less than the whole rest."""
        if self._total is not None and self.size != self._total:
            raise TransientError(unreachable(host, "cut the transfer short"))
        sha256 = self._kept.sha256() if self._kept else self._hash.hexdigest()
        return Received(self._media_type, self.size, sha256)

    def _begin_anew(self, headers: Mapping[str, str], media_type: str, host: str) -> None:
        self._restart(host)
        length = headers.get("content-length", "")
        self._total = int(length) if _LENGTH.fullmatch(length) and not headers.get("content-encoding") else None
        if self._kept:
            self._kept.media_type = media_type
        self._set_etag(_strong_etag(headers))

    def _check_range(self, headers: Mapping[str, str], host: str) -> None:
        match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        fits = match is not None and int(match.group(1)) == self.size and bool(self.range_headers())
        if match is None or not fits or not self._is_same(headers):
            self._set_etag("")
            raise TransientError(unreachable(host, "sent another part of the file than was asked for"))
        self._total = int(match.group(3)) if match.group(3) != "*" else None

    def _is_same(self, headers: Mapping[str, str]) -> bool:
        return headers.get("etag", self._etag) == self._etag

    def _restart(self, host: str) -> None:
        if not self.size:
            return
        if self._start is None:
            raise unreachable(host, "cut the transfer short")
        self._sink.seek(self._start)
        self._sink.truncate()
        self.size = 0
        self._hash = hashlib.sha256()

    def _set_etag(self, etag: str) -> None:
        self._etag = etag
        if self._kept:
            self._kept.etag = etag


def _strong_etag(headers: Mapping[str, str]) -> str:
    etag = headers.get("etag", "")
    plain_body = headers.get("content-encoding", "identity") == "identity"
    return etag if plain_body and etag.startswith('"') else ""
