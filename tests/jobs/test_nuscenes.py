"""nuScenes keyframes opened as sequences with cameras, times and published boxes."""

import json
import math
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.arrays import Float64
from app.domain.tracking import Box
from app.errors import AppError, FormatError, InputError
from app.jobs import LocalJob, open_path
from tests.jobs.dataset_folders import (
    EGO_FROM_LIDAR,
    NUSCENES_CAMERAS,
    NUSCENES_START,
    PICTURE_SIZE,
    nuscenes,
    nuscenes_infos,
    nuscenes_scan,
    picture,
    seen_by_nuscenes,
    write,
)

PUBLISHED = {  # boxes over each picture of the keyframe among the recordings
    "CAM_FRONT": 47,
    "CAM_FRONT_RIGHT": 18,
    "CAM_FRONT_LEFT": 2,
    "CAM_BACK": 10,
    "CAM_BACK_LEFT": 2,
    "CAM_BACK_RIGHT": 5,
}
NUSCENES_PICTURE = (1600, 900)

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def keyframe(shared_data: Path) -> Path:
    """The keyframe among the recordings."""
    folder = shared_data / "nuscenes_keyframe"
    if not folder.is_dir():
        pytest.skip("no nuScenes keyframe among the recordings")
    return folder


def damaged(root: Path, change: Change) -> LocalJob:
    infos = nuscenes_infos()
    change(infos)
    return open_path(nuscenes(root, infos=infos))


def messages(job: LocalJob) -> str:
    return " ".join(finding.message for finding in job.sequence.findings)


@pytest.mark.parametrize("below", [".", "infos.json"])
def test_a_folder_of_keyframes_opens_by_itself_or_by_its_list(tmp_path: Path, below: str) -> None:
    job = open_path(nuscenes(tmp_path / "drive") / below)
    assert (job.name, len(job.sequence), job.cameras) == ("drive", 2, ("CAM_FRONT", "CAM_BACK"))
    assert [frame.frame_id for frame in job.sequence.frames] == ["000000", "000001"]
    assert [finding.rule for finding in job.sequence.findings] == ["layout.left-out"]  # the box to ignore


def test_points_have_intensity_and_ring_and_fall_where_the_matrices_say(tmp_path: Path) -> None:
    job = open_path(nuscenes(tmp_path))
    for index in range(2):
        frame, scan = job.load_frame(index), nuscenes_scan(index)
        assert frame.cloud is not None
        assert frame.findings == ()
        np.testing.assert_array_equal(frame.cloud.columns["intensity"], scan[:, 3])
        np.testing.assert_array_equal(frame.cloud.columns["ring"], scan[:, 4])
        for camera in NUSCENES_CAMERAS:
            found = job.points_in_image(frame, camera)
            assert found is not None
            assert found[0] == seen_by_nuscenes(scan, camera) > 0


def test_pictures_keep_their_own_times_beside_that_of_the_scan(tmp_path: Path) -> None:
    first, second = open_path(nuscenes(tmp_path)).sequence.frames
    assert (first.time_s, second.time_s) == (NUSCENES_START, NUSCENES_START + 0.5)
    delays = [round(1000 * (image.time_s - first.time_s)) for image in first.images]
    assert delays == [12, -35]


def test_the_ego_pose_is_that_of_the_lidar(tmp_path: Path) -> None:
    poses = [frame.world_from_ego for frame in open_path(nuscenes(tmp_path)).sequence.frames]
    for index, pose in enumerate(poses):
        np.testing.assert_allclose(pose.rotation, np.array(EGO_FROM_LIDAR)[:3, :3])
        np.testing.assert_allclose(pose.position, [0.9 + 4 * index, 0, 1.8])


def test_published_boxes_are_detections_of_their_frame(tmp_path: Path) -> None:
    job = open_path(nuscenes(tmp_path))
    boxes = job.boxes(0, "CAM_FRONT")
    assert (boxes.tracked, boxes.detected) == ((), (Box(10, 20, 30, 15, label="car"),))
    assert job.boxes(1, "CAM_FRONT").detected == job.boxes(0, "CAM_BACK").detected == ()


def test_files_below_samples_are_found_too(tmp_path: Path) -> None:
    root = nuscenes(tmp_path)
    write(root / "samples" / "CAM_FRONT" / "moved.png", picture())

    def move(infos: dict[str, Any]) -> None:
        infos["data_list"][0]["images"]["CAM_FRONT"]["img_path"] = "./data/nuscenes/samples/CAM_FRONT/moved.png"
        infos["data_list"][1]["images"]["CAM_FRONT"]["img_path"] = "moved.png"

    job = damaged(root, move)
    assert [job.image_size(index, "CAM_FRONT") for index in range(2)] == [PICTURE_SIZE] * 2


def test_pictures_of_one_name_in_two_folders_stay_two(tmp_path: Path) -> None:
    for frame in ("a", "b"):
        write(tmp_path / frame / "front.png", picture())

    def rename(infos: dict[str, Any]) -> None:
        for frame, sample in zip("ab", infos["data_list"], strict=True):
            sample["images"]["CAM_FRONT"]["img_path"] = f"{frame}/front.png"

    job = damaged(tmp_path, rename)
    found = {job.files.find(frame.image("CAM_FRONT").url).path for frame in job.sequence.frames}
    assert found == {tmp_path.resolve() / "a" / "front.png", tmp_path.resolve() / "b" / "front.png"}


@pytest.mark.parametrize("path", ["../secret.png", "/../secret.png", "a/../../secret.png", "a\\..\\secret.png", "x\0y"])
def test_a_path_out_of_the_folder_is_left_out_with_a_finding(tmp_path: Path, path: str) -> None:
    write(tmp_path / "secret.png", picture())

    def lead_away(infos: dict[str, Any]) -> None:
        infos["data_list"][0]["images"]["CAM_FRONT"]["img_path"] = path
        infos["data_list"][1]["lidar_points"]["lidar_path"] = path

    job = damaged(tmp_path / "drive", lead_away)
    assert "The picture of camera “CAM_FRONT” has a path that leads out of the folder" in messages(job)
    assert "The point cloud has a path that leads out of the folder" in messages(job)
    assert not any("secret" in url for frame in job.sequence.frames for url in frame.urls)
    assert "scan.missing" in [finding.rule for finding in job.load_frame(1).findings]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret.png", picture())
    root = nuscenes(tmp_path / "drive")
    (root / "CAM_FRONT_0.png").unlink()
    (root / "CAM_FRONT_0.png").symlink_to(tmp_path / "secret.png")
    job = open_path(root)
    with pytest.raises(InputError, match="is not here"):
        job.load_image(0, "CAM_FRONT")


def test_missing_files_are_findings_of_their_frame(tmp_path: Path) -> None:
    root = nuscenes(tmp_path)
    (root / "scan_0.pcd.bin").unlink()
    (root / "CAM_BACK_1.png").unlink()
    job = open_path(root)
    rules = [[finding.rule for finding in job.load_frame(index).findings] for index in range(2)]
    assert rules == [["scan.unreadable"], ["image.unreadable"]]


def _set(*path: str | int, value: object) -> Change:
    def change(infos: dict[str, Any]) -> None:
        place: Any = infos["data_list"][0]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


FRONT = ("images", "CAM_FRONT")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set(*FRONT, "cam2img", value=[[math.nan] * 3] * 3), "The lens (cam2img) of camera “CAM_FRONT” is unusable"),
        (_set(*FRONT, "cam2img", value=[[-1, 0, 1], [0, 1, 1], [0, 0, 1]]), "The lens (cam2img)"),
        (_set(*FRONT, "cam2img", value="lens"), "The lens (cam2img)"),
        (_set(*FRONT, "lidar2cam", value=[[1, 0], [0, 1]]), "lidar2cam of camera “CAM_FRONT” is no matrix"),
        (_set(*FRONT, "lidar2cam", value=[[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]), "is no rotation"),
        (_set(*FRONT, "lidar2cam", value=NUSCENES_CAMERAS["CAM_BACK"]), "contradict each other"),
        (_set("ego2global", value=[[math.inf] * 4] * 4), "ego2global is no matrix"),
        (_set("cam_instances", "CAM_FRONT", 0, "bbox", value=[1, 2, math.nan, 4]), "four finite sides"),
        (_set("cam_instances", "CAM_FRONT", 0, "bbox", value=[1, 2]), "four finite sides"),
    ],
)
def test_damage_in_the_list_is_a_finding_and_the_rest_opens(tmp_path: Path, change: Change, said: str) -> None:
    job = damaged(tmp_path, change)
    assert said in messages(job)
    assert len(job.sequence) == 2
    assert job.placed_camera(1, "CAM_BACK") is not None


@pytest.mark.parametrize("lacking", ["images", "cam_instances", "lidar_points", "ego2global", "timestamp"])
@pytest.mark.parametrize("value", [None, 3, "x", []])
def test_any_part_may_be_missing_or_something_else(tmp_path: Path, lacking: str, value: object) -> None:
    job = damaged(tmp_path, _set(lacking, value=value))
    assert len(job.sequence) == 2
    assert job.load_frame(1).findings == ()
    job.load_frame(0)
    job.findings()


def test_without_lidar2cam_the_mounting_of_the_sensors_says_where_a_camera_is(tmp_path: Path) -> None:
    job = damaged(tmp_path, _set(*FRONT, "lidar2cam", value=None))
    placed = job.placed_camera(0, "CAM_FRONT")
    assert placed is not None
    expected = np.linalg.inv(np.array(NUSCENES_CAMERAS["CAM_FRONT"], float))
    np.testing.assert_allclose(placed.lidar_from_camera.rotation, expected[:3, :3], atol=1e-9)
    np.testing.assert_allclose(placed.lidar_from_camera.position, expected[:3, 3], atol=1e-9)


def test_a_lens_that_changes_takes_the_camera_out_of_the_frames_it_is_not_for(tmp_path: Path) -> None:
    job = damaged(tmp_path, _set(*FRONT, "cam2img", value=[[90.0, 0, 60], [0, 90.0, 40], [0, 0, 1]]))
    assert "has another lens than in its first frame" in messages(job)
    assert job.placed_camera(0, "CAM_FRONT") is not None
    assert job.placed_camera(1, "CAM_FRONT") is None


@pytest.mark.parametrize(
    "content", ['{"metainfo": {"dataset": "nuscenes"}, "data_list": []}', '{"metainfo": {"dataset": "nuscenes"}']
)
def test_a_list_without_keyframes_or_cut_short_says_so(tmp_path: Path, content: str) -> None:
    write(tmp_path / "infos.json", content)
    with pytest.raises(FormatError, match="The list of keyframes"):
        open_path(tmp_path)


def test_two_lists_ask_which(tmp_path: Path) -> None:
    root = nuscenes(tmp_path)
    write(root / "infos_val.json", json.dumps(nuscenes_infos()))
    with pytest.raises(InputError, match="2 lists of keyframes"):
        open_path(root)


def test_other_documents_are_no_keyframes(tmp_path: Path) -> None:
    write(tmp_path / "notes.json", '{"data": {"about": "nuscenes"}}')
    with pytest.raises(AppError, match="no job"):
        open_path(tmp_path)


def test_the_published_keyframe_opens_with_its_boxes_and_times(keyframe: Path) -> None:
    job = open_path(keyframe)
    assert {camera: len(job.boxes(0, camera).detected) for camera in job.cameras} == PUBLISHED
    assert job.findings() == job.load_frame(0).findings == ()
    record = job.sequence.frames[0]
    assert all(-50 < 1000 * (image.time_s - record.time_s) < 0 for image in record.images)


def test_published_3d_boxes_fall_where_the_published_boxes_over_the_pictures_are(keyframe: Path) -> None:
    """The rule of mmdetection3d: a 3D box of a class is in a picture where its corners ahead span a part of it."""
    job, sample = open_path(keyframe), json.loads((keyframe / "infos.json").read_text())["data_list"][0]
    solids = [instance["bbox_3d"] for instance in sample["instances"] if instance["bbox_label_3d"] >= 0]
    for camera, count in PUBLISHED.items():
        spans = [span for solid in solids if (span := _span(job, camera, _corners(solid))) is not None]
        assert len(spans) == count, camera
        published = sample["cam_instances"][camera]
        centres = np.array([box["center_2d"] for box in published])
        uv, depth = _pinhole(job, camera, np.array([solid[:3] for solid in solids]))
        for centre, box in zip(centres, published, strict=True):
            apart = np.hypot(*(uv - centre).T) + 100 * np.abs(depth - box["depth"])
            assert apart.min() < 0.5, camera  # pixels, and hundredths of metres


def _corners(solid: list[float]) -> Float64:
    x, y, z, length, width, height, yaw = solid
    half = np.array(list(product([-0.5, 0.5], repeat=3))) * [length, width, height]
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    return half @ turn.T + [x, y, z]


def _pinhole(job: LocalJob, camera: str, xyz: Float64) -> tuple[Float64, Float64]:
    """Pixels also of what lies beside the picture."""
    placed = job.placed_camera(0, camera)
    assert placed is not None
    lens, (x, y, z) = placed.intrinsics, placed.lidar_from_camera.inverse().apply(xyz).T
    return np.column_stack([lens.fx * x / z + lens.cx, lens.fy * y / z + lens.cy]), z


def _span(job: LocalJob, camera: str, corners: Float64) -> tuple[Float64, Float64] | None:
    uv, depth = _pinhole(job, camera, corners)
    ahead = uv[depth > 0]
    if not len(ahead):
        return None
    low, high = ahead.min(axis=0), ahead.max(axis=0)
    return (low, high) if (high > 0).all() and (low < NUSCENES_PICTURE).all() else None
