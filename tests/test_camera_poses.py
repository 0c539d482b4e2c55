"""Deliveries whose camera poses are given in other conventions than the documented one, from opening to report."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.domain.geometry import Pose
from app.domain.pose_convention import DOCUMENTED, CameraAxes, PoseConvention, PoseDirection
from app.jobs import open_path
from tests.builders import rewrite_poses
from tests.commands import pointproof
from tests.domain.test_pose_convention import given

CONVENTIONS = [PoseConvention(direction, axes) for direction in PoseDirection for axes in CameraAxes]


@pytest.fixture(params=CONVENTIONS, ids=lambda each: each.words)
def delivered(request: pytest.FixtureRequest, street: Path, tmp_path: Path) -> tuple[Path, PoseConvention]:
    """The synthetic street with its poses given in a convention; its files lie where they lay."""
    for name in ("result.json", "truth.json"):
        shutil.copy(street / name, tmp_path / name)
    (tmp_path / "files").symlink_to(street / "files")

    def in_convention(rotation: Any, position: Any) -> tuple[Any, Any]:
        pose = given(Pose(rotation, position), request.param)
        return pose.rotation, pose.position

    rewrite_poses(tmp_path, in_convention)
    return tmp_path, request.param


def test_the_street_is_recognised_in_each_convention_and_counts_its_points_once_it_is_chosen(
    delivered: tuple[Path, PoseConvention],
) -> None:
    folder, convention = delivered
    truth = json.loads((folder / "truth.json").read_text())["frames"]
    with closing(open_path(folder)) as job:
        frame = job.load_frame(0)
        suggestion = job.rig.suggestion()
        assert suggestion is not None
        assert (suggestion.convention, suggestion.sure) == (convention, True)
        findings = job.rig.findings()
        assert [finding.rule for finding in findings] == (
            ["calibration.convention"] if convention != DOCUMENTED else []
        )
        assert all(convention.words in finding.message for finding in findings)
        wanted = truth[frame.record.frame_id]["cameras"]

        def seen() -> dict[str, int]:
            counts = {camera: job.points_in_image(frame, camera) for camera in job.cameras}
            return {camera: count[0] for camera, count in counts.items() if count is not None}

        expected = {camera: facts["points_in_image"] for camera, facts in wanted.items()}
        if convention != DOCUMENTED:
            assert seen() != expected
        job.rig.choose(convention)
        assert all(abs(count - expected[camera]) <= 1 for camera, count in seen().items())  # rounding of the quaternion
        assert len(seen()) == len(expected)
        assert job.rig.findings() == ()


def test_the_delivery_of_another_maker_is_read_as_documented(shared_data: Path) -> None:
    with closing(open_path(shared_data / "deliveries" / "street")) as job:
        for index in range(len(job.sequence)):
            job.load_frame(index)
        suggestion = job.rig.suggestion()
        assert suggestion is not None
        assert (suggestion.convention, suggestion.sure) == (DOCUMENTED, True)
        assert job.rig.findings() == ()


def test_the_six_cameras_of_nuscenes_give_no_reason_to_doubt(shared_data: Path) -> None:
    with closing(open_path(shared_data / "nuscenes_keyframe")) as job:
        job.load_frame(0)
        suggestion = job.rig.suggestion()
        assert suggestion is not None
        assert suggestion.convention == DOCUMENTED


def test_inspect_tells_how_poses_and_lenses_are_read_and_takes_another_way(
    delivered: tuple[Path, PoseConvention], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, convention = delivered
    words = {"direction": convention.direction, "axes": convention.axes, "space": convention.space}
    report = inspected(capsys, folder)
    poses = report["camera_poses"]
    assert poses["convention"] == {"direction": "pose", "axes": "optical", "space": "points"}
    assert (poses["chosen"], poses["suggestion"], poses["sure"]) == (False, words, True)
    assert "upright" in poses["reason"]
    assert all(camera["scale"]["factor"] == 1 for camera in report["cameras"])
    chosen = inspected(capsys, folder, "--camera-poses", f"{convention.axes},{convention.direction}")
    assert (chosen["camera_poses"]["convention"], chosen["camera_poses"]["chosen"]) == (words, True)
    assert "calibration.convention" not in {finding["rule"] for finding in chosen["findings"]}


def inspected(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    pointproof("inspect", *arguments, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize("words", ["", "pose,inverse", "sideways", "optical,optical,body"])
def test_words_that_are_no_convention_are_refused(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        inspected(capsys, tmp_path, "--camera-poses", words)
    assert "one word each of pose or inverse" in capsys.readouterr().err
