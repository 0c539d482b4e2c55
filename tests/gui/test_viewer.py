import threading
from pathlib import Path

import numpy as np
import pytest

from app.domain.legend_table import UNMAPPED_CLASS
from app.gui.shown_frame import look_at
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs import LocalJob, open_path
from tests.builders import small_delivery


@pytest.fixture
def delivery(tmp_path) -> Path:
    return small_delivery(tmp_path / "delivery", frames=6, points=400)


@pytest.fixture
def viewer(qtbot):
    runner = TaskRunner()
    viewer = Viewer(runner)
    yield viewer
    viewer.playback.set_playing(False)
    assert runner.shutdown()


@pytest.fixture
def opened(qtbot, viewer, delivery) -> Viewer:
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    return viewer


def rest(qtbot, viewer):
    qtbot.waitUntil(lambda: viewer.shown.index == viewer.wanted and not viewer.runner.running)


def test_opening_a_delivery_shows_its_first_frame_with_pictures_and_boxes(opened):
    shown = opened.shown
    assert shown.index == 0
    assert len(shown.frame.cloud) == 400
    assert shown.pictures["front"].image is not None
    assert opened.boxes["front"].tracked
    assert opened.local_frames == frozenset(range(6))
    assert opened.tracks


def test_stepping_fast_ends_on_the_last_frame_asked_for(qtbot, opened):
    shown = []
    opened.frame_changed.connect(lambda: shown.append(opened.shown.index))
    for index in (1, 2, 3, 4, 5, 4, 3):
        opened.show_frame(index)
    rest(qtbot, opened)
    assert opened.shown.index == 3
    assert shown[-1] == 3


def test_a_frame_carries_the_legend_pictures_and_boxes_of_the_same_index(qtbot, opened):
    for index in range(6):
        opened.show_frame(index)
        rest(qtbot, opened)
        assert opened.shown.frame.index == index
        assert opened.shown.frame.record.frame_id == f"{index:06d}"
        assert opened.boxes == {"front": opened.job.boxes(index, "front")}


def test_steps_beyond_either_end_stay_at_the_end(qtbot, opened):
    opened.step(-1)
    assert opened.wanted == 0
    opened.step(100)
    rest(qtbot, opened)
    assert opened.shown.index == 5


def test_frames_shown_before_are_not_decoded_again(qtbot, opened, monkeypatch):
    for index in (1, 2, 0):
        opened.show_frame(index)
        rest(qtbot, opened)
    decoded = []
    load = LocalJob.load_frame
    monkeypatch.setattr(LocalJob, "load_frame", lambda job, index: decoded.append(index) or load(job, index))
    opened.show_frame(1)
    assert opened.shown.index == 1
    assert decoded == []


def test_hiding_a_class_makes_its_colours_transparent_and_nothing_else(opened):
    keys = opened.shown.prepared.label_keys
    before = opened.appearance.color_table(keys)
    opened.appearance.set_class_visible("Car", visible=False)
    after = opened.appearance.color_table(keys)
    car = keys.index(11)
    assert after[car, 3] == 0
    assert np.array_equal(np.delete(before, car, axis=0), np.delete(after, car, axis=0))


def test_isolating_a_class_twice_shows_everything_again(opened):
    opened.appearance.isolate_class("Car")
    assert opened.appearance.is_class_visible("Car")
    assert not opened.appearance.is_class_visible("Ground")
    assert not opened.appearance.is_class_visible(UNMAPPED_CLASS)
    opened.appearance.isolate_class("Car")
    assert opened.appearance.is_class_visible("Ground")


def test_what_is_hidden_stays_hidden_on_the_next_frame(qtbot, opened):
    opened.appearance.set_class_visible("Ground", visible=False)
    opened.show_frame(2)
    rest(qtbot, opened)
    assert not opened.appearance.is_class_visible("Ground")


def test_a_path_that_holds_nothing_keeps_what_is_shown_and_says_why(qtbot, opened, tmp_path):
    job = opened.job
    with qtbot.waitSignal(opened.problem_changed):
        opened.open_path(tmp_path / "nothing")
    assert opened.job is job
    assert "nothing" in str(opened.problem)


def test_a_mask_that_does_not_fit_is_not_painted(qtbot, viewer, delivery):
    mask = delivery / "files" / "masks" / "000000.txt"
    mask.write_text("[1, 1, 1]")
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert viewer.shown.frame.mask is None
    assert viewer.shown.prepared.label_keys == ()
    assert any(finding.rule == "mask.length" for finding in viewer.findings())


def test_only_the_last_of_several_jobs_opened_quickly_is_shown(qtbot, viewer, delivery, tmp_path):
    other = small_delivery(tmp_path / "other", frames=2, name="other")
    for path in (delivery, other, delivery, other):
        viewer.open_path(path)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert viewer.job.name == open_path(other).name
    assert len(viewer.sequence) == 2


def test_a_frame_that_arrives_later_is_shown_when_it_is_waited_for(qtbot, viewer, delivery):
    scan = delivery / "files" / "lidar" / "000000.pcd"
    kept = scan.read_bytes()
    scan.unlink()
    viewer.set_job(look_at(open_path(delivery)))
    qtbot.waitUntil(lambda: not viewer.runner.running)
    assert viewer.shown is None
    scan.write_bytes(kept)
    viewer.frames.note_arrival(0)
    qtbot.waitUntil(lambda: viewer.shown is not None)
    assert viewer.shown.frame.cloud is not None


def test_pictures_that_arrive_later_join_the_frame_on_screen(qtbot, viewer, delivery):
    picture = next((delivery / "files" / "cameras" / "front").glob("000000.*"))
    kept = picture.read_bytes()
    picture.unlink()
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert viewer.shown.pictures["front"].image is None
    assert viewer.shown.pictures["front"].problem
    picture.write_bytes(kept)
    viewer.frames.note_arrival(0)
    qtbot.waitUntil(lambda: viewer.shown.pictures["front"].image is not None)


def test_a_picture_that_joined_later_leaves_no_finding_once_everything_is_here(qtbot, viewer, delivery):
    picture = next((delivery / "files" / "cameras" / "front").glob("000000.*"))
    kept = picture.read_bytes()
    picture.unlink()
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert [finding.rule for finding in viewer.findings()].count("image.unreadable") == 1
    picture.write_bytes(kept)
    viewer.frames.note_arrival(0)
    qtbot.waitUntil(lambda: viewer.shown.pictures["front"].image is not None and not viewer.runner.running)
    viewer.frames.reload_incomplete()  # the download ended
    rest(qtbot, viewer)
    assert not [finding for finding in viewer.findings() if finding.rule == "image.unreadable"]
    assert viewer.shown.complete


def test_boxes_that_arrive_while_pictures_are_read_are_not_lost(qtbot, viewer, delivery, monkeypatch):
    picture = next((delivery / "files" / "cameras" / "front").glob("000000.*"))
    answer = delivery / "tracking" / "front.json"
    kept_picture, kept_answer = picture.read_bytes(), answer.read_bytes()
    picture.unlink()
    answer.unlink()
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert viewer.boxes["front"].tracked == ()
    gate, started = threading.Event(), threading.Event()
    load = LocalJob.load_image

    def held(job, index, camera):
        started.set()
        gate.wait(10)
        return load(job, index, camera)

    monkeypatch.setattr(LocalJob, "load_image", held)
    picture.write_bytes(kept_picture)
    viewer.frames.note_arrival(0)
    assert started.wait(5)
    answer.write_bytes(kept_answer)
    viewer.reload_tracking()
    qtbot.waitUntil(lambda: bool(viewer.tracks))
    gate.set()
    qtbot.waitUntil(lambda: viewer.shown.pictures["front"].image is not None and not viewer.runner.running)
    assert viewer.boxes["front"].tracked


def test_boxes_appear_once_a_picture_is_there_to_place_them_in(qtbot, viewer, delivery):
    pictures = {path: path.read_bytes() for path in (delivery / "files" / "cameras" / "front").iterdir()}
    for path in pictures:
        path.unlink()
    viewer.open_path(delivery)
    qtbot.waitUntil(lambda: viewer.shown is not None and not viewer.runner.running)
    assert viewer.tracks
    assert viewer.boxes["front"].tracked == ()
    for path, content in pictures.items():
        path.write_bytes(content)
    viewer.frames.note_arrival(0)
    qtbot.waitUntil(lambda: bool(viewer.boxes["front"].tracked))
