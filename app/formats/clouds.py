"""Point cloud files of any supported kind, told apart by their first bytes."""

from typing import BinaryIO

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.pcd import read_pcd
from app.formats.pcd_header import looks_like_pcd

_SNIFF = 512  # bytes


def looks_like_cloud(head: bytes) -> bool:
    """Whether a file with these first bytes is of a kind that :func:`read_cloud` reads."""
    return looks_like_pcd(head)


def read_cloud(stream: BinaryIO) -> PointCloud:
    """Read a point cloud from a seekable stream at its current position; PCD for now.

    Raises CloudFormatError where the bytes are of no known kind, damaged or cut short.
    """
    start = stream.tell()
    head = stream.read(_SNIFF)
    stream.seek(start)
    if not head:
        raise CloudFormatError(
            "The point cloud file is empty.", position=0, next_step="Fetch it again, or check how it was written."
        )
    if looks_like_pcd(head):
        return read_pcd(stream)
    raise CloudFormatError(
        "The file is not a point cloud of a known kind.",
        position=0,
        next_step="Supported are PCD files (ascii, binary and binary_compressed).",
    )
