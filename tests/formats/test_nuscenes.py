"""Lists of nuScenes keyframes: numbers that JSON does not have, and anything odd anywhere."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FormatError
from app.formats.nuscenes import NuscenesInfos, looks_like_nuscenes, read_nuscenes
from tests.formats.json_changes import with_one_change
from tests.jobs.dataset_folders import NUSCENES_CAMERAS, nuscenes_infos

SOUND = nuscenes_infos()


def read(document: object) -> NuscenesInfos:
    return read_nuscenes(json.dumps(document).encode())


@given(with_one_change(SOUND))
def test_one_odd_value_anywhere_costs_no_more_than_its_part(document: object) -> None:
    try:
        infos = read(document)
    except FormatError:
        samples = document.get("data_list") if isinstance(document, dict) else None
        assert not isinstance(samples, list) or not any(isinstance(sample, dict) for sample in samples)
        return
    for sample in infos.samples:
        for image in sample.images:
            assert image.lidar_from_camera is None or image.lidar_from_camera.finite
    last = infos.samples[-1]
    assert len(infos.samples) == 1 or {image.camera for image in last.images} <= {*NUSCENES_CAMERAS}


def test_a_camera_placed_at_the_end_of_the_number_range_is_placed_by_the_other_way() -> None:
    document = deepcopy(SOUND)
    document["data_list"][0]["images"]["CAM_BACK"]["lidar2cam"][2][3] = 1e300
    first, infos = read(document).samples[0].images[1], read(document)
    pose = first.lidar_from_camera
    assert pose is not None
    assert abs(pose.position).max() < 10
    assert any("lidar2cam of camera “CAM_BACK” lies nowhere that can be" in each.message for each in infos.findings)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    looks_like_nuscenes(raw)
    with pytest.raises(FormatError):
        read_nuscenes(raw)


@pytest.mark.parametrize("name", ["NaN", "a NaN b", 'say \\"NaN\\"', "-Infinity", "x\\\\"])
def test_words_in_texts_that_look_like_numbers_stay(name: str) -> None:
    raw = json.dumps(SOUND).replace("CAM_FRONT_0.png", name).encode()
    assert b"NaN" in raw
    (front, _), _ = (sample.images for sample in read_nuscenes(raw).samples)
    assert front.path == json.loads(f'"{name}"')


def test_damage_behind_numbers_that_json_does_not_have_is_still_damage() -> None:
    raw = json.dumps(SOUND).encode()
    with pytest.raises(FormatError, match="cut short"):
        read_nuscenes(raw[:-20])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"metainfo": {"dataset": "nuscenes"', True),
        (b'\n { "data_list": [ {"sample_idx": 0', True),
        (b'{"metainfo": {"dataset": "kitti"}', False),
        (b'{"data": {"sensor_data": "nuscenes"', False),
        (b"", False),
    ],
)
def test_a_list_is_told_by_its_first_bytes(head: bytes, expected: bool) -> None:
    assert looks_like_nuscenes(head) is expected
