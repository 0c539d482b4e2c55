"""Switches that were planted into tracks whose identities are known."""

from dataclasses import replace

import pytest

from app.domain.track_facts import track_facts
from app.domain.track_switches import Switch, SwitchKind
from app.domain.tracking import Box, Tracking

GOES_ON_AS, GOES_ON_FROM, SWAPS, LABEL = SwitchKind


def street(frames=30):
    """Four things that cross: one stands, two pass each other, one grows as it comes near."""
    return {
        frame: (
            Box(300, 100, 40, 60, "Pedestrian", track_id=0),
            Box(20 + 12 * frame, 110, 80, 50, "Car", track_id=1),
            Box(400 - 9 * frame, 90, 90, 70, "Car", track_id=2),
            Box(200 - frame, 300 - frame, 30 + 2 * frame, 40 + 3 * frame, "Bus", track_id=3),
        )
        for frame in range(frames)
    }


def renamed(tracked, frame, ids):
    """The tracks with other ids from a frame on."""
    return {
        number: tuple(replace(box, track_id=ids.get(box.track_id, box.track_id)) for box in boxes)
        if number >= frame
        else boxes
        for number, boxes in tracked.items()
    }


def without(tracked, track_id, frames):
    return {
        number: tuple(box for box in boxes if number not in frames or box.track_id != track_id)
        for number, boxes in tracked.items()
    }


def switches(tracked, detected=None):
    return {each.track_id: each.switches for each in track_facts(Tracking(tracked, detected or {})) if each.switches}


def test_things_that_cross_do_not_switch():
    assert switches(street()) == {}


@pytest.mark.parametrize("track_id", [0, 1, 2, 3])
@pytest.mark.parametrize("frame", [3, 13, 15, 22])
def test_an_end_and_a_start_in_one_place_are_a_handover(track_id, frame):
    assert switches(renamed(street(), frame, {track_id: 9})) == {
        track_id: (Switch(frame, GOES_ON_AS, 9),),
        9: (Switch(frame, GOES_ON_FROM, track_id),),
    }


def test_a_handover_may_take_a_few_frames_but_not_more_than_a_tracker_waits():
    later = renamed(street(), 10, {1: 9})
    assert switches(without(later, 9, range(10, 14)))[9] == (Switch(14, GOES_ON_FROM, 1),)
    assert switches(without(later, 9, range(10, 15))) == {}


def test_two_tracks_that_change_places_swap():
    assert switches(renamed(street(), 8, {1: 3, 3: 1})) == {
        1: (Switch(8, SWAPS, 3), Switch(8, LABEL, label="Bus")),
        3: (Switch(8, SWAPS, 1), Switch(8, LABEL, label="Car")),
    }


def test_a_track_that_jumps_onto_the_place_of_another_takes_it_over():
    tracked = without(renamed(street(), 8, {1: 2, 2: 7}), 7, range(99))
    assert switches(tracked) == {1: (Switch(8, GOES_ON_AS, 2),), 2: (Switch(8, GOES_ON_FROM, 1),)}


def test_another_label_within_a_track_is_told():
    tracked = street(4)
    tracked[2] = tuple(replace(box, label="Van") if box.track_id == 1 else box for box in tracked[2])
    assert switches(tracked) == {1: (Switch(2, LABEL, label="Van"), Switch(3, LABEL, label="Car"))}


def test_the_box_that_a_tracker_keeps_does_not_hide_that_its_thing_has_another_track():
    """Car 1 brakes at frame 10: its track goes on for two frames without a detection, a new one begins."""
    stands = Box(20 + 12 * 9, 110, 80, 50, "Car", track_id=9)
    tracked = renamed(street(), 99, {})
    detected = {
        frame: tuple(replace(box, track_id=None, score=0.9) for box in boxes) for frame, boxes in tracked.items()
    }
    for frame in range(10, 30):
        others = tuple(box for box in tracked[frame] if box.track_id != 1)
        kept = tuple(
            replace(box, x=20 + 60 * (frame - 7)) for box in tracked[frame] if box.track_id == 1 and frame < 12
        )
        tracked[frame] = (*others, *kept, stands)
        detected[frame] = tuple(replace(box, track_id=None, score=0.9) for box in (*others, stands))
    facts = {each.track_id: each for each in track_facts(Tracking(tracked, detected))}
    assert facts[1].kept == (10, 11)
    assert facts[1].switches == (Switch(10, GOES_ON_AS, 9),)
    assert facts[9].switches == (Switch(10, GOES_ON_FROM, 1),)


def test_a_box_that_leaves_the_picture_takes_nothing_over():
    """A thing that is cut at the edge shrinks where another one was cut a moment before."""
    tracked = {}
    for frame in range(12):
        lefts = {1: 500 + 50 * frame, 2: 300 + 50 * frame}
        boxes = {track_id: (left, min(left + 300, 900) - left) for track_id, left in lefts.items() if left < 900}
        tracked[frame] = tuple(Box(left, 0, wide, 80, "Car", track_id=one) for one, (left, wide) in boxes.items())
    assert switches(tracked) == {}


def test_middles_are_followed_over_neighbouring_cells():
    def cell(frame, track_id):
        return Box(8.0 * ((frame + 1) // 2), 0, 8, 8, "Car", track_id=track_id)

    tracked = {frame: (cell(frame, 1 if frame < 5 else 2),) for frame in range(10)}
    (one, two) = track_facts(Tracking(tracked), centroids=True)
    assert (one.switches, two.switches) == ((Switch(5, GOES_ON_AS, 2),), (Switch(5, GOES_ON_FROM, 1),))
