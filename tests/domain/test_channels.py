import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.domain.channels import CHUNK, HEIGHT, RANGE, Channel, channel_of, channel_values, channels
from app.domain.coloring import ColorBy, Coloring
from app.domain.point_cloud import CloudSource, PointCloud

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
EGO = np.zeros(3)


def cloud(xyz=None, **columns):
    count = len(next(iter(columns.values()))) if columns else len(xyz)
    points = np.zeros((count, 3), dtype=np.float32) if xyz is None else np.asarray(xyz, dtype=np.float32)
    return PointCloud(points, np.zeros(3), columns, SOURCE)


def offered(points):
    return [(channel.by.value, channel.field) for channel in channels(points)]


def values(points, by, field="", ground=0.0, ego=EGO):
    return channel_values(points, Channel(by, field, ""), ground=ground, ego=ego)


def test_every_cloud_has_height_and_range():
    assert channels(cloud([[1, 2, 3]])) == (HEIGHT, RANGE)


@pytest.mark.parametrize("name", ["intensity", "Intensity", "I", "reflectivity", "REFLECTANCE", "remission"])
def test_intensity_is_found_by_any_of_its_names(name):
    assert offered(cloud(**{name: np.ones(2), "ring": np.ones(2)}))[0] == ("intensity", name)


@pytest.mark.parametrize("name", ["t", "Time", "timestamp", "time_offset", "GPS_TIME"])
def test_time_is_found_by_any_of_its_names(name):
    assert offered(cloud(**{name: np.ones(2)})) == [("height", ""), ("range", ""), ("time", name)]


def test_every_other_column_is_a_field_and_the_better_of_two_names_wins():
    columns = {"reflectivity": np.ones(2), "intensity": np.ones(2), "ring": np.ones(2, dtype=np.uint16)}
    assert offered(cloud(**columns)) == [
        ("intensity", "intensity"),
        ("height", ""),
        ("range", ""),
        ("field", "reflectivity"),
        ("field", "ring"),
    ]


def test_components_of_a_wide_column_are_fields_and_colours_and_text_are_none():
    columns = {
        "normal": np.arange(6.0).reshape(2, 3),
        "rgb": np.ones(2, dtype=np.float32),
        "name": np.array(["a", "b"]),
    }
    points = cloud(**columns)
    assert offered(points)[2:] == [("field", "normal[0]"), ("field", "normal[1]"), ("field", "normal[2]")]
    assert values(points, ColorBy.FIELD, "normal[1]").tolist() == [1, 4]
    for field in ("normal[3]", "normal", "name", "normal[-1]", "normal[", "other"):
        assert np.isnan(values(points, ColorBy.FIELD, field)).all()


def test_a_column_that_is_named_like_a_component_comes_first():
    points = cloud(**{"a": np.zeros((2, 2)), "a[0]": np.array([7.0, 8.0])})
    assert offered(points)[2:] == [("field", "a[1]"), ("field", "a[0]")]
    assert values(points, ColorBy.FIELD, "a[0]").tolist() == [7, 8]


def test_height_is_over_ground_and_range_from_the_lidar():
    points = cloud([[3, 4, 0], [1, 2, np.nan], [np.inf, 0, 1], [0, 0, 12]])
    heights, ranges = (
        values(points, ColorBy.HEIGHT, ground=-1.5),
        values(points, ColorBy.RANGE, ego=np.array([0, 0, 12.0])),
    )
    assert heights.dtype == ranges.dtype == np.float32
    assert np.array_equal(heights, [1.5, np.nan, np.nan, 13.5], equal_nan=True)
    assert np.array_equal(ranges, [13, np.nan, np.nan, 0], equal_nan=True)
    assert not heights.flags.writeable


def test_time_keeps_microseconds_of_stamps_in_seconds():
    stamps = 1_700_000_000 + np.array([np.nan, 0.0, 1e-6, 0.1])
    shown = values(cloud(timestamp=stamps), ColorBy.TIME, "timestamp")
    assert np.isnan(shown[0])
    assert np.allclose(shown[1:], [0, 1e-6, 0.1], atol=3e-7)  # a double holds 1.7e9 to 2.4e-7
    assert shown[1] < shown[2]


WHOLE = st.sampled_from([np.int8, np.uint8, np.int32, np.uint32, np.int64, np.uint64, np.dtype(">i8")])


@given(WHOLE.flatmap(lambda dtype: arrays.arrays(dtype, st.integers(1, 20))))
def test_whole_numbers_are_subtracted_as_python_subtracts_them(stamps):
    expected = [float(int(stamp) - int(stamps[0])) for stamp in stamps]
    assert np.array_equal(values(cloud(t=stamps), ColorBy.TIME, "t"), np.array(expected, dtype=np.float32))


NUMBERS = st.sampled_from(["?", "<i1", "<u2", "<i4", "<u8", "<f2", "<f4", "<f8", ">f4"])


@given(NUMBERS.flatmap(lambda dtype: arrays.arrays(dtype, st.integers(0, 20))))
def test_a_field_shows_what_the_file_says_and_nan_where_it_is_no_number(column):
    shown = values(cloud(ring=column), ColorBy.FIELD, "ring")
    with np.errstate(over="ignore"):
        expected = column.astype(np.float32)
    assert shown.dtype == np.float32
    assert np.array_equal(shown, np.where(np.isfinite(expected), expected, np.nan), equal_nan=True)


def test_points_beyond_the_first_chunk_are_no_different():
    xyz = np.random.default_rng(1).normal(0, 30, (2 * CHUNK + 7, 3)).astype(np.float32)
    stamps = np.full(len(xyz), np.nan)
    stamps[CHUNK + 3 :] = np.arange(len(xyz) - CHUNK - 3) + 1e9
    points = cloud(xyz, t=stamps)
    assert np.allclose(values(points, ColorBy.HEIGHT, ground=2.0), xyz[:, 2] - 2)
    assert np.allclose(values(points, ColorBy.RANGE, ego=np.ones(3)), np.linalg.norm(xyz - 1, axis=1))
    assert np.array_equal(values(points, ColorBy.TIME, "t"), stamps - 1e9, equal_nan=True)


@pytest.mark.parametrize("by", [by for by in ColorBy if by.is_scalar])
def test_nothing_but_the_result_is_as_long_as_the_cloud(by):
    points = cloud(np.zeros((2_000_000, 3), dtype=np.float32), t=np.arange(2_000_000, dtype=np.int64))
    tracemalloc.start()
    try:
        values(points, by, "t")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(points) + 5_000_000


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="camera"):
        values(cloud([[0, 0, 0]]), ColorBy.CAMERA)


def test_a_coloring_finds_its_channel_where_the_cloud_has_it():
    points = cloud(ring=np.ones(1), Remission=np.ones(1))
    assert channel_of(points, Coloring(ColorBy.FIELD, field="ring")) == Channel(ColorBy.FIELD, "ring", "ring")
    assert channel_of(points, Coloring(ColorBy.INTENSITY, field="ring")).field == "Remission"
    assert channel_of(points, Coloring(ColorBy.HEIGHT)) == HEIGHT
    for absent in (Coloring(ColorBy.TIME), Coloring(ColorBy.FIELD, field="gone"), Coloring(ColorBy.FIELD), Coloring()):
        assert channel_of(points, absent) is None


def test_a_cloud_without_points_has_no_values():
    assert values(cloud(t=np.zeros(0)), ColorBy.TIME, "t").shape == (0,)
