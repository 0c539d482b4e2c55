"""Bodies of answers: content encodings undone in small steps, so that a tiny answer cannot fill the memory."""

import zlib
from collections.abc import Iterable, Iterator

from app.errors import ServiceError

STEP = 1 << 20  # bytes that one step of decoding may give


class CutBodyError(Exception):
    """A body ended before its own format says that it ends."""


def decoded(chunks: Iterable[bytes], *, encoding: str, cap: int, host: str, before: int = 0) -> Iterator[bytes]:
    """The chunks with gzip or deflate undone, with ``before`` bytes of an earlier try never more than ``cap`` in all.

    Raises ServiceError above the cap or for another encoding, CutBodyError for a compressed body that stops early.
    """
    total = before
    for piece in _undo(chunks, encoding.strip().lower(), host):
        total += len(piece)
        if total > cap:
            raise ServiceError(
                f"{host} sends more than {cap / 2**20:,.0f} MiB, the most that is accepted here.",
                code="too-large",
                next_step="Check that the address leads to what you expect.",
            )
        yield piece


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
