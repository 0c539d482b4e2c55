"""Agreement of points and pictures over whole jobs: made ones, recorded ones, and with one camera turned."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.checks.alignment import FrameAlignment, check_alignment
from app.domain.arrays import frozen
from app.domain.cloud_space import CloudSpace
from app.domain.edge_alignment import EdgeAlignment, turn
from app.domain.finding import Finding
from app.domain.geometry import Pose
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from app.jobs import LocalJob, camera_alignment, open_path
from app.jobs.alignment import lidar_place
from tests.builders import rewrite_poses, small_delivery
from tests.jobs.dataset_folders import nuscenes

SOME_FRAMES = (0, 4, 8, 12, 16, 20)


@pytest.fixture(scope="module")
def made(street: Path) -> LocalJob:
    """The synthetic street."""
    return open_path(street)


def recorded(shared_data: Path, *names: str) -> LocalJob:
    folder = shared_data.joinpath(*names)
    if not folder.is_dir():
        pytest.skip(f"no {names[-1]} among the recordings")
    return open_path(folder)


def found(job: LocalJob, indices: tuple[int, ...], *, camera: str = "") -> dict[str, list[FrameAlignment]]:
    by_camera: dict[str, list[FrameAlignment]] = {}
    for index in indices:
        frame = job.load_frame(index)
        for name in [camera] if camera else job.cameras:
            alignment = camera_alignment(job, frame, name)
            assert alignment is not None
            by_camera.setdefault(name, []).append(FrameAlignment(frame.record.frame_id, alignment))
    return by_camera


def findings(by_camera: dict[str, list[FrameAlignment]]) -> dict[str, tuple[Finding, ...]]:
    return {camera: check_alignment(camera, known) for camera, known in by_camera.items()}


def scores(alignments: list[FrameAlignment]) -> Iterator[float]:
    for one in alignments:
        assert one.alignment.score is not None
        yield one.alignment.score


def with_camera(job: LocalJob, camera: str, *, yaw: float = 0.0, per_frame: float = 0.0) -> LocalJob:
    """The job with one camera turned by degrees, and by more from frame to frame."""

    def image(ref: CameraImageRef, index: int) -> CameraImageRef:
        if ref.camera != camera or ref.pose is None:
            return ref
        rotation = ref.pose.rotation @ turn(0.0, 0.0, yaw + per_frame * index).T
        return replace(ref, pose=Pose(frozen(rotation), ref.pose.position))

    def frame(record: SequenceFrame, index: int) -> SequenceFrame:
        return replace(record, images=tuple(image(ref, index) for ref in record.images))

    frames = tuple(frame(record, index) for index, record in enumerate(job.sequence.frames))
    return LocalJob(job.name, Sequence(frames, job.sequence.cameras), job.files)


def test_every_camera_of_the_synthetic_street_agrees_with_its_points(made: LocalJob) -> None:
    by_camera = found(made, SOME_FRAMES)
    assert len(by_camera) == 4
    assert {camera: min(scores(known)) > 0.85 for camera, known in by_camera.items()} == dict.fromkeys(
        made.cameras, True
    )
    assert findings(by_camera) == dict.fromkeys(made.cameras, ())


@pytest.mark.parametrize("camera", ["front", "rear"])
def test_a_camera_turned_by_a_degree_is_flagged_and_no_other(made: LocalJob, camera: str) -> None:
    said = findings(found(with_camera(made, camera, yaw=1.0), SOME_FRAMES[:2]))
    assert {name for name, about in said.items() if about} == {camera}
    (finding,) = said[camera]
    assert (finding.rule, finding.frame_id) == ("calibration.misaligned", "")
    assert "px to the left" in finding.message


def test_a_camera_that_turns_slowly_is_told_to_drift(made: LocalJob) -> None:
    drifting = with_camera(made, "right", per_frame=1 / 23)
    said = findings(found(drifting, tuple(range(0, 24, 2)), camera="right"))["right"]
    assert "calibration.drift" in [finding.rule for finding in said]


def test_a_pose_read_the_wrong_way_round_scores_badly(made: LocalJob) -> None:
    frame = made.load_frame(0)
    for camera in made.cameras:
        images = tuple(replace(ref, pose=ref.pose.inverse()) for ref in frame.record.images if ref.pose)
        wrong = LocalJob("", Sequence((replace(frame.record, images=images),), made.sequence.cameras), made.files)
        alignment = camera_alignment(wrong, frame, camera)
        assert alignment is not None
        assert alignment.score is None or alignment.score < 0.5


def test_all_six_cameras_of_a_recorded_keyframe_agree(shared_data: Path) -> None:
    job = recorded(shared_data, "nuscenes_keyframe")
    by_camera = found(job, (0,))
    assert {camera: next(scores(known)) > 0.7 for camera, known in by_camera.items()} == dict.fromkeys(
        job.cameras, True
    )
    assert findings(by_camera) == dict.fromkeys(job.cameras, ())
    for camera in job.cameras:
        said = findings(found(with_camera(job, camera, yaw=-1.0), (0,)))
        assert {name for name, about in said.items() if about} == {camera}


def test_the_recorded_street_agrees_in_front_and_is_off_at_its_right(shared_data: Path) -> None:
    """Points on its right pictures lie some 40 pixels beside the pole and the people they belong to."""
    by_camera = found(recorded(shared_data, "deliveries", "street"), (0, 1, 2))
    assert min(scores(by_camera["front"])) > 0.8
    assert max(scores(by_camera["right"])) < 0.2
    turns = [one.alignment.best.right for one in by_camera["right"]]
    assert turns == pytest.approx([2.1] * 3, abs=0.3)


def test_a_camera_at_the_end_of_the_number_range_sees_nothing(tmp_path: Path) -> None:
    folder = small_delivery(tmp_path, frames=1)
    rewrite_poses(folder, lambda rotation, _position: (rotation, np.array([1e308, 1e308, -1e308])))
    job = open_path(folder)
    alignment = camera_alignment(job, job.load_frame(0), job.cameras[0])
    assert isinstance(alignment, EdgeAlignment)
    assert (alignment.score, alignment.edges) == (None, 0)
    assert job.rig.findings() == ()
    assert job.rig.space in {None, CloudSpace.EGO}


@pytest.mark.parametrize("yaw", [1.0, -1.0])
def test_the_front_camera_of_the_recorded_street_turned_by_a_degree_scores_lower_and_is_flagged(
    shared_data: Path, yaw: float
) -> None:
    job = recorded(shared_data, "deliveries", "street")
    as_delivered = list(scores(found(job, (0, 1, 2), camera="front")["front"]))
    turned = found(with_camera(job, "front", yaw=yaw), (0, 1, 2), camera="front")["front"]
    assert all(after < before - 0.2 for before, after in zip(as_delivered, scores(turned), strict=True))
    (finding,) = check_alignment("front", turned)
    assert (finding.rule, finding.frame_id) == ("calibration.misaligned", "")
    assert f"px to the {'left' if yaw > 0 else 'right'}" in finding.message


def test_what_lacks_picture_lens_or_points_is_not_compared(tmp_path: Path) -> None:
    root = nuscenes(tmp_path)
    (root / "CAM_FRONT_0.png").unlink()
    (root / "CAM_BACK_1.png").write_bytes(b"no picture")
    (root / "scan_1.pcd.bin").unlink()
    job = open_path(root)
    first, second = job.load_frame(0), job.load_frame(1)
    assert camera_alignment(job, first, "CAM_FRONT") is None
    assert camera_alignment(job, second, "CAM_FRONT") is None
    assert camera_alignment(job, second, "CAM_BACK") is None
    assert camera_alignment(job, first, "nobody's") is None
    even = camera_alignment(job, first, "CAM_BACK")
    assert isinstance(even, EdgeAlignment)
    assert even.score is None


@pytest.mark.parametrize(
    ("camera", "ego", "expected"),
    [
        ((0.4, 0.0, -0.3), None, (0, 0, 0)),
        ((0.4, 0.0, -0.3), (500.0, 0.0, 0.0), (0, 0, 0)),
        ((501.0, 0.0, 1.0), (500.0, 0.0, 0.0), (500, 0, 0)),
        ((900.0, 0.0, 1.0), (500.0, 0.0, 0.0), (900, 0, 1)),
    ],
)
def test_the_lidar_is_looked_for_near_the_camera(
    made: LocalJob,
    camera: tuple[float, float, float],
    ego: tuple[float, float, float] | None,
    expected: tuple[float, float, float],
) -> None:
    frame = made.load_frame(0)
    placed = made.placed_camera(0, "front")
    assert placed is not None
    world_from_ego = None if ego is None else Pose(frozen(np.eye(3)), frozen(np.array(ego)))
    moved = replace(placed, lidar_from_camera=Pose(placed.lidar_from_camera.rotation, np.array(camera)))
    found_place = lidar_place(moved, replace(frame, record=replace(frame.record, world_from_ego=world_from_ego)))
    np.testing.assert_allclose(found_place, expected)
