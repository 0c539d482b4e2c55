"""Point cloud files of any supported kind, told apart by their first bytes."""

import re
from collections.abc import Callable
from typing import BinaryIO, Protocol

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.kitti_bin import read_bin
from app.formats.las import looks_like_las, read_las
from app.formats.npy import looks_like_npy, read_npy
from app.formats.npz import looks_like_npz, read_npz
from app.formats.pcd import read_pcd
from app.formats.pcd_header import looks_like_pcd
from app.formats.ply import looks_like_ply, read_ply

CLOUD_SUFFIXES = (".pcd", ".ply", ".las", ".laz", ".bin", ".npy", ".npz")
"""Usual ends of the names of files that may be point clouds; what they are is told by their content."""


class _Reader(Protocol):
    def __call__(self, stream: BinaryIO, /, *, free: int | None = None) -> PointCloud:
        """Read a cloud that takes no more than ``free`` bytes of memory."""


_HEADERLESS = ".bin"
_SNIFF = 512  # bytes
_READERS: tuple[tuple[Callable[[bytes], bool], _Reader], ...] = (
    (looks_like_pcd, read_pcd),
    (looks_like_ply, read_ply),
    (looks_like_las, read_las),
    (looks_like_npy, read_npy),
    (looks_like_npz, read_npz),
)
_OTHER_KINDS = (
    (re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE), "an HTML or XML page, perhaps an error of a server"),
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a"), "a picture"),
    (re.compile(rb"\x1f\x8b\x08"), "compressed by gzip"),
    (re.compile(rb"\s*[\[{][\t\n\r -~]{15}"), "a JSON document"),
    (re.compile(rb"[\t\n\r\f -~]+\Z"), "a text"),
)
_NEXT_STEP = "Supported are PCD, PLY, LAS, LAZ, NumPy files (npy, npz), and .bin with 4 or 5 float32 values per point."


def looks_like_cloud(head: bytes) -> bool:
    """Whether a file with these first bytes is of a kind that :func:`read_cloud` reads, whatever its name."""
    return any(looks(head) for looks, _ in _READERS)


def read_cloud(stream: BinaryIO, *, name: str = "", free: int | None = None) -> PointCloud:
    """Read a point cloud of any supported kind from a seekable stream at its current position.

    The content decides. Only where it bears no mark, a ``name`` (or address) that ends in ``.bin`` lets it be read as
    float32 values. Raises CloudFormatError where the bytes are of no known kind, damaged or cut short, and, before
    anything is allocated, TooLargeError where decoding and showing the points takes more than ``free`` bytes of memory.
    """
    start = stream.tell()
    head = stream.read(_SNIFF)
    stream.seek(start)
    if not head:
        raise CloudFormatError(
            "The point cloud file is empty.", position=0, next_step="Fetch it again, or check how it was written."
        )
    for looks, read in _READERS:
        if looks(head):
            return read(stream, free=free)
    kind = _other_kind(head)
    if not kind and may_be_headerless(name):
        return read_bin(stream, free=free)
    what = f"The file is {kind}, not a point cloud." if kind else "The file is not a point cloud of a known kind."
    raise CloudFormatError(what, position=0, next_step=_NEXT_STEP)


def may_be_headerless(name: str) -> bool:
    """Whether a file of this name, or at this address, may be a cloud that bears no mark."""
    return name.partition("?")[0].partition("#")[0].lower().endswith(_HEADERLESS)


def _other_kind(head: bytes) -> str:
    """What the file is instead, empty where that cannot be told."""
    return next((what for pattern, what in _OTHER_KINDS if pattern.match(head)), "")
