"""The widget for OpenGL comes alone, and leaves the packages that it was taken from as they are."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVY = ("matplotlib", "pyvista", "pyvista.core", "pyvista.plotting", "pyvistaqt", "pyvistaqt.plotting", "qtpy")

ALONE = """
import sys
from app.gui.scene_canvas import import_3d
from app.progress import Progress
import_3d(Progress())
print([name for name in sys.argv[1:] if name in sys.modules])
"""
WHOLE = """
from app.gui.gl_widget import gl_widget_class
widget = gl_widget_class()
import pyvista
import pyvistaqt
import qtpy.QtCore
print(widget is gl_widget_class(), issubclass(pyvistaqt.QtInteractor, widget))
print(pyvista.Sphere().n_points > 0, qtpy.QtCore.__name__)
"""
OTHERWISE = """
import sys, types
from app.gui import gl_widget
gl_widget.SAME["qtpy.QtGui"] = types.ModuleType("qtpy.QtGui")  # as if rwi needed a name that PySide6 lacks
widget = gl_widget.gl_widget_class()
print(widget.__name__, "pyvistaqt.plotting" in sys.modules, hasattr(sys.modules["qtpy.QtGui"], "QImage"))
"""


def printed(program: str, *arguments: str) -> list[str]:
    """The lines that a program prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_draws_is_loaded_without_the_packages_around_it():
    assert printed(ALONE, *HEAVY) == ["[]"]


def test_the_packages_can_be_imported_whole_afterwards():
    assert printed(WHOLE) == ["True True", "True qtpy.QtCore"]


def test_a_version_that_needs_more_is_imported_as_usual():
    assert printed(OTHERWISE) == ["QVTKRenderWindowInteractor True True"]
