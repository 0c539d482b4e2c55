"""Looking around in the window by keys, and finding everything as it was left."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import ImagePoints
from tests.journeys.conftest import ids

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(desk, sandbox, delivery):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    yield window
    window.close()


def test_the_camera_is_led_by_keys_alone(window, desk):
    scene = window.scene_view
    press = lambda key, modifier=NONE: desk.qtbot.keyClick(window, key, modifier)  # noqa: E731
    press(Qt.Key.Key_C)
    assert scene.view_name == "camera:front"
    assert scene.canvas.scene.backdrop is not None
    press(Qt.Key.Key_C)
    assert scene.view_name == "camera:left"
    press(Qt.Key.Key_C, SHIFT)
    assert scene.view_name == "camera:front"
    press(Qt.Key.Key_F, SHIFT)
    assert scene.view_name == "back"
    placed = scene.placement
    press(Qt.Key.Key_2, CONTROL | ALT)
    press(Qt.Key.Key_Left, CONTROL)
    press(Qt.Key.Key_Up, CONTROL | SHIFT)
    press(Qt.Key.Key_Plus)
    assert scene.placement != placed
    assert scene.view_name == ""
    press(Qt.Key.Key_2, ALT)
    assert scene.view_name == "back"
    assert scene.placement.position == pytest.approx(placed.position)
    assert window.viewer.wanted == 0  # no arrow was one of the frames'


def test_a_narrow_window_has_no_chip_outside_of_the_view(window, desk):
    window.resize(900, 600)
    desk.until(lambda: window.width() == 900)
    tools = window.scene_view._views
    for name in ("ego", "camera:front", "driver"):
        window.scene_view.set_view(name)
        window.scene_view.navigation.follow_key(11)
        assert tools.geometry().right() < window.scene_view.width()
        assert tools.more.isVisible()


def test_a_job_is_found_as_it_was_left(window, desk, sandbox, delivery):
    navigation, appearance = window.scene_view.navigation, window.viewer.appearance
    coloring = Coloring(ColorBy.HEIGHT, value_range=(-1.0, 3.0))
    look = replace(appearance.look, size=5.0)
    appearance.set_coloring(coloring)
    appearance.set_cuts(Cuts(farthest=40.0))
    appearance.set_look(look)
    image_points = ImagePoints(shown=True, size=4.0, opacity=0.5, occlusion=False)
    appearance.set_image_points(image_points)
    navigation.look("left")
    with desk.qtbot.waitSignal(navigation.said) as said:
        navigation.save_view(3, "From the left")
    assert said.args == ["Saved as view 3."]
    navigation.look_through("front")
    window.close()
    again = desk.window(sandbox)
    again.downloads.open_job(*ids(delivery))
    desk.wait_for_frame(again, 0)
    assert (again.viewer.appearance.coloring, again.viewer.appearance.cuts) == (coloring, Cuts(farthest=40.0))
    assert (again.viewer.appearance.look, again.viewer.appearance.image_points) == (look, image_points)
    assert again.scene_view.view_name == "camera:front"
    assert again.scene_view.canvas.scene.backdrop is not None
    slots = again.scene_view.navigation.saved.slots
    assert [(slot, view.name, view.view) for slot, view in slots.items()] == [(3, "From the left", "left")]
    again.close()
