from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.domain.label_totals import LabelTotals, thing_of
from app.domain.legend import Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS


def entry(key, name):
    return LegendEntry(key, f"{name} # {key}", name, (1, 2, 3))


FIRST = Legend((entry(1, "Ground"), entry(11, "Car"), entry(12, "Car")))
SECOND = Legend((entry(1, "Ground"), entry(11, "Bus")))  # key 11 is another thing here


def test_points_are_added_by_the_class_that_each_frame_gives_a_key():
    totals = LabelTotals().with_frame(0, FIRST, {0: 5, 1: 10, 11: 3, 12: 4}).with_frame(1, SECOND, {1: 20, 11: 6})
    assert totals.classes == {UNMAPPED_CLASS: 5, "Ground": 30, "Car": 7, "Bus": 6}
    assert totals.keys["Car", 11] == 3
    assert totals.keys["Bus", 11] == 6
    assert totals.points == 48


def test_a_thing_is_found_in_the_frames_that_have_points_of_it():
    totals = LabelTotals()
    for index, counts in ((4, {1: 2, 11: 3}), (0, {11: 1, 12: 5}), (2, {11: 0, 3: 9})):
        totals = totals.with_frame(index, FIRST, counts)
    totals = totals.with_frame(3, SECOND, {11: 6})
    assert totals.frames_of(thing_of(FIRST.get(11), 11)) == (0, 4)
    assert totals.frames_of(thing_of(SECOND.get(11), 11)) == (3,)
    assert totals.frames_of(thing_of(None, 3)) == (2,)
    assert totals.frames_of(thing_of(FIRST.get(12), 12)) == (0,)


def test_a_frame_counts_once():
    once = LabelTotals().with_frame(0, FIRST, {1: 10})
    assert once.with_frame(0, FIRST, {1: 10}) is once


def test_keys_made_of_class_and_instance_count_for_their_class():
    legend = Legend((entry(7, "Car"),), instance_bits=16)
    totals = LabelTotals().with_frame(0, legend, {7: 1, 7 | 3 << 16: 5})
    assert totals.classes == {"Car": 6}
    assert totals.keys["Car", 7 | 3 << 16] == 5


def test_what_is_still_missing_is_said():
    totals = LabelTotals().with_frame(0, FIRST, {}).without_frame(2)
    assert totals.span(3) == "1 of 3 frames"
    assert totals.unreadable == {2}
    assert totals.with_frame(2, FIRST, {}).unreadable == frozenset()
    assert LabelTotals().with_frame(0, FIRST, {}).span(1) == "1 frame"
    assert totals.with_frame(1, FIRST, {}).with_frame(2, FIRST, {}).span(3) == "3 frames"


@given(st.lists(st.dictionaries(st.integers(0, 15), st.integers(1, 1000)), max_size=6), st.randoms())
def test_the_order_of_frames_does_not_matter(frames, random):
    order = list(enumerate(frames))
    totals = LabelTotals()
    random.shuffle(order)
    for index, counts in order:
        totals = totals.with_frame(index, FIRST, counts)
    expected = Counter()
    for counts in frames:
        expected.update(counts)
    per_key = Counter()
    for (_class_name, key), points in totals.keys.items():
        per_key[key] += points
    assert per_key == expected
