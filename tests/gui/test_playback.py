"""Playing: each frame once and in order, never sooner than it is ready, at the wanted multiple of the recording."""

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Signal

from app.domain.sequence import Sequence, SequenceFrame
from app.gui.playback import LONGEST_DRAWING, SPEEDS, USUAL_SECONDS, Playback
from app.jobs import LocalJob
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

FRAMES = 6
PATIENCE = 30_000  # ms


@pytest.fixture
def delivery(tmp_path) -> Path:
    return small_delivery(tmp_path / "delivery", frames=FRAMES)


@pytest.fixture
def viewer(qtbot, delivery, decoded):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.playback.set_speed(8)
        yield viewer


@pytest.fixture
def shown(viewer) -> list[int]:
    """The frames that were shown, in order."""
    frames = []
    viewer.frame_changed.connect(lambda: frames.append(viewer.shown.index))
    return frames


def play_rounds(qtbot, viewer, shown: list[int], rounds: int) -> None:
    viewer.playback.set_loop(True)
    viewer.playback.set_playing(True)
    qtbot.waitUntil(lambda: len(shown) >= rounds * FRAMES, timeout=PATIENCE)
    viewer.playback.set_playing(False)
    rest(qtbot, viewer)


def test_playing_shows_every_frame_once_in_order_and_stops_at_the_end(qtbot, viewer, shown):
    viewer.playback.set_playing(True)
    qtbot.waitUntil(lambda: not viewer.playback.playing, timeout=PATIENCE)
    assert shown == [1, 2, 3, 4, 5]
    viewer.playback.set_playing(True)  # from the end it starts over
    qtbot.waitUntil(lambda: not viewer.playback.playing, timeout=PATIENCE)
    assert shown == [1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]


def test_in_a_loop_with_room_for_all_every_frame_is_decoded_exactly_once(qtbot, viewer, shown, decoded):
    play_rounds(qtbot, viewer, shown, 3)
    assert shown[: 3 * FRAMES] == [(1 + place) % FRAMES for place in range(3 * FRAMES)]
    assert decoded == Counter(range(FRAMES))


@pytest.mark.parametrize("room", [0.5, 1.5, 2.5, 3.5, 4.5])
def test_in_a_loop_with_little_room_no_frame_is_decoded_twice_in_a_round(qtbot, viewer, shown, decoded, room):
    viewer.frames.set_limit(round(room * viewer.shown.bytes))
    rest(qtbot, viewer)
    viewer.playback.set_loop(True)
    viewer.playback.set_playing(True)
    rounds: list[Counter[int]] = []
    decoded.clear()
    for number in range(1, 4):
        qtbot.waitUntil(lambda number=number: len(shown) >= number * FRAMES, timeout=PATIENCE)
        rounds.append(Counter(decoded))
    viewer.playback.set_playing(False)
    rest(qtbot, viewer)
    assert all(first == (1 + place) % FRAMES for place, first in enumerate(shown))
    for number, counts in enumerate(rounds, start=1):
        ahead = FRAMES  # what is decoded for the round that follows
        assert max(counts.values()) <= number + 1
        assert sum(counts.values()) <= number * FRAMES + ahead


def test_a_frame_that_is_late_is_waited_for_and_the_speed_that_is_reached_is_told(qtbot, viewer, shown, monkeypatch):
    viewer.frames.set_limit(1)
    rest(qtbot, viewer)
    gate, load = threading.Event(), LocalJob.load_frame

    def held(job, index):
        if index == 3:
            gate.wait(20)
        return load(job, index)

    monkeypatch.setattr(LocalJob, "load_frame", held)
    viewer.playback.set_playing(True)
    qtbot.waitUntil(lambda: viewer.playback.reached is not None, timeout=PATIENCE)
    assert shown == [1, 2]
    assert viewer.playback.reached < viewer.playback.speed
    gate.set()
    qtbot.waitUntil(lambda: not viewer.playback.playing, timeout=PATIENCE)
    assert shown == [1, 2, 3, 4, 5]
    assert viewer.playback.reached is None


def test_a_frame_that_cannot_be_decoded_ends_playing(qtbot, viewer, monkeypatch):
    viewer.frames.set_limit(1)
    rest(qtbot, viewer)

    def broken(_job, _index):
        raise MemoryError

    monkeypatch.setattr(LocalJob, "load_frame", broken)
    viewer.playback.set_playing(True)
    qtbot.waitUntil(lambda: not viewer.playback.playing, timeout=PATIENCE)
    assert viewer.shown.index == 0
    qtbot.waitUntil(lambda: not viewer.runner.running)


def test_speeds_step_up_and_down_between_their_ends(viewer):
    playback = viewer.playback
    for _ in SPEEDS:
        playback.slower()
    assert playback.speed == SPEEDS[0]
    seen = [playback.speed]
    while playback.speed != SPEEDS[-1]:
        playback.faster()
        seen.append(playback.speed)
    assert tuple(seen) == SPEEDS
    playback.set_speed(100)
    assert playback.speed == SPEEDS[-1]


# -- with a clock of our own --


class StillFrames(QObject):
    """Frames that are there at once; nothing is decoded."""

    shown_changed, failed = Signal(), Signal()

    def __init__(self, count: int, *, time_step: float | None = None) -> None:
        super().__init__()
        times = [None if time_step is None else time_step * index for index in range(count)]
        self.sequence = Sequence(tuple(SequenceFrame(str(i), "", "", time_s=at) for i, at in enumerate(times)))
        self.wanted, self.shown, self.seen = 0, None, []
        self.show(0)

    def set_order(self, order):
        self.order = order

    def show(self, index):
        self.wanted = index
        self.shown = type("Shown", (), {"index": index})
        self.seen.append(index)
        self.shown_changed.emit()


class Clock:
    """Time as the test says; due times are asked from the timer."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def tick(playback: Playback, clock: Clock) -> float:
    """Let the timer fire at its time; returns the seconds until then."""
    seconds = playback._timer.interval() / 1000
    playback._timer.stop()
    clock.now += seconds
    playback._on_due()
    return seconds


@pytest.mark.parametrize(("time_step", "usual"), [(0.05, 0.05), (None, USUAL_SECONDS)])
@pytest.mark.parametrize("speed", SPEEDS)
def test_frames_follow_each_other_as_recorded_divided_by_the_speed(qtbot, clock, time_step, usual, speed):
    frames = StillFrames(10, time_step=time_step)
    playback = Playback(frames, frames, clock=clock)
    playback.set_speed(speed)
    playback.set_playing(True)
    waited = [tick(playback, clock) for _ in range(8)]
    assert frames.seen == list(range(9))
    assert sum(waited) == pytest.approx(8 * usual / speed, abs=0.001)
    playback.set_playing(False)


@pytest.fixture
def on_screen(qtbot, clock):
    """Playing slow enough to look at, in a window that draws."""
    frames = StillFrames(50)
    playback = Playback(frames, frames, clock=clock)
    playback.wait_for_drawing(lambda: playback.property("in sight") is not False)
    playback.note_drawn(0)
    playback.set_playing(True)
    yield playback
    playback.set_playing(False)


def test_drawing_is_waited_for_however_often_the_timer_fires(on_screen, clock):
    seen = on_screen.parent().seen
    for _ in range(5):
        tick(on_screen, clock)
    assert seen == [0, 1]  # frame 1 is not drawn yet
    on_screen.note_drawn(1)
    assert tick(on_screen, clock) == 0
    assert seen == [0, 1, 2]


def test_what_is_drawn_with_the_next_frame_is_waited_for(on_screen, clock):
    there = {1}
    on_screen.wait_for_all(there.__contains__)
    tick(on_screen, clock)
    on_screen.note_drawn(1)
    for _ in range(3):
        tick(on_screen, clock)
    assert on_screen.parent().seen == [0, 1]
    there.add(2)
    on_screen.note_arrival()
    assert tick(on_screen, clock) == 0
    assert on_screen.parent().seen == [0, 1, 2]


def test_nothing_is_waited_for_after_the_last_frame(on_screen, clock):
    on_screen.wait_for_all(range(1, 50).__contains__)
    for index in range(1, 50):
        tick(on_screen, clock)
        on_screen.note_drawn(index)
    tick(on_screen, clock)
    assert not on_screen.playing


def test_a_window_out_of_sight_is_not_waited_for(on_screen, clock):
    tick(on_screen, clock)
    on_screen.setProperty("in sight", False)
    for _ in range(3):
        tick(on_screen, clock)
    assert on_screen.parent().seen == [0, 1, 2, 3, 4]


def test_what_is_never_drawn_does_not_hold_up_playing_for_ever(on_screen, clock):
    tick(on_screen, clock)
    clock.now += LONGEST_DRAWING
    tick(on_screen, clock)
    assert on_screen.parent().seen == [0, 1, 2]


def test_time_lost_by_waiting_is_not_made_up_for(on_screen, clock):
    tick(on_screen, clock)
    tick(on_screen, clock)
    clock.now += 5
    on_screen.note_drawn(1)
    assert tick(on_screen, clock) == 0  # frame 2 follows at once
    on_screen.note_drawn(2)
    assert tick(on_screen, clock) == pytest.approx(USUAL_SECONDS, abs=0.002)


def test_a_slow_screen_makes_the_reached_speed_known(on_screen, clock):
    on_screen.set_speed(4)  # forty frames a second
    for index in range(1, 30):
        waited = tick(on_screen, clock)
        clock.now += 0.05 - waited  # twenty is what the screen can do
        on_screen.note_drawn(index)
    on_screen._on_report()
    assert on_screen.reached == pytest.approx(2.0, rel=0.1)
    on_screen.set_speed(1)
    assert on_screen.reached is None


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=20), st.integers(0, 18))
def test_a_gap_in_the_recording_does_not_change_its_rate(steps, place):
    frames, now = [], 0.0
    for index in range(12):
        frames.append(SequenceFrame(str(index), "", "", time_s=now))
        now += 0.1 if index != place % 11 else 3600.0
    assert Sequence(tuple(frames)).frame_seconds == pytest.approx(0.1)
    assert Sequence(tuple(replace(frame, time_s=None) for frame in frames)).frame_seconds is None
