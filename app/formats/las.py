"""LAS 1.0 to 1.4 files, the exchange format of surveys, and their compressed form LAZ.

Source: https://www.asprs.org/wp-content/uploads/2019/07/LAS_1_4_r15.pdf. Only compressed points need
a library, see ``laz``.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Float64
from app.domain.point_cloud import FieldSpec, PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_columns import Target, choose_origin
from app.formats.cloud_header import CloudHeader
from app.formats.cloud_records import cut_short, read_exactly
from app.formats.laz import laz_blocks

_MAGIC = b"LASF"
_HEADER = 227  # bytes up to LAS 1.3
_HEADER_1_4 = 375
_COMPRESSED = 0x80  # bit of the point format that LASzip sets
_LEGACY_CLASS = 0x1F  # the other bits are flags
_BLOCK = 1 << 18  # bytes: stays in the processor's cache
_MAX_SCALE = 1e6  # metres per step: real files have a millimetre or so
_MAX_OFFSET = 1e12  # metres
_SAMPLES = 64  # places in the file that are looked at to choose an origin
_SAMPLE_RECORDS = 64
_NEXT_STEP = "Check how the file was written, or fetch it again."

_TIMED = (1, 3, 4, 5, 6, 7, 8, 9, 10)  # point formats with a GPS time
_COLOURS = {2: 20, 3: 28, 5: 28, 7: 30, 8: 30, 10: 30}  # point format to the byte where red begins
_INFRARED = (8, 10)
_SIZES = (20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67)  # bytes of a point by its format, without extra bytes


@dataclass(frozen=True)
class _Header:
    version: str
    compressed: bool
    point_format: int
    record_size: int
    points: int
    scales: Float64
    offsets: Float64
    data_offset: int


def looks_like_las(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a LAS or LAZ file."""
    return head.startswith(_MAGIC)


def read_las(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read a LAS or LAZ file from a seekable stream at its current position, points in file order.

    Coordinates are scaled in float64 and stored around an origin, so that millimetres stay. Columns: intensity,
    classification (without the flags of old formats), point_source_id, and where the format has them gps_time, red,
    green, blue and nir; extra bytes are left out. Raises CloudFormatError, for LAZ also where the extra is missing, and
    TooLargeError where the points need more than ``free`` bytes of memory.
    """
    start = stream.tell()
    las = _read_header(stream)
    size = stream.seek(0, io.SEEK_END)
    dtype = _record_dtype(las)
    header = _cloud_header(las, dtype)
    if not las.compressed and size - start - las.data_offset < las.points * las.record_size:
        raise cut_short(header, size=size)
    stream.seek(start)
    if las.compressed:
        blocks = laz_blocks(stream, points=las.points, record_size=las.record_size, size=size - start)
        target = Target.of(header, free=free)
        return _cloud(header, las, target, (block.view(dtype) for block in blocks), sample=None, trailing=0)
    target = Target.of(header, free=free)
    sample = _sample(stream, las, dtype, begin=start + las.data_offset)
    stream.seek(start + las.data_offset)
    trailing = size - start - las.data_offset - las.points * las.record_size
    return _cloud(header, las, target, _plain_blocks(stream, las, dtype), sample=sample, trailing=trailing)


def _read_header(stream: BinaryIO) -> _Header:
    raw = stream.read(_HEADER_1_4)
    if len(raw) < _HEADER:
        _fail("The header of the LAS file is cut short")
    major, minor = raw[24], raw[25]
    header_size, data_offset = struct.unpack_from("<HI", raw, 94)
    format_byte, record_size, points = struct.unpack_from("<BHI", raw, 104)
    numbers = np.frombuffer(raw, "<f8", 6, 131)
    if (major, minor) >= (1, 4) and len(raw) == _HEADER_1_4 <= header_size:
        points = struct.unpack_from("<Q", raw, 247)[0] or points
    point_format = format_byte & 0x3F
    if major != 1 or point_format >= len(_SIZES):
        _fail(f"The LAS file has the unknown version {major}.{minor} or point format {point_format}")
    if record_size < _SIZES[point_format] or data_offset < _HEADER:
        _fail(f"The LAS header contradicts itself: points of format {point_format} in {record_size} bytes each")
    scales, offsets = numbers[:3].astype(np.float64), numbers[3:].astype(np.float64)
    if not ((np.abs(scales) > 0) & (np.abs(scales) < _MAX_SCALE) & (np.abs(offsets) < _MAX_OFFSET)).all():
        _fail("The LAS header has a scale or an offset that is no usable number")
    compressed = bool(format_byte & _COMPRESSED)
    return _Header(
        f"{major}.{minor}", compressed, point_format, record_size, points, scales, offsets, data_offset=data_offset
    )


def _record_dtype(las: _Header) -> np.dtype[Any]:
    """The parts of a record that are read, by name; class and flags share a byte in formats up to 5."""
    modern = las.point_format >= 6
    fields = {"x": ("<i4", 0), "y": ("<i4", 4), "z": ("<i4", 8), "intensity": ("<u2", 12)}
    fields |= {"classification": ("u1", 16 if modern else 15), "point_source_id": ("<u2", 20 if modern else 18)}
    if las.point_format in _TIMED:
        fields["gps_time"] = ("<f8", 22 if modern else 20)
    if las.point_format in _COLOURS:
        red = _COLOURS[las.point_format]
        fields |= {name: ("<u2", red + 2 * place) for place, name in enumerate(("red", "green", "blue"))}
        fields |= {"nir": ("<u2", red + 6)} if las.point_format in _INFRARED else {}
    formats, offsets = zip(*fields.values(), strict=True)
    return np.dtype({"names": list(fields), "formats": formats, "offsets": offsets, "itemsize": las.record_size})


def _cloud_header(las: _Header, dtype: np.dtype[Any]) -> CloudHeader:
    parts = {name: dtype[name] for name in dtype.names or ()}
    return CloudHeader(
        format="laz" if las.compressed else "las",
        version=las.version,
        fields=tuple(FieldSpec(name, part.kind.upper(), part.itemsize, 1) for name, part in parts.items()),
        width=las.points,
        height=1,
        points=las.points,
        encoding=f"point format {las.point_format}",
        data_offset=las.data_offset,
    )


def _sample(stream: BinaryIO, las: _Header, dtype: np.dtype[Any], *, begin: int) -> Float64:
    """Coordinates of records spread over the whole file, (S, 3)."""
    rows = min(_SAMPLE_RECORDS, las.points)
    raw = np.empty(rows * las.record_size, np.uint8)
    found = [np.empty((0, 3))]
    for start in np.unique(np.linspace(0, las.points - rows, _SAMPLES).astype(np.int64)) if rows else ():
        stream.seek(begin + int(start) * las.record_size)
        read_exactly(stream, raw)
        found.append(_coordinates(raw.view(dtype), las))
    return np.concatenate(found)


def _coordinates(records: NDArray[Any], las: _Header) -> Float64:
    axes = [records[axis] * las.scales[place] + las.offsets[place] for place, axis in enumerate("xyz")]
    return np.stack(axes, axis=1)


def _plain_blocks(stream: BinaryIO, las: _Header, dtype: np.dtype[Any]) -> Iterator[NDArray[Any]]:
    """The records in file order, in a buffer that each block uses anew."""
    rows = max(1, _BLOCK // las.record_size)
    raw = np.empty(rows * las.record_size, np.uint8)
    for start in range(0, las.points, rows):
        block = raw[: min(rows, las.points - start) * las.record_size]
        read_exactly(stream, block)
        yield block.view(dtype)


def _cloud(
    header: CloudHeader,
    las: _Header,
    target: Target,
    blocks: Iterator[NDArray[Any]],
    *,
    sample: Float64 | None,
    trailing: int,
) -> PointCloud:
    """Fill the target block by block; without a ``sample`` the first block tells the origin."""
    origin = None if sample is None else choose_origin(sample)
    filled = 0
    for block in blocks:
        if origin is None:
            origin = choose_origin(_coordinates(block, las))
        rows = slice(filled, filled + len(block))
        for place, axis in enumerate("xyz"):
            scaled = block[axis] * las.scales[place]
            np.add(scaled, las.offsets[place] - origin[place], out=target.xyz[rows, place], casting="unsafe")
        for name, column in target.columns.items():
            column[rows] = block[name]
        filled += len(block)
    if las.point_format < 6:
        np.bitwise_and(target.columns["classification"], _LEGACY_CLASS, out=target.columns["classification"])
    return target.cloud(header, origin=np.zeros(3) if origin is None else origin, trailing_bytes=trailing)


def _fail(message: str) -> NoReturn:
    raise CloudFormatError(f"{message}.", next_step=_NEXT_STEP)
