"""A machine without OpenGL: the program starts, says so, and everything else goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QMainWindow

from app.gui import scene_view
from app.gui.scene_view import SceneView
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from tests.builders import small_delivery
from tests.conftest import has_display

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


WHOLE_PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop
from app.gui.main_window import MainWindow
from app.gui.services import Services
from app.gui.start import make_application
from app.logs import Redaction
from app.settings import Credentials, Settings

application = make_application("dark", Redaction())

def until(holds):
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)

window = MainWindow(Services(Settings(workspace=sys.argv[2]), Credentials()), remember=False)
window.show()
window.open_path(Path(sys.argv[1]))
until(lambda: window.viewer.shown is not None and not window.runner.running)
page = window.scene_view._page
print(window.scene_view.problem)
print(page.isVisible(), page.button.text(), page.other_button.text(), page.label.text().count("LIBGL_ALWAYS_SOFTWARE"))
window.viewer.show_frame(1)
until(lambda: window.viewer.shown.index == 1)
rows = sum(row.points for row in window.viewer.legend_rows())
print(rows, window.camera_area.isVisible(), window.status_line.findChildren(type(window.status_line._news))[-1].text())
page.button.click()
window.view_pictures.copy()
print(window.viewer.problem)
window.close()
"""
NO_GL = {
    "a platform that composes none": ({"QT_QPA_PLATFORM": "offscreen"}, "has no OpenGL"),
    "a driver that is missing": ({"LIBGL_DRIVERS_PATH": "/none"}, "offers no OpenGL"),
    "a driver that is too old": ({"MESA_GL_VERSION_OVERRIDE": "2.1"}, "offers OpenGL 2.1; version 3.2 is needed"),
    "a screen without it": ({"LIBGL_ALWAYS_INDIRECT": "1"}, "offers no OpenGL"),
}


@pytest.mark.gl
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the ways to take OpenGL away are Mesa's")
@pytest.mark.parametrize("way", NO_GL)
def test_without_opengl_the_program_runs_and_its_page_says_why_and_what_to_do(tmp_path, way):
    environment, why = NO_GL[way]
    job = small_delivery(tmp_path / "job", frames=2)
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_PROGRAM, str(job), str(tmp_path / "ws")],
        env=os.environ | environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    problem, page, facts, picture = done.stdout.splitlines()
    assert why in problem
    assert page == "True Try again Doctor… 1"
    points, strip, _ = facts.split(" ", 2)
    assert int(points) > 0  # legend and counts are there
    assert strip == "True"
    assert "no picture of the view" in picture


class Broken:
    """Stands in for a part of the 3D view that fails while it is made."""

    def __init__(self, *_arguments, **_options):
        raise RuntimeError("the driver said no")


@pytest.fixture
def stage(qtbot, qapp):
    """A window with a 3D view that is not shown yet."""
    if not has_display() or os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        pytest.skip("no OpenGL here")
    window = QMainWindow()
    qtbot.addWidget(window)
    runner = TaskRunner(window, threads=1)
    view = SceneView(Viewer(runner, window), window)
    window.setCentralWidget(view)
    window.resize(500, 400)
    yield view, window
    view.close_view()
    window.close()
    assert runner.shutdown()


@pytest.mark.gl
def test_a_view_that_cannot_be_made_says_so_and_can_be_tried_again(stage, qtbot, monkeypatch, caplog):
    view, window = stage
    monkeypatch.setattr("app.scene.scene.Scene", Broken)  # the OpenGL widget is there already by then
    with qtbot.waitSignal(view.renderer_known, timeout=60_000) as told:
        window.show()
    assert told.args == ["No OpenGL"]
    assert view.problem == "The 3D view cannot be made: the driver said no."
    assert view._page.isVisible()
    assert not view.can_draw
    assert [left for left in view.findChildren(QOpenGLWidget) if left.isVisible()] == []
    monkeypatch.undo()
    with qtbot.waitSignal(view.renderer_known, timeout=60_000, check_params_cb=lambda text: "OpenGL " in text):
        view._page.button.click()
    assert view.problem == ""
    assert view.canvas is not None


@pytest.mark.gl
def test_a_library_that_is_missing_says_so_and_can_be_tried_again(stage, qtbot, monkeypatch):
    view, window = stage
    monkeypatch.setitem(sys.modules, "app.scene.embedded", None)
    with qtbot.waitSignal(view.renderer_known, timeout=60_000):
        window.show()
    assert "3D libraries cannot be loaded" in view.problem
    monkeypatch.undo()
    with qtbot.waitSignal(view.renderer_known, timeout=60_000, check_params_cb=lambda text: "OpenGL " in text):
        view.try_again()
    assert view.can_draw


@pytest.mark.gl
def test_trying_again_where_nothing_changed_keeps_the_page(stage, qtbot, monkeypatch):
    view, window = stage
    monkeypatch.setattr(scene_view, "probe_opengl", lambda: ("", "Still nothing."))
    view.problem = "Nothing."
    window.show()
    view.try_again()
    assert view.problem == "Still nothing."
    assert "Still nothing." in view._page.label.text()
    assert view._page.isVisible()
    with qtbot.waitSignal(view.doctor_requested):
        view._page.other_button.click()
