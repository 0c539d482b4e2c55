import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app.domain.finding import Severity
from app.gui.frame_axis import FrameAxis, runs
from app.gui.text import ElidingLabel
from app.gui.theme import current, track_color
from app.gui.timeline import NO_FRAMES, Timeline
from app.gui.track_lanes import ROW, TrackLanes
from app.gui.tracking_read import TrackingRead
from app.jobs import TrackSummary
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest
from tests.mouse import hold, hover, let_go, move_held

FRAMES = 6


@pytest.fixture
def delivery(tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=FRAMES)
    (delivery / "files" / "masks" / "000001.txt").write_text("[1, 2, 3]")
    (delivery / "files" / "lidar" / "000005.pcd").unlink()

    def lose_the_car(document):
        del document["results"]["objectTracking"]["frames"][2]["objects"][0]

    edit_json(delivery / "tracking" / "front.json", lose_the_car)
    return delivery


@pytest.fixture
def timeline(qtbot, viewer):
    timeline = Timeline(viewer)
    qtbot.addWidget(timeline)
    timeline.resize(760, 160)
    timeline.show()
    qtbot.waitUntil(lambda: len(timeline.lanes.lanes) == 2)
    rest(qtbot, viewer)
    return timeline


def at_frame(widget, index, y):
    return QPoint(round(widget.axis.middle(index)), y)


# -- the line over it --


@pytest.mark.parametrize("width", [760, 600, 500])
def test_what_is_said_is_whole_however_narrow_the_line_is(timeline, width):
    timeline.resize(width, 160)
    timeline.layout().activate()
    labels = [label for label in timeline.findChildren(ElidingLabel) if label.isVisibleTo(timeline)]
    assert [label.text() for label in labels] == [label.elided_text() for label in labels]
    assert f"of {FRAMES}" in [label.text() for label in labels]
    assert timeline.memory.text().endswith("MB")
    assert "…" not in timeline.memory.text()
    assert timeline.memory.geometry().right() < width


# -- geometry --


def test_it_lets_a_window_become_as_narrow_whatever_it_has_room_to_say(timeline):
    least = set()
    for width in (1400, 760, 460):
        timeline.resize(width, 160)
        timeline.layout().activate()
        least.add(timeline.minimumSizeHint().width())
    assert max(least) - min(least) < 8  # the numbers of what is kept may grow meanwhile


@given(st.integers(200, 4000), st.integers(1, 5000), st.data())
def test_the_frame_under_the_middle_of_a_cell_is_that_cell_s(width, count, data):
    axis = FrameAxis.across(width, count=count)
    index = data.draw(st.integers(0, count - 1))
    assert axis.index_at(axis.middle(index)) == index
    assert axis.index_at(-100) == 0
    assert axis.index_at(1e6) == count - 1


@given(st.lists(st.booleans(), max_size=60))
def test_runs_cover_exactly_the_true_flags(flags):
    covered = [False] * len(flags)
    for first, last in runs(tuple(flags)):
        for index in range(first, last + 1):
            covered[index] = True
    assert covered == flags


# -- controls --


def test_number_and_id_follow_the_frame_asked_for(qtbot, timeline, viewer):
    assert timeline.jump.text() == "1"
    viewer.show_frame(3)
    assert timeline.jump.text() == "4"
    assert timeline._frame_id.text() == "000003"
    assert timeline.scrubber.value() == 3
    rest(qtbot, viewer)


def test_the_buttons_step_and_know_the_ends(qtbot, timeline, viewer):
    left = Qt.MouseButton.LeftButton
    assert not timeline.controls.back.isEnabled()
    qtbot.mouseClick(timeline.controls.forward, left)
    assert viewer.wanted == 1
    rest(qtbot, viewer)
    qtbot.mouseClick(timeline.controls.last, left)
    assert viewer.wanted == FRAMES - 1
    assert not timeline.controls.forward.isEnabled()
    qtbot.mouseClick(timeline.controls.back, left)
    assert viewer.wanted == FRAMES - 2
    qtbot.mouseClick(timeline.controls.first, left)
    assert viewer.wanted == 0
    rest(qtbot, viewer)


def test_every_button_has_a_name_and_a_tooltip_with_its_key(timeline):
    controls = timeline.controls
    for button in (controls.first, controls.back, controls.play, controls.forward, controls.last, controls.loop):
        assert button.accessibleName()
        assert "(" in button.toolTip()


def test_play_becomes_pause_and_frames_advance(qtbot, timeline, viewer):
    qtbot.mouseClick(timeline.controls.play, Qt.MouseButton.LeftButton)
    assert viewer.playback.playing
    assert timeline.controls.play.accessibleName() == "Pause"
    assert timeline.controls.play.icon_name == "pause"
    qtbot.waitUntil(lambda: timeline.scrubber.value() >= 2)
    qtbot.mouseClick(timeline.controls.play, Qt.MouseButton.LeftButton)
    assert not viewer.playback.playing
    assert timeline.controls.play.accessibleName() == "Play"
    rest(qtbot, viewer)


def test_the_caption_counts_the_frames_on_disk(qtbot, timeline, viewer, delivery):
    assert timeline._caption.text() == "5 of 6 frames on disk"
    viewer.frames.note_arrival(5)
    assert timeline._caption.text() == "all frames on disk"
    rest(qtbot, viewer)


# -- scrubber --


def test_dragging_scrubs_live_and_ends_on_the_last_frame_passed(qtbot, timeline, viewer):
    scrubber, asked = timeline.scrubber, []
    viewer.wanted_changed.connect(lambda: asked.append(viewer.wanted))
    viewer.playback.set_playing(True)
    hold(scrubber, at_frame(scrubber, 1, 16))
    assert not viewer.playback.playing
    for index in (2, 3, 4):
        move_held(scrubber, at_frame(scrubber, index, 16))
    let_go(scrubber, at_frame(scrubber, 4, 16))
    assert asked == [1, 2, 3, 4]
    rest(qtbot, viewer)
    assert viewer.shown.index == 4
    hover(scrubber, at_frame(scrubber, 0, 16))
    assert viewer.wanted == 4


def test_the_wheel_moves_one_frame(qtbot, timeline, viewer):
    scrubber, at = timeline.scrubber, QPointF(300, 16)
    event = QWheelEvent(
        at, scrubber.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(scrubber, event)
    assert viewer.wanted == 1
    rest(qtbot, viewer)


def test_keys_move_the_scrubber(qtbot, timeline, viewer):
    timeline.scrubber.setFocus()
    qtbot.keyClick(timeline.scrubber, Qt.Key.Key_Right)
    assert viewer.wanted == 1
    qtbot.keyClick(timeline.scrubber, Qt.Key.Key_End)
    assert viewer.wanted == FRAMES - 1
    rest(qtbot, viewer)


def test_frames_not_here_are_hollow(timeline):
    scrubber = timeline.scrubber
    image = scrubber.grab().toImage()
    inside = [image.pixelColor(at_frame(scrubber, index, 18)).name() for index in (4, 5)]
    assert inside[0] == current().disabled
    assert inside[1] != inside[0]
    assert "Not on this machine yet" in scrubber.tooltip_at(scrubber.axis.middle(5))


def test_a_frame_with_an_error_keeps_a_mark_once_it_was_seen(qtbot, timeline, viewer):
    assert timeline.marks.worst == {}
    viewer.show_frame(1)
    rest(qtbot, viewer)
    viewer.show_frame(0)
    rest(qtbot, viewer)
    assert timeline.marks.worst == {1: Severity.ERROR}
    image = timeline.scrubber.grab().toImage()
    assert image.pixelColor(at_frame(timeline.scrubber, 1, 10)).name() == current().wrong


def test_another_job_starts_at_its_first_frame(qtbot, timeline, viewer, tmp_path):
    viewer.show_frame(4)
    rest(qtbot, viewer)
    viewer.open_path(small_delivery(tmp_path / "other", frames=3))
    qtbot.waitUntil(lambda: len(viewer.sequence) == 3)
    rest(qtbot, viewer)
    assert (viewer.wanted, timeline.scrubber.value(), timeline.scrubber.maximum()) == (0, 0, 2)
    assert timeline.marks.worst == {}


def test_without_a_job_nothing_can_be_moved(qtbot):
    with opened_viewer(qtbot) as viewer:
        timeline = Timeline(viewer)
        qtbot.addWidget(timeline)
        timeline.show()
        assert timeline._before.text() == NO_FRAMES
        assert not timeline.controls.play.isEnabled()
        assert not timeline.scrubber.isEnabled()
        timeline.grab()


# -- lanes --


def test_lanes_show_the_track_first_that_begins_first_with_its_gaps(timeline):
    assert [(lane.name, lane.spans) for lane in timeline.lanes.lanes] == [
        ("Pedestrian 2", ((0, 5),)),
        ("Car 0", ((0, 1), (3, 5))),
    ]
    lanes = timeline.lanes
    image = lanes.grab().toImage()
    y = lanes.row_rect(1).center().y()
    assert image.pixelColor(at_frame(lanes, 1, y)).name() == track_color(0).name()
    assert image.pixelColor(at_frame(lanes, 2, y - 2)).name() == current().panel


def test_at_first_the_tracks_of_the_shown_frame_are_in_sight_and_stay_there(qtbot, viewer):
    later = TrackSummary("front", 9, "Bus", first=4, last=5, count=2)
    early = [TrackSummary("front", number, "Car", first=0, last=1, count=2) for number in range(20)]
    viewer.show_frame(4)
    rest(qtbot, viewer)
    viewer.track_state.read = TrackingRead()
    lanes = TrackLanes(viewer)
    qtbot.addWidget(lanes)
    lanes.resize(760, 3 * ROW)
    lanes.show()
    viewer.track_state.read = TrackingRead(tracks=(*early, later))
    viewer.track_state.changed.emit()
    assert lanes.lanes[-1].track is later
    assert lanes.viewport().rect().contains(lanes.row_rect(20))
    viewer.show_frame(0)
    rest(qtbot, viewer)
    assert lanes.viewport().rect().contains(lanes.row_rect(20))


def test_lanes_line_up_with_the_scrubber(timeline):
    assert timeline.lanes.mapTo(timeline, QPoint(0, 0)).x() == timeline.scrubber.mapTo(timeline, QPoint(0, 0)).x()
    assert timeline.lanes.axis == timeline.scrubber.axis


def test_a_click_on_a_lane_selects_its_track_and_goes_to_the_frame(qtbot, timeline, viewer):
    lanes = timeline.lanes
    at = at_frame(lanes, 3, lanes.row_rect(1).center().y())
    qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.selected_track == ("front", 0)
    assert viewer.wanted == 3
    name = QPoint(20, lanes.row_rect(0).center().y())
    qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=name)
    assert (viewer.selected_track, viewer.wanted) == (("front", 2), 3)
    qtbot.mouseDClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=name)
    assert viewer.wanted == 0
    rest(qtbot, viewer)


def test_up_and_down_walk_through_the_tracks(qtbot, timeline, viewer):
    lanes = timeline.lanes
    qtbot.keyClick(lanes, Qt.Key.Key_Down)
    assert viewer.selected_track == ("front", 2)
    qtbot.keyClick(lanes, Qt.Key.Key_Down)
    assert viewer.selected_track == ("front", 0)
    qtbot.keyClick(lanes, Qt.Key.Key_Down)
    assert viewer.selected_track == ("front", 0)


def test_the_selected_track_is_scrolled_into_sight(qtbot, timeline, viewer):
    lanes = timeline.lanes
    lanes.setFixedHeight(ROW)
    timeline.resize(760, 100)
    qtbot.waitUntil(lambda: lanes.viewport().height() == ROW)
    viewer.select_track(("front", 0))
    assert lanes.viewport().rect().contains(lanes.row_rect(1))


def test_the_timeline_keeps_its_height_when_tracks_arrive(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "plain", frames=2)
    answer = delivery / "tracking" / "front.json"
    kept = answer.read_bytes()
    answer.unlink()
    with opened_viewer(qtbot, delivery) as viewer:
        timeline = Timeline(viewer)
        qtbot.addWidget(timeline)
        timeline.show()
        rest(qtbot, viewer)
        assert timeline.lanes.lanes == ()
        before = timeline.minimumSizeHint().height()
        answer.write_bytes(kept)
        viewer.reload_tracking()
        qtbot.waitUntil(lambda: bool(timeline.lanes.lanes))
        assert timeline.minimumSizeHint().height() == before
