"""What the GUI thread does for a prefetched frame, everything in the window included: ``bench frames``."""

import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from app.bench.delivery import write_delivery
from app.bench.drawing import plain_of
from app.bench.rows import Row, compare_times, milliseconds
from app.errors import AppError
from app.gui.heartbeat import new_window, until
from app.gui.main_window import MainWindow
from app.gui.scene_canvas import SceneCanvas
from app.gui.timed_application import TimedApplication, timed_application

PICTURE = (1920, 1080)  # pixels of a camera image


def measure(*, points: int = 200_000, cameras: int = 6, frames: int = 10) -> list[Row]:
    """The row of this section; raises AppError where there is no display or no OpenGL."""
    application = timed_application()
    with tempfile.TemporaryDirectory(prefix="pointproof-bench-") as folder:
        delivery = Path(folder) / "delivery"
        write_delivery(delivery, frames=frames, points=points, cameras=cameras, picture=_picture())
        window = new_window({"POINTPROOF_WORKSPACE": str(Path(folder) / "workspace")})
        try:
            window.open_path(delivery)
            row = _row(application, window, points=points, cameras=cameras, frames=frames)
        finally:
            window.close()
    return [row]


class _Stepper:
    """Goes from frame to frame and tells what each costs."""

    def __init__(self, application: TimedApplication, window: MainWindow, canvas: SceneCanvas) -> None:
        self._application = application
        self._window = window
        self._canvas = canvas
        self._drawing_seconds = 0.0
        canvas.painted.connect(self._on_painted)

    def next_frame(self) -> float:
        """Milliseconds of work until the next frame is on screen: without drawing its points, which the peer does too,
        and without putting the window together, which the peer has no need of."""
        view, viewer, busy = self._window.scene_view, self._window.viewer, self._application.busy
        until(lambda: not self._window.runner.running)  # it is prefetched
        before = self._worked
        with busy:
            viewer.step(1)
        until(lambda: view.drawn_index == viewer.wanted)
        return 1000 * (self._worked - before)

    @property
    def _worked(self) -> float:
        application = self._application
        return application.busy.seconds - application.composing_seconds - self._drawing_seconds

    def _on_painted(self) -> None:
        self._drawing_seconds += self._canvas.draw_seconds or 0.0


def _row(application: TimedApplication, window: MainWindow, *, points: int, cameras: int, frames: int) -> Row:
    view, viewer = window.scene_view, window.viewer
    until(lambda: view.drawn_index == 0 and viewer.shown is not None and viewer.shown.complete)
    if view.canvas is None:
        raise AppError(view.problem)
    widget, scene = view.canvas.widget, view.canvas.scene
    stepper = _Stepper(application, window, view.canvas)
    size = (widget.width(), widget.height())
    with closing(plain_of(points, size=size)) as plain:
        plain.place(scene.placement)
        return compare_times(
            f"GUI thread, next of prefetched frames, {points:,} points, {cameras} cameras",
            stepper.next_frame,
            peer="one plain draw of it",
            theirs=partial(milliseconds, plain.draw),
            goal=0.5,
            repeats=frames - 2,  # the first is shown already, the second does not count
        )


def _picture() -> bytes:
    image = QImage(*PICTURE, QImage.Format.Format_RGB32)
    gradient = QLinearGradient(0, 0, *PICTURE)
    gradient.setColorAt(0, QColor("#203040"))
    gradient.setColorAt(1, QColor("#d0a060"))
    with QPainter(image) as painter:
        painter.fillRect(image.rect(), gradient)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload] # its stubs want bytes, which it refuses
    return bytes(buffer.data().data())
