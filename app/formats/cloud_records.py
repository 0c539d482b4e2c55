"""Points in binary, one record after the other: streamed through a small buffer, so that no file is held whole."""

from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.arrays import Bytes, Float64
from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_columns import SPILL, Placed, Target, choose_origin, place_coordinates
from app.formats.cloud_header import CloudHeader

_BLOCK = 1 << 18  # bytes: stays in the processor's cache
_SAMPLES = 64  # places in the file that are looked at to choose an origin
_SAMPLE_RECORDS = 64

BlockCopy = Callable[[int, int], None]
"""Copies the first ``count`` records of the buffer to the rows from ``start``."""


def read_records(stream: BinaryIO, header: CloudHeader, *, size: int, free: int | None = None) -> PointCloud:
    """Read all points; ``size`` is the size of the stream. Raises CloudFormatError where the file is cut short,
    TooLargeError where the points need more than ``free`` bytes."""
    trailing = size - header.data_offset - header.points * header.record_size
    if trailing < 0:
        raise cut_short(header, size=size)
    target = Target.of(header, free=free)
    origin = _sampled_origin(stream, header, target) if target.wide else np.zeros(3)
    stream.seek(header.data_offset)
    if _is_result(header, target):
        read_exactly(stream, target.xyz_and_spill[:-SPILL])
    else:
        _stream_records(stream, header, target, origin)
    return target.cloud(header, origin=origin, trailing_bytes=trailing)


def cut_short(header: CloudHeader, *, size: int) -> CloudFormatError:
    """The error for a file that holds less than its header declares."""
    return CloudFormatError(
        f"The point cloud is cut short: its header declares {header.points:,} points of {header.record_size} bytes, "
        f"but only {max(0, size - header.data_offset):,} bytes follow.",
        position=size,
        next_step="Fetch the file again.",
    )


def read_exactly(stream: BinaryIO, target: Bytes) -> None:
    """Fill ``target`` from the stream; raises CloudFormatError at its end."""
    window = target.data
    read_into: Callable[[memoryview], int | None] = stream.readinto  # type: ignore[attr-defined]
    while window:
        got = read_into(window)
        if not got:
            raise CloudFormatError(
                "The point cloud ends in the middle of its points.",
                position=stream.tell(),
                next_step="Fetch the file again.",
            )
        window = window[got:]


def _is_result(header: CloudHeader, target: Target) -> bool:
    """Whether the records are x, y, z in float32 and nothing else: the bytes of the result."""
    return header.record_size == 12 and _joined(target.axes, np.dtype("<f4"))


def _joined(axes: tuple[Placed, ...], dtype: np.dtype[Any]) -> bool:
    """Whether x, y and z are of ``dtype`` and follow each other in a record."""
    first = axes[0].byte_offset
    return all(
        axis.dtype == dtype and axis.byte_offset == first + place * dtype.itemsize for place, axis in enumerate(axes)
    )


def _stream_records(stream: BinaryIO, header: CloudHeader, target: Target, origin: Float64) -> None:
    record = header.record_size
    rows = max(1, _BLOCK // record)
    padded = np.empty(rows * record + SPILL, np.uint8)
    block = padded[:-SPILL]
    if _joined(target.axes, np.dtype("<f4")):
        copies = [_leaping_copy(padded, record, target)]
    else:
        copies = [_coordinates_copy(block, record, target, origin)]
    for field in target.others:
        copies.append(_column_copy(_in_block(block, record, field), target.columns[field.name]))
    for start in range(0, header.points, rows):
        count = min(rows, header.points - start)
        read_exactly(stream, block[: count * record])
        for copy in copies:
            copy(start, count)


def _in_block(block: Bytes, record: int, field: Placed) -> NDArray[Any]:
    """A field of all records in the block, without copying: (rows,) or (rows, count)."""
    rows = block.size // record
    if field.count == 1:
        return np.ndarray((rows,), field.dtype, block.data, field.byte_offset, (record,))
    strides = (record, field.dtype.itemsize)
    return np.ndarray((rows, field.count), field.dtype, block.data, field.byte_offset, strides)


def _column_copy(source: NDArray[Any], column: NDArray[Any]) -> BlockCopy:
    def copy(start: int, count: int) -> None:
        column[start : start + count] = source[:count]

    return copy


def _leaping_copy(padded: Bytes, record: int, target: Target) -> BlockCopy:
    """Copies x, y, z as 16 bytes that land 12 apart: each point overwrites what the one before wrote too much.

    Numpy moves 16 bytes in one instruction and 12 in a loop, so this takes half the time of three separate axes. It
    relies on numpy copying a one-dimensional array in ascending order.
    """
    offset, xyz, leap = target.axes[0].byte_offset, target.xyz_and_spill, np.dtype("V16")
    rows = (len(padded) - SPILL) // record
    source = np.ndarray((rows,), leap, padded.data, offset, (record,))

    def copy(start: int, count: int) -> None:
        np.ndarray((count,), leap, xyz.data, 12 * start, (12,))[...] = source[:count]

    return copy


def _coordinates_copy(block: Bytes, record: int, target: Target, origin: Float64) -> BlockCopy:
    axes, xyz = target.axes, target.xyz
    if _joined(axes, np.dtype("<f8")):
        joined = Placed("xyz", axes[0].dtype, 3, axes[0].byte_offset, axes[0].value_offset)
        return _shifted_copy(_in_block(block, record, joined), xyz, origin)
    return _axes_copy([_in_block(block, record, axis) for axis in axes], target, origin)


def _shifted_copy(source: NDArray[Any], xyz: NDArray[np.float32], origin: Float64) -> BlockCopy:
    def copy(start: int, count: int) -> None:
        place_coordinates(source[:count], origin, xyz[start : start + count])

    return copy


def _axes_copy(sources: list[NDArray[Any]], target: Target, origin: Float64) -> BlockCopy:
    if not target.wide:
        axes = [_column_copy(source, target.xyz[:, place]) for place, source in enumerate(sources)]
    else:
        axes = [_shifted_copy(source, target.xyz[:, i], origin[i]) for i, source in enumerate(sources)]

    def copy(start: int, count: int) -> None:
        for axis in axes:
            axis(start, count)

    return copy


def _sampled_origin(stream: BinaryIO, header: CloudHeader, target: Target) -> Float64:
    """Choose the origin from records spread over the whole file."""
    record = header.record_size
    rows = min(_SAMPLE_RECORDS, header.points)
    block = np.empty(rows * record, np.uint8)
    starts = np.unique(np.linspace(0, header.points - rows, _SAMPLES).astype(np.int64))
    samples = [np.empty((0, 3))]
    for start in starts if rows else ():
        stream.seek(header.data_offset + int(start) * record)
        read_exactly(stream, block)
        samples.append(np.stack([_in_block(block, record, axis).astype(np.float64) for axis in target.axes], axis=1))
    return choose_origin(np.concatenate(samples))
