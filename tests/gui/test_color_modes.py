from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.coloring import ColorBy, Coloring
from app.gui.actions import clashing_keys
from app.gui.color_mode_bar import PEEK_KEYS, ColorModeBar, mode_commands
from app.gui.color_modes import MODES, NO_CAMERA, NO_CLOUD, NO_TRACKS, ColorModes
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer

Left = Qt.MouseButton.LeftButton


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        yield viewer


@pytest.fixture
def modes(viewer):
    return ColorModes(viewer, viewer)


@pytest.fixture
def bar(qtbot, modes):
    bar = ColorModeBar(modes)
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def bare(qtbot, viewer):
    """The modes where the cloud has coordinates only, no picture is here and the legend names no tracks."""
    modes, shown = ColorModes(viewer, viewer), viewer.shown
    record = shown.frame.record
    entries = tuple(replace(entry, track_id="") for entry in record.legend)
    record = replace(record, legend=replace(record.legend, entries=entries))
    frame = replace(shown.frame, record=record, cloud=replace(shown.frame.cloud, columns={}))
    viewer.frames._shown = replace(shown, frame=frame, pictures={})
    viewer.frame_changed.emit()
    return modes


def test_a_click_colours_by_something_else_and_marks_that_button_alone(bar, viewer):
    for mode in MODES:
        if bar.buttons[mode.by].isEnabled():
            QTest.mouseClick(bar.buttons[mode.by], Left)
            assert viewer.appearance.coloring.by is mode.by
            assert [by for by, button in bar.buttons.items() if button.isChecked()] == [mode.by]


def test_a_click_on_the_mode_in_force_changes_nothing(bar, viewer):
    QTest.mouseClick(bar.buttons[ColorBy.CLASS], Left)
    assert bar.buttons[ColorBy.CLASS].isChecked()
    assert viewer.appearance.coloring == Coloring()


def test_what_the_cloud_lacks_is_disabled_and_says_why(qtbot, bare):
    bar = ColorModeBar(bare)
    qtbot.addWidget(bar)
    assert bar.buttons[ColorBy.HEIGHT].isEnabled()
    for by, reason in ((ColorBy.INTENSITY, "This cloud has no intensity"), (ColorBy.CAMERA, NO_CAMERA[1:])):
        assert not bar.buttons[by].isEnabled()
        assert reason in bar.buttons[by].toolTip()
    assert bare.missing(ColorBy.TRACK) == NO_TRACKS


def test_a_refused_mode_leaves_the_colours_and_gives_the_reason(qtbot, bare):
    with qtbot.waitSignal(bare.refused) as told:
        bare.choose(ColorBy.INTENSITY)
    assert told.args == ["Not coloured by intensity: this cloud has no intensity."]
    assert bare.coloring.by is ColorBy.CLASS


def test_without_a_point_cloud_only_labels_remain(viewer, modes):
    shown = viewer.shown
    viewer.frames._shown = replace(shown, frame=replace(shown.frame, cloud=None), prepared=None)
    viewer.frame_changed.emit()
    assert {mode.by for mode in MODES if not modes.missing(mode.by)} == {ColorBy.CLASS}
    assert modes.missing(ColorBy.RANGE) == NO_CLOUD
    assert modes.channel is None


def test_taking_turns_leaves_out_what_is_missing(bare):
    seen = []
    for _ in range(3):
        bare.cycle()
        seen.append(bare.coloring.by)
    assert seen == [ColorBy.HEIGHT, ColorBy.CLASS, ColorBy.HEIGHT]


def test_each_channel_keeps_its_range_and_colours_and_the_theme_is_common(modes, viewer):
    modes.choose(ColorBy.INTENSITY)
    modes.set_range((0.25, 0.5))
    modes.set_color_map("turbo")
    modes.choose(ColorBy.HEIGHT)
    assert modes.coloring.value_range is None
    viewer.appearance.set_theme("high contrast")
    modes.choose(ColorBy.INTENSITY)
    assert modes.coloring == Coloring(ColorBy.INTENSITY, "", "turbo", (0.25, 0.5), "high contrast")


def test_the_menu_offers_everything_else_the_cloud_has(bar, modes, viewer):
    bar._menu.aboutToShow.emit()
    actions = {action.text(): action for action in bar._menu.actions()}
    assert set(actions) >= {"Distance from the lidar, m"}
    actions["Distance from the lidar, m"].trigger()
    assert viewer.appearance.coloring.by is ColorBy.RANGE
    assert bar.more.isChecked()
    assert not any(button.isChecked() for button in bar.buttons.values())
    assert bar.more.text() == "Range"
    QTest.mouseClick(bar.buttons[ColorBy.CLASS], Left)
    assert bar.more.text() == "More"
    assert not bar.more.isChecked()


def test_every_mode_has_a_command_on_a_key_that_can_be_held(modes):
    commands = mode_commands(modes)
    assert clashing_keys(commands) == ()
    assert [command.keys[0] for command in commands] == ["1", "2", "3", "4", "5", "Tab"]
    assert not any(command.repeats for command in commands)
    assert len(PEEK_KEYS) == len(commands)
    commands[3].do()
    assert modes.coloring.by is ColorBy.HEIGHT
