"""PCD files: the recordings of others, round trips, and an independent reader as oracle."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import lzf as lzf_library
import numpy as np
import pypcd4
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.clouds import read_cloud
from app.formats.pcd import encode_pcd, read_pcd
from app.formats.pcd_header import read_header

DTYPES = ("<f4", "<f8", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8")
KIND = {"f": "F", "i": "I", "u": "U"}


def cloud_of(raw: bytes) -> PointCloud:
    return read_pcd(io.BytesIO(raw))


def header(fields: list[tuple[str, str, int]], points: int, encoding: str, *, newline: str = "\n") -> bytes:
    """A PCD header for fields (name, dtype, count)."""
    lines = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        "FIELDS " + " ".join(name for name, _, _ in fields),
        "SIZE " + " ".join(str(np.dtype(dtype).itemsize) for _, dtype, _ in fields),
        "TYPE " + " ".join(KIND[np.dtype(dtype).kind] for _, dtype, _ in fields),
        "COUNT " + " ".join(str(count) for _, _, count in fields),
        f"WIDTH {points}",
        "HEIGHT 1",
        f"POINTS {points}",
        f"DATA {encoding}",
    ]
    return (newline.join(lines) + newline).encode()


def encoded(records: list[tuple[str, NDArray[Any]]], encoding: str) -> bytes:
    """A file of columns (N, count), written by this test in any encoding; ``_`` may repeat and counts may be 0."""
    points = len(records[0][1])
    head = header([(name, column.dtype.str, column.shape[1]) for name, column in records], points, encoding)
    if encoding == "ascii":
        rows = [" ".join(repr(v) for _, column in records for v in column[row].tolist()) for row in range(points)]
        return head + "".join(row + "\n" for row in rows).encode()
    if encoding == "binary":
        rows_of_bytes = (column[row].tobytes() for row in range(points) for _, column in records)
        return head + b"".join(rows_of_bytes)
    blocks = b"".join(column.tobytes() for _, column in records)
    return head + lzf_blocks(blocks)


def literal_lzf(data: bytes) -> bytes:
    """LZF without any back reference, which compressors refuse to write."""
    runs = [data[at : at + 32] for at in range(0, len(data), 32)]
    return b"".join(bytes([len(run) - 1]) + run for run in runs)


def lzf_blocks(blocks: bytes) -> bytes:
    packed = (lzf_library.compress(blocks) if len(blocks) > 4 else None) or literal_lzf(blocks)
    return np.array([len(packed), len(blocks)], "<u4").tobytes() + packed


def sha256(array: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def recordings(shared_data: Path) -> dict[str, dict[str, Any]]:
    expected: dict[str, dict[str, Any]] = json.loads((shared_data / "pcd_expected.json").read_text())
    return expected


def check_header(cloud: PointCloud, expected: dict[str, Any]) -> None:
    source = cloud.source
    assert (source.version, source.encoding) == (expected["version"], expected["data"])
    assert (source.width, source.height, len(cloud)) == (expected["width"], expected["height"], expected["points"])
    declared = [(field.name, field.kind, str(field.size), str(field.count)) for field in source.fields]
    assert declared == list(zip(expected["fields"], expected["type"], expected["size"], expected["count"], strict=True))
    viewpoint = expected.get("viewpoint")
    assert source.viewpoint == (tuple(map(float, viewpoint)) if viewpoint else None)
    trailing = [int(note.split()[0]) for note in expected["notes"] if "trailing" in note]
    assert source.trailing_bytes == (trailing[0] if trailing else 0)


def check_points(cloud: PointCloud, expected: dict[str, Any]) -> None:
    assert len(cloud) - cloud.nonfinite_points == expected.get("finite_points", 0)
    if not len(cloud):
        assert cloud.bounds is None
        return
    assert not cloud.origin.any()
    assert sha256(np.nan_to_num(cloud.xyz, nan=0.0)) == expected["sha256_xyz_f32_le_nan_as_0"]
    assert cloud.bounds is not None
    np.testing.assert_allclose(cloud.bounds[0], expected["min_xyz"], rtol=1e-6)
    np.testing.assert_allclose(cloud.bounds[1], expected["max_xyz"], rtol=1e-6)
    np.testing.assert_allclose(cloud.xyz[cloud.finite].mean(axis=0, dtype=np.float64), expected["mean_xyz"], rtol=1e-6)


def test_every_recording_reads_as_expected(shared_data: Path) -> None:
    expected = recordings(shared_data)
    assert len(expected) > 20
    for name, entry in expected.items():
        with (shared_data / name).open("rb") as stream:
            if "error" in entry:
                with pytest.raises(CloudFormatError) as caught:
                    read_cloud(stream)
                assert caught.value.next_step
                continue
            cloud = read_cloud(stream)
        check_header(cloud, entry)
        check_points(cloud, entry)
        assert set(cloud.columns) == set(entry["fields"]) - {"x", "y", "z", "_"}
        for column, values in cloud.columns.items():
            facts = entry.get(column, {})
            if "sha256" in facts:
                assert (values.dtype.name, sha256(values)) == (facts["dtype"], facts["sha256"])
            if "first3" in facts:
                assert np.ravel(values)[:3].tolist() == pytest.approx(facts["first3"])


def test_the_independent_reader_agrees_on_every_recording_that_it_can_read(shared_data: Path) -> None:
    compared = 0
    for name, entry in recordings(shared_data).items():
        if "error" in entry or not entry["points"] or set(entry["count"]) != {"1"} or entry["version"] == ".5":
            continue
        ours, peer = cloud_of((shared_data / name).read_bytes()), pypcd4.PointCloud.from_path(shared_data / name)
        np.testing.assert_array_equal(ours.xyz, peer.numpy(("x", "y", "z")))
        for column, values in ours.columns.items():
            np.testing.assert_array_equal(values, peer.pc_data[column])
        compared += 1
    assert compared > 8


@st.composite
def columns(draw: st.DrawFn) -> list[tuple[str, NDArray[Any]]]:
    """x, y, z in float32 and up to four further fields of any type, padding among them, in any order."""
    points = draw(st.integers(0, 40))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)

    def column(dtype: str, count: int) -> NDArray[Any]:
        raw = random.integers(0, 256, (points, count * np.dtype(dtype).itemsize), np.uint8)
        return raw.view(dtype) if count else np.empty((points, 0), dtype)

    records = [(axis, column("<f4", 1)) for axis in "xyz"]
    for number in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from((f"field{number}", "_")))
        records.append((name, column(draw(st.sampled_from(DTYPES)), draw(st.integers(0, 3)))))
    return draw(st.permutations(records))


@given(columns(), st.sampled_from(("ascii", "binary", "binary_compressed")), st.binary(max_size=20))
@settings(max_examples=250)
def test_any_fields_survive_any_encoding(
    records: list[tuple[str, NDArray[Any]]], encoding: str, trailing: bytes
) -> None:
    if encoding == "ascii":
        trailing = b""
    cloud = cloud_of(encoded(records, encoding) + trailing)
    by_name = dict(records)
    xyz = np.concatenate([by_name[axis] for axis in "xyz"], axis=1)
    np.testing.assert_array_equal(cloud.xyz, xyz)
    named = {name: column for name, column in records if name not in "xyz_" and column.shape[1]}
    assert set(cloud.columns) == set(named)
    for name, column in named.items():
        values = cloud.columns[name]
        assert values.dtype == column.dtype
        assert not values.flags.writeable
        np.testing.assert_array_equal(values.reshape(column.shape), column)
    if len(xyz):
        assert cloud.source.trailing_bytes == len(trailing)


@given(
    st.integers(0, 30),
    st.dictionaries(
        st.from_regex(r"[a-z]{2,6}", fullmatch=True),
        st.tuples(st.sampled_from(DTYPES), st.integers(1, 3)),
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100)
def test_what_is_written_reads_back_the_same(points: int, further: dict[str, tuple[str, int]], random: Any) -> None:
    numbers = np.random.default_rng(random.randrange(2**32))
    written: dict[str, NDArray[Any]] = {axis: numbers.normal(size=points).astype(np.float32) for axis in "xyz"}
    for name, (dtype, count) in further.items():
        raw = numbers.integers(0, 256, (points, count * np.dtype(dtype).itemsize), np.uint8).view(dtype)
        written[name] = raw if count > 1 else raw.reshape(points)
    cloud = cloud_of(encode_pcd(written))
    np.testing.assert_array_equal(cloud.xyz, np.stack([written[axis] for axis in "xyz"], axis=1))
    for name in further:
        np.testing.assert_array_equal(cloud.columns[name], written[name])


def test_what_is_written_reads_the_same_in_the_independent_reader(tmp_path: Path) -> None:
    numbers = np.random.default_rng(4)
    xyz = numbers.normal(size=(500, 3)).astype(np.float32)
    ring = numbers.integers(0, 64, 500).astype(np.uint16)
    path = tmp_path / "ours.pcd"
    path.write_bytes(encode_pcd({"x": xyz[:, 0], "y": xyz[:, 1], "z": xyz[:, 2], "ring": ring}))
    peer = pypcd4.PointCloud.from_path(path)
    np.testing.assert_array_equal(peer.numpy(("x", "y", "z")), xyz)
    np.testing.assert_array_equal(peer.pc_data["ring"], ring)


@pytest.mark.parametrize("layout", ["xyz", "xyz i", "i xyz", "b xyz b", "z y x i"])
def test_blocks_join_without_a_seam_wherever_the_coordinates_lie(layout: str) -> None:
    points = 60_001  # several blocks of records, the last one cut
    random = np.random.default_rng(4)
    parts: dict[str, NDArray[Any]] = {}
    for place, part in enumerate(layout.split()):
        if part == "b":
            parts[f"b{place}"] = random.integers(0, 256, points).astype(np.uint8)
        elif part == "i":
            parts["intensity"] = random.random(points, dtype=np.float32)
        else:
            parts |= {axis: random.standard_normal(points).astype(np.float32) for axis in part}
    cloud = read_pcd(io.BytesIO(encode_pcd(parts)))
    for index, axis in enumerate("xyz"):
        np.testing.assert_array_equal(cloud.xyz[:, index], parts[axis])
    for name, column in cloud.columns.items():
        np.testing.assert_array_equal(column, parts[name])


def test_a_dtype_that_the_format_lacks_is_not_written() -> None:
    with pytest.raises(ValueError, match="float16"):
        encode_pcd({"x": np.zeros(2, np.float16)})


def test_columns_of_unequal_length_are_not_written() -> None:
    with pytest.raises(ValueError, match="same length"):
        encode_pcd({"x": np.zeros(2, np.float32), "y": np.zeros(3, np.float32)})


def points_of(xyz: NDArray[Any]) -> list[tuple[str, NDArray[Any]]]:
    return [(axis, np.ascontiguousarray(xyz[:, place : place + 1])) for place, axis in enumerate("xyz")]


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_survey_coordinates_in_float64_keep_their_millimetres(encoding: str) -> None:
    xyz = np.random.default_rng(1).uniform(-8000, 8000, (3000, 3)) + np.array([5e5, 4_649_776.0, 120.0])
    cloud = cloud_of(encoded(points_of(xyz), encoding))
    assert cloud.xyz.dtype == np.float32
    assert np.abs(cloud.xyz.astype(np.float64) + cloud.origin - xyz).max() < 1e-3
    assert cloud.origin[2] == 0.0
    np.testing.assert_allclose(cloud.source_coordinates(7), xyz[7], atol=1e-3)


def test_zeros_before_survey_coordinates_do_not_draw_the_origin_away() -> None:
    xyz = np.full((1000, 3), (500_000.25, 4_649_776.5, 3000.125))
    xyz[:300] = 0.0
    xyz[300:320] = np.nan
    cloud = cloud_of(encoded(points_of(xyz), "binary"))
    np.testing.assert_array_equal(cloud.xyz[320:].astype(np.float64) + cloud.origin, xyz[320:])


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_wide_integer_coordinates_lose_nothing(encoding: str) -> None:
    xyz = np.array([[16_777_217, 33_554_433, 5], [16_777_219, 33_554_435, 7]], np.int32)
    cloud = cloud_of(encoded(points_of(xyz), encoding))
    np.testing.assert_array_equal(cloud.xyz.astype(np.float64) + cloud.origin, xyz)


def test_small_float64_coordinates_need_no_origin() -> None:
    xyz = np.random.default_rng(2).normal(size=(50, 3)) * 30
    cloud = cloud_of(encoded(points_of(xyz), "binary"))
    assert not cloud.origin.any()
    np.testing.assert_array_equal(cloud.xyz, xyz.astype(np.float32))


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_nan_and_infinite_points_are_kept_and_counted(encoding: str) -> None:
    xyz = np.array([[1, 2, 3], [np.nan, 0, 0], [0, np.inf, 0], [0, 0, -np.inf], [1e30, 4, 5]], np.float32)
    cloud = cloud_of(encoded(points_of(xyz), encoding))
    np.testing.assert_array_equal(cloud.xyz, xyz)
    assert cloud.nonfinite_points == 3


def test_an_organised_cloud_is_read_row_by_row() -> None:
    raw = header([("x", "<f4", 1), ("y", "<f4", 1), ("z", "<f4", 1)], 6, "ascii")
    raw = raw.replace(b"WIDTH 6", b"WIDTH 3").replace(b"HEIGHT 1", b"HEIGHT 2")
    cloud = cloud_of(raw + b"".join(b"%d 0 0\n" % row for row in range(6)))
    assert cloud.xyz[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert (cloud.source.width, cloud.source.height) == (3, 2)


def test_a_header_with_windows_line_ends_comments_and_blank_lines_is_read() -> None:
    xyz = np.arange(12, dtype=np.float32).reshape(4, 3)
    raw = header([(axis, "<f4", 1) for axis in "xyz"], 4, "binary", newline="\r\n")
    raw = raw.replace(b"VERSION", b"# written by hand\r\n\r\nVERSION")
    np.testing.assert_array_equal(cloud_of(raw + xyz.tobytes()).xyz, xyz)


def test_a_repeated_field_keeps_both_columns() -> None:
    column = np.arange(3, dtype=np.uint8).reshape(3, 1)
    cloud = cloud_of(encoded([*points_of(np.zeros((3, 3), np.float32)), ("a", column), ("a", column + 1)], "binary"))
    assert cloud.columns["a"].tolist() == [0, 1, 2]
    assert cloud.columns["a_2"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("dtype", ["<f4", "<u4", "<i4"])
def test_packed_colours_come_apart(dtype: str) -> None:
    packed = np.array([[0xFF102030], [0x00FF0001]], np.uint32).view(dtype)
    cloud = cloud_of(encoded([*points_of(np.zeros((2, 3), np.float32)), ("rgb", packed)], "binary"))
    assert cloud.columns["rgb"].dtype == np.dtype(dtype)
    assert cloud.rgb is not None
    assert cloud.rgb.tolist() == [[0x10, 0x20, 0x30], [0xFF, 0, 1]]
    assert not cloud.rgb.flags.writeable


def test_a_cloud_without_colours_has_none() -> None:
    assert cloud_of(encoded(points_of(np.zeros((2, 3), np.float32)), "binary")).rgb is None


class OneByteAtATime(io.BytesIO):
    """A stream that gives less than asked for, as sockets and pipes do."""

    def readinto(self, buffer: Any) -> int:
        return super().readinto(memoryview(buffer)[:7])


def test_a_stream_that_gives_little_at_a_time_is_read_whole() -> None:
    xyz = np.arange(30, dtype=np.float32).reshape(10, 3)
    raw = encoded([*points_of(xyz), ("i", np.arange(10, dtype=np.uint8).reshape(10, 1))], "binary")
    np.testing.assert_array_equal(read_pcd(OneByteAtATime(raw)).xyz, xyz)


def test_a_header_leaves_the_stream_at_the_first_point() -> None:
    stream = io.BytesIO(encoded(points_of(np.zeros((2, 3), np.float32)), "binary"))
    assert read_header(stream).data_offset == stream.tell() == len(stream.getvalue()) - 24
