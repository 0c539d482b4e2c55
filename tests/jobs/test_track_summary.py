"""Facts of tracks as jobs tell them, against what the files say when they are read without the program."""

import json
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.box_placement import place
from app.domain.impulse import Impulse
from app.domain.impulse.blocks import ImpulseDesign
from app.domain.impulse.training import KerasBlockConfig, KerasMetadata
from app.domain.track_facts import BoxSize
from app.domain.track_switches import Switch, SwitchKind
from app.domain.tracking import Box, Tracking
from app.jobs import CameraTracking, LocalJob, TrackSummary, open_path, switch_sentence
from app.jobs.camera_tracking import finds_centroids
from tests.builders import small_delivery


def by_id(job: LocalJob) -> dict[tuple[str, int], TrackSummary]:
    return {track.key: track for track in job.tracks()}


def missing(frames: list[int]) -> list[int]:
    return [index for index in range(min(frames), max(frames) + 1) if index not in frames]


def gap_frames(track: TrackSummary) -> list[int]:
    return [index for first, last in track.gaps for index in range(first, last + 1)]


def test_the_98_tracks_of_kitti_0001_have_their_first_and_last_frames(shared_data: Path) -> None:
    lines = (shared_data / "kitti_tracking" / "label_02" / "0001.txt").read_text().splitlines()
    known: dict[int, list[tuple[int, float, float]]] = {}
    for frame, track_id, kind, _, _, _, left, top, right, bottom, *_ in map(str.split, lines):
        if kind != "DontCare":
            size = float(right) - float(left), float(bottom) - float(top)
            known.setdefault(int(track_id), []).append((int(frame), *size))
    job = open_path(shared_data / "kitti_tracking")
    tracks = by_id(job)
    assert len(known) == len(tracks) == 98
    for track_id, rows in known.items():
        track, frames = tracks["image_02", track_id], [row[0] for row in rows]
        assert (track.first, track.last, track.count) == (min(frames), max(frames), len(frames))
        assert gap_frames(track) == missing(frames)
        assert track.size is not None
        assert track.size.width == pytest.approx(statistics.median(row[1] for row in rows))
        assert track.size.height == pytest.approx(statistics.median(row[2] for row in rows))
        assert (track.switches, track.kept, track.mean_score) == ((), (), None)  # it is the truth: nobody detected


def test_frames_of_kitti_without_a_picture_have_their_boxes(shared_data: Path) -> None:
    job = open_path(shared_data / "kitti_tracking")
    lines = (shared_data / "kitti_tracking" / "label_02" / "0001.txt").read_text().splitlines()
    at_200 = [line.split() for line in lines if line.startswith("200 ") and "DontCare" not in line]
    assert job.sequence.frames[200].image("image_02") is None
    shown = job.boxes(200, "image_02").tracked
    assert [(box.track_id, round(box.x, 3)) for box in shown] == [(int(w[1]), round(float(w[6]), 3)) for w in at_200]
    ways = job.tracking_of("image_02").trails(200, frames=8)
    assert ways.keys() == {box.track_id for box in shown}
    assert all(way[-1] in shown and len(way) <= 9 for way in ways.values())


def test_the_truth_of_mot_has_no_switch(shared_data: Path) -> None:
    rows = [line.split(",") for line in (shared_data / "mot" / "TUD-Campus" / "gt.txt").read_text().splitlines()]
    tracks = by_id(open_path(shared_data / "mot" / "TUD-Campus"))
    for track_id in {int(row[1]) for row in rows}:
        frames = [int(row[0]) - 1 for row in rows if int(row[1]) == track_id]
        track = tracks["img1", track_id]
        assert (track.first, track.last, track.count) == (min(frames), max(frames), len(frames))
        assert gap_frames(track) == missing(frames)
        assert track.switches == ()
        assert track.mean_score is not None


@pytest.mark.parametrize("camera", ["front", "left", "right"])
def test_the_tracks_of_the_recorded_street_are_those_of_its_documents(shared_data: Path, camera: str) -> None:
    folder = shared_data / "deliveries" / "street"
    document = json.loads((folder / "tracking" / f"{camera}.json").read_text())
    frames: dict[int, list[int]] = {}
    for frame in document["results"]["objectTracking"]["frames"]:
        for found in frame["objects"]:
            frames.setdefault(found["id"], []).append(frame["frameIndex"])
    tracks = {track.track_id: track for track in open_path(folder).tracks() if track.camera == camera}
    assert {each.track_id: (each.first, each.last, each.count) for each in tracks.values()} == {
        track_id: (min(at), max(at), len(at)) for track_id, at in frames.items()
    }
    assert {each.track_id: gap_frames(each) for each in tracks.values()} == {
        one: missing(at) for one, at in frames.items()
    }


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> LocalJob:
    path = folder / "tracking" / "front.json"
    document = json.loads(path.read_text())
    change(document["results"])
    path.write_text(json.dumps(document))
    return open_path(folder)


def frames_of(results: dict[str, Any], kind: str) -> list[list[dict[str, Any]]]:
    return [frame["objects"] for frame in results[kind]["frames"]]


def test_gaps_kept_boxes_and_switches_that_were_planted_are_found(tmp_path: Path) -> None:
    def plant(results: dict[str, Any]) -> None:
        tracked, detected = frames_of(results, "objectTracking"), frames_of(results, "objectDetection")
        for index in (3, 4):
            tracked[index][:] = [each for each in tracked[index] if each["id"] != 2]  # a gap of the pedestrian
        detected[6][:] = detected[6][1:]  # nothing stands behind the car
        for index in range(8, 12):
            tracked[index][0]["id"] = 9  # the car goes on as another track

    job = changed(small_delivery(tmp_path / "job", frames=12), plant)
    tracks = by_id(job)
    car, goes_on, pedestrian = tracks["front", 0], tracks["front", 9], tracks["front", 2]
    assert (pedestrian.gaps, pedestrian.spans, pedestrian.length) == (((3, 4),), ((0, 2), (5, 11)), 12)
    assert (car.kept, car.kept_frames, car.last) == (((6, 6),), 1, 7)
    assert car.switches == (Switch(8, SwitchKind.GOES_ON_AS, 9),)
    assert goes_on.switches == (Switch(8, SwitchKind.GOES_ON_FROM, 0),)
    assert (car.mean_score, pedestrian.mean_score) == (pytest.approx(0.93), pytest.approx(0.5))
    assert car.size == BoxSize(60.0, 30.5)
    assert car.told == ("Kept without a detection in 1 frame", "Frame 9: probably goes on as track 9")
    boxes = job.boxes(6, "front")
    assert (boxes.kept, boxes.score(0), boxes.score(2)) == (frozenset({0}), None, 0.5)
    assert len(boxes.tracked) == 2


def test_ratios_are_sized_in_pixels_only_where_there_is_a_picture(tmp_path: Path) -> None:
    def to_ratios(results: dict[str, Any]) -> None:
        for kind in ("objectTracking", "objectDetection"):
            for found in (each for frame in frames_of(results, kind) for each in frame):
                for side, full in (("x", 160), ("width", 160), ("y", 120), ("height", 120)):
                    found[side] /= full

    folder = small_delivery(tmp_path / "job", frames=3)
    job = changed(folder, to_ratios)
    size = by_id(job)["front", 0].size
    assert size is not None
    assert (size.width, size.height) == (pytest.approx(60), pytest.approx(30.5))
    for picture in (folder / "files" / "cameras" / "front").iterdir():
        picture.unlink()
    blind = by_id(open_path(folder))["front", 0]
    assert (blind.size, blind.count, blind.mean_score) == (None, 3, pytest.approx(0.93))


def test_switches_are_told_in_words() -> None:
    assert switch_sentence(Switch(0, SwitchKind.SWAPS_WITH, 4)) == "Frame 1: probably swaps with track 4"
    assert switch_sentence(Switch(1200, SwitchKind.LABEL, label="Van")) == "Frame 1,201: probably becomes Van"


def test_many_switches_are_counted_and_not_all_told() -> None:
    many = tuple(Switch(frame, SwitchKind.SWAPS_WITH, 1) for frame in range(5))
    assert TrackSummary("front", 0, "Car", 0, 9, 10, switches=many).told[3:] == ("2 more switches",)


@pytest.mark.parametrize(("layer", "expected"), [("fomo", True), ("yolov5", False), ("", False)])
def test_a_model_that_finds_middles_is_told_by_its_last_layer(layer: str, *, expected: bool) -> None:
    config = KerasBlockConfig(3, metadata=KerasMetadata(object_detection_last_layer=layer))
    impulse = Impulse(ImpulseDesign(1), learn_block_keras_configs=(config, KerasBlockConfig(4)))
    assert finds_centroids(impulse) is expected
    assert finds_centroids(None) is False


def test_boxes_of_a_model_that_finds_middles_say_so(tmp_path: Path) -> None:
    folder = small_delivery(tmp_path / "job", frames=2)
    assert not open_path(folder).boxes(0, "front").centroids
    impulse = {
        "impulseId": 1,
        "impulse": {
            "id": 1,
            "name": "Counter",
            "inputBlocks": [],
            "dspBlocks": [],
            "learnBlocks": [],
            "postProcessingBlocks": [
                {"id": 5, "type": "object-tracking", "name": "Tracking", "implementationVersion": 1}
            ],
        },
        "metrics": [],
        "dspBlockConfigs": [],
        "learnBlockKerasConfigs": [{"blockId": 3, "metadata": {"objectDetectionLastLayer": "fomo"}}],
        "learnBlockAnomalyConfigs": [],
        "postProcessingBlockConfigs": [],
    }
    (folder / "impulses.json").write_text(json.dumps({"success": True, "impulses": [impulse]}))
    assert open_path(folder).boxes(0, "front").centroids


def test_the_lists_call_those_boxes_kept_that_the_pictures_do() -> None:
    cell = Box(0.3, 0.0, 0.1, 0.1, "Car", track_id=4)
    below = Box(0.3, 0.2, 0.1, 0.1, "Car", score=0.8)  # two cells away, which in a wide picture are few pixels
    tracking, size = Tracking({0: (cell,)}, {0: (below,)}), (1600, 100)
    known = CameraTracking(
        tracking=tracking, placement=place(tracking, image_size=size), image_size=size, centroids=True
    )
    (track,) = known.tracks("front")
    assert known.boxes(0).kept == {4}
    assert (track.kept, track.mean_score) == (((0, 0),), None)
    assert track.size == BoxSize(160.0, 10.0)
