"""The points of a binary_compressed PCD: all x, then all y and so on, as one LZF stream behind two sizes."""

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bytes, Float64
from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.lzf import MAX_EXPANSION, LzfError, unfold
from app.formats.cloud_records import cut_short, read_exactly
from app.formats.cloud_columns import Placed, Target, choose_origin, place_coordinates
from app.formats.cloud_header import CloudHeader

_SIZES = 8  # bytes: compressed and uncompressed size, uint32 little endian
_ROWS = 1 << 14  # rows interleaved at a time, so that they stay in the processor's cache
_SAMPLES = 4096
_NEXT_STEP = "Fetch the file again."


def read_compressed(stream: BinaryIO, header: CloudHeader, *, size: int) -> PointCloud:
    """Read all points; ``size`` is the size of the stream. Raises CloudFormatError where it is cut short or damaged.

    Every field is one block of (points, count) values, padding fields too, as the Point Cloud Library writes them.
    """
    available = size - header.data_offset - _SIZES
    if header.points == 0:
        return Target.of(header).cloud(header, origin=np.zeros(3), trailing_bytes=max(0, available))
    compressed_size = _announced_size(stream, header, available=available, size=size)
    blocks = _unfolded(stream, header, compressed_size=compressed_size)
    target = Target.of(header)
    origin = _fill(target, blocks, header)
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


def _block(blocks: Bytes, field: Placed, points: int) -> NDArray[Any]:
    """One field of all points, without copying: (points,) or (points, count)."""
    values = np.ndarray((points * field.count,), field.dtype, blocks.data, field.byte_offset * points)
    return values if field.count == 1 else values.reshape(points, field.count)


def _fill(target: Target, blocks: Bytes, header: CloudHeader) -> Float64:
    """Copy the blocks into the target and return the origin that was subtracted."""
    for field in target.others:
        target.columns[field.name][:] = _block(blocks, field, header.points)
    axes = [_block(blocks, axis, header.points) for axis in target.axes]
    origin = np.zeros(3)
    if target.wide:
        step = max(1, header.points // _SAMPLES)
        origin = choose_origin(np.stack([axis[::step].astype(np.float64) for axis in axes], axis=1))
    for start in range(0, header.points, _ROWS):
        rows = slice(start, start + _ROWS)
        for place, axis in enumerate(axes):
            if target.wide:
                place_coordinates(axis[rows], origin[place], target.xyz[rows, place])
            else:
                target.xyz[rows, place] = axis[rows]
    return origin
