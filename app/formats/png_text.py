"""Texts inside PNG files: one written as an ``iTXt`` chunk, and found again without touching the pixels.

Source: https://www.w3.org/TR/png-3/#11iTXt. Chunks are a length, a type, the data and a CRC-32 of type and data.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from app.errors import ImageFormatError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LONGEST_TEXT = 1 << 20  # bytes, folded out

_KIND = b"iTXt"
_FRAME = 12  # bytes around the data of a chunk
_MOST_CHUNKS = 100_000
_LONGEST_CHUNK = (1 << 31) - 1  # bytes, by the standard
_NEXT_STEP = "Fetch it again, or check how it was written."


def insert_text(png: bytes, keyword: str, text: str) -> bytes:
    """The picture with ``text`` under a Latin-1 ``keyword`` of 1 to 79 letters; an earlier one under it is replaced.

    Raises ImageFormatError where ``png`` is no whole PNG file.
    """
    data = keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    written = _framed(_KIND, data)
    parts = [SIGNATURE]
    stream = io.BytesIO(png)
    for kind, start, length in _chunks(stream):
        end = start + length + 4
        if kind == _KIND and png[start : start + length].startswith(keyword.encode("latin-1") + b"\0"):
            continue
        parts.append(png[start - 8 : end])
        if kind == b"IHDR":
            parts.append(written)
    return b"".join(parts)


def read_text(stream: BinaryIO, keyword: str) -> str | None:
    """The text under ``keyword`` in a PNG at the stream's position, which must be seekable; None without one.

    Reads the heads of the chunks and that text alone, at most a mebibyte of it. Raises ImageFormatError where the
    file is no PNG, or is damaged or cut short before its text.
    """
    wanted = keyword.encode("latin-1") + b"\0"
    for kind, start, length in _chunks(stream):
        if kind == _KIND:
            stream.seek(start)
            if stream.read(min(length, len(wanted))) == wanted:
                return _decoded(_checked(stream, start, length)[len(wanted) :])
    return None


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Type, place of the data in the stream and its length, of each chunk up to the end of the picture."""
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        _fail("The file is no PNG picture")
    at = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    for _ in range(_MOST_CHUNKS):
        stream.seek(at)
        head = stream.read(8)
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (_LONGEST_CHUNK + 1, b"")
        if length > _LONGEST_CHUNK or at + _FRAME + length > end:
            _fail("The PNG picture is cut short")
        yield kind, at + 8, length
        if kind == b"IEND":
            return
        at += _FRAME + length
    _fail("The PNG picture is in absurdly many pieces")


def _checked(stream: BinaryIO, start: int, length: int) -> bytes:
    """The data of a chunk whose check sum is right."""
    if length > LONGEST_TEXT:
        _fail("The text in the PNG picture is absurdly long")
    stream.seek(start)
    data = stream.read(length)
    if zlib.crc32(_KIND + data) != int.from_bytes(stream.read(4), "big"):
        _fail("The text in the PNG picture is damaged")
    return data


def _decoded(data: bytes) -> str:
    """What follows the keyword: folded or not, method, language, translated keyword, text."""
    folded, _, rest = data[:1], data[1:2], data[2:]
    _language, _, rest = rest.partition(b"\0")
    _translated, found, text = rest.partition(b"\0")
    if not found or folded not in (b"\0", b"\1"):
        _fail("The text in the PNG picture is damaged")
    try:
        return (_unfolded(text) if folded == b"\1" else text).decode("utf-8")
    except UnicodeDecodeError:
        _fail("The text in the PNG picture is damaged")


def _unfolded(text: bytes) -> bytes:
    """Never more than the longest text, whatever a few bytes promise to become."""
    unfolding = zlib.decompressobj()
    try:
        found = unfolding.decompress(text, LONGEST_TEXT + 1)
    except zlib.error:
        _fail("The text in the PNG picture is damaged")
    if len(found) > LONGEST_TEXT:
        _fail("The text in the PNG picture is absurdly long")
    if not unfolding.eof:
        _fail("The text in the PNG picture is damaged")
    return found


def _framed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _fail(message: str) -> NoReturn:
    raise ImageFormatError(f"{message}.", next_step=_NEXT_STEP)
