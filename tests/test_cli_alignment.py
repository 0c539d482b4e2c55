"""``inspect --alignment``: how well points and pictures agree, for people and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import pointproof
from tests.jobs.dataset_folders import nuscenes
from tests.jobs.posts_folder import RIGHT, TURNED, posts_folder


def inspect(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert pointproof("inspect", *arguments, "--json") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_a_camera_that_is_off_says_by_how_many_pixels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = inspect(capsys, posts_folder(tmp_path / "posts"), "--alignment")
    right, turned = (camera["alignment"] for camera in report["cameras"])
    assert right["score"] > 0.95 > 0.6 > turned["score"]
    assert right["right_px"] == pytest.approx(0, abs=2)
    assert turned["right_px"] == pytest.approx(-8.7, abs=1.7)  # 500 px of focal length by a degree
    assert (turned["untold"], turned["clockwise_deg"]) == (None, 0)
    for frame in report["frames"]:
        assert frame["cameras"][TURNED]["alignment"]["score"] == pytest.approx(turned["score"], abs=0.05)
        assert frame["cameras"][RIGHT]["alignment"]["edges"] > 100
    assert [(found["rule"], found["frame_id"]) for found in report["findings"]] == [("calibration.misaligned", "")]
    assert f"camera “{TURNED}” do not meet in 2 frames" in report["findings"][0]["message"]


def test_without_asking_nothing_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = inspect(capsys, posts_folder(tmp_path / "posts"))
    assert [camera["alignment"] for camera in report["cameras"]] == [None, None]
    assert [view["alignment"] for frame in report["frames"] for view in frame["cameras"].values()] == [None] * 4
    assert report["findings"] == []


def test_what_cannot_be_told_has_no_score_but_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = nuscenes(tmp_path / "drive")
    (root / "CAM_BACK_0.png").unlink()
    (root / "CAM_BACK_1.png").unlink()
    front, back = (camera["alignment"] for camera in inspect(capsys, root, "--alignment")["cameras"])
    assert front["score"] is None
    assert front["untold"] == "too few things stand out against what lies behind them"
    assert back is None
    assert pointproof("inspect", root, "--alignment") == 0
    lines = capsys.readouterr().out.splitlines()
    told = lines[lines.index("Points and pictures") + 2]
    assert told.split()[-2:] == ["-", "-"]  # neither scores of frames nor where points should move


def test_people_read_scores_and_what_would_fit_better(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = posts_folder(tmp_path / "posts")
    assert pointproof("inspect", folder) == 0
    assert "Points and pictures" not in capsys.readouterr().out
    assert pointproof("inspect", folder, "--alignment") == 0
    text = capsys.readouterr().out
    _, body = text.split("Points and pictures\n")
    assert body.split("\n")[0].strip().startswith("camera  agreement  in single frames")
    assert body.splitlines()[2].split()[0] == TURNED
    assert "-9 px right" in body.splitlines()[2] or "-8 px right" in body.splitlines()[2]
