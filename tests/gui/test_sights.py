from dataclasses import replace

import numpy as np

from app.domain.segments import segment_of
from app.gui.selection import SegmentChoice, TrackChoice
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest


def seen(qtbot, viewer, camera="front"):
    placed = viewer.rig.placed(camera)
    qtbot.waitUntil(lambda: viewer.sights.of(placed) is not None)
    return viewer.sights.of(placed)


def rows_seen(viewer, camera="front"):
    return np.flatnonzero(viewer.rig.placed(camera).project(viewer.shown.frame.cloud.xyz).seen).tolist()


def test_a_sight_is_worked_out_once_for_all_who_ask(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        placed, started = viewer.rig.placed("front"), []
        viewer.runner.task_started.connect(started.append)
        assert viewer.sights.of(placed) is None
        with qtbot.waitSignal(viewer.sights.changed):
            viewer.sights.of(replace(placed))
        assert viewer.sights.of(replace(placed)) is viewer.sights.of(placed)
        rest(qtbot, viewer)
        assert len(started) == 3  # the others for the next frames
        assert viewer.sights.of(placed).rows.tolist() == rows_seen(viewer)


def test_another_lens_is_another_sight(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        placed = viewer.rig.placed("front")
        wide = replace(placed, intrinsics=replace(placed.intrinsics, fx=placed.intrinsics.fx / 2))
        first = seen(qtbot, viewer)
        qtbot.waitUntil(lambda: viewer.sights.of(wide) is not None)
        assert len(viewer.sights.of(wide).rows) > len(first.rows)
        assert viewer.sights.of(placed) is first


def test_with_another_frame_all_sights_are_those_of_its_points(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        before = seen(qtbot, viewer)
        viewer.show_frame(1)
        qtbot.waitUntil(lambda: viewer.shown.index == 1)
        assert seen(qtbot, viewer) is not before


def test_what_was_asked_of_a_frame_that_is_gone_is_not_told(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        viewer.sights.of(viewer.rig.placed("front"))
        viewer.show_frame(1)
        rest(qtbot, viewer)
        assert seen(qtbot, viewer).rows.tolist() == rows_seen(viewer)


def test_no_camera_and_no_job_have_no_sight(qtbot, tmp_path):
    with opened_viewer(qtbot) as viewer:
        assert viewer.sights.of(None) is None
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        assert viewer.sights.of(viewer.rig.placed("rear")) is None


def test_the_rows_of_a_segment_are_its_own_and_those_of_the_same_thing_at_other_frames(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        frame = viewer.shown.frame
        row = int(np.flatnonzero(frame.mask.label_keys == 11)[0])
        segment = segment_of(frame.cloud, frame.mask, row, frame_index=0)
        viewer.selection.choose(SegmentChoice(segment, row))
        rest(qtbot, viewer)
        assert viewer.selection.rows.tolist() == segment.rows.tolist()
        with_frame = []
        viewer.frame_changed.connect(lambda: with_frame.append(len(viewer.selection.rows)))
        viewer.show_frame(2)
        qtbot.waitUntil(lambda: viewer.shown.index == 2)
        assert with_frame == [0]  # rows of another cloud would mark the wrong points
        rest(qtbot, viewer)
        there = np.flatnonzero(viewer.shown.frame.mask.label_keys == 11)
        assert viewer.selection.rows.tolist() == there.tolist()
        viewer.selection.choose(None)
        assert len(viewer.selection.rows) == 0


def test_the_rows_of_a_track_are_what_its_box_means_and_none_where_it_has_no_box(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path, points=4000)) as viewer:
        qtbot.waitUntil(lambda: bool(viewer.boxes))
        box = viewer.boxes["front"].tracked[0]
        viewer.select_track(("front", box.track_id))
        qtbot.waitUntil(lambda: len(viewer.selection.rows) > 0)
        uv = viewer.rig.placed("front").project(viewer.shown.frame.cloud.xyz).uv[viewer.selection.rows]
        assert (uv >= (box.x, box.y)).all()
        assert (uv <= (box.x + box.width, box.y + box.height)).all()
        viewer.selection.choose(TrackChoice("front", 4711))
        assert len(viewer.selection.rows) == 0


def test_what_was_asked_of_a_frame_is_there_at_once_with_the_next_one(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        rest(qtbot, viewer)
        assert viewer.frames.kept_at(1) is not None
        seen(qtbot, viewer)
        rest(qtbot, viewer)
        started, answers = [], []
        viewer.runner.task_started.connect(started.append)
        viewer.frame_changed.connect(lambda: answers.append(viewer.sights.of(viewer.rig.placed("front"))))
        viewer.show_frame(1)
        (sight,) = answers
        assert sight.rows.tolist() == rows_seen(viewer)
        rest(qtbot, viewer)
        assert len([task for task in started if "sees" in task.title]) <= 1  # for the frame after that


def test_nothing_is_worked_out_ahead_that_nobody_asked_for(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        titles = []
        viewer.runner.task_started.connect(lambda task: titles.append(task.title))
        viewer.show_frame(1)
        rest(qtbot, viewer)
        assert not [title for title in titles if "sees" in title]


def move_camera(document):
    """Another place of the camera at every frame, as where it is given in the world."""
    for index, frame in enumerate(document["sensor_data"]["frames"]):
        frame["sensors"][1]["sensor_pose"]["position"]["x"] += index


def test_a_camera_that_stands_elsewhere_at_the_next_frame_is_looked_through_from_there(qtbot, tmp_path):
    delivery = small_delivery(tmp_path)
    edit_json(delivery / "result.json", move_camera)
    with opened_viewer(qtbot, delivery) as viewer:
        seen(qtbot, viewer)
        rest(qtbot, viewer)
        answers = []
        viewer.frame_changed.connect(lambda: answers.append(viewer.sights.of(viewer.rig.placed("front"))))
        viewer.show_frame(1)
        assert [sight.rows.tolist() for sight in answers] == [rows_seen(viewer)]


def test_while_frames_play_each_has_its_sights_from_the_start_and_is_waited_for(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path, frames=6)) as viewer:
        seen(qtbot, viewer)
        shown, known = [], []
        viewer.frame_changed.connect(lambda: shown.append(viewer.shown.index))
        viewer.frame_changed.connect(lambda: known.append(viewer.sights.of(viewer.rig.placed("front")) is not None))
        viewer.playback.set_speed(8.0)
        viewer.playback.set_playing(True)
        qtbot.waitUntil(lambda: not viewer.playback.playing)
        assert shown == [1, 2, 3, 4, 5]
        assert all(known)
