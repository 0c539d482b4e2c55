from dataclasses import replace

import numpy as np
import pytest

from app.domain.coloring import ColorBy
from app.domain.point_facts import Reference
from app.gui import frames, neighbours
from app.gui.color_modes import ColorModes
from app.gui.neighbours import NO_JOB
from app.gui.shown_frame import look_at
from app.gui.stacked_facts import stacked_facts
from app.gui.value_scale import ValueScale
from app.jobs import open_path
from app.scene import frame_stack
from app.scene.frame_stack import NO_POSE_HERE, NO_POSES, ONE_FRAME
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest


def place_ego(delivery, positions):
    """Give frames these x positions; None takes the pose away."""

    def change(document):
        for step, x in zip(document["sensor_data"]["frames"], positions, strict=True):
            if x is None:
                del step["ego_pose"]
            else:
                step["ego_pose"]["position"]["x"] = x

    edit_json(delivery / "result.json", change)


@pytest.fixture
def delivery(tmp_path):
    folder = small_delivery(tmp_path, frames=7)
    place_ego(folder, [0.0, 1.0, 2.0, None, 4.0, 5.0, 6.0])
    return folder


@pytest.fixture
def decoded(monkeypatch):
    """The frames in the order in which their decoding began."""
    begun = []
    original = frames.load_frame

    def counting(job, index, progress):
        begun.append(index)
        return original(job, index, progress)

    monkeypatch.setattr(frames, "load_frame", counting)
    return begun


def stacked(qtbot, viewer):
    qtbot.waitUntil(lambda: viewer.neighbours.stack is not None, timeout=20_000)
    rest(qtbot, viewer)
    return viewer.neighbours.stack


def test_frames_around_are_placed_and_those_without_a_pose_are_counted(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.show_frame(4)
        rest(qtbot, viewer)
        assert viewer.neighbours.stack is None
        viewer.neighbours.set_reach(2)
        stack = stacked(qtbot, viewer)
        assert stack.sentence == "4 frames, 1 without pose left out"
        points = len(viewer.shown.frame.cloud)
        assert stack.prepared.total == 4 * points
        offsets, shown = stack.accumulated.frame_of_point, viewer.shown.frame.cloud
        assert sorted(set(offsets.tolist())) == [-2, 0, 1, 2]
        ahead = stack.accumulated.cloud.xyz[offsets == 1]
        own = viewer.frames.kept_at(5).frame.cloud.xyz
        np.testing.assert_allclose(ahead - own, np.tile([1.0, 0, 0], (points, 1)), atol=1e-4)
        np.testing.assert_array_equal(stack.accumulated.cloud.xyz[:points], shown.xyz)


def test_no_frame_is_decoded_twice_and_what_was_decoded_is_kept(qtbot, delivery, decoded):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(10)
        stacked(qtbot, viewer)
        for index in (1, 2, 4, 6, 5):
            viewer.show_frame(index)
            rest(qtbot, viewer)
            stacked(qtbot, viewer)
    assert sorted(decoded) == sorted(set(decoded))
    assert set(decoded) >= {0, 1, 2, 4, 5, 6}


def test_while_frames_are_decoded_ahead_they_are_waited_for(qtbot, delivery, decoded):
    with opened_viewer(qtbot) as viewer:
        viewer.open_path(delivery)
        qtbot.waitUntil(lambda: viewer.job is not None)
        viewer.neighbours.set_reach(2)
        stack = stacked(qtbot, viewer)
        assert stack.frames == 3
    assert sorted(decoded) == sorted(set(decoded))


def test_the_stack_never_belongs_to_another_frame_than_the_shown_one(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        seen = []

        def note():
            stack = viewer.neighbours.stack
            seen.append(stack is None or stack.plan.at == viewer.shown.index)

        viewer.frame_changed.connect(note)
        viewer.neighbours.stack_changed.connect(note)
        viewer.neighbours.set_reach(1)
        stacked(qtbot, viewer)
        for index in (1, 2, 4, 5):
            viewer.show_frame(index)
            qtbot.waitUntil(lambda index=index: viewer.shown.index == index)
        stacked(qtbot, viewer)
        assert len(seen) >= 6
        assert all(seen)


def test_alone_again_the_stack_is_gone_at_once(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.widen(1)
        stacked(qtbot, viewer)
        with qtbot.waitSignal(viewer.neighbours.stack_changed):
            viewer.neighbours.widen(-1)
        assert viewer.neighbours.stack is None
        viewer.neighbours.widen(-1)
        assert viewer.neighbours.reach == 0
        viewer.neighbours.widen(99)
        assert viewer.neighbours.reach == 10


@pytest.mark.parametrize(
    ("positions", "reason"),
    [
        ([None, None, None], NO_POSES),
        ([0.0, None, None], NO_POSES),
        ([None, 1.0, 2.0], NO_POSE_HERE),
        ([1.0], ONE_FRAME),
    ],
)
def test_where_it_is_not_possible_the_reason_is_told_and_nothing_is_loaded(qtbot, tmp_path, positions, reason):
    folder = small_delivery(tmp_path, frames=len(positions))
    place_ego(folder, positions)
    with opened_viewer(qtbot) as viewer:
        assert viewer.neighbours.reason == NO_JOB
    with opened_viewer(qtbot, folder) as viewer:
        assert viewer.neighbours.reason == reason
        viewer.neighbours.set_reach(3)
        assert viewer.neighbours.reach == 0


def test_another_job_starts_with_one_frame(qtbot, delivery, tmp_path):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(2)
        stacked(qtbot, viewer)
        viewer.open_path(small_delivery(tmp_path / "other", name="other"))
        qtbot.waitUntil(lambda: viewer.job.name == "other")
        rest(qtbot, viewer)
        assert viewer.neighbours.reach == 0
        assert viewer.neighbours.stack is None


def test_no_more_points_come_together_than_memory_is_meant_for(qtbot, delivery, monkeypatch):
    for module in (frame_stack, neighbours):
        monkeypatch.setattr(module, "MOST_POINTS", 1100)
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(2)
        assert stacked(qtbot, viewer).sentence == "2 frames, 1 left out for memory"


def test_a_frame_whose_cloud_is_broken_is_counted(qtbot, delivery):
    clouds = sorted((delivery / "files").rglob("*.pcd"))
    clouds[1].write_bytes(b"nothing")
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(1)
        assert stacked(qtbot, viewer).sentence == "1 frame, 1 without points left out"


def test_a_point_of_another_frame_tells_where_it_comes_from(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(1)
        stack = stacked(qtbot, viewer)
        points = len(viewer.shown.frame.cloud)
        reference = Reference(ego=None, ground=0.0, heading=0.0)
        own = stacked_facts(stack, 17, reference)
        assert (own.frame, own.index) == (0, 17)
        other = stacked_facts(stack, points + 17, reference)
        assert (other.frame, other.index) == (1, 17)
        rows = dict(other.rows)
        assert rows["Index in the file"] == "17"
        assert rows["Frame"] == "2, drawn together with 1"
        cloud = viewer.frames.kept_at(1).frame.cloud
        np.testing.assert_allclose(other.position, cloud.xyz[17] + [1.0, 0, 0], atol=1e-4)


def test_tracks_motion_is_asked_for_and_the_cloud_made_anew(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(1)
        before = stacked(qtbot, viewer)
        viewer.neighbours.set_with_motion(True)
        qtbot.waitUntil(lambda: viewer.neighbours.stack not in (None, before), timeout=20_000)
        assert viewer.neighbours.stack.plan.with_motion
        assert viewer.neighbours.with_motion


def test_poses_that_never_change_are_said_with_the_frames(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path)) as viewer:
        viewer.neighbours.set_reach(1)
        assert stacked(qtbot, viewer).sentence == "2 frames, all with the same ego pose"


def test_frames_that_are_told_from_the_world_are_not_moved(qtbot, delivery):
    def change(document):
        for step in document["sensor_data"]["frames"]:
            if "ego_pose" in step:
                step["ego_pose"]["position"]["y"] = 300.0
            for sensor in step["sensors"]:
                sensor["sensor_pose"]["position"] = {"x": 2.0, "y": 301.0, "z": 0.0}

    edit_json(delivery / "result.json", change)
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.neighbours.set_reach(1)
        stack = stacked(qtbot, viewer)
        points = len(viewer.shown.frame.cloud)
        np.testing.assert_array_equal(stack.accumulated.cloud.xyz[points:], viewer.frames.kept_at(1).frame.cloud.xyz)


def test_the_frames_that_are_not_here_are_counted_until_they_come(qtbot, delivery):
    with opened_viewer(qtbot) as viewer:
        opened = look_at(open_path(delivery))
        viewer.set_job(replace(opened, local_frames=opened.local_frames - {2}))
        rest(qtbot, viewer)
        viewer.neighbours.set_reach(2)
        assert stacked(qtbot, viewer).sentence == "2 frames, 1 not on this machine"
        viewer.frames.note_arrival(2)
        qtbot.waitUntil(lambda: viewer.neighbours.stack is not None and viewer.neighbours.stack.frames == 3)


def test_the_scale_counts_the_points_of_all_frames_also_where_some_are_not_finite(qtbot, delivery):
    scan = sorted(delivery.rglob("*.pcd"))
    for path in scan:
        raw = bytearray(path.read_bytes())
        start = raw.index(b"DATA binary\n") + len(b"DATA binary\n")
        raw[start : start + 4] = np.float32(np.nan).tobytes()
        path.write_bytes(bytes(raw))
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.show_frame(1)
        rest(qtbot, viewer)
        viewer.neighbours.set_reach(1)
        stack = stacked(qtbot, viewer)
        assert stack.prepared.total - len(stack.prepared) == 3
        modes = ColorModes(viewer, viewer)
        scale = ValueScale(viewer, modes, viewer)
        modes.choose(ColorBy.INTENSITY)
        qtbot.waitUntil(lambda: scale.counts is not None, timeout=10_000)
        assert scale.counts.counts.sum() == len(stack.prepared)
