"""Tracks and detections as text: KITTI's and the MOTChallenge's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tracking import Box
from app.errors import FormatError
from app.formats.kitti_tracking import looks_like_kitti_tracks, read_kitti_tracks
from app.formats.mot import SequenceInfo, looks_like_mot, read_mot, read_sequence_info

BODY = "0 0 -1.5 10.5 20 40.5 80 1.5 1.6 3.9 -5 1.7 12 -1.5"
KITTI = f"0 2 Car {BODY}\n0 -1 DontCare {BODY}\n3 0 Pedestrian {BODY}\n\n3 -1 Van {BODY} 0.75\n6 -1 DontCare {BODY}\n"
MOT = "1,3,10,20,30.5,60,1,1,0.9\n2,-1,5,6,7,8,0.25,-1,-1,-1\n2,3,11,20,30,60,0,1,1\n9,4,0,0,1,1,1,8,1\n"


def test_kitti_boxes_go_to_their_tracks_and_frames() -> None:
    text = read_kitti_tracks(KITTI.encode())
    assert text.tracking.tracked == {
        0: (Box(10.5, 20, 30, 60, label="Car", track_id=2),),
        3: (Box(10.5, 20, 30, 60, label="Pedestrian", track_id=0),),
    }
    assert text.tracking.detected == {3: (Box(10.5, 20, 30, 60, label="Van", score=0.75),)}
    assert (text.ignored, text.frames) == (2, 7)


def test_mot_boxes_count_their_frames_from_one() -> None:
    text = read_mot(MOT.encode())
    assert text.tracking.tracked == {
        0: (Box(10, 20, 30.5, 60, label="Pedestrian", track_id=3),),
        8: (Box(0, 0, 1, 1, label="Distractor", track_id=4),),
    }
    assert text.tracking.detected == {1: (Box(5, 6, 7, 8, label="Object", score=0.25),)}
    assert (text.ignored, text.frames) == (1, 9)


def test_the_recorded_truth_has_its_known_tracks_and_frames(shared_data: Path) -> None:
    raw = (shared_data / "kitti_tracking" / "label_02" / "0001.txt").read_bytes()
    text = read_kitti_tracks(raw)
    rows = [line.split() for line in raw.decode().splitlines()]
    tracks = {box.track_id for boxes in text.tracking.tracked.values() for box in boxes}
    assert (len(tracks), text.frames) == (98, 447)
    assert sum(map(len, text.tracking.tracked.values())) == sum(row[2] != "DontCare" for row in rows)
    assert text.ignored == sum(row[2] == "DontCare" for row in rows)


def test_recorded_mot_texts_are_read_line_by_line(shared_data: Path) -> None:
    for path in (shared_data / "mot").rglob("*.txt"):
        raw = path.read_bytes()
        assert looks_like_mot(raw[:4096])
        assert not looks_like_kitti_tracks(raw[:4096])
        text = read_mot(raw)
        boxes = [
            box
            for frames in (text.tracking.tracked, text.tracking.detected)
            for frame in frames.values()
            for box in frame
        ]
        assert len(boxes) == len(raw.splitlines()) > 100
        kinds = {box.track_id is None for box in boxes}
        assert kinds == {path.name == "det.txt"}


@pytest.mark.parametrize(
    ("head", "kitti", "mot"),
    [
        (KITTI.encode(), True, False),
        (MOT.encode(), False, True),
        (b"1, 3, 10, 20, 30, 60, 1, -1, -1, -1\r\n", False, True),
        (b"Car 0.00 0 -1.5 10 20 40 80 1 1 3 -5 1 12 -1\n", False, False),
        (b"[1, 2, 3]", False, False),
        (b"1,2,3\n", False, False),
        (b"1 0 0 0 0 1 0 0 0 0 1 0\n", False, False),
        (b"", False, False),
    ],
)
def test_texts_are_told_apart_by_their_first_line(head: bytes, kitti: bool, mot: bool) -> None:
    assert (looks_like_kitti_tracks(head), looks_like_mot(head)) == (kitti, mot)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3 0 Ped", "3.5 0 Ped", "Line 3 .* frame"),
        ("3 0 Ped", "-1 0 Ped", "Line 3 .* frame"),
        ("3 0 Ped", "4000000000 0 Ped", "Line 3 .* frame"),
        ("3 0 Ped", "3 none Ped", "Line 3 .* number"),
        ("Pedestrian 0 0 -1.5 10.5", "Pedestrian 0 0 -1.5 nan", "Line 3 .* number"),
        ("Pedestrian 0", "Pedestrian", "Line 3 .* 16 values"),
    ],
)
def test_a_damaged_line_of_kitti_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_kitti_tracks(KITTI.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2,-1", "0,-1", "Line 2 .* frame"),
        ("5,6,7,8", "5,6,inf,8", "Line 2 .* number"),
        ("2,3,11,", "2,3\n", "Line 3 .* 2 values"),
    ],
)
def test_a_damaged_line_of_mot_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_mot(MOT.replace(old, new).encode())


@given(st.sampled_from([KITTI, MOT]), st.data())
def test_damage_gives_boxes_or_a_clear_error_and_nothing_else(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    at = data.draw(st.integers(0, len(raw)))
    damaged = raw[:at] + data.draw(st.binary(max_size=4)) + raw[at + data.draw(st.integers(0, 4)) :]
    for read in (read_kitti_tracks, read_mot):
        try:
            boxes = read(damaged)
        except FormatError:
            continue
        assert boxes.frames >= len(boxes.tracking.tracked)


def test_the_sequence_says_where_its_pictures_are_and_how_fast_they_came() -> None:
    raw = (
        b"[Sequence]\nname=MOT17-02\nimDir=img1\nframeRate=30\nseqLength=600\nimWidth=1920\nimHeight=1080\nimExt=.jpg\n"
    )
    assert read_sequence_info(raw) == SequenceInfo("MOT17-02", "img1", 600, 30.0)
    assert read_sequence_info(b"[Sequence]\n") == SequenceInfo()


@pytest.mark.parametrize("raw", [b"", b"name=a\n", b"[Sequence]\nseqLength=many\n", b"[Other]\n", b"\xff\xfe[["])
def test_a_damaged_description_is_an_error(raw: bytes) -> None:
    with pytest.raises(FormatError, match="seqinfo"):
        read_sequence_info(raw)
