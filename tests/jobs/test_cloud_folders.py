"""Loose point clouds of every kind, alone and in folders, with the masks that lie around them."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.errors import CloudFormatError
from app.jobs import LocalJob, open_path
from tests.formats.cloud_files import KINDS, las, npy, pcd, scan, stacked
from tests.jobs.dataset_folders import label_keys, write

POINTS = 60
KEYS = np.arange(POINTS) % 3 + 1
COUNTS = {1: 20, 2: 20, 3: 20}
MASKS = {
    "txt": json.dumps(KEYS.tolist()).encode(),
    "json": json.dumps(KEYS.tolist(), indent=1).encode(),
    "npy": npy(KEYS),
    "label": KEYS.astype("<u4").tobytes(),
    "pcd": pcd({**scan(POINTS), "label_key": KEYS.astype(np.int32)}),
}


def counts(job: LocalJob) -> list[dict[int, int]]:
    return [dict(job.load_frame(index).label_counts) for index in range(len(job.sequence))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_cloud_of_any_kind_opens(tmp_path: Path, kind: str) -> None:
    name, encode = KINDS[kind]
    write(tmp_path / name, encode(scan(POINTS)))
    frame = open_path(tmp_path / name).load_frame(0)
    assert (frame.record.frame_id, len(frame.cloud or ())) == ("a", POINTS)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", ["ply big", "npy", "bin", "las"])
def test_a_mask_of_any_kind_goes_with_a_cloud_of_any_kind(tmp_path: Path, kind: str, mask: str) -> None:
    name, encode = KINDS[kind]
    write(tmp_path / name, encode(scan(POINTS)))
    write(tmp_path / "elsewhere" / f"any.{mask}", MASKS[mask])
    assert counts(open_path(tmp_path / name, mask=tmp_path / "elsewhere" / f"any.{mask}")) == [COUNTS]


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("place", ["scans/labels", "scans/masks", "labels", "masks", "label", "mask"])
def test_masks_of_the_same_name_are_found_in_the_usual_folders(tmp_path: Path, place: str, mask: str) -> None:
    for index in (1, 2):
        write(tmp_path / "scans" / f"{index}.ply", KINDS["ply little"][1](scan(POINTS)))
        write(tmp_path / place / f"{index}.{mask}", MASKS[mask])
    assert counts(open_path(tmp_path / "scans")) == [COUNTS, COUNTS]
    whole = open_path(tmp_path)
    assert [frame.frame_id for frame in whole.sequence.frames] == ["scans/1", "scans/2"]
    assert counts(whole) == [COUNTS, COUNTS]


@pytest.mark.parametrize("mask", ["txt", "json", "npy", "label"])
def test_masks_beside_their_clouds_are_found(tmp_path: Path, mask: str) -> None:
    write(tmp_path / "7.pcd", KINDS["pcd"][1](scan(POINTS)))
    write(tmp_path / f"7.{mask}", MASKS[mask])
    write(tmp_path / "8.pcd", KINDS["pcd"][1](scan(POINTS)))
    job = open_path(tmp_path)
    assert [frame.frame_id for frame in job.sequence.frames] == ["7", "8"]
    assert counts(job) == [COUNTS, {}]
    assert [finding.rule for finding in job.load_frame(1).findings] == ["mask.missing"]


def test_files_of_the_same_name_that_are_no_masks_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "lidar" / "1.pcd", KINDS["pcd"][1](scan(POINTS)))
    write(tmp_path / "lidar" / "1.txt", "0 0 Car 0 0 -1.5\n")
    write(tmp_path / "label" / "1.json", '[\n  {"obj_id": "4", "obj_type": "Car"}]')
    job = open_path(tmp_path)
    assert job.load_frame(0).findings == ()


def test_a_damaged_mask_among_sound_ones_is_named(tmp_path: Path) -> None:
    for index, mask in ((1, MASKS["txt"]), (2, b"[1, 2, oops]")):
        write(tmp_path / "clouds" / f"{index}.pcd", KINDS["pcd"][1](scan(POINTS)))
        write(tmp_path / "masks" / f"{index}.txt", mask)
    job = open_path(tmp_path / "clouds")
    assert counts(job) == [COUNTS, {}]
    assert "mask.unreadable" in {finding.rule for finding in job.load_frame(1).findings}


def test_a_folder_of_masks_may_mirror_the_folders_of_the_clouds(tmp_path: Path) -> None:
    for day, keys in (("mon", KEYS), ("tue", KEYS * 0)):
        write(tmp_path / "drive" / day / "scan.pcd", KINDS["pcd"][1](scan(POINTS)))
        write(tmp_path / "keys" / day / "scan.txt", json.dumps(keys.tolist()))
    assert counts(open_path(tmp_path / "drive", mask=tmp_path / "keys")) == [COUNTS, {0: POINTS}]


def test_bare_label_keys_bring_the_classes_of_semantic_kitti(tmp_path: Path) -> None:
    write(tmp_path / "1.bin", stacked(scan(POINTS)).astype("<f4").tobytes())
    write(tmp_path / "1.label", label_keys(1, points=POINTS).tobytes())
    frame = open_path(tmp_path).load_frame(0)
    assert {frame.legend.name(key) for key in frame.label_counts} >= {"car", "car # 4", "road"}


@pytest.mark.parametrize("compressed", [False, True])
def test_a_survey_brings_its_classes_with_their_names(tmp_path: Path, compressed: bool) -> None:
    raw = las(np.random.default_rng(1).random((3, 3)), classification=np.array([2, 6, 6]), compressed=compressed)
    write(tmp_path / "tile.las", raw)
    frame = open_path(tmp_path).load_frame(0)
    assert {frame.legend.name(key): count for key, count in frame.label_counts.items()} == {"Ground": 1, "Building": 2}
    assert frame.findings == ()


@pytest.mark.parametrize("name", ["label_key", "label", "classification"])
def test_a_cloud_that_carries_its_keys_is_its_own_mask(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.pcd", pcd({**scan(POINTS), name: KEYS.astype(np.float32)}))
    assert counts(open_path(tmp_path / "a.pcd")) == [COUNTS]


def test_clouds_of_several_kinds_and_one_name_stay_apart(tmp_path: Path) -> None:
    for kind in ("pcd", "ply ascii", "bin"):
        name, encode = KINDS[kind]
        write(tmp_path / name, encode(scan(POINTS)))
    write(tmp_path / "b.pcd.bin", KINDS["bin"][1](scan(POINTS)))
    job = open_path(tmp_path)
    assert [frame.frame_id for frame in job.sequence.frames] == ["a.bin", "a.pcd", "a.ply", "b"]
    assert {len(job.load_frame(index).cloud or ()) for index in range(4)} == {POINTS}


def test_what_a_bare_file_leaves_open_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.bin", np.full(400, 7, "<f4").tobytes())
    job = open_path(tmp_path / "a.bin")
    assert {finding.rule for finding in job.load_frame(0).findings} == {"cloud.assumed-layout"}


def test_a_damaged_cloud_of_a_folder_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path / "1.npy", b"\x93NUMPY" + b"\0" * 20)
    write(tmp_path / "2.npy", npy(stacked(scan(POINTS))))
    job = open_path(tmp_path)
    assert [len(job.load_frame(index).cloud or ()) for index in range(2)] == [0, POINTS]
    assert "scan.unreadable" in {finding.rule for finding in job.load_frame(0).findings}
    with pytest.raises(CloudFormatError):
        open_path(tmp_path / "1.npy")


def test_recorded_range_images_are_a_labelled_sequence(shared_data: Path) -> None:
    folder = shared_data / "ika_lidar_sequence"
    job = open_path(folder)
    assert len(job.sequence) == 6
    for index, record in enumerate(job.sequence.frames):
        labels, points = np.unique(np.load(folder / f"{record.frame_id}.npy")[..., 5], return_counts=True)
        expected = dict(zip(labels.astype(int).tolist(), points.tolist(), strict=True))
        assert job.load_frame(index).label_counts == expected


def test_recorded_folders_of_other_layouts_open_without_errors(shared_data: Path) -> None:
    for folder, frames in (
        ("sustech", 3),
        ("ply_las", 10),
        ("nuscenes_keyframe", 1),
        ("formats_tiny/kitti_dataset", 3),
    ):
        job = open_path(shared_data / folder)
        assert len(job.sequence) == frames
        for index in range(frames):
            frame = job.load_frame(index)
            assert len(frame.cloud or ()) > 0
            assert {finding.severity.value for finding in frame.findings} <= {"info"}
