"""``inspect`` and ``render`` on real files, held against truth that other programs computed."""

import hashlib
import json
import os
import re
import struct
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.cli import inspection
from app.cli.main import run
from app.cli.windows import Windows
from builders import pcd_bytes, small_delivery
from tests.formats.cloud_files import KINDS, scan
from tests.jobs.dataset_folders import kitti_tracking, semantic_kitti


def refuse(_request: object) -> int:
    raise AssertionError("no window was asked for")


def pointproof(*arguments: str | Path) -> int:
    return run([str(argument) for argument in arguments], Windows(window=refuse, demo=refuse))


def inspect(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Exit code and report; refuses what JSON does not have, such as NaN."""
    code = pointproof("inspect", *arguments, "--json")
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, json.loads(captured.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def write_cloud(path: Path, xyz: list[list[float]]) -> Path:
    path.write_bytes(pcd_bytes(np.array(xyz, dtype=np.float32).reshape(-1, 3), np.zeros(len(xyz))))
    return path


def test_a_delivery_equals_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_delivery(tmp_path / "job", frames=3, cameras=("front", "left"))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["frames"]
    code, report = inspect(capsys, folder)
    assert code == 0
    assert [frame["frame_id"] for frame in report["frames"]] == list(truth)
    for frame in report["frames"]:
        expected = truth[frame["frame_id"]]
        assert frame["points"] == expected["points"]
        assert frame["label_counts"] == expected["label_counts"]
        seen = {name: view["points_in_image"] for name, view in frame["cameras"].items()}
        assert seen == {name: camera["points_in_image"] for name, camera in expected["cameras"].items()}


def test_a_delivery_lists_cameras_tracks_and_legend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, report = inspect(capsys, small_delivery(tmp_path / "job", frames=3))
    (camera,) = report["cameras"]
    assert camera["name"] == "front"
    assert (camera["images"], camera["tracks"], camera["tracked_boxes"], camera["detections"]) == (3, 2, 6, 6)
    assert [(track["track_id"], track["label"], track["boxes"]) for track in report["tracks"]] == [
        (0, "Car", 3),
        (2, "Pedestrian", 3),
    ]
    assert [(track["first_frame"], track["last_frame"]) for track in report["tracks"]] == [(0, 2), (0, 2)]
    assert report["tracks"][0] == {
        "camera": "front",
        "track_id": 0,
        "label": "Car",
        "boxes": 3,
        "first_frame": 0,
        "last_frame": 2,
        "length": 3,
        "gaps": [],
        "switches": [],
        "kept": [],
        "mean_score": 0.93,
        "size": [60.0, 30.5],
        "size_spread": [0.0, 0.0],
    }
    names = {row["label_key"]: (row["text"], row["in_legend"], row["color"]) for row in report["legend"]}
    assert names[11] == ("Car # 1", True, "#dc3c28")
    assert names[0][:2] == ("", False)
    for row in report["legend"]:
        counted = [frame["label_counts"].get(str(row["label_key"]), 0) for frame in report["frames"]]
        assert (row["points"], row["frames"]) == (sum(counted), sum(count > 0 for count in counted))
    picture = report["frames"][0]["cameras"]["front"]["image"]
    url = "https://data.example/street/cameras/front/000000.jpg"
    assert picture == {"width": 160, "height": 120, "url": url, "source": "job"}
    assert (camera["sample"], camera["sample_images"], camera["placement"]["space"]) == (None, 0, "image")
    assert camera["placement"]["stale"] is None


def test_the_text_lists_tracks_and_of_many_those_that_deserve_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_delivery(tmp_path / "job", frames=4)
    assert pointproof("inspect", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    heading = lines.index("Tracks")
    assert lines[heading + 1].split() == [
        "camera", "track", "label", "frames", "length", "boxes", "kept", "gaps", "switches", "score", "size",
    ]  # fmt: skip
    assert lines[heading + 2].split() == [
        "front", "0", "Car", "000000", "to", "000003", "4", "4", "0", "0", "0", "0.93", "60x30",
    ]  # fmt: skip
    answer = folder / "tracking" / "front.json"
    document = json.loads(answer.read_text())
    frames = [frame["objects"] for frame in document["results"]["objectTracking"]["frames"]]
    for objects in frames:
        objects += [{**objects[0], "id": 100 + number, "x": 3.0 * number} for number in range(40)]
    del frames[1][0]
    answer.write_text(json.dumps(document))
    assert pointproof("inspect", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    heading = lines.index("Tracks (42 tracks, those with gaps or switches)")
    assert lines[heading + 2].split()[:3] == ["front", "0", "Car"]


def test_every_kind_of_cloud_says_its_format_and_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, (kind, (name, encode)) in enumerate(KINDS.items()):
        (tmp_path / f"{number} {kind}").mkdir()
        path = tmp_path / f"{number} {kind}" / name
        path.write_bytes(encode(scan(3)))
        _, report = inspect(capsys, path)
        cloud = report["frames"][0]["cloud"]
        assert cloud["format"] == kind.partition(" ")[0]
        assert pointproof("inspect", path) == 0
        assert f"{cloud['format']} {cloud['encoding']}" in capsys.readouterr().out


def test_a_dataset_reports_its_times_instances_and_tracks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = inspect(capsys, semantic_kitti(tmp_path / "00"))
    assert code == 0
    assert [frame["time_s"] for frame in report["frames"]] == pytest.approx([0, 0.1, 0.2])
    assert {"car", "car # 4", "road"} <= {row["text"] for row in report["legend"] if row["points"]}
    code, report = inspect(capsys, kitti_tracking(tmp_path / "tracking"))
    assert code == 0
    assert [(track["label"], track["boxes"]) for track in report["tracks"]] == [("Car", 4), ("Van", 1)]


def test_label_keys_without_a_legend_entry_are_information_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = inspect(capsys, small_delivery(tmp_path / "job", frames=1))
    assert code == 0
    assert "info" in {finding["severity"] for finding in report["findings"]}
    assert all(set(finding) == {"rule", "severity", "message", "frame_id"} for finding in report["findings"])


def test_what_the_document_alone_shows_is_among_the_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_delivery(tmp_path / "job", frames=1)
    document = (folder / "result.json").read_text(encoding="utf-8")
    # the pedestrian gets the colour of the car
    (folder / "result.json").write_text(document.replace("rgb(240, 200, 0)", "rgb(220, 60, 40)"), encoding="utf-8")
    code, report = inspect(capsys, folder)
    assert code == 0
    (finding,) = [finding for finding in report["findings"] if finding["severity"] == "warning"]
    assert "Car" in finding["message"]
    assert "Pedestrian" in finding["message"]


def test_a_mask_that_does_not_fit_is_an_error_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_delivery(tmp_path / "job", frames=2)
    (folder / "files" / "masks" / "000001.txt").write_text("[1, 11]")
    code, report = inspect(capsys, folder)
    assert code == 1
    assert report["frames"][0]["label_counts"] != {}
    assert report["frames"][1]["label_counts"] == {}
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    assert [finding["frame_id"] for finding in errors] == ["000001"]
    assert "2" in errors[0]["message"]
    assert "500" in errors[0]["message"]


def test_a_missing_scan_and_picture_leave_null_and_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_delivery(tmp_path / "job", frames=1)
    (folder / "files" / "lidar" / "000000.pcd").unlink()
    (folder / "files" / "cameras" / "front" / "000000.jpg").unlink()
    code, report = inspect(capsys, folder)
    (frame,) = report["frames"]
    assert (frame["points"], frame["bounds"], frame["cloud"]) == (0, None, None)
    unknown = {"points_in_image": None, "mean_uv": None, "image": None, "alignment": None}
    assert frame["cameras"] == {"front": unknown}
    assert code == 1
    assert len(report["findings"]) >= 2


def test_points_that_are_not_finite_are_counted_but_not_in_the_bounds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud = write_cloud(tmp_path / "a.pcd", [[1, 2, 3], [float("nan"), 0, 0], [3, 2, 5], [float("inf"), 9, 9]])
    _, report = inspect(capsys, cloud)
    (frame,) = report["frames"]
    assert (frame["points"], frame["nonfinite_points"]) == (4, 2)
    assert frame["bounds"] == {"min": [1, 2, 3], "max": [3, 2, 5]}
    assert frame["cloud"]["mean_xyz"] == [2, 2, 4]
    numbers = {channel["name"]: (channel["min"], channel["max"], channel["unit"]) for channel in frame["channels"]}
    assert list(numbers) == ["intensity", "height", "range"]
    assert numbers["intensity"] == (0, 0, "")
    assert numbers["height"][1] - numbers["height"][0] == 2  # over a ground that two points say little about
    assert numbers["range"] == (pytest.approx(14**0.5), pytest.approx(38**0.5), "m")


def test_a_cloud_without_a_finite_point_has_no_bounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = write_cloud(tmp_path / "a.pcd", [[float("nan")] * 3])
    _, report = inspect(capsys, cloud)
    assert report["frames"][0]["bounds"] is None
    assert report["frames"][0]["cloud"]["mean_xyz"] is None
    numbers = {channel["name"]: (channel["min"], channel["max"]) for channel in report["frames"][0]["channels"]}
    assert numbers == {"intensity": (0, 0), "height": (None, None), "range": (None, None)}


def test_the_hash_of_coordinates_counts_nan_as_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = write_cloud(tmp_path / "a.pcd", [[1.5, float("nan"), -3.25]])
    _, report = inspect(capsys, cloud)
    assert report["frames"][0]["cloud"]["xyz_sha256"] == hashlib.sha256(struct.pack("<3f", 1.5, 0, -3.25)).hexdigest()


def test_a_single_cloud_with_a_mask_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = write_cloud(tmp_path / "a.pcd", [[1, 1, 1], [2, 2, 2], [3, 3, 3]])
    mask = tmp_path / "a.txt"
    mask.write_text("[7, 7, 70000]")
    code, report = inspect(capsys, cloud, "--mask", mask)
    assert code == 0
    assert report["frames"][0]["label_counts"] == {"7": 2, "70000": 1}


def test_a_folder_of_clouds_is_a_job_in_the_order_of_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("10.pcd", "9.pcd"):
        write_cloud(tmp_path / name, [[1, 1, 1]])
    _, report = inspect(capsys, tmp_path)
    assert [frame["frame_id"] for frame in report["frames"]] == ["9", "10"]


def test_a_cloud_cut_short_ends_with_3_and_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = write_cloud(tmp_path / "a.pcd", [[1, 2, 3], [4, 5, 6]])
    cloud.write_bytes(cloud.read_bytes()[:-5])
    assert pointproof("inspect", cloud, "--json") == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("pointproof: ")
    assert "Traceback" not in captured.err


def test_a_path_with_nothing_at_it_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pointproof("inspect", tmp_path / "nowhere") == 3
    assert "nowhere" in capsys.readouterr().err


def test_the_text_for_people_names_what_the_json_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_delivery(tmp_path / "job", frames=2)
    _, report = inspect(capsys, folder)
    assert pointproof("inspect", folder) == 0
    text = capsys.readouterr().out
    assert "2 frames, 1,000 points" in text
    car = next(row for row in report["legend"] if row["label_key"] == 11)
    line = next(line for line in text.splitlines() if "Car # 1" in line)
    assert line.split() == ["11", "Car", "#", "1", "Car", "#dc3c28", str(car["points"]), "2"] + [
        str(frame["label_counts"]["11"]) for frame in report["frames"]
    ]
    assert "(no legend entry)" in text
    assert "160x120" in text


def test_names_in_a_document_cannot_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_delivery(tmp_path / "job", frames=1)
    document = (folder / "result.json").read_text(encoding="utf-8")
    (folder / "result.json").write_text(document.replace("Car # 1", "Car \\u001b[2J # 1"), encoding="utf-8")
    pointproof("inspect", folder)
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "[2J # 1" in text


def test_columns_of_the_text_are_aligned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pointproof("inspect", small_delivery(tmp_path / "job", frames=2))
    lines = capsys.readouterr().out.splitlines()
    legend = lines[lines.index("Legend") + 1 :]
    rows = legend[: legend.index("")]
    assert len({len(row) for row in rows}) == 1


@pytest.mark.gl
def test_render_draws_the_legends_colours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    folder, picture = small_delivery(tmp_path / "job", frames=2), tmp_path / "top.png"
    assert pointproof("render", folder, "--frame", "1", "--view", "top", "-o", picture, "--size", "320x200") == 0
    assert str(picture) in capsys.readouterr().out
    with Image.open(picture) as image:
        assert image.size == (320, 200)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3).astype(int)
    for color in ((220, 60, 40), (71, 153, 193)):
        assert (np.abs(pixels - color).max(axis=1) < 40).any()


def test_render_of_a_frame_that_is_not_there_says_which_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_delivery(tmp_path / "job", frames=2)
    assert pointproof("render", folder, "--frame", "2", "-o", tmp_path / "x.png") == 3
    assert "0 to 1" in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


def test_render_without_a_cloud_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_delivery(tmp_path / "job", frames=1)
    (folder / "files" / "lidar" / "000000.pcd").unlink()
    assert pointproof("render", folder, "-o", tmp_path / "x.png") == 3
    assert "no point cloud" in capsys.readouterr().err


def test_the_real_street_equals_its_truth(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared_data / "deliveries" / "street"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["frames"]
    code, report = inspect(capsys, folder)
    assert code == 0
    found = {
        frame["frame_id"]: {
            "points": frame["points"],
            "label_counts": frame["label_counts"],
            "cameras": {
                name: {key: view[key] for key in ("points_in_image", "mean_uv")}
                for name, view in frame["cameras"].items()
            },
        }
        for frame in report["frames"]
    }
    assert found == truth
    assert all(camera["tracks"] > 0 for camera in report["cameras"])


def _expected_clouds() -> dict[str, dict[str, Any]]:
    """What readers must find, by recording; read while tests are collected, so that each recording is a test."""
    folder = os.environ.get("POINTPROOF_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(folder) / "pcd_expected.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


EXPECTED_CLOUDS = _expected_clouds()


@pytest.mark.parametrize("recording", sorted(EXPECTED_CLOUDS))
def test_every_recorded_cloud_equals_what_is_expected_of_it(
    recording: str, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = EXPECTED_CLOUDS[recording]
    if "error" in expected or "points" not in expected:
        assert pointproof("inspect", shared_data / recording, "--json") == 3
        assert capsys.readouterr().err.startswith("pointproof: ")
        return
    _, report = inspect(capsys, shared_data / recording)
    (frame,) = report["frames"]
    cloud = frame["cloud"]
    assert frame["points"] == expected["points"]
    assert frame["fields"] == expected["fields"]
    assert (cloud["version"], cloud["encoding"]) == (expected["version"], expected["data"])
    assert (cloud["width"], cloud["height"]) == (expected["width"], expected["height"])
    assert cloud["types"] == expected["type"]
    assert [str(size) for size in cloud["sizes"]] == expected["size"]
    assert [str(count) for count in cloud["counts"]] == expected["count"]
    assert cloud["viewpoint"] == (expected["viewpoint"] and [float(value) for value in expected["viewpoint"]])
    notes = [f"{cloud['trailing_bytes']} trailing bytes"] if cloud["trailing_bytes"] else []
    assert notes == expected["notes"]
    if "sha256_xyz_f32_le_nan_as_0" in expected:
        assert frame["points"] - frame["nonfinite_points"] == expected["finite_points"]
        assert cloud["xyz_sha256"] == expected["sha256_xyz_f32_le_nan_as_0"]
        assert cloud["mean_xyz"] == pytest.approx(expected["mean_xyz"], rel=1e-6, abs=1e-6)
        assert frame["bounds"]["min"] == pytest.approx(expected["min_xyz"], rel=1e-6)
        assert frame["bounds"]["max"] == pytest.approx(expected["max_xyz"], rel=1e-6)


def test_the_readme_names_every_field_of_the_json() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    _, section = readme.split("### The JSON of `inspect`")
    words = set(re.findall(r"\w+", section.split("```")[1]))
    reports = [
        kind for kind in vars(inspection).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ]
    assert len(reports) > 15
    for kind in reports:
        assert words.issuperset(kind.__struct_fields__), kind
