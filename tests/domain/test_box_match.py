import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.box_match import Support, nearness, overlaps, pairs, sides, stride_of
from app.domain.tracking import Box

whole = st.integers(-20, 20)
boxes = st.builds(Box, whole, whole, whole, whole, st.just("Car"))


def painted(box):
    """The unit squares of a plane that a box covers."""
    plane = np.zeros((100, 100), dtype=bool)
    left, right = sorted((box.x, box.x + box.width))
    top, bottom = sorted((box.y, box.y + box.height))
    plane[50 + top : 50 + bottom, 50 + left : 50 + right] = True
    return plane


@given(boxes, boxes)
def test_overlap_is_that_of_painted_pixels(one, other):
    here, there = painted(one), painted(other)
    union = np.count_nonzero(here | there)
    expected = np.count_nonzero(here & there) / union if union else 0.0
    assert overlaps(sides([one]), sides([other]))[0] == pytest.approx(expected)


def test_middles_are_near_where_cells_touch_and_not_two_sides_apart():
    cell = sides([Box(0, 0, 10, 10, "Car")])
    others = sides([Box(0, 0, 10, 10, "Car"), Box(10, 0, 10, 10, "Car"), Box(0, 20, 10, 10, "Car")])
    assert nearness(cell, others).tolist() == [1.0, 0.5, 0.0]
    assert overlaps(cell, others).tolist() == [1.0, 0.0, 0.0]


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=5))
def test_pairs_take_the_most_alike_first_and_each_side_once(rows):
    alike = np.array(rows)
    found = pairs(alike, least=0.3)
    values = [alike[pair] for pair in found]
    assert values == sorted(values, reverse=True)
    assert all(value >= 0.3 for value in values)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    left = np.delete(np.delete(alike, [row for row, _ in found], axis=0), [column for _, column in found], axis=1)
    assert not np.any(left >= 0.3)


def test_a_coarser_grid_of_answers_is_told_from_gaps():
    assert [stride_of(frames) for frames in ((), (7,), (0, 1, 2), (0, 2, 4, 10), (3, 6, 12), (0, 2, 5))] == [
        1, 1, 1, 2, 3, 1,
    ]  # fmt: skip


def tracked(track_id, x):
    return Box(x, 0, 10, 10, "Car", track_id=track_id)


def seen(x, score):
    return Box(x, 0, 10, 10, "Car", score=score)


def kept(support, frame, boxes):
    return support.kept(frame, boxes, behind=support.behind(frame, boxes))


def test_a_box_without_a_detection_is_kept_and_one_detection_stands_behind_one_box():
    support = Support({0: (seen(1, 0.9),), 1: (seen(0, 0.5), seen(30, 0.7)), 2: ()})
    both = (tracked(1, 0), tracked(2, 3))
    assert kept(support, 0, both) == {2}
    assert support.behind(0, both) == {1: 0}
    assert kept(support, 2, both) == {1, 2}


def test_frames_that_nobody_looked_into_say_nothing_about_their_boxes():
    assert kept(Support(), 0, (tracked(1, 0),)) == frozenset()
    every_second = Support({0: (seen(0, 0.9),), 2: (seen(0, 0.9),), 6: (seen(0, 0.9),)})
    assert kept(every_second, 1, (tracked(1, 0),)) == frozenset()
    assert kept(every_second, 4, (tracked(1, 0),)) == {1}  # the list leaves out frames without anything


def test_the_cell_beside_stands_behind_a_middle_but_not_behind_a_box():
    detected = {0: (seen(10, 0.8),), 1: ()}
    assert kept(Support(detected, centroids=True), 0, (tracked(1, 0),)) == frozenset()
    assert kept(Support(detected), 0, (tracked(1, 0),)) == {1}
