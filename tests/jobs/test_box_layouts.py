"""KITTI tracking and MOT folders opened as sequences with tracks."""

from pathlib import Path

import pytest

from app.domain.tracking import Box
from app.errors import FormatError, InputError
from app.jobs import LocalJob, open_path
from tests.jobs.dataset_folders import kitti_line, kitti_tracking, lidar_scan, mot, picture, seen_by_camera_2, write


def tracks(job: LocalJob) -> list[tuple[int, str, int, int, int]]:
    return [(track.track_id, track.label, track.first, track.last, track.count) for track in job.tracks()]


def rules(job: LocalJob) -> list[str]:
    return sorted(finding.rule for finding in job.sequence.findings)


@pytest.mark.parametrize("below", [".", "label_02", "label_02/0003.txt"])
def test_a_kitti_tracking_sequence_opens_by_any_of_its_names(tmp_path: Path, below: str) -> None:
    job = open_path(kitti_tracking(tmp_path) / below)
    assert (job.name, len(job.sequence), job.cameras) == ("0003", 7, ("image_02",))
    assert tracks(job) == [(0, "Car", 0, 3, 4), (5, "Van", 2, 2, 1)]
    assert rules(job) == ["layout.left-out", "layout.missing"]  # regions to ignore; frames without a scan


def test_frames_keep_their_boxes_with_and_without_a_picture(tmp_path: Path) -> None:
    job = open_path(kitti_tracking(tmp_path))
    for index in range(4):
        assert Box(10 + index, 5, 20, 30, label="Car", track_id=0) in job.boxes(index, "image_02").tracked
    assert [frame.image("image_02") is not None for frame in job.sequence.frames[:4]] == [True, False, True, False]
    known = job.tracking_of("image_02")
    assert (known.image_size, known is job.tracking_of("image_02")) == ((120, 80), True)
    assert job.boxes(6, "image_02").tracked == ()


def test_scans_and_calibration_of_the_sequence_are_used(tmp_path: Path) -> None:
    job = open_path(kitti_tracking(tmp_path))
    with_scan, without = job.load_frame(2), job.load_frame(1)
    assert (len(with_scan.cloud or ()), without.cloud, without.findings) == (200, None, ())
    found = job.points_in_image(with_scan, "image_02")
    assert found is not None
    assert found[0] == seen_by_camera_2(lidar_scan(2)) > 0


def test_several_sequences_ask_which(tmp_path: Path) -> None:
    kitti_tracking(tmp_path)
    write(tmp_path / "label_02" / "0010.txt", kitti_line(0, 1, "Car"))
    with pytest.raises(InputError, match=r"2 sequences: 0003\.txt, 0010\.txt"):
        open_path(tmp_path)
    assert open_path(tmp_path / "label_02" / "0010.txt").name == "0010"


@pytest.mark.parametrize("name", ["boxes.txt", "."])
def test_a_text_beside_its_pictures_is_enough(tmp_path: Path, name: str) -> None:
    write(tmp_path / "boxes.txt", kitti_line(1, 3, "Car") + kitti_line(2, -1, "Car", score="0.5"))
    for frame in (1, 2):
        write(tmp_path / f"{frame:06d}.png", picture())
    job = open_path(tmp_path / name)
    assert [frame.image("image_02") is not None for frame in job.sequence.frames] == [False, True, True]
    assert job.boxes(2, "image_02").detected == (Box(10, 5, 20, 30, label="Car", score=0.5),)
    assert job.image_size(1, "image_02") == (120, 80)


def test_a_text_without_any_picture_still_lists_its_tracks(tmp_path: Path) -> None:
    write(tmp_path / "alone.txt", kitti_line(0, 3, "Car"))
    job = open_path(tmp_path / "alone.txt")
    assert tracks(job) == [(3, "Car", 0, 0, 1)]
    assert job.boxes(0, "image_02").tracked == (Box(10, 5, 20, 30, label="Car", track_id=3),)


def test_pictures_named_by_their_time_do_not_make_frames(tmp_path: Path) -> None:
    write(tmp_path / "boxes.txt", kitti_line(1, 3, "Car"))
    write(tmp_path / "1603960637314959526.png", picture())
    assert len(open_path(tmp_path).sequence) == 2


def test_a_damaged_text_says_which_line(tmp_path: Path) -> None:
    root = kitti_tracking(tmp_path)
    write(root / "label_02" / "0003.txt", kitti_line(0, 1, "Car") + "nonsense\n")
    with pytest.raises(FormatError, match="Line 2"):
        open_path(root)


def test_a_mot_sequence_has_tracks_and_detections(tmp_path: Path) -> None:
    job = open_path(mot(tmp_path / "anything"))
    assert (job.name, len(job.sequence), job.cameras) == ("street-02", 5, ("img1",))
    assert [frame.frame_id for frame in job.sequence.frames] == ["000001", "000002", "000003", "000004", "000005"]
    assert tracks(job) == [(7, "Pedestrian", 0, 2, 3)]
    boxes = job.boxes(1, "img1")
    assert boxes.tracked == (Box(20, 20, 30, 40, label="Pedestrian", track_id=7),)
    assert [box.score for box in boxes.detected] == [0.9, 0.4]
    assert [frame.image("img1") is not None for frame in job.sequence.frames] == [True, True, False, False, False]
    assert job.sequence.frames[3].time_s == pytest.approx(0.3)
    assert rules(job) == ["layout.left-out"]
    assert job.load_frame(0).findings == ()


@pytest.mark.parametrize(("below", "kinds"), [("gt/gt.txt", (1, 0)), ("det/det.txt", (0, 2))])
def test_one_text_of_a_mot_sequence_opens_alone(tmp_path: Path, below: str, kinds: tuple[int, int]) -> None:
    boxes = open_path(mot(tmp_path) / below).boxes(1, "img1")
    assert (len(boxes.tracked), len(boxes.detected)) == kinds


def test_mot_texts_may_lie_flat_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "gt.txt", "1,2,0,0,5,5,1,-1,-1,-1\n")
    write(tmp_path / "det.txt", "2,-1,0,0,5,5,0.5,-1,-1,-1\n")
    job = open_path(tmp_path)
    assert (len(job.sequence), len(tracks(job)), len(job.boxes(1, "img1").detected)) == (2, 1, 1)
    assert rules(job) == ["layout.missing"]


@pytest.mark.parametrize("where", ["../outside", "/tmp", "", "."])
def test_the_folder_of_pictures_never_lies_elsewhere(tmp_path: Path, where: str) -> None:
    root = mot(tmp_path / "sequence")
    write(tmp_path / "outside" / "000001.jpg", picture())
    write(root / "seqinfo.ini", f"[Sequence]\nimDir={where}\nseqLength=3\n")
    job = open_path(root)
    assert (job.cameras, len(job.sequence)) == (("img1",), 3)
    assert job.image_size(0, "img1") == (120, 80)


def test_the_recorded_kitti_sequence_has_98_tracks_over_447_frames(shared_data: Path) -> None:
    job = open_path(shared_data / "kitti_tracking")
    assert (len(job.sequence), len(job.tracks())) == (447, 98)
    shown = [index for index, frame in enumerate(job.sequence.frames) if frame.image("image_02")]
    assert shown == [10, 15, 20]
    for index in shown:
        width, height = job.image_size(index, "image_02")
        for box in job.boxes(index, "image_02").tracked:
            assert 0 <= box.x < box.x + box.width <= width
            assert 0 <= box.y < box.y + box.height <= height


def test_recorded_mot_sequences_open(shared_data: Path) -> None:
    campus = open_path(shared_data / "mot" / "TUD-Campus")
    assert (len(campus.sequence), len(campus.tracks())) == (71, 8)
    assert sum(len(boxes) for boxes in campus.tracking("img1").detected.values()) == 321  # type: ignore[union-attr]
    assert len(open_path(shared_data / "mot" / "KITTI-13" / "det.txt").sequence) == 340
