"""A machine without OpenGL: the program starts, says so, and everything else goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
from app.gui.scene_view import SceneView
from app.gui.surface import prepare_surface_format
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer

prepare_surface_format()
application = QApplication([])
window = QMainWindow()
runner = TaskRunner(window)
viewer = Viewer(runner, window)
view = SceneView(viewer, window)
window.setCentralWidget(view)
window.resize(640, 400)
window.show()
for _ in range(20):
    application.processEvents()
image = view.picture()
colors = {image.pixelColor(x, y).name() for x in range(0, 640, 2) for y in range(0, 400, 2)}
print(view.can_draw, view.renderer_text, len(colors) > 1, "pyvistaqt" in sys.modules, sep="|")
print(view.problem)
view.set_view("top")
viewer.colours_changed.emit()
viewer.frame_changed.emit()
view.close_view()
view.close_view()
window.close()
runner.shutdown()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the platform plugin is Linux's")
def test_a_platform_without_opengl_gets_a_page_that_says_why():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    state, problem = done.stdout.splitlines()
    assert state == "False|No OpenGL|True|False"
    assert problem == "The display platform “offscreen” has no OpenGL."
    assert "QOpenGLWidget" not in done.stderr
