"""An application that knows how long its GUI thread was busy, and how long of that it was drawing."""

import sys
import time
from types import TracebackType

from PySide6.QtCore import QEvent, QObject
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication

from app.display import ensure_display
from app.errors import AppError

DRAWING = (QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.Expose)


class Stopwatch:
    """Adds up ``seconds`` while it is held; held again meanwhile, it counts once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0
        self._began = 0.0

    def __enter__(self) -> None:
        if self._depth == 0:
            self._began = time.perf_counter()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.seconds += time.perf_counter() - self._began


class TimedApplication(QApplication):
    """``busy``: with any event; ``drawing``: with those that paint, where a software renderer takes what it takes."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.busy, self.drawing = Stopwatch(), Stopwatch()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event."""
        with self.busy:
            if not _draws(receiver, event):
                return super().notify(receiver, event)
            with self.drawing:
                return super().notify(receiver, event)


def timed_application() -> TimedApplication:
    """That application, with a display; raises AppError where there is none, or another application runs already."""
    ensure_display()
    application = QApplication.instance() or TimedApplication(sys.argv[:1])
    if not isinstance(application, TimedApplication):
        raise AppError("The GUI thread has to be measured in a process of its own.")
    return application


def _draws(receiver: QObject, event: QEvent) -> bool:
    """Whether this event paints; an OpenGL widget also paints at once when it is resized."""
    return event.type() in DRAWING or (event.type() == QEvent.Type.Resize and isinstance(receiver, QOpenGLWidget))
