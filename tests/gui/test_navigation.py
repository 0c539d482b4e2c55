"""The camera of a real 3D view on a small delivery: named views, the rig's cameras, following, saved views and keys."""

import os

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.domain.camera import in_image, project, unproject
from app.gui.actions import build_actions
from app.gui.transitions import SECONDS
from app.gui.view_commands import view_commands
from app.scene.following import Hold
from app.scene.things import Thing, middle_of
from tests.builders import small_delivery
from tests.gui.opened_viewer import rest
from tests.gui.test_scene_view import stage  # noqa: F401 - a fixture
from tests.mouse import hold, let_go, move_held

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]


@pytest.fixture
def view(stage, qtbot, tmp_path):  # noqa: F811
    """The view at rest on the first of three frames with two cameras."""
    delivery = small_delivery(tmp_path / "delivery", frames=3, points=3000, cameras=("front", "left"))
    with qtbot.waitSignal(stage.frame_drawn, timeout=20_000):
        stage._viewer.open_path(delivery)
    rest(qtbot, stage._viewer)
    yield stage
    stage.navigation.smooth = False


def step(qtbot, view, index):
    with qtbot.waitSignal(view.frame_drawn, timeout=20_000):
        view._viewer.show_frame(index)
    rest(qtbot, view._viewer)


def pixel(view, point):
    widget = view.canvas.widget
    return view.canvas.scene.placement.project(np.array([point]), (widget.width(), widget.height()))[0][0]


def test_each_cameras_view_has_its_picture_and_the_points_on_it(view):
    navigation, scene, viewer = view.navigation, view.canvas.scene, view._viewer
    for name in ("front", "left", "front"):
        navigation.next_camera(1)
        assert navigation.view_name == f"camera:{name}"
        image = viewer.shown.pictures[name].image
        assert scene.backdrop.pixels.shape == (image.height(), image.width(), 3)
        first = image.pixelColor(0, 0)
        assert scene.backdrop.pixels[0, 0].tolist() == [first.red(), first.green(), first.blue()]
    navigation.next_camera(-1)
    assert navigation.camera == "left"
    lens = viewer.sequence.camera("left").intrinsics
    pose = viewer.shown.frame.record.image("left").pose
    xyz = viewer.shown.prepared.xyz.astype(float)
    uv, valid = project(pose.inverse().apply(xyz), lens)
    seen = in_image(uv, valid, size=(image.width(), image.height()))
    assert seen.sum() > 20
    size = np.array([view.canvas.widget.width(), view.canvas.widget.height()])
    scale = size[1] / 2 / scene.placement.half_height_at(1.0)
    expected = size / 2 + unproject(uv[seen], lens)[:, :2] * scale
    assert scene.placement.project(xyz[seen], tuple(size))[0] == pytest.approx(expected, abs=0.01)


def test_a_cameras_view_stays_through_the_frames_with_each_frames_picture(view, qtbot):
    view.navigation.look_through("left")
    before = view.canvas.scene.backdrop
    step(qtbot, view, 1)
    after = view.canvas.scene.backdrop
    assert view.view_name == "camera:left"
    assert after is not None
    assert not np.array_equal(after.pixels, before.pixels)


def test_moving_by_hand_leaves_the_picture_behind(view):
    view.navigation.look_through("front")
    widget = view.canvas.widget
    hold(widget, QPoint(300, 250))
    assert view.canvas.scene.backdrop is not None
    move_held(widget, QPoint(320, 260))
    let_go(widget, QPoint(320, 260))
    assert view.canvas.scene.backdrop is None
    assert view.view_name == ""


def test_a_resized_view_still_holds_the_whole_picture(view, qtbot):
    view.navigation.look_through("front")
    window = view.window()
    before = view.canvas.scene.placement.view_angle
    window.resize(360, 500)
    qtbot.waitUntil(lambda: view.canvas.scene.placement.view_angle > before)
    assert view.canvas.scene.backdrop is not None
    window.resize(700, 500)
    qtbot.waitUntil(lambda: view.canvas.scene.placement.view_angle == pytest.approx(before))


def test_a_camera_without_a_pose_is_refused_in_words(view, qtbot):
    with qtbot.waitSignal(view.navigation.said) as said:
        view.navigation.look_through("rear")
    assert "Camera rear" in said.args[0]


def test_perspective_comes_and_goes_around_the_focal_point(view):
    navigation = view.navigation
    navigation.look("ego")
    beside = np.array(navigation.placement.focal_point) + navigation.placement.axes[0] * 2
    before = pixel(view, beside)
    navigation.toggle_projection()
    assert navigation.parallel
    assert pixel(view, beside) == pytest.approx(before, abs=1e-6)
    navigation.toggle_projection()
    assert not navigation.parallel
    assert pixel(view, beside) == pytest.approx(before, abs=1e-6)


def test_a_followed_thing_stays_where_it_is_in_the_picture(view, qtbot):
    shown = view._viewer.shown
    thing = next(Thing.of(entry) for entry in shown.frame.legend if entry.text == "Car # 1")
    view.navigation.follow(Hold.THING, thing)
    assert not view.navigation.following.lost
    before = pixel(view, middle_of(shown.prepared, thing.keys_in(shown.frame.legend)))
    step(qtbot, view, 2)
    shown = view._viewer.shown
    after = pixel(view, middle_of(shown.prepared, thing.keys_in(shown.frame.legend)))
    assert after == pytest.approx(before, abs=1e-6)


def test_the_key_of_following_takes_what_is_in_the_middle_and_lets_go_again(view):
    navigation = view.navigation
    navigation.follow_key(11)
    assert navigation.following.thing.text == "Car # 1"
    assert pixel(view, middle_of(view._viewer.shown.prepared, (11,))) == pytest.approx((350, 250), abs=1)
    navigation.follow_nearest()
    assert navigation.following.hold is Hold.EGO
    navigation.follow_nearest()
    assert navigation.following.hold is Hold.THING


def test_a_saved_view_is_gone_back_to(view, qtbot):
    navigation = view.navigation
    navigation.look("left")
    navigation.zoom(1.7)
    kept = navigation.placement
    with qtbot.waitSignal(navigation.said) as said:
        navigation.save_view(4, "Bumper")
    assert said.args == ["Saved as view 4 for as long as this job is open."]
    navigation.look("top")
    navigation.go_to_saved(4)
    assert navigation.placement.position == pytest.approx(kept.position)
    assert navigation.placement.half_height == pytest.approx(kept.half_height)
    navigation.look_through("front")
    navigation.save_view(5)
    navigation.look("top")
    navigation.go_to_saved(5)
    assert view.view_name == "camera:front"
    assert view.canvas.scene.backdrop is not None
    with qtbot.waitSignal(navigation.said) as said:
        navigation.go_to_saved(6)
    assert said.args == ["There is no saved view 6."]


def test_another_job_has_views_of_its_own(view, qtbot, tmp_path):
    view.navigation.save_view(1)
    view.navigation.look_through("front")
    other = small_delivery(tmp_path / "other", frames=1, points=500, cameras=("front",), name="other")
    with qtbot.waitSignal(view.frame_drawn, timeout=20_000):
        view._viewer.open_path(other)
    rest(qtbot, view._viewer)
    assert view.navigation.saved.slots == {}
    assert view.view_name == "ego"
    assert view.canvas.scene.backdrop is None


def test_the_way_between_views_is_ended_by_any_input(view, qtbot, monkeypatch):
    navigation = view.navigation
    clock = [0.0]
    monkeypatch.setattr(navigation._mover.transition, "_clock", lambda: clock[0])
    navigation.smooth, view.canvas.draw_seconds = True, 0.01
    start = view.canvas.scene.placement
    navigation.look("top")
    goal = navigation.placement
    assert goal != start
    assert view.canvas.scene.placement == start  # nothing of the time has passed
    clock[0] = SECONDS / 2
    qtbot.waitUntil(lambda: view.canvas.scene.placement not in (start, goal))
    QTest.mouseClick(view.canvas.widget, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    stopped = view.canvas.scene.placement
    assert navigation.placement == stopped
    clock[0] = 10.0
    QTest.qWait(0)
    assert view.canvas.scene.placement == stopped


def test_a_cameras_picture_comes_when_the_camera_is_there(view, qtbot, monkeypatch):
    navigation, clock = view.navigation, [0.0]
    monkeypatch.setattr(navigation._mover.transition, "_clock", lambda: clock[0])
    navigation.smooth, view.canvas.draw_seconds = True, 0.01
    navigation.look_through("left")
    assert view.canvas.scene.backdrop is None
    with qtbot.waitSignal(navigation._mover.transition.ended):
        clock[0] = SECONDS
    assert view.canvas.scene.backdrop is not None
    assert view.view_name == "camera:left"


def test_where_drawing_is_slow_the_camera_jumps(view):
    view.navigation.smooth, view.canvas.draw_seconds = True, 0.2
    view.navigation.look("top")
    assert view.canvas.scene.placement == view.navigation.placement
    assert view.canvas.scene.placement.half_height > 0


KEYS = {
    "Ctrl+Left": lambda before, after: (
        after.position != before.position and after.distance == pytest.approx(before.distance)
    ),
    "Ctrl+Up": lambda before, after: after.position[2] > before.position[2],
    "Ctrl+Down": lambda before, after: after.position[2] < before.position[2],
    "Ctrl+Shift+Right": lambda before, after: np.subtract(after.position, before.position) @ before.axes[0] > 0,
    "Ctrl+Shift+Up": lambda before, after: np.subtract(after.position, before.position) @ before.axes[1] > 0,
    "+": lambda before, after: after.distance < before.distance,
    "-": lambda before, after: after.distance > before.distance,
    "T": lambda before, after: after.half_height > 0,
    "O": lambda before, after: after.half_height > 0,
    "Shift+E": lambda before, after: after.view_angle > before.view_angle,
}


@pytest.fixture
def keyboard(view):
    """The view's window with the view's commands, and what presses a key there."""
    actions = build_actions(view.window(), view_commands(view.navigation))
    by_key = {key.toString(): action for action in actions.values() for key in action.shortcuts()}
    yield by_key
    for action in actions.values():
        view.window().removeAction(action)
        action.deleteLater()


@pytest.mark.parametrize("key", KEYS)
def test_the_keyboard_does_what_the_mouse_does(view, keyboard, key):
    view.navigation.look("ego")
    before = view.canvas.scene.placement
    keyboard[key].trigger()
    assert KEYS[key](before, view.canvas.scene.placement)


def test_a_held_key_goes_on(keyboard):
    assert all(keyboard[key].autoRepeat() for key in KEYS)


@pytest.mark.parametrize("key", ["w", "s", "3", "v", "q", "e", "p", "r", "f", "c", "b", "+", "-", "Left", "Up"])
def test_hidden_keys_of_vtk_change_nothing_in_the_scene(view, qtbot, key):
    scene, renderer = view.canvas.scene, view.canvas._renderer
    placement, window = scene.placement, view.canvas._renderer.GetRenderWindow()
    props = renderer.GetViewProps().GetNumberOfItems()
    view.canvas.widget.setFocus()
    QTest.keyClick(view.canvas.widget, getattr(Qt.Key, f"Key_{key}", None) or key)
    assert scene.placement == placement
    assert {actor.GetProperty().GetRepresentationAsString() for actor in renderer.GetActors()} == {"Surface"}
    assert not window.GetStereoRender()
    assert renderer.GetViewProps().GetNumberOfItems() == props
    assert view.isVisible()


def test_what_is_picked_is_what_everything_happens_around(view):
    picked = tuple(view._viewer.shown.prepared.xyz[7].astype(float).tolist())
    view.canvas.pick_pivot = lambda position: picked
    try:
        assert view.canvas.point_at(QPointF(10, 10)) == picked
        view.canvas.pick_pivot = lambda position: None
        ground = view.canvas.point_at(QPointF(350, 400))
        assert pixel(view, ground) == pytest.approx((350, 400), abs=1e-6)
        assert ground[2] == pytest.approx(view.canvas.scene.spread.ground)
    finally:
        view.canvas.pick_pivot = lambda position: None
