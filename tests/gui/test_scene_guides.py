"""Guides, frusta and several frames in a window: one OpenGL context for all tests here."""

import os

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.wait_signal import SignalBlocker

from app.gui.scene_overlay import Stroke
from app.gui.scene_view import SceneView
from app.gui.surface import prepare_surface_format
from app.gui.tasks import TaskRunner
from app.gui.theme import apply_theme
from app.gui.viewer import Viewer
from app.scene.frame_stack import NO_POSES
from app.scene.look import DARK
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, rest
from tests.mouse import drag, hover

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]


@pytest.fixture(scope="module")
def stage(qapp):
    """A shown window with the view in it."""
    prepare_surface_format()
    apply_theme(qapp, "dark")
    window = QMainWindow()
    runner = TaskRunner(window, threads=1)
    view = SceneView(Viewer(runner, window), window)
    if view.problem:
        pytest.skip(view.problem)
    window.setCentralWidget(view)
    window.resize(900, 600)
    blocker = SignalBlocker(timeout=60_000)
    blocker.connect(view.renderer_known)
    window.show()
    blocker.wait()
    yield view
    view.close_view()
    window.close()
    assert runner.shutdown()
    window.deleteLater()


@pytest.fixture
def opened(stage, qtbot):
    """Opens a delivery and waits until its first frame is on screen."""

    def show(delivery):
        with qtbot.waitSignal(stage.frame_drawn, timeout=20_000):
            stage._viewer.open_path(delivery)
        rest(qtbot, stage._viewer)
        return stage

    return show


def settled(view, qtbot, change):
    """Change something and wait until the picture is whole with it."""
    qtbot.waitUntil(lambda: view.canvas.scene.steps.complete, timeout=10_000)
    with qtbot.waitSignal(view.canvas.completed, timeout=10_000):
        change()


def count(view, color):
    image = view.picture()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return int((np.abs(rows[:, : image.width(), 2::-1].astype(int) - np.array(color)) <= 3).all(axis=2).sum())


def middle_of(view, camera):
    """Widget pixels on the left edge of a camera's frustum."""
    (seen,) = (each for each in view.canvas.scene.surroundings.frusta if each.camera == camera)
    size = (view.canvas.widget.width(), view.canvas.widget.height())
    uv, _ = view.canvas.scene.placement.project(seen.corners[[0, 3]].mean(axis=0)[np.newaxis], size)
    return QPoint(*np.round(uv[0]).astype(int).tolist())


def test_the_real_sensors_are_drawn_and_switched_off_without_touching_the_points(opened, qtbot, street):
    view = opened(street)
    assert count(view, DARK.rig) > 100
    prepared = view.canvas.scene.prepared
    settled(view, qtbot, lambda: view._viewer.guides.toggle("rig"))
    assert count(view, DARK.rig) < 20
    assert view.canvas.scene.prepared is prepared
    settled(view, qtbot, lambda: view._viewer.guides.toggle("grid"))
    assert count(view, DARK.grid) > 300
    settled(view, qtbot, lambda: view._viewer.guides.toggle("rig"))
    settled(view, qtbot, lambda: view._viewer.guides.toggle("grid"))


@pytest.mark.parametrize("camera", ["front", "rear"])
def test_a_frustum_under_the_cursor_stands_out_and_a_click_names_its_camera(opened, qtbot, street, camera):
    view = opened(street)
    settled(view, qtbot, lambda: view.set_view("top"))
    widget, at = view.canvas.widget, middle_of(view, camera)
    settled(view, qtbot, lambda: view.canvas.place(view.canvas.scene.placement))
    hover(widget, at)
    qtbot.waitUntil(lambda: view.guides.pointed == camera)
    assert widget.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert len(view.pointing.overlay.placed) > 40
    assert f"Camera {camera}: click to look through it" in widget.toolTip()
    with qtbot.waitSignal(view.guides.camera_clicked) as clicked:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args == [camera]
    qtbot.waitUntil(lambda: view.view_name == f"camera:{camera}")
    hover(widget, QPoint(5, 300))
    qtbot.waitUntil(lambda: view.guides.pointed == "")
    assert widget.cursor().shape() != Qt.CursorShape.PointingHandCursor
    assert not any(isinstance(placed.shape, Stroke) for placed in view.pointing.overlay.placed)


def test_a_drag_over_a_frustum_and_a_click_beside_it_name_no_camera(opened, qtbot, street):
    view = opened(street)
    settled(view, qtbot, lambda: view.set_view("top"))
    widget, at, told = view.canvas.widget, middle_of(view, "front"), []
    view.guides.camera_clicked.connect(told.append)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(5, 300))
    drag(widget, at + QPoint(40, 0), at)
    assert told == []


def test_frames_around_are_drawn_standing_back_and_said_in_the_chip(opened, qtbot, street):
    view = opened(street)
    viewer = view._viewer
    qtbot.waitUntil(lambda: view.canvas.scene.steps.complete)
    alone, points = view.canvas.scene.prepared, view._points.text()
    assert view._frames.text() == "One frame"
    with qtbot.waitSignal(viewer.neighbours.stack_changed, timeout=30_000):
        viewer.neighbours.widen(2)
    qtbot.waitUntil(lambda: view.canvas.scene.steps.complete, timeout=10_000)
    stack = viewer.neighbours.stack
    assert view.canvas.scene.prepared is stack.prepared
    assert view._frames.text() == "Frames ±2"
    assert view._points.text().endswith("· 3 frames")  # none lies before the first
    car = viewer.legend.by_key[12].color
    table = view.canvas.scene.layer
    assert len(stack.prepared) > 2.5 * len(alone)
    assert table.prepared is stack.prepared
    assert count(view, car) > 50
    with qtbot.waitSignal(viewer.neighbours.stack_changed):
        viewer.neighbours.set_reach(0)
    assert view.canvas.scene.prepared is alone
    qtbot.waitUntil(lambda: view.canvas.scene.steps.complete, timeout=10_000)
    assert view._points.text() == points


def test_hiding_a_class_hides_it_in_all_frames(opened, qtbot, street):
    view = opened(street)
    viewer = view._viewer
    with qtbot.waitSignal(viewer.neighbours.stack_changed, timeout=30_000):
        viewer.neighbours.set_reach(1)
    qtbot.waitUntil(lambda: view.canvas.scene.steps.complete, timeout=10_000)
    building = viewer.legend.by_key[4].color
    assert count(view, building) > 500
    settled(view, qtbot, lambda: viewer.appearance.isolate_class("Road"))
    assert count(view, building) == 0
    settled(view, qtbot, viewer.appearance.show_all)
    assert count(view, building) > 500


def test_without_poses_the_chip_says_why_nothing_can_be_placed(opened, tmp_path):
    delivery = small_delivery(tmp_path)

    def change(document):
        for step in document["sensor_data"]["frames"]:
            del step["ego_pose"]

    edit_json(delivery / "result.json", change)
    view = opened(delivery)
    assert not view._frames.isEnabled()
    assert NO_POSES.split(",")[0] in view._frames.toolTip()


def test_the_menu_of_the_chip_chooses_how_many(opened, qtbot, street):
    view = opened(street)
    menu = view._frames.menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "This frame alone",
        *(f"±{reach} frames" for reach in (1, 2, 5, 10)),
        "Move instances along their tracks",
    ]
    with qtbot.waitSignal(view._viewer.neighbours.stack_changed, timeout=30_000):
        menu.actions()[1].trigger()
    assert view._viewer.neighbours.reach == 1
    view._viewer.neighbours.set_reach(0)
