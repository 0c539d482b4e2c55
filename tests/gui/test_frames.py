"""What is decoded when, and what is kept: every frame of these deliveries needs the same memory."""

import threading
from collections import Counter
from pathlib import Path

import pytest

from app.errors import AppError
from app.gui.play_order import PlayOrder
from app.gui.shown_frame import look_at
from app.jobs import LocalJob, open_path
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

FRAMES = 8


@pytest.fixture
def delivery(tmp_path) -> Path:
    return small_delivery(tmp_path / "delivery", frames=FRAMES)


@pytest.fixture
def viewer(qtbot, delivery, decoded):
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


def allow(qtbot, viewer, frames: float) -> None:
    """Room for so many frames."""
    viewer.frames.set_limit(round(frames * viewer.shown.bytes))
    rest(qtbot, viewer)


def test_with_room_for_all_every_frame_is_decoded_once_and_kept(viewer, decoded):
    assert viewer.frames.cached == set(range(FRAMES))
    assert decoded == Counter(range(FRAMES))
    assert viewer.frames.cached_bytes <= viewer.frames.limit_bytes


def test_the_next_frames_and_one_before_are_kept_where_room_is_short(qtbot, viewer):
    viewer.show_frame(3)
    allow(qtbot, viewer, 4.5)
    assert viewer.frames.cached == {2, 3, 4, 5}
    assert viewer.frames.cached_bytes <= viewer.frames.limit_bytes


def test_stepping_on_decodes_one_frame_a_step_and_keeps_the_limit(qtbot, viewer, decoded):
    allow(qtbot, viewer, 3.5)
    for index in range(1, FRAMES):
        decoded.clear()
        viewer.show_frame(index)
        rest(qtbot, viewer)
        assert sum(decoded.values()) <= 1
        assert viewer.frames.cached_bytes <= viewer.frames.limit_bytes


def test_a_frame_larger_than_the_limit_is_shown_and_nothing_else_is_decoded(qtbot, viewer, decoded):
    allow(qtbot, viewer, 0.5)
    decoded.clear()
    viewer.show_frame(5)
    rest(qtbot, viewer)
    assert decoded == Counter([5])
    assert viewer.frames.cached == {5}


def test_more_room_is_filled_at_once(qtbot, viewer):
    allow(qtbot, viewer, 1.5)
    assert viewer.frames.cached == {0}
    allow(qtbot, viewer, 3.5)
    assert viewer.frames.cached == {0, 1, 2}


def test_in_a_loop_the_first_frames_are_ready_before_the_last_is_left(qtbot, viewer):
    viewer.show_frame(FRAMES - 1)
    rest(qtbot, viewer)
    viewer.frames.set_order(PlayOrder(loop=True, playing=True))
    allow(qtbot, viewer, 3.5)
    assert viewer.frames.cached == {FRAMES - 1, 0, 1}


def test_after_a_jump_what_was_decoded_for_elsewhere_does_not_drive_out_what_is_near(qtbot, viewer, monkeypatch):
    allow(qtbot, viewer, 2.5)
    gate, load = threading.Event(), LocalJob.load_frame

    def held(job, index):
        if index == 2:
            gate.wait(10)
        return load(job, index)

    monkeypatch.setattr(LocalJob, "load_frame", held)
    viewer.show_frame(1)  # frame 2 is decoded ahead
    viewer.show_frame(6)
    qtbot.waitUntil(lambda: viewer.shown.index == 6)
    gate.set()
    rest(qtbot, viewer)
    assert viewer.frames.cached == {6, 7}


def test_a_frame_that_cannot_be_decoded_is_tried_once_ahead_and_keeps_no_other_from_it(qtbot, delivery, monkeypatch):
    tried, load = Counter(), LocalJob.load_frame

    def broken(job, index):
        tried[index] += 1
        if index == 2:
            raise AppError("It cannot be read.")
        return load(job, index)

    monkeypatch.setattr(LocalJob, "load_frame", broken)
    with opened_viewer(qtbot, delivery) as viewer:
        assert viewer.frames.cached == set(range(FRAMES)) - {2}
        assert tried[2] == 1
        with qtbot.waitSignal(viewer.frames.failed):
            viewer.show_frame(2)
        assert tried[2] == 2
        qtbot.waitUntil(lambda: not viewer.runner.running)


def test_what_arrives_after_a_failure_is_tried_again(qtbot, delivery, monkeypatch):
    broken, load = {2}, LocalJob.load_frame

    def sometimes(job, index):
        if index in broken:
            raise AppError("It cannot be read.")
        return load(job, index)

    monkeypatch.setattr(LocalJob, "load_frame", sometimes)
    with opened_viewer(qtbot, delivery) as viewer:
        assert 2 not in viewer.frames.cached
        broken.clear()
        viewer.frames.note_arrival(2)
        rest(qtbot, viewer)
        assert 2 in viewer.frames.cached


def test_while_files_arrive_only_the_neighbours_are_decoded_ahead(qtbot, delivery, decoded):
    scan = delivery / "files" / "lidar" / "000007.pcd"
    content = scan.read_bytes()
    scan.unlink()
    with opened_viewer(qtbot) as viewer:
        viewer.set_job(look_at(open_path(delivery)))
        qtbot.waitUntil(lambda: viewer.shown is not None)
        rest(qtbot, viewer)
        assert viewer.frames.cached == {0, 1, 2}
        scan.write_bytes(content)
        viewer.frames.note_arrival(7)
        viewer.frames.reload_incomplete()  # the last file came
        rest(qtbot, viewer)
        assert viewer.frames.cached == set(range(FRAMES))
        assert decoded == Counter(range(FRAMES))


def test_another_job_starts_with_an_empty_memory(qtbot, viewer, tmp_path):
    viewer.open_path(small_delivery(tmp_path / "other", frames=2))
    qtbot.waitUntil(lambda: len(viewer.sequence) == 2)
    rest(qtbot, viewer)
    assert viewer.frames.cached == {0, 1}
