"""A cloud larger than the memory that is free is refused before anything is allocated, with the number that would fit.

The files are as long as their headers say, but have no content: holes, which take no room on the disk.
"""

import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.errors import AppError, CloudFormatError, TooLargeError
from app.formats.cloud_room import SHOWING
from app.formats.clouds import read_cloud
from app.formats.lzf import MAX_EXPANSION
from tests.formats.cloud_files import KINDS, npy, npz, scan, with_count
from tests.formats.test_pcd_damaged import file_of

MANY = 100_000_000
FREE = 3_200_000_000
FIELDS = b"x 4\ny 4\nz 4\nintensity 4\n"


def pcd_head(encoding: str) -> bytes:
    return file_of(encoding, b"", points=MANY)


def with_sizes(head: bytes) -> bytes:
    """A compressed PCD announces both its sizes, as small as they may be."""
    unfolded = MANY * 16
    return head + np.array([unfolded // MAX_EXPANSION + 1, unfolded], "<u4").tobytes()


def counted(kind: str, points: int = MANY) -> bytes:
    return with_count(kind, KINDS[kind][1](scan()), points)


def las_head() -> bytes:
    return counted("las")


HOLLOW: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "pcd binary": ("a.pcd", lambda: pcd_head("binary"), 16 * MANY),
    "pcd compressed": ("a.pcd", lambda: with_sizes(pcd_head("binary_compressed")), 16 * MANY // MAX_EXPANSION + 100),
    "pcd ascii": ("a.pcd", lambda: pcd_head("ascii"), 8 * MANY),
    "ply ascii": ("a.ply", lambda: counted("ply ascii"), 8 * MANY),
    "ply little": ("a.ply", lambda: counted("ply little"), 16 * MANY),
    "las": ("a.las", las_head, 40 * MANY),
    "npy": ("a.npy", lambda: counted("npy"), 16 * MANY),
    "npy by columns": ("a.npy", lambda: counted("npy by columns"), 16 * MANY),
    "bin": ("a.bin", lambda: b"", 16 * MANY),
}
"""Name, head, and bytes that follow or are more than enough."""


def hollow(path: Path, head: bytes, size: int) -> Path:
    """A file that begins with ``head`` and is ``size`` bytes longer, without taking them from the disk."""
    path.write_bytes(head)
    os.truncate(path, len(head) + size)
    return path


@pytest.mark.parametrize("kind", HOLLOW)
def test_a_hundred_million_points_are_refused_with_the_number_that_fits(tmp_path: Path, kind: str) -> None:
    name, head, size = HOLLOW[kind]
    path = hollow(tmp_path / name, head(), size)
    with path.open("rb") as stream:
        tracemalloc.start()
        try:
            with pytest.raises(TooLargeError) as refused:
                read_cloud(stream, name=name, free=FREE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert refused.value.message.startswith("This cloud has 100,000,000 points and needs about ")
    assert "3.2 GB are free, enough for " in refused.value.message
    assert refused.value.message.endswith(" million points.")
    assert refused.value.next_step
    assert peak < 4_000_000


def test_the_sentence_counts_what_is_decoded_and_what_showing_takes(tmp_path: Path) -> None:
    path = hollow(tmp_path / "a.bin", b"", 16 * MANY)
    with path.open("rb") as stream, pytest.raises(TooLargeError) as refused:
        read_cloud(stream, name="a.bin", free=FREE)
    each = 12 + 4 + SHOWING
    assert f"needs about {MANY * each / 1e9:.1f} GB of memory" in refused.value.message
    assert f"enough for {FREE / each / 1e6:.0f} million points" in refused.value.message


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_refused_by_one_byte_too_few_and_read_with_enough(kind: str) -> None:
    name, write = KINDS[kind]
    raw = write(scan(500))
    needed = needed_for(raw, name)
    assert 500 * (12 + 4 + SHOWING) - 500 * 2 <= needed <= 500 * (12 + 4 + SHOWING + 64)
    assert len(read_cloud(io.BytesIO(raw), name=name, free=needed)) == 500
    with pytest.raises(TooLargeError, match="This cloud has 500 points"):
        read_cloud(io.BytesIO(raw), name=name, free=needed - 1)


def needed_for(raw: bytes, name: str) -> int:
    """The fewest free bytes with which a file is read, found by halving."""
    low, high = 0, 1 << 24
    while low < high:
        middle = (low + high) // 2
        try:
            read_cloud(io.BytesIO(raw), name=name, free=middle)
            high = middle
        except TooLargeError:
            low = middle + 1
    return low


def test_columns_beside_the_points_of_an_archive_count(tmp_path: Path) -> None:
    points = np.zeros((1000, 3), np.float32)
    bare = needed_for(npz(points=points), "a.npz")
    more = needed_for(npz(points=points, score=np.zeros(1000), title=np.zeros(3)), "a.npz")
    assert more == bare + 1000 * 8


def test_axes_of_an_archive_count() -> None:
    axes = {axis: np.zeros(1000, np.float64) for axis in "xyz"}
    assert needed_for(npz(**axes), "a.npz") == 1000 * (12 + 24 + SHOWING)


def test_what_is_cut_short_is_called_so_however_much_it_promises() -> None:
    """A header that lies must not send anybody to buy memory."""
    raw = counted("npy", points=2_000_000_000)
    with pytest.raises(CloudFormatError, match="cut short"):
        read_cloud(io.BytesIO(raw), name="a.npy", free=FREE)


def test_without_a_limit_every_cloud_is_read() -> None:
    assert len(read_cloud(io.BytesIO(npy(np.zeros((9, 3), np.float32))), free=None)) == 9


def test_a_cloud_that_is_too_large_is_a_failure_in_plain_words() -> None:
    assert issubclass(TooLargeError, AppError)
