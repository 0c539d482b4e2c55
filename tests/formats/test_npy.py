"""NumPy files: written by NumPy, and by hand where NumPy would not."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.clouds import read_cloud
from app.formats.npy import read_npy, read_npy_values
from tests.formats.cloud_files import npy, npz, scan, stacked


def cloud_of(raw: bytes) -> PointCloud:
    return read_cloud(io.BytesIO(raw))


def error_of(raw: bytes) -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        cloud_of(raw)
    assert caught.value.next_step
    return caught.value


def with_header(text: str, body: bytes = b"", *, version: int = 1) -> bytes:
    head = text.encode("latin-1") + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(head).to_bytes(2 if version == 1 else 4, "little") + head + body


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8", ">f8", "<i4", ">i2", "u1"])
def test_plain_arrays_of_any_number_type_are_clouds(dtype: str) -> None:
    array = np.arange(12).reshape(3, 4).astype(dtype)
    cloud = cloud_of(npy(array))
    np.testing.assert_array_equal(cloud.xyz, array[:, :3].astype(np.float32))
    np.testing.assert_array_equal(cloud.columns["intensity"], array[:, 3])


def test_columns_are_named_by_their_number_where_nobody_says_more() -> None:
    assert list(cloud_of(npy(np.zeros((2, 3)))).columns) == []
    assert list(cloud_of(npy(np.zeros((2, 4)))).columns) == ["intensity"]
    assert list(cloud_of(npy(np.zeros((2, 6)))).columns) == ["column_4", "column_5", "column_6"]


def test_named_fields_are_columns_and_padding_is_left_out() -> None:
    dtype = np.dtype([("z", "<f4"), ("x", "<f4"), ("y", "<f4"), ("ring", "<u2"), ("n", "<f4", (3,))], align=True)
    array = np.zeros(5, dtype)
    array["x"], array["ring"], array["n"] = np.arange(5), np.arange(5) * 7, np.arange(15).reshape(5, 3)
    cloud = cloud_of(npy(array))
    np.testing.assert_array_equal(cloud.xyz[:, 0], np.arange(5))
    np.testing.assert_array_equal(cloud.columns["ring"], array["ring"])
    np.testing.assert_array_equal(cloud.columns["n"], array["n"])
    assert list(cloud.columns) == ["ring", "n"]


def test_a_range_image_is_read_row_by_row() -> None:
    image = np.random.default_rng(3).random((4, 5, 6))
    cloud = cloud_of(npy(image))
    assert (cloud.source.width, cloud.source.height, len(cloud)) == (5, 4, 20)
    np.testing.assert_allclose(cloud.xyz, image.reshape(-1, 6)[:, :3], rtol=1e-6)
    np.testing.assert_array_equal(cloud.columns["label"], image.reshape(-1, 6)[:, 5])


def test_recorded_range_images_equal_what_numpy_reads(shared_data: Path) -> None:
    paths = sorted((shared_data / "ika_lidar_sequence").glob("*.npy"))
    assert len(paths) == 6
    for path in paths:
        expected = np.load(path).reshape(-1, 6)
        cloud = cloud_of(path.read_bytes())
        np.testing.assert_array_equal(cloud.xyz, expected[:, :3].astype(np.float32))
        for place, name in enumerate(("intensity", "depth", "label"), start=3):
            np.testing.assert_array_equal(cloud.columns[name], expected[:, place])


@given(arrays.arrays(st.sampled_from(["<i4", ">i8", "u1", "<f8", "bool"]), arrays.array_shapes(max_dims=3, max_side=5)))
def test_plain_values_equal_what_numpy_reads(array: Any) -> None:
    for stored in (array, np.asfortranarray(array)):
        np.testing.assert_array_equal(read_npy_values(io.BytesIO(npy(stored))), array.reshape(-1))


def test_pickled_objects_are_refused_unread() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([[print, 1, 2]], dtype=object), allow_pickle=True)
    assert "never loaded" in error_of(buffer.getvalue()).message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-5, 3)}", "negative"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 3)}", "cut short"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (True, 3)}", "damaged"),
        ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 3)}", "damaged"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}", "holds no points"),
        ("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1, 3)}", "column by column"),
        ("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1, 3)}", "unreadable type"),
        ("{'descr': '<f3', 'fortran_order': False, 'shape': (1, 3)}", "unreadable type"),
        ("{'descr': [('x', '<f4'), ('y', '<f4'), ('z', '>f4')], 'fortran_order': False, 'shape': (1,)}", "byte orders"),
        ("{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (1,)}", "holds no points"),
        ("{'descr': [('x', [('a', '<f4')])], 'fortran_order': False, 'shape': (1,)}", "nested"),
        ("{'descr': [('x', '<f4', (-1,))], 'fortran_order': False, 'shape': (1,)}", "unreadable shape"),
        ("[1, 2]", "damaged"),
        ("__import__('os').abort()", "damaged"),
        ("[" * 5000, "damaged"),
    ],
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_wrong_header_is_named(text: str, words: str, version: int) -> None:
    assert words in error_of(with_header(text, b"\0" * 12, version=version)).message


def test_an_unknown_version_and_an_endless_header_are_refused() -> None:
    assert "known version" in error_of(with_header("{}", version=9)).message
    assert "cut short or damaged" in error_of(b"\x93NUMPY\2\0\xff\xff\xff\xff{").message


# archives


def test_an_archive_gives_its_points_with_the_columns_beside_them() -> None:
    columns = scan(30)
    labels = np.arange(30, dtype=np.int64)
    for compressed in (False, True):
        cloud = cloud_of(npz(compressed=compressed, other=np.zeros(7), labels=labels, points=stacked(columns)))
        np.testing.assert_array_equal(cloud.xyz, stacked(columns)[:, :3])
        np.testing.assert_array_equal(cloud.columns["labels"], labels)
        assert [field.name for field in cloud.source.fields] == ["x", "y", "z", "intensity", "labels"]


def test_an_archive_may_hold_each_coordinate_by_itself() -> None:
    columns = {name: column.astype(np.float64) + 500_000 for name, column in scan(30).items()}
    cloud = cloud_of(npz(**columns, label_key=np.arange(30)))
    found = cloud.xyz.astype(np.float64) + cloud.origin
    assert np.abs(found - stacked(columns)[:, :3]).max() < 0.001
    assert list(cloud.columns) == ["intensity", "label_key"]


def test_texts_beside_the_points_of_an_archive_do_no_harm() -> None:
    cloud = cloud_of(npz(xyz=np.zeros((2, 3)), label_key=np.array([4, 5]), legend_text=np.array(["car", "bus"])))
    assert list(cloud.columns) == ["label_key"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (npz(values=np.zeros(4)), "No array of the archive holds points"),
        (npz(x=np.zeros(4), y=np.zeros(4), z=np.zeros(5)), "differ in length"),
        (npz(points=np.zeros((9_000_000, 3))), "absurd"),
        (b"PK\x05\x06" + b"\0" * 18, "0 NumPy arrays"),
        (npz(points=np.zeros((50, 3)))[:-30], "damaged"),
    ],
)
def test_an_archive_that_is_no_cloud_is_named(raw: bytes, words: str) -> None:
    assert words in error_of(raw).message


def test_read_npy_takes_any_stream() -> None:
    assert len(read_npy(io.BytesIO(npy(np.zeros((2, 3)))))) == 2
