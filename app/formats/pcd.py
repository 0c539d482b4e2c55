"""PCD files, the format of the Point Cloud Library: reading all three encodings, writing the binary one."""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from numpy.typing import NDArray

from app.domain.point_cloud import PointCloud
from app.formats.cloud_lines import read_lines
from app.formats.cloud_records import read_records
from app.formats.pcd_compressed import read_compressed
from app.formats.pcd_header import read_header
from app.formats.pcd_write import pcd_header, pcd_record, pcd_records

_READERS = {"ascii": read_lines, "binary": read_records, "binary_compressed": read_compressed}


def read_pcd(stream: BinaryIO, *, free: int | None = None) -> PointCloud:
    """Read a PCD file from a seekable stream at its current position, points in file order (row by row).

    Coordinates in float32 (or small integers) are taken as they are. Where float64 or wide integers carry them,
    an origin is subtracted first, so that survey coordinates keep their millimetres. All other fields keep the
    file's dtype; padding is left out. What the header declares is checked against the size of the stream before
    anything is allocated. Raises CloudFormatError, and TooLargeError where the points need more than ``free`` bytes of
    memory. Format: https://pointclouds.org/documentation/tutorials/pcd_file_format.html
    """
    header = read_header(stream)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(header.data_offset)
    return _READERS[header.encoding](stream, header, size=size, free=free)


def encode_pcd(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Write columns, each (N,) or (N, count) of any integer or float dtype, as a binary PCD 0.7.

    The order of the mapping is the order of the fields; x, y and z must be among them to read the file back.
    Raises ValueError for columns of unequal length, names with blanks, or dtypes that PCD lacks.
    """
    record = pcd_record(columns)
    records = pcd_records(columns, record)
    return pcd_header(record, width=records.size) + records.tobytes()
