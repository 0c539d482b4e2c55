from dataclasses import replace

import numpy as np

from app.domain.chosen_rows import most_frequent_key, rows_of_segment
from app.domain.legend import Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.segment import Segment
from app.domain.sequence import Frame, SequenceFrame

CAR = LegendEntry(4, "Car # 1", "Car", (1, 2, 3), track_id="a")
ROAD = LegendEntry(1, "Road", "Road", (1, 2, 3), track_id="r")
SEGMENT = Segment(0, 4, np.array([2, 5]))


def frame(index, keys, *entries):
    record = SequenceFrame(str(index), "", "", legend=Legend(entries))
    return Frame(index, record, None, Mask(np.array(keys, dtype=np.uint16)))


def test_at_its_own_frame_a_segment_is_itself():
    assert rows_of_segment(SEGMENT, entry=CAR, frame=frame(0, [4] * 8, CAR)).tolist() == [2, 5]


def test_at_another_frame_the_same_thing_is_found_under_whatever_label_key_it_has_there():
    there = frame(3, [1, 9, 4, 9], replace(CAR, label_key=9), replace(CAR, label_key=4, track_id="b"))
    assert rows_of_segment(SEGMENT, entry=CAR, frame=there).tolist() == [1, 3]


def test_what_is_no_single_thing_or_is_not_there_has_no_points_at_another_frame():
    there = frame(3, [1, 1, 7], ROAD)
    assert rows_of_segment(SEGMENT, entry=ROAD, frame=there).size == 0
    assert rows_of_segment(SEGMENT, entry=CAR, frame=there).size == 0
    assert rows_of_segment(SEGMENT, entry=None, frame=there).size == 0


def test_the_label_key_of_most_points_is_that_of_the_whole():
    mask = frame(0, [7, 4, 4, 9]).mask
    assert most_frequent_key(mask, np.array([0, 1, 2])) == 4
    assert most_frequent_key(mask, np.array([], dtype=np.int64)) is None
    assert most_frequent_key(None, np.array([0])) is None
