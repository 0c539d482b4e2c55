"""Pulling the clip box with the mouse, in a real window."""

import os

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from staged_view import StagedView

from app.domain.cuts import CutBox, Cuts
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.gui.clip_box_handles import ClipBoxHandles
from app.gui.cut_panel import CutPanel
from app.gui.scene_overlay import Grip, Stroke
from app.scene.box_handles import Handle, handle_places
from app.scene.views import CameraPlacement
from tests.mouse import drag, hover

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
BOX = CutBox((0.0, 0.0, 0.0), (4.0, 3.0, 2.0), yaw=0.3)
ABOVE = CameraPlacement((-16.0, 6.0, 18.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))


@pytest.fixture(scope="module")
def window(qapp):
    stage = StagedView((900, 640))
    if stage.view.problem:
        pytest.skip(stage.view.problem)
    stage.show()
    stage.panel = CutPanel(stage.viewer, stage.view)
    stage.handles = ClipBoxHandles(stage.viewer, stage.pointing.overlay, stage.panel)
    stage.handles.adopt(stage.view.canvas)
    yield stage
    assert stage.close()


@pytest.fixture
def stage(window):
    xyz = np.random.default_rng(1).uniform(-8, 8, (500, 3)).astype(np.float32)
    cloud = PointCloud(xyz, np.zeros(3), {}, SOURCE)
    window.open(Frame(0, SequenceFrame("0", "scan", "", mask_expected=False), cloud, None))
    window.place(ABOVE)
    window.viewer.appearance.set_cuts(Cuts(box=BOX))
    window.panel.show()
    window.panel.move(640, 0)
    yield window
    window.panel.hide()
    window.viewer.appearance.cut_nothing()
    assert not [placed for placed in window.pointing.overlay.placed if isinstance(placed.shape, Grip)]


def box_of(stage):
    return stage.viewer.appearance.cuts.box


def place_of(stage, handle):
    return QPointF(*stage.on_screen(*handle_places(box_of(stage))[handle]).toTuple())


def test_edges_and_handles_are_shown_while_the_panel_is_open(stage):
    shapes = [placed.shape for placed in stage.pointing.overlay.placed]
    assert sum(isinstance(shape, Grip) for shape in shapes) == len(Handle)
    assert sum(isinstance(shape, Stroke) for shape in shapes) == 13
    stage.panel.hide()
    assert not stage.pointing.overlay.placed


@pytest.mark.parametrize("handle", [Handle.FRONT, Handle.LEFT, Handle.TOP])
def test_a_face_is_pulled_to_where_the_mouse_lets_go_and_the_camera_stays(stage, handle):
    widget, before = stage.view.canvas.widget, box_of(stage)
    start = place_of(stage, handle)
    centre = QPointF(*stage.on_screen(*before.centre).toTuple())
    end = centre + (start - centre) * 1.3
    drag(widget, start, end)
    after = box_of(stage)
    axis = {Handle.FRONT: 0, Handle.LEFT: 1, Handle.TOP: 2}[handle]
    assert after.half[axis] > before.half[axis] * 1.05
    assert [half for index, half in enumerate(after.half) if index != axis] == pytest.approx(
        [half for index, half in enumerate(before.half) if index != axis]
    )
    assert (place_of(stage, handle) - end).manhattanLength() < 3
    assert stage.view.placement == ABOVE


def test_the_outer_handle_turns_the_box(stage):
    start = place_of(stage, Handle.TURN)
    drag(stage.view.canvas.widget, start, start + QPointF(60, 40))
    assert abs(box_of(stage).yaw - BOX.yaw) > 0.1
    assert box_of(stage).centre == BOX.centre


def test_a_handle_under_the_mouse_lights_up_and_the_cursor_says_so(stage):
    widget = stage.view.canvas.widget
    hover(widget, place_of(stage, Handle.TOP))
    hot = [
        placed.shape for placed in stage.pointing.overlay.placed if isinstance(placed.shape, Grip) and placed.shape.hot
    ]
    assert [shape.at for shape in hot] == [handle_places(BOX)[Handle.TOP]]
    assert widget.cursor().shape() == Qt.CursorShape.SizeAllCursor
    hover(widget, QPointF(5, 5))
    assert widget.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_cursor_is_what_it_was_once_there_is_no_handle(stage):
    widget = stage.view.canvas.widget
    widget.setCursor(Qt.CursorShape.CrossCursor)
    hover(widget, place_of(stage, Handle.TOP))
    assert widget.cursor().shape() == Qt.CursorShape.SizeAllCursor
    stage.viewer.appearance.cut_nothing()
    assert widget.cursor().shape() == Qt.CursorShape.CrossCursor
    widget.setCursor(Qt.CursorShape.ArrowCursor)


def test_beside_the_handles_the_mouse_still_moves_the_camera(stage):
    widget = stage.view.canvas.widget
    drag(widget, QPointF(20, 600), QPointF(60, 560))
    assert stage.view.placement != ABOVE
    assert box_of(stage) == BOX
