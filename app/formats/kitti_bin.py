"""Point clouds without a header: float32 values, four per point (KITTI, SemanticKITTI) or five (nuScenes).

Source: the readers of the KITTI and nuScenes development kits. Nothing in the file tells the two apart, so the number
of values is decided by the file's size and by which of the two gives columns that are each of one kind.
"""

import io
from typing import BinaryIO

import numpy as np

from app.domain.arrays import Float64
from app.domain.point_cloud import FieldSpec, PointCloud
from app.errors import CloudFormatError
from app.formats.cloud_header import CloudHeader
from app.formats.cloud_records import read_records

_NAMES = ("x", "y", "z", "intensity", "ring")
_VALUES = (4, 5)
_SAMPLE = 80 * 4096  # bytes: whole records of either kind
_CLEAR = 0.05  # nats per value by which one reading must fit better to be called certain
_ENOUGH = 64  # values from which on a share says something
_FAR = 1e9
_TINY = 1e-12
_NEXT_STEP = "Check which program wrote it: supported are 4 or 5 float32 values per point."


def read_bin(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read x, y, z, intensity and with five values ring, from a seekable stream at its current position.

    Where both readings fit equally, four values are taken and the cloud's source says so. Raises CloudFormatError for
    a size that fits neither, and for content that is no list of float32 values, TooLargeError where the points need
    more than ``free`` bytes of memory.
    """
    start = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    length = size - start
    possible = [values for values in _VALUES if length % (4 * values) == 0]
    if not possible:
        message = f"The file has {length:,} bytes, which is no whole number of points of 16 or of 20 bytes."
        raise CloudFormatError(message, position=size, next_step=_NEXT_STEP)
    sample = _sample(stream, start=start, length=length)
    _refuse_other_content(sample)
    values, note = _decided(possible, sample)
    stream.seek(start)
    header = _header(length // (4 * values), values, start=start, note=note)
    return read_records(stream, header, size=size, free=free)


def _sample(stream: BinaryIO, *, start: int, length: int) -> Float64:
    """Values from the middle of the file, where scanners seldom see nothing."""
    stream.seek(start + max(0, (length - _SAMPLE) // 2) // 80 * 80)
    raw = stream.read(_SAMPLE)
    with np.errstate(invalid="ignore"):  # signalling NaNs
        return np.frombuffer(raw, "<f4").astype(np.float64)


def _refuse_other_content(sample: Float64) -> None:
    with np.errstate(invalid="ignore"):
        size = np.abs(sample)
        usual = (size == 0) | ((size > _TINY) & (size < _FAR))
    if sample.size >= _ENOUGH and np.count_nonzero(usual) < sample.size / 2 and np.isfinite(sample).any():
        message = "The file is not a point cloud of float32 values: most of its numbers are absurd."
        raise CloudFormatError(message, position=0, next_step=_NEXT_STEP)


def _decided(possible: list[int], sample: Float64) -> tuple[int, str]:
    """How many values a point has, and a sentence where that is a guess."""
    if len(possible) == 1 or not sample.size:
        return possible[0], ""
    four, five = (_disorder(sample, values=values) for values in _VALUES)
    if abs(four - five) >= _CLEAR:
        return (4 if four < five else 5), ""
    note = "The file fits 4 and 5 float32 values per point equally well; it was read with 4."
    return 4, note


def _disorder(sample: Float64, *, values: int) -> float:
    """Mean logarithm of the columns' spread: a wrong width mixes the columns, and a mixture spreads wider."""
    usable = np.where(np.isfinite(sample) & (np.abs(sample) < _FAR), sample, 0.0)
    spread: Float64 = usable.reshape(-1, values).std(axis=0)
    return float(np.log(spread + 1e-3).mean())


def _header(points: int, values: int, *, start: int, note: str) -> CloudHeader:
    return CloudHeader(
        format="bin",
        version=f"{values} values",
        fields=tuple(FieldSpec(name, "F", 4, 1) for name in _NAMES[:values]),
        width=points,
        height=1,
        points=points,
        encoding="binary",
        data_offset=start,
        note=note,
    )
