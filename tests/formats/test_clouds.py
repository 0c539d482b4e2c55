"""What holds for point clouds of every kind: told by their content, read as others read them, safe when damaged."""

import contextlib
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.clouds import looks_like_cloud, read_cloud
from tests.formats.cloud_files import KINDS, scan, stacked, with_count

COLUMNS = scan()
FILES = {kind: (name, write(COLUMNS)) for kind, (name, write) in KINDS.items()}


def cloud_of(raw: bytes, *, name: str = "") -> PointCloud:
    return read_cloud(io.BytesIO(raw), name=name)


def error_of(raw: bytes, *, name: str = "") -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        cloud_of(raw, name=name)
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_gives_the_same_points(kind: str) -> None:
    name, raw = FILES[kind]
    cloud = cloud_of(raw, name=name)
    np.testing.assert_allclose(cloud.xyz + cloud.origin, stacked(COLUMNS)[:, :3], atol=0.0006 if "la" in kind else 1e-6)
    assert len(cloud.columns["intensity"]) == len(cloud)
    assert not cloud.xyz.flags.writeable
    assert cloud.source.format == kind.partition(" ")[0]
    assert cloud.source.encoding
    assert cloud.source.width * cloud.source.height == len(cloud)


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "bin"])
def test_the_content_decides_whatever_the_name_says(kind: str) -> None:
    raw = FILES[kind][1]
    assert looks_like_cloud(raw[:512])
    for name in ("", "a.jpg", "a.bin", "https://x.example/123?sig=1"):
        assert len(cloud_of(raw, name=name)) == len(COLUMNS["x"])


@pytest.mark.parametrize(
    "name", ["a.bin", "A.BIN", "n015__LIDAR_TOP__1532402927647951.pcd.bin", "https://x/a.bin?sig=1#top"]
)
def test_a_cloud_without_a_mark_is_told_by_its_name_alone(name: str) -> None:
    raw = FILES["bin"][1]
    assert not looks_like_cloud(raw[:512])
    assert cloud_of(raw, name=name).source.format == "bin"
    assert "known kind" in error_of(raw, name="a.pcd").message


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<!DOCTYPE html><html>login</html>", "HTML or XML page"),
        (b"  <?xml version='1.0'?><Error/>", "HTML or XML page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b'{"annotation_data": {"masks": []}}', "a JSON document"),
        (b"just some words\n" * 40, "a text"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "compressed by gzip"),
        (b"", "empty"),
    ],
)
@pytest.mark.parametrize("name", ["", "a.bin"])
def test_another_kind_of_file_is_named_for_what_it_is(raw: bytes, words: str, name: str) -> None:
    assert words in error_of(raw, name=name).message


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("points", [0, 1])
def test_no_point_and_one_point_are_clouds(kind: str, points: int) -> None:
    name, write = KINDS[kind]
    if kind == "bin" and not points:
        pytest.skip("an empty file is no cloud")
    cloud = cloud_of(write(scan(points)), name=name)
    assert cloud.xyz.shape == (points, 3)
    assert (cloud.bounds is None) == (points == 0)


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind not in ("las", "laz")])
def test_points_beyond_all_measure_are_kept_and_the_rest_is_seen(kind: str) -> None:
    columns = scan()
    for place, value in enumerate([np.nan, np.inf, -np.inf, 1e30, -1e30]):
        columns["x"][place] = value
    name, write = KINDS[kind]
    text = write(columns)
    cloud = cloud_of(text, name=name)
    np.testing.assert_array_equal(cloud.xyz[:, 0], columns["x"])
    assert cloud.nonfinite_points == 3


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cut_short_anywhere_is_a_clear_error_or_a_shorter_cloud(kind: str) -> None:
    name, raw = FILES[kind]
    for end in range(0, len(raw), 7):
        cloud = None
        with contextlib.suppress(CloudFormatError):
            cloud = cloud_of(raw[:end], name=name)
        # only bare values can be cut unnoticed; of the others at most what follows the points may be gone
        assert cloud is None or kind == "bin" or len(cloud) == len(COLUMNS["x"])


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=500)
def test_damage_gives_a_cloud_or_a_clear_error_and_nothing_else(kind: str, data: st.DataObject) -> None:
    name, raw = FILES[kind]
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, min(len(raw), 500) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(0, len(raw))) :]
    try:
        cloud = cloud_of(bytes(damaged), name=name)
    except CloudFormatError:
        return
    assert cloud.xyz.shape == (len(cloud), 3)
    assert all(len(column) == len(cloud) for column in cloud.columns.values())


@pytest.mark.parametrize("count", [2_000_000_000, 4_000_000_000, -5])
@pytest.mark.parametrize("kind", ["ply ascii", "ply little", "ply big", "las", "laz", "npy", "npy by columns"])
def test_a_declared_count_is_checked_against_the_bytes_before_any_memory_is_taken(kind: str, count: int) -> None:
    name, sound = FILES[kind]
    raw = with_count(kind, sound, count)
    tracemalloc.start()
    error_of(raw, name=name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("kind", ["ply little", "npy"])
def test_reading_takes_little_more_memory_than_the_result(kind: str) -> None:
    name, write = KINDS[kind]
    stream = io.BytesIO(write(scan(400_000)))
    read_cloud(stream, name=name)  # what is imported on first use does not count
    stream.seek(0)
    tracemalloc.start()
    cloud = read_cloud(stream, name=name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 1.1 * (cloud.xyz.nbytes + sum(column.nbytes for column in cloud.columns.values()))


UTM = np.random.default_rng(2).uniform([499_000, 4_649_000, 90], [501_000, 4_650_500, 180], (300, 3)).round(3)
WIDE = {axis: UTM[:, place] for place, axis in enumerate("xyz")} | {"intensity": np.zeros(300)}


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "bin"])
def test_survey_coordinates_keep_their_millimetres(kind: str) -> None:
    name, write = KINDS[kind]
    cloud = cloud_of(write(WIDE), name=name)
    assert cloud.origin.any()
    found = np.stack([cloud.source_coordinates(index) for index in range(len(cloud))])
    assert np.abs(found - UTM).max() < 0.001


@pytest.mark.parametrize("kind", FILES)
def test_a_cloud_is_read_from_where_its_stream_stands(kind: str) -> None:
    name, raw = FILES[kind]
    stream = io.BytesIO(b"before" + raw)
    stream.seek(6)
    assert len(read_cloud(stream, name=name)) == len(COLUMNS["x"])
