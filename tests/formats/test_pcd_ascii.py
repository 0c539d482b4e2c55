"""Ascii PCD lines: exact values from any spelling, and errors that name the place."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.pcd import read_pcd

XYZ = (("x", "F", 4), ("y", "F", 4), ("z", "F", 4))
BLOCK = 1 << 17


def ascii_file(body: bytes, *, points: int, fields: tuple[tuple[str, str, int], ...] = XYZ) -> bytes:
    names, kinds, sizes = zip(*fields, strict=True)
    head = (
        f"VERSION .7\nFIELDS {' '.join(names)}\nSIZE {' '.join(map(str, sizes))}\nTYPE {' '.join(kinds)}\n"
        f"WIDTH {points}\nHEIGHT 1\nPOINTS {points}\nDATA ascii\n"
    )
    return head.encode() + body


def read(body: bytes, *, points: int, fields: tuple[tuple[str, str, int], ...] = XYZ) -> PointCloud:
    return read_pcd(io.BytesIO(ascii_file(body, points=points, fields=fields)))


def error_of(body: bytes, *, points: int, fields: tuple[tuple[str, str, int], ...] = XYZ) -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        read(body, points=points, fields=fields)
    return caught.value


def as_written(value: float, style: int) -> str:
    return (repr(value), f"{value:.6f}", f"{value:.3e}", f"{value:g}", f"{value:.12f}", f"{value:+.2f}")[style]


SPELLINGS = st.one_of(
    st.builds(as_written, st.floats(width=32), st.integers(0, 5)),
    st.builds(as_written, st.floats(-1e6, 1e6), st.integers(0, 5)),
    st.integers(-(10**20), 10**20).map(str),
    st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{0,17})?", fullmatch=True),
    st.sampled_from(
        ("nan", "NaN", "-nan", "inf", "-inf", "Infinity", ".5", "5.", "-0", "-.25e1", "1e400", "00012", "1E-3")
    ),
).filter(str.isascii)


@given(st.lists(st.tuples(SPELLINGS, SPELLINGS, SPELLINGS), min_size=1, max_size=40), st.sampled_from("48"))
@settings(max_examples=250)
def test_any_spelling_reads_as_float_does(rows: list[tuple[str, str, str]], size: str) -> None:
    fields = (*XYZ, ("a", "F", int(size)), ("b", "F", int(size)), ("c", "F", int(size)))
    lines = [" ".join((*row, *row)) for row in rows]
    cloud = read("\n".join(lines).encode(), points=len(rows), fields=fields)
    expected = np.array([[float(word) for word in row] for row in rows])
    with np.errstate(over="ignore"):
        narrow = expected.astype(np.float32)
        columns = expected.astype(f"<f{size}")
    np.testing.assert_array_equal(cloud.xyz, narrow)
    np.testing.assert_array_equal(np.signbit(cloud.xyz[~np.isnan(narrow)]), np.signbit(narrow[~np.isnan(narrow)]))
    for place, name in enumerate("abc"):
        np.testing.assert_array_equal(cloud.columns[name], columns[:, place])


@given(
    st.lists(st.tuples(*[st.integers(-999, 999)] * 3), min_size=1, max_size=20),
    st.sampled_from((" ", "  ", "\t", " \t ")),
    st.sampled_from(("\n", "\r\n", " \n", "\n\n", "\r\n\r\n", " \r\n")),
    st.booleans(),
)
@settings(max_examples=200)
def test_any_blanks_and_line_ends_are_read(
    rows: list[tuple[int, int, int]], blank: str, line_end: str, closed: bool
) -> None:
    body = line_end.join(blank.join(map(str, row)) for row in rows) + (line_end if closed else "")
    cloud = read(body.encode(), points=len(rows))
    np.testing.assert_array_equal(cloud.xyz, np.array(rows, np.float32))
    assert cloud.source.trailing_bytes == 0


def many_rows(rows: int) -> tuple[bytes, Any]:
    values = np.random.default_rng(3).normal(size=(rows, 3)) * 50
    lines = [f"{row[0]:.6f} {row[1]:.4f} {row[2]:g}\n" for row in values.tolist()]
    return "".join(lines).encode(), np.array([[float(word) for word in line.split()] for line in lines])


def test_a_file_of_many_blocks_is_read_whole() -> None:
    body, expected = many_rows(20_000)
    assert len(body) > 3 * BLOCK
    np.testing.assert_array_equal(read(body, points=20_000).xyz, expected.astype(np.float32))


@pytest.mark.parametrize("row", [0, 7000, 19_999])
def test_a_wrong_word_in_any_block_is_named_with_its_position(row: int) -> None:
    lines = many_rows(20_000)[0].splitlines(keepends=True)
    lines[row] = b"1.0 2.0x 3.0\n"
    body = b"".join(lines)
    error = error_of(body, points=20_000)
    position = ascii_file(body, points=20_000).index(b"2.0x")
    assert error.position == position
    assert f"Point {row} " in error.message
    assert "'2.0x'" in error.message
    assert str(position) in error.message


@pytest.mark.parametrize("line", [b"1 2", b"1 2 3 4", b"1 2 3 4 5 6"])
def test_a_line_with_too_few_or_too_many_values_is_an_error(line: bytes) -> None:
    error = error_of(b"1 2 3\n" + line + b"\n9.0 9.0 9.0\n9 9 9\n", points=4)
    assert f"{len(line.split())} values instead of 3" in error.message
    assert error.position == len(ascii_file(b"1 2 3\n", points=4))


def test_values_never_slide_over_to_the_next_line() -> None:
    assert "2 values instead of 3" in error_of(b"1 2 3\n4 5\n6 7 8 9\n", points=3).message


@pytest.mark.parametrize(
    "word", ["1_0", "0x10", "1,5", "--1", "1-2", "1.2.3", "-", ".", "e5", "1e", "nanx", "٣", "1\0", "\x1c1", "1\x1f2"]
)
def test_what_is_no_number_is_an_error(word: str) -> None:
    assert error_of(b"1 2 3\n1 " + word.encode() + b" 3\n", points=2).position is not None


def test_missing_lines_are_counted() -> None:
    error = error_of(b"1.0000 2.0000 3.0000\n" * 9, points=10)
    assert "10 points are declared, 9 are there" in error.message


def test_further_lines_are_trailing_bytes() -> None:
    cloud = read(b"1 2 3\n4 5 6\n7 8 9\n", points=2)
    assert cloud.xyz.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert cloud.source.trailing_bytes == 6


def test_anything_may_follow_the_declared_lines() -> None:
    cloud = read(b"1 2 3\n4 5 6\n\0\0what\xff", points=2)
    assert cloud.source.trailing_bytes == 7


INTEGERS = {
    "I1": np.int8,
    "I2": np.int16,
    "I4": np.int32,
    "I8": np.int64,
    "U1": np.uint8,
    "U4": np.uint32,
    "U8": np.uint64,
}


@pytest.mark.parametrize("kind", INTEGERS)
def test_the_limits_of_every_integer_type_are_kept_exactly(kind: str) -> None:
    limits = np.iinfo(INTEGERS[kind])
    fields = (*XYZ, ("n", kind[0], int(kind[1])))
    cloud = read(f"0 0 0 {limits.min}\n0 0 0 {limits.max}\n0 0 0 1e1\n0 0 0 16.0".encode(), points=4, fields=fields)
    assert cloud.columns["n"].tolist() == [limits.min, limits.max, 10, 16]
    assert cloud.columns["n"].dtype == INTEGERS[kind]
    for wrong in (int(limits.min) - 1, int(limits.max) + 1, "0.5", "nan", "inf"):
        assert "n '" in error_of(f"0 0 0 0\n0 0 0 {wrong}\n".encode(), points=2, fields=fields).message


def test_padding_and_several_values_per_field_are_told_apart() -> None:
    raw = ascii_file(
        b"1 2 9 9 3 5 6\n", points=1, fields=(("x", "F", 4), ("y", "F", 4), ("_", "U", 1), ("z", "F", 4), ("n", "U", 2))
    )
    cloud = read_pcd(io.BytesIO(raw.replace(b"WIDTH", b"COUNT 1 1 2 1 2\nWIDTH")))
    assert cloud.xyz.tolist() == [[1, 2, 3]]
    assert cloud.columns["n"].tolist() == [[5, 6]]


@given(st.data())
@settings(max_examples=300)
def test_damaged_lines_are_never_read_as_other_values(data: st.DataObject) -> None:
    body = b"1.5 -2 3e1\n4 nan 6.25\n-7.125 8 9\n"
    at = data.draw(st.integers(0, len(body)))
    piece = data.draw(
        st.sampled_from((b"\t", b"\0", b"\r", b" ", b"\n", b"-", b".", b"e", b"_", b"\x1f", b"7", b"\xa0"))
    )
    damaged = body[:at] + piece + body[at + data.draw(st.integers(0, 2)) :] + b" " * 8
    rows = [line.split() for line in damaged.split(b"\n") if line.split()][:3]
    try:
        expected = [[float(word) for word in row] for row in rows]
        right = (
            len(rows) == 3
            and all(len(row) == 3 for row in rows)
            and not any(b"_" in word for row in rows for word in row)
        )
    except ValueError:
        right = False
    if right:
        with np.errstate(over="ignore"):  # 77e1 and the like may grow beyond float32, here as there
            wanted = np.array(expected, np.float32)
        np.testing.assert_array_equal(read(damaged, points=3).xyz, wanted)
    else:
        error_of(damaged, points=3)
