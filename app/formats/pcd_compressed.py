"""The points of a binary_compressed PCD: all x, then all y and so on, as one LZF stream behind two sizes."""

from typing import BinaryIO

import numpy as np

from app.domain.arrays import Bytes
from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_blocks import fill_from_blocks
from app.formats.cloud_columns import Target
from app.formats.cloud_header import CloudHeader
from app.formats.cloud_records import cut_short, read_exactly
from app.formats.lzf import MAX_EXPANSION, LzfError, unfold

_SIZES = 8  # bytes: compressed and uncompressed size, uint32 little endian
_NEXT_STEP = "Fetch the file again."


def read_compressed(stream: BinaryIO, header: CloudHeader, *, size: int, free: int | None = None) -> PointCloud:
    """Read all points; ``size`` is the size of the stream. Raises CloudFormatError where it is cut short or damaged,
    TooLargeError where the points need more than ``free`` bytes.

    Every field is one block of (points, count) values, padding fields too, as the Point Cloud Library writes them.
    """
    available = size - header.data_offset - _SIZES
    if header.points == 0:
        return Target.of(header).cloud(header, origin=np.zeros(3), trailing_bytes=max(0, available))
    compressed_size = _announced_size(stream, header, available=available, size=size)
    target = Target.of(header, free=free, beside=header.record_size + compressed_size // header.points)
    blocks = _unfolded(stream, header, compressed_size=compressed_size)
    origin = fill_from_blocks(target, blocks, header)
    return target.cloud(header, origin=origin, trailing_bytes=available - compressed_size)


def _announced_size(stream: BinaryIO, header: CloudHeader, *, available: int, size: int) -> int:
    """The compressed size, after both announced sizes have been found possible."""
    if available < 0:
        raise cut_short(header, size=size)
    sizes = np.empty(_SIZES, np.uint8)
    read_exactly(stream, sizes)
    compressed, unfolded = sizes.view("<u4").tolist()
    needed = header.points * header.record_size
    if compressed > available:
        raise CloudFormatError(
            f"The point cloud is cut short: {compressed:,} compressed bytes are announced, {available:,} are there.",
            position=size,
            next_step=_NEXT_STEP,
        )
    if unfolded != needed or unfolded > MAX_EXPANSION * compressed:
        raise CloudFormatError(
            f"The point cloud contradicts itself: {header.points:,} points of {header.record_size} bytes "
            f"cannot come from {compressed:,} compressed bytes that announce {unfolded:,}.",
            position=header.data_offset,
            next_step=_NEXT_STEP,
        )
    return int(compressed)


def _unfolded(stream: BinaryIO, header: CloudHeader, *, compressed_size: int) -> Bytes:
    compressed = np.empty(compressed_size, np.uint8)
    read_exactly(stream, compressed)
    try:
        return unfold(compressed, size=header.points * header.record_size)
    except LzfError as error:
        raise CloudFormatError(
            f"The compressed points cannot be unfolded: {error}.", position=header.data_offset, next_step=_NEXT_STEP
        ) from error
