"""Lists of nuScenes keyframes: numbers that JSON does not have, and anything odd anywhere."""

import json

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
        assert not (
            isinstance(document, dict) and isinstance(document.get("data_list"), list) and document["data_list"]
        )
        return
    for sample in infos.samples:
        for image in sample.images:
            assert image.lidar_from_camera is None or image.lidar_from_camera.finite
    last = infos.samples[-1]
    assert len(infos.samples) == 1 or {image.camera for image in last.images} <= {*NUSCENES_CAMERAS}


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
