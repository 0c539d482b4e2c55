"""PCD files, the format of the Point Cloud Library: reading all three encodings, writing the binary one."""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.domain.point_cloud import PointCloud
from app.formats.pcd_ascii import read_ascii
from app.formats.pcd_binary import read_binary
from app.formats.pcd_compressed import read_compressed
from app.formats.pcd_header import read_header

_READERS = {"ascii": read_ascii, "binary": read_binary, "binary_compressed": read_compressed}
_KINDS = {"f": "F", "i": "I", "u": "U", "b": "U"}


def read_pcd(stream: BinaryIO) -> PointCloud:
    """Read a PCD file from a seekable stream at its current position, points in file order (row by row).

    Coordinates in float32 (or small integers) are taken as they are. Where float64 or wide integers carry them,
    an origin is subtracted first, so that survey coordinates keep their millimetres. All other fields keep the
    file's dtype; padding is left out. What the header declares is checked against the size of the stream before
    anything is allocated. Raises CloudFormatError. Format: https://pointclouds.org/documentation/tutorials/pcd_file_format.html
    """
    header = read_header(stream)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(header.data_offset)
    return _READERS[header.encoding](stream, header, size=size)


def encode_pcd(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Write columns, each (N,) or (N, count) of any integer or float dtype, as a binary PCD 0.7.

    The order of the mapping is the order of the fields; x, y and z must be among them to read the file back.
    Raises ValueError for columns of unequal length, names with blanks, or dtypes that PCD lacks.
    """
    points = {len(column) for column in columns.values()}
    if len(points) != 1:
        raise ValueError("a PCD file needs at least one column, and all of the same length")
    declared = [_declared(name, column) for name, column in columns.items()]
    records = np.empty(points.pop(), np.dtype([(name, dtype, shape) for name, dtype, shape in declared]))
    for name, column in columns.items():
        records[name] = column
    return _header_text(declared, points=records.size) + records.tobytes()


def _declared(name: str, column: NDArray[Any]) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    dtype = column.dtype.newbyteorder("<")
    if dtype.kind not in _KINDS or dtype.itemsize not in (1, 2, 4, 8) or dtype.str == "<f2":
        raise ValueError(f"a PCD file cannot hold the dtype {column.dtype} of {name}")
    if not name or name.split() != [name] or column.ndim > 2:
        raise ValueError(f"a PCD file cannot hold a field named {name!r} of shape {column.shape}")
    return name, dtype, column.shape[1:]


def _header_text(declared: list[tuple[str, np.dtype[Any], tuple[int, ...]]], *, points: int) -> bytes:
    lines = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        "FIELDS " + " ".join(name for name, _, _ in declared),
        "SIZE " + " ".join(str(dtype.itemsize) for _, dtype, _ in declared),
        "TYPE " + " ".join(_KINDS[dtype.kind] for _, dtype, _ in declared),
        "COUNT " + " ".join(str(shape[0] if shape else 1) for _, _, shape in declared),
        f"WIDTH {points}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {points}",
        "DATA binary\n",
    ]
    return "\n".join(lines).encode()
