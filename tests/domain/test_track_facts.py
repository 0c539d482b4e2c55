import itertools
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.track_facts import BoxSize, gaps_of, spans_of, track_facts
from app.domain.track_trails import trails
from app.domain.tracking import Box, Tracking
from app.sandbox.street.boxes import KEEP_GRACE, Tracker, detect


def box(track_id, x=0.0, *, width=10.0, height=20.0, label="Car"):
    return Box(x, 0, width, height, label, track_id=track_id)


@given(st.sets(st.integers(0, 80), min_size=1), st.integers(1, 3))
def test_stretches_and_gaps_share_out_the_frames_between_first_and_last(positions, stride):
    frames = sorted(position * stride for position in positions)
    spans = spans_of(frames, stride=stride)
    gaps = gaps_of(spans)
    inside = [index for first, last in spans for index in range(first, last + 1)]
    outside = [index for first, last in gaps for index in range(first, last + 1)]
    assert sorted(inside + outside) == list(range(frames[0], frames[-1] + 1))
    assert set(frames) <= set(inside)
    assert all(before[1] + stride < after[0] for before, after in itertools.pairwise(spans))


def test_a_track_says_when_it_is_there_and_how_large():
    widths = [10, 12, 40, 14]
    tracked = {frame: (box(7, width=width),) for frame, width in zip((2, 3, 6, 7), widths, strict=True)}
    (facts,) = track_facts(Tracking({0: (), **tracked, 9: ()}))
    assert (facts.track_id, facts.first, facts.last, facts.boxes) == (7, 2, 7, 4)
    assert facts.spans == ((2, 3), (6, 7))
    low, middle, high = statistics.quantiles(widths, n=4, method="inclusive")
    assert facts.size == BoxSize(middle, 20.0, high - low, 0.0)
    assert (facts.mean_score, facts.kept, facts.switches) == (None, (), ())


def test_answers_at_every_second_frame_leave_no_gap_between_them():
    tracked = {frame: (box(1),) for frame in (0, 2, 4, 8)}
    (facts,) = track_facts(Tracking({**tracked, 6: ()}))
    assert facts.spans == ((0, 4), (8, 8))


def test_the_score_is_the_mean_of_the_detections_behind_the_boxes():
    tracked = {frame: (box(1), box(2, 200.0)) for frame in range(3)}
    detected = {
        0: (Box(1, 0, 10, 20, "Car", score=0.9), Box(205, 0, 10, 20, "Car", score=0.2)),
        1: (Box(0, 1, 10, 20, "Car", score=0.6), Box(90, 0, 10, 20, "Car", score=0.1)),
        2: (),
    }
    first, second = track_facts(Tracking(tracked, detected))
    assert first.mean_score == pytest.approx(0.75)
    assert first.kept == (2,)
    assert second.mean_score == pytest.approx(0.2)
    assert second.kept == (1, 2)


def test_boxes_that_a_tracker_keeps_are_those_it_missed():
    """The street's own tracker knows which of its boxes had no detection; the facts find them by the boxes alone."""
    random = np.random.default_rng(5)
    things = {n: (np.array([60.0 + 130 * n, 300.0, 60 + 8 * n, 90.0]), 4.0 - 2 * n) for n in range(8)}
    size, tracker = (1280, 720), Tracker()
    tracked, detected, missed = {}, {}, {}
    for frame in range(40):
        visible = {n: Box(at[0] + speed * frame, *at[1:], "Car") for n, (at, speed) in things.items()}
        detected[frame] = tuple(each for each in detect(visible, random, size=size) if random.random() > 0.12)
        tracked[frame] = tracker.step(detected[frame], size=size)
        for track in tracker._tracks:
            if track.missed:
                missed.setdefault(track.track_id, []).append(frame)
    facts = track_facts(Tracking(tracked, detected))
    assert sum(len(frames) for frames in missed.values()) > 20
    assert {each.track_id: list(each.kept) for each in facts if each.kept} == missed
    longest = max(last - first + 1 for each in facts for first, last in spans_of(each.kept))
    assert longest <= KEEP_GRACE


def test_a_track_keeps_the_label_of_its_first_box_and_the_id_0_is_one():
    facts = track_facts(Tracking({0: (box(0), box(3, 90.0)), 1: (box(0, label="Bus"),)}))
    assert [(each.track_id, each.label, each.boxes) for each in facts] == [(0, "Car", 2), (3, "Car", 1)]


@pytest.mark.parametrize("centroids", [False, True])
def test_boxes_at_the_end_of_the_number_range_are_like_nothing_and_stop_nothing(*, centroids):
    wild = (Box(1e308, -1e308, 1e308, -1e308, "Car", track_id=1), Box(-1e308, 0, 1e200, 1e200, "Car", track_id=2))
    tracked = {0: (*wild, box(3)), 1: (box(1, 100.0), box(2, 200.0), box(3)), 2: (*wild, box(3))}
    detected = {frame: (Box(1e308, 0, 1e308, 1e308, "Car", score=0.5), box(None)) for frame in tracked}
    facts = track_facts(Tracking(tracked, detected), centroids=centroids)
    assert [(each.track_id, each.spans) for each in facts] == [(number, ((0, 2),)) for number in (1, 2, 3)]
    assert facts[2].kept == ()
    assert facts[2].switches == ()


def test_a_trail_is_the_way_since_the_last_gap():
    tracked = {frame: (box(1, float(frame)), box(2, 100.0 - frame)) for frame in range(6)}
    tracked[3] = (box(1, 3.0),)
    ways = trails(Tracking(tracked), 5, frames=3)
    assert [each.x for each in ways[1]] == [2.0, 3.0, 4.0, 5.0]
    assert [each.x for each in ways[2]] == [96.0, 95.0]
    assert trails(Tracking(tracked), 9, frames=3) == {}
