"""The OpenGL widget that VTK draws into, taken out of pyvistaqt without the second of imports around it.

Of pyvistaqt we need one module, ``rwi``. That module asks pyvista for two VTK classes and qtpy for what PySide6 has
under the same names. Python runs a package before its modules, and these packages load matplotlib, all of VTK and
every name of Qt. So for the length of this import the packages stand there empty, their modules found but their
``__init__`` not run, and PySide6 stands for qtpy. Afterwards whoever imports them gets them whole.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from PySide6 import QtCore, QtGui, QtOpenGLWidgets, QtWidgets

log = logging.getLogger(__name__)

EMPTY = ("pyvistaqt", "pyvista")
SAME = {
    "qtpy.QtCore": QtCore,
    "qtpy.QtGui": QtGui,
    "qtpy.QtWidgets": QtWidgets,
    "qtpy.QtOpenGLWidgets": QtOpenGLWidgets,
}


def gl_widget_class() -> type[Any]:
    """``QVTKRenderWindowInteractor``: a QOpenGLWidget around a vtkGenericOpenGLRenderWindow, its ``GetRenderWindow()``.

    Versions of the packages that need more than this are imported as usual. Raises ImportError without them.
    """
    try:
        with _stand_ins():
            return _imported()
    except (ImportError, AttributeError):
        log.warning("pyvistaqt cannot be imported in part; the 3D view starts later", exc_info=True)
        return _imported()


def close_widget(widget: Any) -> None:
    """Give back what the widget holds, and have it forget its surface.

    A surface is no QObject: Python does not learn that it is gone, and would take whatever Qt puts at its address
    later for that surface, for as long as the widget remembers it.
    """
    widget.close()
    widget._forget_context()


def _imported() -> type[Any]:
    from pyvistaqt.rwi import QVTKRenderWindowInteractor

    widget: type[Any] = QVTKRenderWindowInteractor
    return widget


@contextmanager
def _stand_ins() -> Iterator[None]:
    missing = [name for name in EMPTY if name not in sys.modules]
    found = {name: spec for name in missing if (spec := find_spec(name)) is not None}
    added: dict[str, ModuleType] = {name: module_from_spec(spec) for name, spec in found.items()}
    added |= {name: module for name, module in SAME.items() if name not in sys.modules}
    sys.modules.update(added)
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]
