"""What opening and closing jobs again and again leaves behind: ``bench reopening``.

``python -m app.gui.reopening TIMES FOLDER ...`` opens the folders in turn in a window of its own and reports as JSON.
"""

import gc
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtGui import QGuiApplication
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication

from app.bench.rows import Row
from app.display import ensure_display
from app.errors import AppError
from app.gui.main_window import MainWindow
from app.gui.services import Services
from app.gui.start import make_application
from app.logs import Redaction
from app.progress import Progress
from app.sandbox.street import street_folder
from app.settings import Credentials, Settings

TIMES = 200
EVERY = 10  # openings between two counts
WARM = 50  # openings after which everything that is kept on purpose is there
ALLOWED_KB = 30.0  # a job that is opened may leave so much behind
PATIENCE_SECONDS = 60.0
SIZE = (800, 600)  # pixels: a software renderer has less to draw, and what leaks is the same
_GL_NAMES = range(1, 4096)  # drivers give the lowest free names


class Census(msgspec.Struct, frozen=True):
    """What is alive after some openings: bytes of memory, objects of VTK, what OpenGL and Qt hold."""

    opened: int
    resident_bytes: int
    vtk_objects: int
    props: int  # things in the 3D picture
    gl_buffers: int
    gl_textures: int
    gl_widgets: int
    windows: int


class Reopened(msgspec.Struct, frozen=True):
    """One census every ten openings, and what is left of VTK by class once the window is closed and gone."""

    counts: tuple[Census, ...]
    left: dict[str, int]

    @property
    def settled(self) -> tuple[Census, ...]:
        """The counts once everything that is kept on purpose is there."""
        return tuple(count for count in self.counts if count.opened >= WARM)

    @property
    def kilobytes_each(self) -> float:
        """Memory that each opening leaves behind, by a straight line through the settled counts."""
        counts = self.settled
        middle = sum(count.opened for count in counts) / len(counts)
        spread = sum((count.opened - middle) ** 2 for count in counts)
        return sum((count.opened - middle) * count.resident_bytes for count in counts) / spread / 1024


def measure() -> list[Row]:
    """Open the synthetic street again and again in a process of its own.

    Raises AppError where the system does not tell how much memory a process has, or without a display.
    """
    if not sys.platform.startswith("linux"):
        raise AppError("Only Linux tells how much memory a process has.", next_step="Measure it there.")
    ensure_display()
    found = reopened([street_folder(Progress())], times=TIMES)
    kept = found.kilobytes_each
    name = f"memory kept by each of {TIMES} openings of a job"
    return [Row(name, kept, "what is allowed", ALLOWED_KB, kept / ALLOWED_KB, 1.0, unit="kB")]


def reopened(folders: Sequence[Path], *, times: int) -> Reopened:
    """Run this module in a process of its own; raises AppError where it fails."""
    command = [sys.executable, "-m", "app.gui.reopening", str(times), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise AppError(f"Jobs could not be opened again and again: {' '.join(reason)}")
    return msgspec.json.decode(done.stdout, type=Reopened)


def main(times: int, folders: Sequence[Path]) -> Reopened:
    """Open the folders in turn, count, and close the window; raises AppError where nothing can be drawn."""
    application = make_application("dark", Redaction())
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as workspace:
        counts = _opened_in_a_window(times, folders, Path(workspace))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = Counter(type(each).__name__ for each in _vtk_objects())
    application.shutdown()
    return Reopened(tuple(counts), dict(left))


def _opened_in_a_window(times: int, folders: Sequence[Path], workspace: Path) -> list[Census]:
    window = MainWindow(Services(Settings(workspace=str(workspace)), Credentials()), remember=False)
    window.resize(*SIZE)
    window.show()
    _until(lambda: window.scene_view.canvas is not None or not window.scene_view.can_draw)
    if not window.scene_view.can_draw:
        raise AppError(window.scene_view.problem)
    counts = []
    for number in range(1, times + 1):
        _open(window, folders[number % len(folders)])
        if number % EVERY == 0:
            gc.collect()
            counts.append(_census(window, number))
    window.close()
    window.deleteLater()
    return counts


def _open(window: MainWindow, folder: Path) -> None:
    before = window.viewer.job
    window.open_path(folder)
    _until(lambda: window.viewer.job is not before and _is_drawn(window))


def _is_drawn(window: MainWindow) -> bool:
    shown = window.viewer.shown
    return shown is not None and window.scene_view.drawn_index == shown.index and not window.runner.running


def _census(window: MainWindow, opened: int) -> Census:
    canvas = window.scene_view.canvas
    assert canvas is not None  # else nothing would have been drawn
    widget = canvas.widget
    assert isinstance(widget, QOpenGLWidget)
    widget.makeCurrent()
    functions = widget.context().functions()
    buffers = sum(bool(functions.glIsBuffer(name)) for name in _GL_NAMES)
    textures = sum(bool(functions.glIsTexture(name)) for name in _GL_NAMES)
    widget.doneCurrent()
    return Census(
        opened=opened,
        resident_bytes=_resident_bytes(),
        vtk_objects=len(_vtk_objects()),
        props=canvas.scene.prop_count,
        gl_buffers=buffers,
        gl_textures=textures,
        gl_widgets=len(window.findChildren(QOpenGLWidget)),
        windows=len(QGuiApplication.allWindows()),
    )


def _vtk_objects() -> list[object]:
    """Objects of VTK that Python holds, told by their module so that VTK need not be loaded."""
    kinds = ((each, type(each)) for each in gc.get_objects())
    return [
        each
        for each, kind in kinds
        if hasattr(kind, "GetReferenceCount") and str(kind.__module__).startswith("vtkmodules")
    ]


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _until(holds: Callable[[], bool]) -> None:
    """Run the event loop until it holds; raises AppError after a long time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        if time.monotonic() > deadline:
            raise AppError("A job was not drawn in time.", next_step="Measure on an idle machine.")


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main(int(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])))
