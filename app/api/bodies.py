"""Bodies of answers: content encodings undone in small steps, so that a tiny answer cannot fill the memory."""

import zlib
from collections.abc import Iterable, Iterator

from app.errors import ServiceError

STEP = 1 << 20  # bytes that one step of decoding may give
BOMB_SIZE = 64 << 20  # bytes from which on a body is suspected when it is as dense as this:
BOMB_DENSITY = 200  # decoded bytes per byte received


class CutBodyError(Exception):
    """A body ended before its own format says that it ends."""


def decoded(chunks: Iterable[bytes], *, encoding: str, cap: int, host: str, before: int = 0) -> Iterator[bytes]:
    """The chunks with gzip or deflate undone, with ``before`` bytes of an earlier try never more than ``cap`` in all.

    Raises ServiceError above the cap, for a body that grows out of nearly nothing and for another encoding,
    CutBodyError for a compressed body that stops early.
    """
    total, weight = before, _Weight()
    for piece in _undo(weight.of(chunks), encoding.strip().lower(), host):
        total += len(piece)
        if total > cap:
            raise _too_large(host, f"more than {cap / 2**20:,.0f} MiB, the most that is accepted here")
        grown = total - before
        if grown > BOMB_SIZE and grown > BOMB_DENSITY * weight.received:
            raise _too_large(host, f"{weight.received:,} bytes that unfold to more than {grown / 2**20:,.0f} MiB")
        yield piece


class _Weight:
    """Counts what came over the wire."""

    received = 0

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.received += len(chunk)
            yield chunk


def _too_large(host: str, what: str) -> ServiceError:
    return ServiceError(
        f"{host} sends {what}.", code="too-large", next_step="Check that the address leads to what you expect."
    )


def _undo(chunks: Iterable[bytes], encoding: str, host: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return iter(chunks)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflate(chunks)
    raise ServiceError(f"{host} sends a body in the unknown encoding {encoding[:40]!r}.", code="encoding")


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, told by the header
    seen = False
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting:
                if inflater.eof:  # gzip files may follow each other
                    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
                seen = True
                yield inflater.decompress(waiting, STEP)
                waiting = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    except zlib.error as error:
        raise CutBodyError("the compressed body is damaged") from error
    if seen and not inflater.eof:
        raise CutBodyError("the compressed body stops early")
