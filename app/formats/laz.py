"""Compressed LAS points (LASzip), unfolded by lazrs, the library behind laspy; it comes with the extra ``las``.

The library is handed nothing before the places and counts that it would allocate for have been checked.
Source of the layout: https://github.com/LASzip/LASzip, laszip.hpp and the chunk table at the end of its files.
"""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import numpy as np

from app.domain.arrays import Bytes
from app.errors import CloudFormatError

_ROWS = 50_000  # points unfolded at a time: one chunk of most files
_VLR = 54  # bytes of the header of a variable length record
_ITEMS = 32  # where in the settings the number of parts of a point stands
_LASZIP = b"laszip encoded"
_MAX_EXPANSION = 1000  # bytes of points per byte of file: LASzip shrinks scans to a seventh or so
_CHUNKED = (2, 3)  # compressors that write a chunk table
_NEXT_STEP = "Fetch the file again, or check how it was written."


def laz_blocks(stream: BinaryIO, *, points: int, record_size: int, size: int) -> Iterator[Bytes]:
    """Yield the records of all points as bytes, (rows * record_size,), in a buffer that each block uses anew.

    ``stream`` stands at the beginning of a file of ``size`` bytes. Raises CloudFormatError at once where the header
    cannot be right or the library is not installed, and while unfolding where the points are damaged or cut short.
    """
    start = stream.tell()
    raw = stream.read(227)
    header_size, data_offset, records = struct.unpack_from("<HII", raw, 94)
    if points * record_size > _MAX_EXPANSION * size:
        _fail(f"The LAZ file declares {points:,} points, which cannot come from {size:,} bytes")
    stream.seek(start + header_size)
    settings = _laszip_settings(stream, records)
    _check_items(settings, record_size=record_size)
    _check_chunks(stream, settings, begin=start, data_offset=data_offset, size=size)
    stream.seek(start + data_offset)
    return _unfolded(stream, settings, points=points, record_size=record_size)


def _laszip_settings(stream: BinaryIO, records: int) -> bytes:
    """What the compressor noted about itself: the content of its own variable length record."""
    for _ in range(records):
        head = stream.read(_VLR)
        if len(head) < _VLR:
            break
        content = stream.read(struct.unpack_from("<H", head, 20)[0])
        if head[2:18].rstrip(b"\0") == _LASZIP and len(content) >= _ITEMS + 2:
            return content
    return _fail("The LAZ file lacks the record that tells how its points are compressed")


def _check_items(settings: bytes, *, record_size: int) -> None:
    """Whether the parts that a point is compressed in add up to a point: the library takes that for granted."""
    items = struct.unpack_from("<H", settings, _ITEMS)[0]
    if len(settings) < _ITEMS + 2 + 6 * items:
        _fail("The LAZ file is damaged where it tells how its points are compressed")
    sizes = [struct.unpack_from("<H", settings, _ITEMS + 4 + 6 * place)[0] for place in range(items)]
    if not sizes or sum(sizes) != record_size:
        _fail(f"The LAZ file contradicts itself: points of {record_size} bytes in parts of {sum(sizes)}")


def _check_chunks(stream: BinaryIO, settings: bytes, *, begin: int, data_offset: int, size: int) -> None:
    """Whether the chunk table lies within the file and lists no more chunks than bytes."""
    compressor = struct.unpack_from("<H", settings, 0)[0]
    if compressor not in _CHUNKED:
        _fail(f"The LAZ file was written by an unknown compressor ({compressor})")
    at = _number(stream, begin + data_offset, "<q")
    if at == -1:  # written to something that could not seek: the place stands at the end
        at = _number(stream, begin + size - 8, "<q")
    if not data_offset < at <= size - 8:
        _fail("The LAZ file is cut short: its chunk table is not there")
    chunks = _number(stream, begin + at + 4, "<I")
    if chunks > size:
        _fail(f"The LAZ file claims {chunks:,} chunks in {size:,} bytes")


def _number(stream: BinaryIO, at: int, form: str) -> int:
    stream.seek(max(0, at))
    raw = stream.read(struct.calcsize(form))
    if len(raw) < struct.calcsize(form):
        _fail("The LAZ file is cut short")
    return int(struct.unpack(form, raw)[0])


def _unfolded(stream: BinaryIO, settings: bytes, *, points: int, record_size: int) -> Iterator[Bytes]:
    lazrs = _library()
    buffer = np.empty(min(_ROWS, points) * record_size, np.uint8)
    try:
        unfolding = lazrs.LasZipDecompressor(stream, settings)
        for start in range(0, points, _ROWS):
            block = buffer[: min(_ROWS, points - start) * record_size]
            unfolding.decompress_many(block)
            yield block
    except CloudFormatError:
        raise
    except BaseException as error:
        if not _of_library(error, lazrs):
            raise
        message = f"The compressed points cannot be unfolded ({error!s:.80})."
        raise CloudFormatError(message, next_step=_NEXT_STEP) from error


def _of_library(error: BaseException, lazrs: Any) -> bool:
    """Whether the library gave up: by its own error, or by a panic of the language it is written in."""
    return isinstance(error, lazrs.LazrsError | ValueError | OSError) or type(error).__name__ == "PanicException"


def _library() -> Any:
    try:
        import lazrs
    except ImportError as error:
        message = "Compressed LAZ files need a package that is not installed."
        raise CloudFormatError(message, next_step="Install it: pip install 'pointproof[las]'") from error
    return lazrs


def _fail(message: str) -> NoReturn:
    raise CloudFormatError(f"{message}.", next_step=_NEXT_STEP)
