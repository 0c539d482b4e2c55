"""Speed, loop, the typed frame and the limit of memory, as the timeline offers them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.domain.sequence import Sequence, SequenceFrame
from app.gui.frame_memory import FrameMemory, limit_for, memory_text
from app.gui.jump_field import NOT_FOUND, find_frame
from app.gui.play_controls import pace_text
from app.gui.timeline import Timeline
from app.memory import Memory
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

FRAMES = 12
MB = 10**6


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=FRAMES)) as viewer:
        yield viewer


@pytest.fixture
def timeline(qtbot, viewer):
    timeline = Timeline(viewer)
    qtbot.addWidget(timeline)
    timeline.resize(900, 160)
    timeline.show()
    timeline.activateWindow()
    qtbot.waitUntil(timeline.isActiveWindow)
    return timeline


def sequence(*ids: str) -> Sequence:
    return Sequence(tuple(SequenceFrame(frame_id, "", "") for frame_id in ids))


# -- speed and loop --


def test_the_menu_sets_the_speed_and_marks_it(timeline, viewer):
    button = timeline.controls.speed
    chosen = next(action for action in button.menu().actions() if action.text() == "4×")
    chosen.trigger()
    assert viewer.playback.speed == 4
    assert button.text() == "4×"
    assert [action.text() for action in button.menu().actions() if action.isChecked()] == ["4×"]
    assert "10 frames a second" in button.toolTip()


def test_the_loop_button_changes_its_drawing_not_only_its_colour(qtbot, timeline, viewer):
    faces = {timeline.controls.loop.icon_name}
    qtbot.mouseClick(timeline.controls.loop, Qt.MouseButton.LeftButton)
    assert viewer.playback.loop
    faces.add(timeline.controls.loop.icon_name)
    assert len(faces) == 2
    qtbot.mouseClick(timeline.controls.loop, Qt.MouseButton.LeftButton)
    assert not viewer.playback.loop


def test_a_speed_that_is_not_reached_is_said():
    assert pace_text(4, None) == ""
    assert pace_text(4, 2.13).startswith("4× wanted, 2.1× reached")


@pytest.mark.parametrize("name", ["speed", "loop"])
def test_space_belongs_to_the_button_that_has_the_focus(timeline, name):
    key = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    key.ignore()
    getattr(timeline.controls, name).event(key)
    assert key.isAccepted()


# -- jumping --


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3", 2),
        (" 1 ", 0),
        ("000003", 3),  # an id: numbers have no leading zeros
        ("0", 3),  # a part of the next id
        ("4", 3),
        ("2,000", None),
        ("back", 4),
        ("BACK-9", 4),
        ("0000", 3),
        ("", None),
        ("9" * 50, None),
        ("²", None),
    ],
)
def test_a_typed_text_is_a_number_an_id_or_a_part_of_one(typed, found):
    assert find_frame(typed, sequence("000000", "000001", "000002", "000003", "way-back-9"), after=2) == found


def test_typing_a_number_goes_there(qtbot, timeline, viewer):
    timeline.jump.start()
    qtbot.keyClicks(timeline.jump, "7")
    qtbot.keyClick(timeline.jump, Qt.Key.Key_Return)
    assert viewer.wanted == 6
    assert not timeline.jump.hasFocus()
    rest(qtbot, viewer)
    assert viewer.shown.index == 6


def test_what_is_not_found_says_so_and_changes_nothing(qtbot, timeline, viewer):
    timeline.jump.start()
    qtbot.keyClicks(timeline.jump, "nowhere")
    qtbot.keyClick(timeline.jump, Qt.Key.Key_Return)
    assert viewer.wanted == 0
    assert NOT_FOUND in timeline.jump.toolTip()
    assert timeline.jump.property("invalid") is True
    qtbot.keyClick(timeline.jump, Qt.Key.Key_Escape)
    assert timeline.jump.text() == "1"
    assert timeline.jump.property("invalid") is False


def test_what_is_being_typed_survives_a_step_of_the_player(qtbot, timeline, viewer):
    timeline.jump.start()
    qtbot.keyClicks(timeline.jump, "9")
    viewer.step(1)
    assert timeline.jump.text() == "9"
    qtbot.keyClick(timeline.jump, Qt.Key.Key_Escape)
    assert timeline.jump.text() == "2"
    rest(qtbot, viewer)


# -- memory --


def test_the_line_says_what_is_kept_and_what_may_be(qtbot, timeline, viewer):
    viewer.frames.set_limit(768 * MB)
    rest(qtbot, viewer)
    held = -(-viewer.frames.cached_bytes // MB)
    assert timeline.memory.text() == f"prefetch {FRAMES} frames · {held} of 768 MB"
    assert memory_text(1, 309_000_001, 2_048 * MB) == "prefetch 1 frame · 310 of 2,048 MB"


@pytest.mark.parametrize(
    ("chosen", "machine_gb", "expected_mb"),
    [(0, 8, 1000), (0, 1, 256), (0, 64, 2048), (0, None, 256), (512, 64, 512), (4096, 8, 4096), (-5, 8, 256)],
)
def test_the_limit_is_a_share_of_the_memory_within_bounds_unless_chosen(chosen, machine_gb, expected_mb):
    memory = None if machine_gb is None else Memory(machine_gb * 1000 * MB, MB)
    assert limit_for(chosen, memory=memory) == expected_mb * MB


def test_the_menu_tells_which_limit_was_chosen(qtbot, viewer):
    button = FrameMemory(viewer.frames)
    qtbot.addWidget(button)
    button.mark(512)
    assert [action.text() for action in button.menu().actions() if action.isChecked()] == ["512 MB"]
    with qtbot.waitSignal(button.limit_chosen) as chosen:
        button.menu().actions()[0].trigger()
    assert chosen.args == [0]
