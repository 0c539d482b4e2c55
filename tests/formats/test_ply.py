"""PLY files: points at any place of the file, any types, and recordings of others."""

import io
from pathlib import Path

import numpy as np
import pytest

from app.domain.point_cloud import PointCloud
from app.errors import CloudFormatError
from app.formats.ply import read_ply
from tests.formats.cloud_files import PLY_TYPES, ply, scan

ENCODINGS = ["ascii", "binary_little_endian", "binary_big_endian"]
FACES = "element face 2\nproperty list uchar int vertex_indices\n"


def cloud_of(raw: bytes) -> PointCloud:
    return read_ply(io.BytesIO(raw))


def error_of(raw: bytes) -> CloudFormatError:
    with pytest.raises(CloudFormatError) as caught:
        cloud_of(raw)
    assert caught.value.next_step
    return caught.value


def faces(encoding: str) -> bytes:
    """A triangle and a quadrangle."""
    if encoding == "ascii":
        return b"3 0 1 2\n4 0 1 2 3\n"
    order = "<" if encoding == "binary_little_endian" else ">"
    return b"".join(bytes([n]) + np.arange(n).astype(f"{order}i4").tobytes() for n in (3, 4))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_points_may_stand_before_and_after_other_elements(encoding: str) -> None:
    columns = scan(20)
    first = ply(columns, encoding, after=FACES) + faces(encoding)
    last = ply(columns, encoding, before=FACES, body_before=faces(encoding))
    for raw in (first, last):
        np.testing.assert_array_equal(cloud_of(raw).columns["intensity"], columns["intensity"])
        np.testing.assert_array_equal(cloud_of(raw).xyz[:, 2], columns["z"])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_element_without_lists_is_passed_over(encoding: str) -> None:
    order = "<" if encoding == "binary_little_endian" else ">"
    skipped = b"1.5 2\n" if encoding == "ascii" else np.array([(1.5, 2)], f"{order}f8,{order}i2").tobytes()
    before = "element camera 1\nproperty double f\nproperty short n\n"
    columns = scan(5)
    cloud = cloud_of(ply(columns, encoding, before=before, body_before=skipped))
    np.testing.assert_array_equal(cloud.xyz[:, 0], columns["x"])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("dtype", PLY_TYPES)
def test_every_type_keeps_its_values(encoding: str, dtype: str) -> None:
    values = np.array([0, 1, 127], dtype)
    cloud = cloud_of(ply({**{axis: np.zeros(3, np.float32) for axis in "xyz"}, "value": values}, encoding))
    assert cloud.columns["value"].dtype == np.dtype(dtype)
    np.testing.assert_array_equal(cloud.columns["value"], values)


def test_colours_are_found_under_their_usual_names() -> None:
    colours = {name: np.array([place, 255], np.uint8) for place, name in enumerate(["red", "green", "blue"])}
    cloud = cloud_of(ply({**scan(2), **colours}, "binary_little_endian"))
    assert cloud.rgb is not None
    assert cloud.rgb.tolist() == [[0, 1, 2], [255, 255, 255]]


def test_line_ends_of_another_system_do_no_harm() -> None:
    raw = ply(scan(4), "ascii").replace(b"\n", b"\r\n")
    assert len(cloud_of(raw)) == 4


RAW = ply(scan(3), "binary_little_endian")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("end_header\n", "", "no end_header"),
        ("binary_little_endian", "binary_middle_endian", "unknown encoding"),
        ("element vertex 3", "element vertex three", "counts"),
        ("element vertex 3", "element vertex 4", "cut short"),
        ("element vertex", "element point", "no element vertex"),
        ("property float x", "property float a", "no coordinate x"),
        ("property float x", "property quad x", "unknown type"),
        ("property float intensity", "property list uchar int neighbours", "carry the list"),
        ("property float x", "property x", "unreadable line"),
        ("comment by a test", "property float x", "before its first element"),
        ("comment by a test", "remark", "unreadable line"),
    ],
)
def test_a_wrong_header_is_named(old: str, new: str, words: str) -> None:
    assert words in error_of(RAW.replace(old.encode(), new.encode(), 1)).message


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_that_ends_before_its_points_says_so(encoding: str) -> None:
    raw = ply(scan(3), encoding, before=FACES.replace("2", "2000000000", 1))
    assert "cut short" in error_of(raw[: raw.index(b"end_header\n") + 11] + faces(encoding)).message


def test_an_endless_header_is_refused() -> None:
    assert "end_header" in error_of(b"ply\n" + b"comment nothing\n" * 100_000).message


def test_recordings_of_others_give_their_points(shared_data: Path) -> None:
    folder = shared_data / "ply_las"
    clouds = {path.name: cloud_of(path.read_bytes()) for path in folder.glob("*.ply")}
    assert {name: len(cloud) for name, cloud in clouds.items()} == {
        "cube.ply": 24,
        "pyntcloud_diamond.ply": 6,
        "pyntcloud_diamond_ascii.ply": 6,
        "pyntcloud_diamond_with_bool.ply": 6,
    }
    np.testing.assert_array_equal(np.abs(clouds["cube.ply"].xyz), np.ones((24, 3)))
    one, other = clouds["pyntcloud_diamond.ply"], clouds["pyntcloud_diamond_ascii.ply"]
    np.testing.assert_allclose(one.xyz, other.xyz)
    np.testing.assert_array_equal(one.columns["red"], other.columns["red"])
    assert set(clouds["pyntcloud_diamond_with_bool.ply"].columns["is_green"].tolist()) == {0, 1}
