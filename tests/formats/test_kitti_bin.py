"""Clouds of bare float32 values: how many belong to a point is found out, or said to be assumed."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.errors import CloudFormatError
from app.formats.kitti_bin import read_bin


def scan_of(points: int, values: int) -> NDArray[np.float32]:
    """A plain and some walls; intensity 0 to 1 (four values) or 0 to 255 with a ring number behind it (five)."""
    random = np.random.default_rng(points)
    angle, ring = random.uniform(-np.pi, np.pi, points), random.integers(0, 32, points)
    reach = random.uniform(3, 60, points)
    height = random.normal(-1.7, 0.3, points)
    intensity = random.integers(0, 256, points) if values == 5 else random.random(points)
    columns = [reach * np.cos(angle), reach * np.sin(angle), height, intensity, ring]
    return np.stack(columns[:values], axis=1).astype("<f4")


@pytest.mark.parametrize("values", [4, 5])
@pytest.mark.parametrize("points", [7, 20, 500, 20_000, 100_001])
def test_the_number_of_values_per_point_is_found(points: int, values: int) -> None:
    scan = scan_of(points, values)
    cloud = read_bin(io.BytesIO(scan.tobytes()))
    np.testing.assert_array_equal(cloud.xyz, scan[:, :3])
    assert list(cloud.columns) == ["intensity", "ring"][: values - 3]
    assert cloud.source.note == ""


def test_what_fits_both_ways_is_read_with_four_and_said() -> None:
    cloud = read_bin(io.BytesIO(np.full(400, 7, "<f4").tobytes()))
    assert len(cloud) == 100
    assert "read with 4" in cloud.source.note


def test_one_point_beyond_all_measure_does_not_mislead() -> None:
    scan = scan_of(400, 5)
    scan[3, 0], scan[5, 2], scan[9, 1] = 1e30, np.nan, np.inf
    assert len(read_bin(io.BytesIO(scan.tobytes()))) == 400


def test_a_recorded_keyframe_has_five_values(shared_data: Path) -> None:
    path = next((shared_data / "nuscenes_keyframe").glob("*.pcd.bin"))
    expected: NDArray[Any] = np.fromfile(path, "<f4").reshape(-1, 5)
    with path.open("rb") as stream:
        cloud = read_bin(stream)
    np.testing.assert_array_equal(cloud.xyz, expected[:, :3])
    np.testing.assert_array_equal(cloud.columns["ring"], expected[:, 4])
    assert cloud.source.note == ""


@pytest.mark.parametrize(("raw", "words"), [(b"\0" * 21, "21 bytes"), (np.random.default_rng(1).bytes(8000), "absurd")])
def test_what_is_no_list_of_values_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(CloudFormatError, match=words) as caught:
        read_bin(io.BytesIO(raw))
    assert caught.value.next_step
