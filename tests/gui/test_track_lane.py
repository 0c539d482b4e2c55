from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from app.domain.track_facts import spans_of
from app.domain.track_switches import Switch, SwitchKind
from app.gui.frame_axis import FrameAxis
from app.gui.theme import DARK
from app.gui.track_lane import Lane, lanes_of, paint_lane
from app.jobs import TrackSummary

TRACK = TrackSummary(
    "front",
    4,
    "Car",
    first=1,
    last=9,
    count=7,
    gaps=((4, 5),),
    switches=(Switch(8, SwitchKind.GOES_ON_FROM, 2),),
    kept=((2, 3),),
    mean_score=0.5,
)
AXIS = FrameAxis(0.0, 240.0, 12)
MIDDLE = 11


@pytest.fixture
def image(qapp):
    (lane,) = lanes_of([TRACK], frames=12)
    image = QImage(240, 22, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    paint_lane(painter, lane, AXIS, middle=MIDDLE, color=QColor("#ff0000"), tokens=DARK, chosen=False)
    painter.end()
    return image


def height(image, index):
    """How many pixels of the bar's colour are above each other in the middle of a frame."""
    x = round(AXIS.middle(index))
    return sum(image.pixelColor(x, y).name() == "#ff0000" for y in range(22))


def test_a_bar_is_thin_where_the_track_was_kept_and_absent_in_gaps(image):
    heights = [height(image, index) for index in range(12)]
    assert heights[1] >= 7
    assert 1 <= heights[2] <= 3
    assert 1 <= heights[3] <= 3
    assert [heights[index] for index in (0, 4, 5, 10, 11)] == [0] * 5
    assert heights[6] >= 7
    assert heights[9] >= 7


def test_a_hairline_bridges_a_gap_and_a_switch_is_marked(image):
    gap = {image.pixelColor(x, MIDDLE).name() for x in range(round(AXIS.start(4)) + 4, round(AXIS.start(6)) - 4)}
    assert len(gap) > 1
    assert {image.pixelColor(x, MIDDLE).name() for x in range(round(AXIS.start(10)) + 4, 240)} == {"#000000"}
    assert image.pixelColor(round(AXIS.middle(8)), MIDDLE).name() == DARK.text


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (0, "Frame 1: no box"),
        (1, "Frame 2: has a box"),
        (2, "Frame 3: kept without a detection"),
        (5, "Frame 6: in a gap"),
        (8, "Frame 9: probably goes on from track 2"),
    ],
)
def test_each_frame_says_what_the_track_does_there(index, told):
    (lane,) = lanes_of([TRACK], frames=12)
    assert lane.told(index) == told


def test_tracks_come_in_the_order_in_which_they_begin_and_the_longer_first():
    begins = [(1, 3, 90), (2, 0, 10), (3, 0, 60), (4, 2, 5)]
    tracks = [TrackSummary("front", number, "Car", first, first + count - 1, count) for number, first, count in begins]
    assert [lane.track.track_id for lane in lanes_of(tracks, frames=100)] == [3, 2, 4, 1]


def test_what_lies_outside_of_the_job_is_left_out():
    outside = TrackSummary("front", 1, "Car", first=-3, last=30, count=34)
    beyond = TrackSummary("front", 2, "Car", first=40, last=50, count=11)
    lanes = lanes_of([TRACK, outside, beyond], frames=12)
    assert [(lane.track.track_id, lane.spans) for lane in lanes] == [(1, ((0, 11),)), (4, ((1, 3), (6, 9))), (2, ())]


@given(st.sets(st.integers(0, 40), min_size=1), st.data())
def test_every_frame_with_a_box_is_told_so(frames, data):
    spans = spans_of(sorted(frames))
    kept = data.draw(st.sets(st.sampled_from(sorted(frames))))
    gaps = tuple((one[1] + 1, other[0] - 1) for one, other in pairwise(spans))
    track = TrackSummary("c", 0, "", spans[0][0], spans[-1][1], len(frames), gaps=gaps, kept=spans_of(sorted(kept)))
    lane: Lane = lanes_of([track], frames=41)[0]
    for index in range(41):
        expected = "no box" if index not in frames else "kept" if index in kept else "has a box"
        if spans[0][0] < index < spans[-1][1] and index not in frames:
            expected = "in a gap"
        assert expected in lane.told(index)
