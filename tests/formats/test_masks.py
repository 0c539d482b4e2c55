"""Mask files: strict, exact, and never silently wrong; Python's own JSON reader is the oracle."""

import gzip
import io
import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.mask import NULL_KEY, Mask
from app.errors import MaskFormatError
from app.formats.masks import decode_mask, mask_of_cloud
from app.formats.pcd import encode_pcd, read_pcd

BLOCK = 1 << 17


def keys_of(text: str | bytes) -> list[int]:
    keys: list[int] = decode_mask(text.encode() if isinstance(text, str) else text).label_keys.tolist()
    return keys


def error_of(text: str | bytes) -> MaskFormatError:
    with pytest.raises(MaskFormatError) as caught:
        decode_mask(text.encode() if isinstance(text, str) else text)
    assert caught.value.next_step
    return caught.value


def judged(text: bytes) -> list[int] | None:
    """What Python's JSON reader makes of a mask text; None where it is no flat list of 64-bit whole numbers."""
    try:
        values = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list):
        return None
    keys = [NULL_KEY if value is None else value for value in values]
    if any(type(key) not in (int, float) or not float(key).is_integer() for key in keys):
        return None
    if any(not -(1 << 63) <= int(key) < 1 << 63 for key in keys):
        return None
    return [int(key) for key in keys]


KEYS = st.one_of(
    st.integers(0, 99), st.integers(0, 65_535), st.integers(-3, 10**9), st.integers(-(1 << 63), (1 << 63) - 1)
)


@given(st.lists(KEYS, max_size=60), st.sampled_from((",", ", ", ",\n", ",\r\n  ", " ,", "\t,\t")), st.booleans())
@settings(max_examples=300)
def test_any_list_of_whole_numbers_survives(keys: list[int], separator: str, compressed: bool) -> None:
    raw = f"[{separator.join(map(str, keys))}]\n".encode()
    mask = decode_mask(gzip.compress(raw) if compressed else raw)
    assert mask.label_keys.tolist() == keys
    assert not mask.label_keys.flags.writeable
    low, high = min(keys, default=0), max(keys, default=0)
    narrow = [np.uint16, np.int32, np.int64]
    fitting = [kind for kind in narrow if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max]
    assert mask.label_keys.dtype == fitting[0]


@given(
    st.lists(st.one_of(st.integers(0, 120), st.sampled_from((None, 16.0, 1e3, -1, 70_000))), min_size=1, max_size=30),
    st.sampled_from((",", ", ", ",\n ")),
    st.data(),
)
@settings(max_examples=500)
def test_damage_is_never_read_as_something_else(keys: list[Any], separator: str, data: st.DataObject) -> None:
    raw = ("[" + separator.join(map(json.dumps, keys)) + "]").encode()
    at = data.draw(st.integers(0, len(raw)))
    pieces = (
        b"",
        b"0",
        b"7",
        b",",
        b" ",
        b"-",
        b".",
        b".5",
        b"e1",
        b"]",
        b"[",
        b'"',
        b"null",
        b"true",
        b"NaN",
        b"\xff",
        b"\0",
    )
    damaged = raw[:at] + data.draw(st.sampled_from(pieces)) + raw[at + data.draw(st.integers(0, 3)) :]
    expected = judged(damaged)
    if expected is None:
        with pytest.raises(MaskFormatError):
            decode_mask(damaged)
    else:
        assert keys_of(damaged) == expected


@pytest.mark.parametrize("separator", [",", ", ", ",\n"])
@pytest.mark.parametrize("highest", [9, 40, 300, 9999, 65_535, 99_999_999])
def test_masks_of_many_blocks_are_read_whole(separator: str, highest: int) -> None:
    keys = np.random.default_rng(highest).integers(0, highest + 1, 200_000)
    raw = f"[{separator.join(map(str, keys.tolist()))}]".encode()
    assert len(raw) > 3 * BLOCK
    np.testing.assert_array_equal(decode_mask(raw).label_keys, keys)


@pytest.mark.parametrize("odd", ["-1", "null", "16.0", "70000", "5000000000"])
@pytest.mark.parametrize("row", [0, 60_000, 119_999])
def test_one_unusual_key_in_any_block_is_read_exactly(odd: str, row: int) -> None:
    words = ["7", "123", "65535"] * 40_000
    words[row] = odd
    expected = [NULL_KEY if word == "null" else int(float(word)) for word in words]
    assert keys_of(f"[{', '.join(words)}]") == expected


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        ("16.5", "not whole"),
        ("true", "truth value"),
        ("false", "truth value"),
        ('"7"', "a text"),
        ("[7]", "nested"),
        ("{}", "an object"),
        ("NaN", "unexpected"),
        ("-Infinity", "unexpected"),
        ("1e999", "not whole"),
        ("007", "leading zero"),
        ("", "unexpected"),
        ("1 2", "unexpected"),
        ("0x1", "unexpected"),
        ("+1", "unexpected"),
        ("9223372036854775808", "64 bits"),
        ("1" * 5000, "64 bits"),
        ("1e30", "64 bits"),
    ],
)
@pytest.mark.parametrize("row", [0, 30_000, 59_999])
def test_what_is_no_label_key_is_named_with_its_position(odd: str, what: str, row: int) -> None:
    words = ["7", "123", "65535"] * 20_000
    words[row] = odd
    text = f"[{', '.join(words)}]"
    error = error_of(text)
    assert what in error.message
    start = len(f"[{', '.join(words[:row])}") + (2 if row else 0)
    assert error.position is not None
    assert start <= error.position <= start + len(odd) + 1
    assert str(error.position) in error.message


def test_a_mask_cut_short_names_the_position() -> None:
    error = error_of("[1, 2, 33")
    assert "cut short" in error.message
    assert error.position == 9


def test_a_mask_cut_short_after_many_blocks_names_the_position() -> None:
    text = "[" + "12, " * 200_000
    error = error_of(text)
    assert "cut short" in error.message
    assert error.position == len(text)


def test_text_after_the_closing_bracket_is_named() -> None:
    error = error_of("[1, 2, 3]\n[4]")
    assert "after the closing bracket" in error.message
    assert error.position == 10


def test_deep_nesting_is_one_clear_error() -> None:
    assert "nested" in error_of("[" * 100_000 + "]" * 100_000).message


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[\n]\r\n", "\ufeff[]"])
def test_an_empty_list_is_an_empty_mask(text: str) -> None:
    assert len(decode_mask(text.encode())) == 0


@pytest.mark.parametrize("text", ["[,]", "[1,]", "[,1]", "[1,,2]", "[[]]", "[]]", "[", "]", "[ ", "[1", "[]x"])
def test_a_misplaced_comma_or_bracket_is_an_error(text: str) -> None:
    error_of(text)


def test_a_byte_order_mark_and_blanks_around_are_accepted() -> None:
    assert keys_of(b"\xef\xbb\xbf \r\n[1,2,\n3]\n\n") == [1, 2, 3]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG"),
        (b"<html><body>Forbidden</body></html>", "HTML"),
        (b'{"error": "expired"}', "not a list"),
        (b"1, 2, 3", "not a list"),
        (gzip.compress(gzip.compress(b"[1]", mtime=0), mtime=0), "twice"),
        (gzip.compress(b"[1, 2]" * 500, mtime=0)[:-20], "compressed mask"),
        (b"\x1f\x8b garbage", "damaged"),
    ],
)
def test_another_kind_of_file_is_named(raw: bytes, what: str) -> None:
    assert what in error_of(raw).message


def test_a_gzip_file_that_unfolds_without_end_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(b" " * (50 << 20))
    tracemalloc.start()
    with pytest.raises(MaskFormatError, match="unfolds"):
        decode_mask(bomb, max_text=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_gzip_file_of_several_members_is_read_whole() -> None:
    assert keys_of(gzip.compress(b"[1, 2,") + gzip.compress(b" 3]")) == [1, 2, 3]


def test_memory_stays_within_twice_the_result() -> None:
    keys = np.random.default_rng(0).integers(0, 300, 1_000_000)
    raw = f"[{', '.join(map(str, keys.tolist()))}]".encode()
    decode_mask(raw[: 1 << 16].rpartition(b",")[0] + b"]")
    tracemalloc.start()
    mask = decode_mask(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert mask.label_keys.nbytes == 2_000_000
    assert peak <= 2 * mask.label_keys.nbytes


def pcd(**columns: Any) -> bytes:
    points = len(next(iter(columns.values())))
    axes = {axis: np.zeros(points, np.float32) for axis in "xyz"}
    return encode_pcd({**axes, **{name: np.asarray(column) for name, column in columns.items()}})


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8, np.int16, np.uint32, np.int64])
def test_the_older_form_carries_the_mask_in_a_column(dtype: Any) -> None:
    mask = decode_mask(pcd(label_key=np.array([4, 0, 17, 1], dtype)))
    assert mask.label_keys.tolist() == [4, 0, 17, 1]
    assert mask.label_keys.dtype == np.uint16


def test_the_older_form_rounds_float_keys_and_keeps_large_and_negative_ones() -> None:
    assert keys_of(pcd(label_key=np.array([3.0001, -0.9999, 70_000.0], np.float32))) == [3, -1, 70_000]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 2.5, 1e30])
def test_a_float_key_that_is_not_whole_is_named(wrong: float) -> None:
    assert "Point 1 " in error_of(pcd(label_key=np.array([1.0, wrong], np.float32))).message


def test_a_key_beyond_64_bits_is_refused() -> None:
    assert "64 bits" in error_of(pcd(label_key=np.array([1, 1 << 63], np.uint64))).message


def test_a_cloud_without_the_column_is_no_mask() -> None:
    assert "label_key" in error_of(pcd(intensity=np.zeros(3, np.float32))).message


def test_several_keys_per_point_are_no_mask() -> None:
    assert "2 values per point" in error_of(pcd(label_key=np.zeros((3, 2), np.uint8))).message


def test_a_damaged_cloud_is_a_damaged_mask() -> None:
    assert "cut short" in error_of(pcd(label_key=np.zeros(30, np.uint8))[:-5]).message


def test_the_mask_of_an_opened_cloud_is_the_same() -> None:
    raw = pcd(label_key=np.array([1.0, 2.0], np.float32))
    assert mask_of_cloud(read_pcd(io.BytesIO(raw))).label_keys.tolist() == decode_mask(raw).label_keys.tolist()


@given(st.lists(st.integers(-5, 70_000), max_size=50))
def test_counts_are_those_of_the_keys(keys: list[int]) -> None:
    counts = Mask(decode_mask(json.dumps(keys).encode()).label_keys).counts
    assert counts == {key: keys.count(key) for key in sorted(set(keys))}
    assert list(counts) == sorted(counts)
