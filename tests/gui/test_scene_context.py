"""The 3D view after another OpenGL context took the place of its own, as happens when a window is made anew."""

import os

import numpy as np
import pytest
from PySide6.QtGui import QOpenGLContext
from PySide6.QtWidgets import QMainWindow

from app.gui.scene_view import SceneView
from app.gui.shown_frame import OpenedJob
from app.gui.surface import prepare_surface_format
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from tests.gui.test_scene_view import GREEN, RED, FramesJob, count, frame_of, plates

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]


class StillJob(FramesJob):
    """The same without cameras."""

    cameras = ()

    def findings(self):
        return ()


@pytest.fixture
def windows(qtbot):
    """Two windows, the first with a view that shows two plates."""
    prepare_surface_format()
    first, second = QMainWindow(), QMainWindow()
    runner = TaskRunner(first, threads=1)
    view = SceneView(Viewer(runner, first), first)
    if view.problem:
        pytest.skip(view.problem)
    for window in (first, second):
        qtbot.addWidget(window)
        window.resize(500, 400)
    first.setCentralWidget(view)
    with qtbot.waitSignal(view.renderer_known, timeout=60_000):
        first.show()
    xyz, keys = plates()
    with qtbot.waitSignal(view.frame_drawn, timeout=20_000):
        view._viewer.set_job(OpenedJob(StillJob(frame_of(0, xyz=xyz, keys=keys)), frozenset([0]), whole=True))
    yield view, second
    view.close_view()
    first.close()
    second.close()
    assert runner.shutdown()


def test_the_picture_is_the_same_in_another_window_with_another_context(windows, qtbot):
    view, second = windows
    before, context = {color: count(view, color) for color in (RED, GREEN)}, view.canvas.widget.context()
    assert before[RED] > 500
    with qtbot.waitSignal(view.canvas.painted, timeout=20_000):
        second.setCentralWidget(view)
        second.show()
    assert isinstance(view.canvas.widget.context(), QOpenGLContext)
    assert view.canvas.widget.context() is not context
    for color in (RED, GREEN):
        assert count(view, color) == pytest.approx(before[color], rel=0.02, abs=20)
    grabbed = view.canvas.grab((250, 200), pixel_ratio=0.5)
    assert np.abs(grabbed.astype(int) - RED).max(axis=2).min() <= 2
