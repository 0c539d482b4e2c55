"""A SemanticKITTI sequence opened from its folder."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.errors import InputError
from app.jobs import LocalJob, open_path
from tests.jobs.dataset_folders import label_keys, lidar_scan, seen_by_camera_2, semantic_kitti, write


def rules(job: LocalJob) -> list[str]:
    return sorted(finding.rule for finding in job.sequence.findings)


def test_scans_labels_pictures_poses_and_times_come_together(tmp_path: Path) -> None:
    job = open_path(semantic_kitti(tmp_path / "sequences" / "00"))
    assert (job.name, rules(job), job.missing_urls) == ("00", [], ())
    assert [frame.frame_id for frame in job.sequence.frames] == ["000000", "000001", "000002"]
    for index in range(3):
        frame = job.load_frame(index)
        assert frame.cloud is not None
        np.testing.assert_array_equal(frame.cloud.xyz, lidar_scan(index)[:, :3])
        assert frame.label_counts == dict(sorted(Counter(label_keys(index).tolist()).items()))
        assert frame.record.time_s == pytest.approx(index / 10)
        assert job.image_size(index, "image_2") == (120, 80)
        assert {finding.rule for finding in frame.findings} == {"legend.unmapped-keys"}


def test_instances_have_rows_of_their_own_and_unknown_keys_stay_without(tmp_path: Path) -> None:
    frame = open_path(semantic_kitti(tmp_path / "00")).load_frame(0)
    names = {frame.legend.name(key) for key in frame.label_counts}
    assert names == {"unlabeled", "car", "car # 4", "car # 9", "road", "Unmapped key 7"}
    assert {frame.legend.get((n << 16) | 10).class_name for n in (4, 9)} == {"car"}  # type: ignore[union-attr]


def test_points_fall_into_the_picture_where_the_calibration_says(tmp_path: Path) -> None:
    job = open_path(semantic_kitti(tmp_path / "00"))
    found = job.points_in_image(job.load_frame(1), "image_2")
    assert found is not None
    assert found[0] == seen_by_camera_2(lidar_scan(1)) > 0


def test_the_car_moves_along_the_lidars_own_axis(tmp_path: Path) -> None:
    job = open_path(semantic_kitti(tmp_path / "00"))
    for index, frame in enumerate(job.sequence.frames):
        assert frame.world_from_ego is not None
        np.testing.assert_allclose(frame.world_from_ego.position, [index, 0, 0], atol=1e-9)


def test_the_folder_of_scans_and_a_dataset_with_one_sequence_open_too(tmp_path: Path) -> None:
    root = semantic_kitti(tmp_path / "dataset" / "sequences" / "08")
    for path in (root / "velodyne", root.parent, root.parent.parent):
        job = open_path(path)
        assert (job.name, len(job.sequence)) == ("08", 3)
        assert job.load_frame(0).mask is not None


def test_a_dataset_with_several_sequences_asks_which(tmp_path: Path) -> None:
    for name in ("00", "01"):
        semantic_kitti(tmp_path / "sequences" / name, frames=1)
    with pytest.raises(InputError, match="2 sequences: 00, 01"):
        open_path(tmp_path)


def test_scans_alone_are_a_sequence_and_what_is_missing_is_told(tmp_path: Path) -> None:
    write(tmp_path / "velodyne" / "000004.bin", lidar_scan(4).tobytes())
    job = open_path(tmp_path)
    frame = job.load_frame(0)
    assert (len(frame.cloud or ()), frame.mask, frame.findings) == (200, None, ())
    assert rules(job) == ["layout.missing"] * 4
    messages = " ".join(finding.message for finding in job.sequence.findings)
    assert all(part in messages for part in ("labels", "calib.txt", "poses.txt", "times.txt"))
    assert job.cameras == ()


def test_damaged_parts_are_left_out_and_named(tmp_path: Path) -> None:
    root = semantic_kitti(tmp_path / "00")
    write(root / "calib.txt", "P2: a b c\n")
    write(root / "times.txt", "0.0\n")
    write(root / "labels" / "000001.label", b"\0" * 9)
    write(root / "labels" / "000009.label", b"\0" * 8)
    (root / "labels" / "000002.label").unlink()
    job = open_path(root)
    assert rules(job) == ["layout.damaged"] * 3 + ["layout.left-out"]  # calib, poses that need it, times too short
    assert [{finding.rule for finding in job.load_frame(index).findings} for index in range(3)] == [
        {"legend.unmapped-keys"},
        {"mask.unreadable"},
        {"mask.missing"},
    ]
    assert job.sequence.camera("image_2").intrinsics is None  # type: ignore[union-attr]
    assert job.points_in_image(job.load_frame(0), "image_2") is None


def test_a_part_of_a_sequence_keeps_the_poses_of_its_numbers(tmp_path: Path) -> None:
    root = semantic_kitti(tmp_path / "00")
    for index in (0, 1):
        (root / "velodyne" / f"{index:06d}.bin").unlink()
    frame = open_path(root).sequence.frames[0]
    assert frame.world_from_ego is not None
    assert (frame.frame_id, frame.time_s) == ("000002", pytest.approx(0.2))
    np.testing.assert_allclose(frame.world_from_ego.position, [2, 0, 0], atol=1e-9)


def test_a_legend_in_the_folder_or_above_the_sequences_is_used_instead(tmp_path: Path) -> None:
    root = semantic_kitti(tmp_path / "sequences" / "00")
    write(tmp_path / "semantic-kitti.yaml", 'labels: \n  10 : "lorry"\ncolor_map: # bgr\n  10: [1, 2, 3]\n')
    legend = open_path(root).load_frame(0).legend
    assert (legend.name(10), legend.name((4 << 16) | 10), legend.name(40)) == ("lorry", "lorry # 4", "Unmapped key 40")
    write(root / "legend.yaml", "labels:\n  10: tram # old\n")
    assert open_path(root).load_frame(0).legend.name(10) == "tram"
    write(root / "legend.yaml", "nothing\n")  # never the names of something else for a legend that cannot be read
    job = open_path(root)
    assert job.load_frame(0).legend.name(10) == "Unmapped key 10"
    assert rules(job) == ["layout.damaged"]


def test_labels_of_another_length_are_never_painted(tmp_path: Path) -> None:
    root = semantic_kitti(tmp_path / "00")
    write(root / "labels" / "000000.label", label_keys(0, points=199).tobytes())
    frame = open_path(root).load_frame(0)
    assert frame.mask is None
    assert "mask.length" in {finding.rule for finding in frame.findings}
