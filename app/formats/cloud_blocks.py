"""Points stored column by column: all x, then all y and so on."""

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bytes, Float64
from app.domain.point_cloud import PointCloud
from app.formats.cloud_columns import Placed, Target, choose_origin, place_coordinates
from app.formats.cloud_header import CloudHeader
from app.formats.cloud_records import cut_short, read_exactly
from app.formats.memory import new_memory

_ROWS = 1 << 14  # rows interleaved at a time, so that they stay in the processor's cache
_SAMPLES = 4096


def read_columns(stream: BinaryIO, header: CloudHeader, *, size: int, free: int | None = None) -> PointCloud:
    """Read all points; ``size`` is the size of the stream. Raises CloudFormatError where the file is cut short,
    TooLargeError where the points need more than ``free`` bytes."""
    needed = header.points * header.record_size
    trailing = size - header.data_offset - needed
    if trailing < 0:
        raise cut_short(header, size=size)
    target = Target.of(header, free=free, beside=header.record_size)
    blocks = new_memory(needed)
    read_exactly(stream, blocks)
    origin = fill_from_blocks(target, blocks, header)
    return target.cloud(header, origin=origin, trailing_bytes=trailing)


def _block(blocks: Bytes, field: Placed, points: int) -> NDArray[Any]:
    """One field of all points, without copying: (points,) or (points, count)."""
    values = np.ndarray((points * field.count,), field.dtype, blocks.data, field.byte_offset * points)
    return values if field.count == 1 else values.reshape(points, field.count)


def fill_from_blocks(target: Target, blocks: Bytes, header: CloudHeader) -> Float64:
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
