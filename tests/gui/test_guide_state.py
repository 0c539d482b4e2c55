from PySide6.QtWidgets import QMenu, QWidget

from app.gui.actions import build_actions, clashing_keys, fill_menu
from app.gui.guide_commands import guide_commands
from app.scene.guides import Guides
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest


def test_each_guide_is_switched_by_a_command_whose_menu_shows_its_state(qtbot):
    with opened_viewer(qtbot) as viewer:
        commands = guide_commands(viewer)
        assert clashing_keys(commands) == ()
        window, menu = QWidget(), QMenu()
        qtbot.addWidget(window)
        qtbot.addWidget(menu)
        actions = build_actions(window, commands)
        menus = fill_menu(menu, commands, actions)
        with qtbot.waitSignal(viewer.guides.changed):
            actions["guide-grid"].trigger()
        assert viewer.guides.guides == Guides(grid=True)
        viewer.guides.toggle("rings")
        menus["&View"].aboutToShow.emit()
        checked = {name for name, action in actions.items() if action.isChecked()}
        assert checked == {"guide-grid", "guide-axes", "guide-north", "guide-ego_path", "guide-rig"}


def test_the_sensors_are_those_of_the_shown_frame(qtbot, street):
    with opened_viewer(qtbot) as viewer:
        assert viewer.guides.sensors().cameras == ()
    with opened_viewer(qtbot, street) as viewer:
        first = viewer.guides.sensors()
        assert [each.camera for each in first.cameras] == ["front", "left", "right", "rear"]
        assert len(first.path.xyz) == 24
        assert abs(first.path.xyz[0]).max() < 1e-9
        viewer.show_frame(3)
        rest(qtbot, viewer)
        third = viewer.guides.sensors()
        assert abs(third.path.xyz[3]).max() < 1e-9
        assert third.path.xyz[0, 0] < -2
        assert third.jumps == frozenset()


def test_what_the_user_knew_of_north_ends_with_the_job(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "one")) as viewer:
        viewer.guides.toggle("north_is_y")
        viewer.guides.toggle("grid")
        viewer.open_path(small_delivery(tmp_path / "two", name="two"))
        qtbot.waitUntil(lambda: viewer.job.name == "two")
        rest(qtbot, viewer)
        assert viewer.guides.guides == Guides(grid=True)
