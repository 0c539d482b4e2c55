"""LAS and LAZ files: laspy writes them and says what is in them."""

import builtins
import io
from pathlib import Path
from typing import Any

import laspy
import numpy as np
import pytest

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.las import read_las
from app.formats.las_classes import ASPRS_LEGEND
from app.formats.masks import mask_of_cloud
from tests.formats.cloud_files import las

COLUMNS = ("intensity", "classification", "point_source_id", "gps_time", "red", "green", "blue", "nir")
XYZ = np.random.default_rng(5).uniform([649_000, 5_210_000, 400], [651_000, 5_212_000, 500], (70_000, 3)).round(3)


def cloud_of(raw: bytes) -> PointCloud:
    return read_las(io.BytesIO(raw))


def error_of(raw: bytes) -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        cloud_of(raw)
    assert caught.value.next_step
    return caught.value


def check_against_laspy(raw: bytes) -> PointCloud:
    cloud, expected = cloud_of(raw), laspy.read(io.BytesIO(raw))
    assert len(cloud) == len(expected.points)
    if len(cloud):
        assert np.abs(cloud.xyz.astype(np.float64) + cloud.origin - expected.xyz).max() < 0.001
    names = [name for name in COLUMNS if name in expected.point_format.dimension_names]
    assert list(cloud.columns) == names
    for name in names:
        np.testing.assert_array_equal(cloud.columns[name], np.asarray(expected[name]), err_msg=name)
    return cloud


def filled(count: int, point_format: int) -> dict[str, Any]:
    random = np.random.default_rng(point_format)
    most_classes = 256 if point_format >= 6 else 32
    columns = {
        "intensity": random.integers(0, 1 << 16, count),
        "classification": random.integers(0, most_classes, count),
        "point_source_id": random.integers(0, 1 << 16, count),
        "gps_time": random.random(count) * 1e6,
        **{name: random.integers(0, 1 << 16, count) for name in ("red", "green", "blue", "nir")},
    }
    known = laspy.PointFormat(point_format).dimension_names
    return {name: column for name, column in columns.items() if name in known}


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("point_format", [0, 1, 2, 3, 6, 7, 8])
def test_laspy_agrees_on_every_point_format(point_format: int, compressed: bool) -> None:
    count = 60_000 if compressed else 20_000  # more than one chunk, more than one block
    version = "1.4" if point_format >= 6 else "1.2"
    columns = filled(count, point_format)
    raw = las(XYZ[:count], point_format=point_format, version=version, compressed=compressed, **columns)
    cloud = check_against_laspy(raw)
    assert (cloud.source.format, cloud.source.version) == ("laz" if compressed else "las", version)


def test_laspy_agrees_on_recordings_of_others(shared_data: Path) -> None:
    paths = [*(shared_data / "ply_las").glob("*.las"), *(shared_data / "ply_las").glob("*.laz")]
    assert len(paths) == 6
    for path in paths:
        check_against_laspy(path.read_bytes())


def test_the_flags_of_old_formats_do_not_change_a_class() -> None:
    raw = las(XYZ[:3], point_format=1, classification=np.array([2, 5, 6]), withheld=np.array([1, 0, 1]))
    assert cloud_of(raw).columns["classification"].tolist() == [2, 5, 6]


def test_the_classification_is_the_mask_and_has_names() -> None:
    cloud = cloud_of(las(XYZ[:4], classification=np.array([2, 2, 6, 9])))
    assert mask_of_cloud(cloud).counts == {2: 2, 6: 1, 9: 1}
    assert [ASPRS_LEGEND.name(key) for key in (2, 6, 9)] == ["Ground", "Building", "Water"]


def test_colours_of_16_and_of_8_bits_are_both_seen() -> None:
    deep = cloud_of(las(XYZ[:1], red=np.array([0xFF00]), green=np.array([0x8000]), blue=np.array([256])))
    flat = cloud_of(las(XYZ[:1], red=np.array([255]), green=np.array([128]), blue=np.array([1])))
    for cloud in (deep, flat):
        assert cloud.rgb is not None
        assert cloud.rgb.tolist() == [[255, 128, 1]]


RAW = las(XYZ[:10])
LAZ = las(XYZ[:10], compressed=True)


def changed(raw: bytes, at: int, new: bytes) -> bytes:
    return raw[:at] + new + raw[at + len(new) :]


@pytest.mark.parametrize(
    ("at", "new", "words"),
    [
        (24, b"\2", "unknown version"),
        (104, b"\x3f", "point format 63"),
        (105, b"\2\0", "contradicts itself"),
        (96, b"\1\0\0\0", "contradicts itself"),
        (131, np.array([0.0]).tobytes(), "scale"),
        (155, np.array([np.nan]).tobytes(), "offset"),
        (107, b"\xff\xff\xff\x7f", "cut short"),
    ],
)
def test_a_wrong_header_is_named(at: int, new: bytes, words: str) -> None:
    assert words in error_of(changed(RAW, at, new)).message


def test_a_header_cut_short_is_named() -> None:
    assert "cut short" in error_of(RAW[:200]).message


def test_compressed_points_that_cannot_be_right_are_refused_before_they_are_unfolded() -> None:
    begin = int.from_bytes(LAZ[96:100], "little")
    table = int.from_bytes(LAZ[begin : begin + 8], "little")
    assert "cannot come from" in error_of(changed(LAZ, 107, b"\xff\xff\xff\x7f")).message
    assert "chunk table" in error_of(changed(LAZ, begin, b"\0\0\0\0\1")).message
    assert "chunks" in error_of(changed(LAZ, table + 4, b"\xff\xff\xff\xff")).message
    assert "lacks the record" in error_of(LAZ.replace(b"laszip encoded", b"laszip decoded")).message
    at = LAZ.index(b"laszip encoded") + 52
    assert "parts" in error_of(changed(LAZ, at + 32, b"\0\0")).message
    assert "unknown compressor" in error_of(changed(LAZ, at, b"\x09\0")).message


def test_compressed_points_without_the_extra_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "lazrs":
            raise ImportError(name)
        return known(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'pointproof[las]'" in error_of(LAZ).next_step
    assert len(cloud_of(RAW)) == 10
