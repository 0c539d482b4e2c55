"""The 3D view in a window: one OpenGL context for all tests here, because making one is what fails most."""

import os

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.wait_signal import SignalBlocker

from app.domain.finding import Finding, Severity
from app.domain.legend import Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.gui.scene_view import SceneView
from app.gui.shown_frame import OpenedJob
from app.gui.surface import prepare_surface_format
from app.gui.tasks import TaskRunner
from app.gui.theme import LIGHT, apply_theme
from app.gui.viewer import Viewer
from tests.mouse import drag
from tests.staged_view import FramesJob

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]

RED, GREEN = (250, 10, 10), (10, 240, 10)
LEGEND = Legend((LegendEntry(1, "Car # 1", "Car", RED), LegendEntry(2, "Ground", "Ground", GREEN)))
SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
UNPAINTED = Finding("mask.length", Severity.ERROR, "Mask not painted: 3 label keys for 4 points.", "0")


def plates(shift=0.0, broken=0):
    """A red plate above a green one, (N, 3), and their label keys."""
    across = np.linspace(-8, 8, 120)
    level = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2) + np.array([shift, 0.0])
    high, low = (np.column_stack([level, np.full(len(level), z)]) for z in (1.0, 0.0))
    xyz = np.concatenate([high, low, np.full((broken, 3), np.nan)]).astype(np.float32)
    return xyz, np.array([1] * len(high) + [2] * (len(low) + broken), dtype=np.uint16)


def frame_of(index, *, xyz, keys=None, findings=()):
    record = SequenceFrame(str(index), "scan", "mask", legend=LEGEND)
    cloud = PointCloud(xyz, np.zeros(3), {}, SOURCE)
    return Frame(index, record, cloud, None if keys is None else Mask(keys), findings)


@pytest.fixture(scope="module")
def stage(qapp):
    """A shown window with the view in it, its viewer and its runner."""
    prepare_surface_format()
    apply_theme(qapp, "dark")
    window = QMainWindow()
    runner = TaskRunner(window, threads=1)
    view = SceneView(Viewer(runner, window), window)
    if view.problem:
        pytest.skip(view.problem)
    window.setCentralWidget(view)
    window.resize(700, 500)
    handle_before = int(window.winId())
    blocker = SignalBlocker(timeout=60_000)
    blocker.connect(view.renderer_known)
    window.show()
    blocker.wait()
    yield view
    assert int(window.winId()) == handle_before  # the window was never made anew
    view.close_view()
    view.close_view()
    window.close()
    assert runner.shutdown()
    window.deleteLater()


@pytest.fixture
def opened(stage, qtbot):
    """Opens frames and waits until the first is on screen."""

    def show(*frames):
        with qtbot.waitSignal(stage.frame_drawn, timeout=20_000) as drawn:
            stage._viewer.set_job(OpenedJob(FramesJob(*frames), frozenset(range(len(frames))), whole=True))
        assert drawn.args == [0]
        return stage

    return show


def pixels_of(view):
    """(H, W, 3) of the picture, chips included."""
    image = view.picture()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].astype(int)


def count(view, color):
    return int((np.abs(pixels_of(view) - np.array(color)) <= 3).all(axis=2).sum())


def chip_text(view):
    return view._points.text() if view._points.isVisible() else ""


def test_a_frame_is_on_screen_when_it_says_so(opened):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    assert view.drawn_index == 0
    assert count(view, RED) > 5000
    assert chip_text(view) == "28,800 of 28,800 points · every point drawn"


def test_hiding_a_class_shows_what_is_behind_and_says_how_many_went(opened, qtbot):
    view = opened(frame_of(0, xyz=plates(broken=5)[0], keys=plates(broken=5)[1]))
    view.set_view("top")
    QTest.qWait(0)
    red = count(view, RED)
    assert red > 5000
    with qtbot.waitSignal(view.canvas.painted, timeout=10_000):
        view._viewer.appearance.set_class_visible("Car", visible=False)
    assert count(view, RED) == 0
    assert count(view, GREEN) > red * 0.9
    assert chip_text(view) == "14,400 of 28,805 points · 14,400 hidden · 5 not finite"


def test_colours_are_swapped_without_touching_the_points(opened, qtbot):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    prepared = view.canvas.scene.prepared
    with qtbot.waitSignal(view.canvas.painted, timeout=10_000):
        view._viewer.appearance.isolate_class("Ground")
    assert view.canvas.scene.prepared is prepared


def test_stepping_keeps_the_camera_and_a_new_job_resets_it(opened, qtbot):
    xyz, keys = plates()
    view = opened(frame_of(0, xyz=xyz, keys=keys), frame_of(1, xyz=plates(shift=3.0)[0], keys=keys))
    first = view.canvas.scene.placement
    view.set_view("top")
    with qtbot.waitSignal(view.frame_drawn, timeout=10_000) as drawn:
        view._viewer.show_frame(1)
    assert drawn.args == [1]
    assert view.canvas.scene.placement != first
    assert view.canvas.scene.placement.half_height > 0
    view = opened(frame_of(0, xyz=xyz, keys=keys))
    assert view.canvas.scene.placement == first


def test_a_mask_that_does_not_fit_is_told_over_the_view(opened):
    view = opened(frame_of(0, xyz=plates()[0], findings=(UNPAINTED,)))
    assert view._banner.isVisible()
    assert "Mask not painted: 3 label keys for 4 points." in view._banner.text()
    assert view._banner.height() < 3 * view._banner.fontMetrics().height()
    assert count(view, RED) == 0
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    assert not view._banner.isVisible()


@pytest.mark.parametrize("xyz", [np.zeros((0, 3)), np.full((4, 3), np.nan), np.full((4, 3), 1e30)], ids=str)
def test_the_view_lives_on_after_a_frame_without_usable_points(opened, xyz):
    view = opened(frame_of(0, xyz=xyz.astype(np.float32), keys=np.ones(len(xyz), dtype=np.uint16)))
    assert count(view, RED) < 100
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    assert count(view, RED) > 5000


def test_a_frame_without_a_point_cloud_says_so(stage, qtbot):
    nothing = Frame(0, SequenceFrame("0", "", "", scan_expected=False, mask_expected=False), None, None)
    stage._viewer.set_job(OpenedJob(FramesJob(nothing), frozenset([0]), whole=True))
    qtbot.waitUntil(lambda: chip_text(stage) == "No point cloud in this frame", timeout=10_000)
    assert count(stage, RED) == 0


def test_the_mouse_turns_moves_and_zooms_without_rolling(opened):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    widget = view.canvas.widget
    before = view.canvas.scene.placement
    drag(widget, QPoint(300, 250), QPoint(340, 270))
    turned = view.canvas.scene.placement
    assert turned.position != before.position
    assert turned.up == (0.0, 0.0, 1.0)
    assert not any(button.isChecked() for button in view._views.buttons.values())
    drag(widget, QPoint(300, 250), QPoint(340, 270), button=Qt.MouseButton.MiddleButton)
    moved = view.canvas.scene.placement
    assert moved.focal_point != turned.focal_point
    assert moved.axes == pytest.approx(turned.axes)
    wheel = QWheelEvent(
        QPointF(200, 100), QPointF(200, 100), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, wheel)
    closer = view.canvas.scene.placement
    assert closer.axes == pytest.approx(moved.axes)
    assert np.dot(np.subtract(closer.position, moved.position), moved.axes[2]) > 0


@pytest.mark.parametrize("key", ["w", "s", "3", "q", "e", "v", "r", "p", "+", "j", "t"])
def test_keys_of_vtk_do_nothing(opened, key):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    placement = view.canvas.scene.placement
    before = count(view, RED)
    QTest.keyClicks(view.canvas.widget, key)
    QTest.qWait(0)
    assert view.canvas.scene.placement == placement
    actors = view.canvas.scene._renderer.GetActors()
    assert {actor.GetProperty().GetRepresentationAsString() for actor in actors} == {"Surface"}
    assert count(view, RED) == before


def test_each_view_button_names_its_key_and_marks_itself(opened):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    tips = {name: button.toolTip() for name, button in view._views.buttons.items()}
    assert all(f"({key})" in tips[name] for name, key in zip(tips, "TFLE", strict=True))
    QTest.mouseClick(view._views.buttons["front"], Qt.MouseButton.LeftButton)
    assert [name for name, button in view._views.buttons.items() if button.isChecked()] == ["front"]
    assert view.canvas.scene.placement.position[0] > 0


def test_fifty_frames_leave_the_same_actors(opened, qtbot):
    xyz, keys = plates()
    view = opened(*(frame_of(index, xyz=xyz[: 20_000 + index], keys=keys[: 20_000 + index]) for index in range(50)))
    props = view.canvas._renderer.GetViewProps()
    before = props.GetNumberOfItems()
    for index in range(1, 50):
        with qtbot.waitSignal(view.frame_drawn, timeout=10_000):
            view._viewer.show_frame(index)
    assert props.GetNumberOfItems() == before
    assert len(view.canvas.scene.prepared) == 20_049


def test_many_changes_at_once_are_drawn_once(opened, qtbot):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    QTest.qWait(50)
    painted = []
    view.canvas.painted.connect(lambda: painted.append(1))
    with qtbot.waitSignal(view.canvas.painted, timeout=10_000):
        for name in ("top", "front", "left", "ego", "top"):
            view.set_view(name)
    QTest.qWait(100)
    assert len(painted) == 1


def test_nothing_is_drawn_while_nothing_changes(opened):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    painted = []
    view.canvas.painted.connect(lambda: painted.append(1))

    def still():
        before = len(painted)
        QTest.qWait(500)
        return len(painted) == before

    assert any(still() for _ in range(10))  # what was under way may end first


def test_without_a_job_the_page_offers_what_to_do(opened, qtbot):
    assert not opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))._page.isVisible()
    view = SceneView(Viewer(TaskRunner(threads=1)))
    qtbot.addWidget(view)
    asked = []
    view.set_empty_state("Open a job.", "Open folder…", lambda: asked.append(1))
    assert view._page.isVisibleTo(view)
    assert not view._views.isVisibleTo(view)
    assert view._page.label.text() == "Open a job."
    QTest.mouseClick(view._page.button, Qt.MouseButton.LeftButton)
    assert asked == [1]


def test_the_view_follows_the_theme(opened, qapp, qtbot):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    with qtbot.waitSignal(view.canvas.painted, timeout=10_000):
        apply_theme(qapp, "light")
    top = LIGHT.color("scene_top")
    try:
        assert np.abs(pixels_of(view)[0, -1] - [top.red(), top.green(), top.blue()]).max() <= 2
    finally:
        apply_theme(qapp, "dark")


def test_a_closed_view_remembers_no_surface_that_something_else_could_be_taken_for(opened):
    view = opened(frame_of(0, xyz=plates()[0], keys=plates()[1]))
    widget = view.canvas.widget
    assert widget._surface is not None
    view.close_view()
    assert widget._surface is None
