"""Damaged PCD files: a clear error, at once, and nothing large allocated on the word of a header."""

import io
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import CloudFormatError
from app.formats.clouds import read_cloud
from app.formats.pcd import encode_pcd, read_pcd

HEADER = """# .PCD v0.7 - Point Cloud Data file format
VERSION 0.7
FIELDS x y z intensity
SIZE 4 4 4 4
TYPE F F F F
COUNT 1 1 1 1
WIDTH {points}
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS {points}
DATA {encoding}
"""


def file_of(encoding: str, body: bytes, *, points: int | str = 10) -> bytes:
    return HEADER.format(points=points, encoding=encoding).encode() + body


def error_of(raw: bytes) -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        read_cloud(io.BytesIO(raw))
    assert caught.value.next_step
    return caught.value


def sizes(compressed: int, unfolded: int) -> bytes:
    return np.array([compressed, unfolded], "<u4").tobytes()


BODIES = {
    "binary": b"\0" * 159,
    "ascii": b"1 2 3 4\n" * 9,
    "binary_compressed": sizes(5000, 160) + b"\0" * 100,
}


@pytest.mark.parametrize("encoding", BODIES)
def test_a_file_cut_short_says_so(encoding: str) -> None:
    assert "cut short" in error_of(file_of(encoding, BODIES[encoding])).message


@pytest.mark.parametrize("encoding", BODIES)
@pytest.mark.parametrize("points", [2_000_000_000, 4_000_000_000, 10**17])
def test_a_huge_declared_size_is_refused_at_once_without_memory(encoding: str, points: int) -> None:
    raw = file_of(encoding, BODIES[encoding], points=points)
    tracemalloc.start()
    began = time.thread_time()
    error_of(raw)
    seconds = time.thread_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 4 * len(raw) + (1 << 20)


def test_a_huge_announced_lzf_size_is_refused_without_memory() -> None:
    points = 250_000_000
    raw = file_of("binary_compressed", sizes(100, points * 16) + b"\0" * 100, points=points)
    tracemalloc.start()
    error = error_of(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "contradicts" in error.message
    assert peak < 1 << 20


@pytest.mark.parametrize(
    "body", [b"", b"\1\2\3", sizes(100, 159) + b"\0" * 100, sizes(100, 160) + b"\xff" * 100, sizes(0, 160)]
)
def test_a_damaged_compressed_body_is_an_error(body: bytes) -> None:
    error_of(file_of("binary_compressed", body))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("POINTS 10", "POINTS -10", "negative"),
        ("POINTS 10", "POINTS ten", "whole number"),
        ("POINTS 10", "POINTS " + "9" * 5000, "whole number"),
        ("POINTS 10", "POINTS 11", "contradicts"),
        ("POINTS 10", "POINTS", "no value"),
        ("WIDTH 10", "WIDTH 1_0", "whole number"),
        ("FIELDS x y z intensity", "FIELDS a b c d", "no coordinate x"),
        ("FIELDS x y z intensity", "FIELDS x x y z", "exactly one"),
        ("FIELDS x y z intensity", "FIELDS x y z", "3 FIELDS but 4"),
        ("FIELDS x y z intensity\n", "", "FIELDS"),
        ("COUNT 1 1 1 1", "COUNT 2 1 1 1", "exactly one"),
        ("COUNT 1 1 1 1", "COUNT 1 1 1 999999999", "megabyte"),
        ("TYPE F F F F", "TYPE F F F Q", "unknown type"),
        ("SIZE 4 4 4 4", "SIZE 4 4 4 3", "unknown type"),
        ("SIZE 4 4 4 4\n", "", "SIZE"),
        ("DATA binary", "DATA secret", "encoding"),
        ("DATA binary\n", "", "no DATA line"),
        ("VIEWPOINT 0", "VIEWPOINT east", "VIEWPOINT"),
    ],
)
def test_a_wrong_header_is_named(old: str, new: str, words: str) -> None:
    raw = file_of("binary", b"\0" * 160).decode("latin-1").replace(old, new, 1).encode("latin-1")
    assert words in error_of(raw).message


def test_an_endless_header_is_refused() -> None:
    assert "DATA" in error_of(b"VERSION 0.7\n" + b"# nothing\n" * 100_000).message


def test_an_empty_file_is_named() -> None:
    assert "empty" in error_of(b"").message


def test_another_kind_of_file_is_named() -> None:
    assert "a text, not a point cloud" in error_of(b"nothing of the kind").message


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_no_points_are_a_valid_empty_cloud(encoding: str) -> None:
    cloud = read_cloud(io.BytesIO(file_of(encoding, b"", points=0)))
    assert cloud.xyz.shape == (0, 3)
    assert cloud.columns["intensity"].shape == (0,)
    assert cloud.bounds is None


VALID = [
    encode_pcd({axis: np.arange(20, dtype=np.float32) for axis in ("x", "y", "z", "i")}),
    file_of("ascii", b"1 2.5 -3 4\n" * 10),
    file_of("binary_compressed", sizes(165, 160) + (b"\x1f" + b"\1" * 32) * 5),
]


@given(st.sampled_from(VALID), st.data())
@settings(max_examples=400)
def test_damage_gives_a_cloud_or_a_clear_error_and_nothing_else(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw) - 1))
    damaged = raw[:at] + data.draw(st.binary(max_size=4)) + raw[at + data.draw(st.integers(0, 4)) :]
    try:
        cloud = read_pcd(io.BytesIO(damaged))
    except CloudFormatError:
        return
    assert cloud.xyz.shape == (cloud.source.width * cloud.source.height, 3)
