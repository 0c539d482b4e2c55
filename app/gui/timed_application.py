"""An application that knows how long its GUI thread was busy, and how long of that it was drawing."""

import atexit
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
    """``busy``: with any event; ``drawing``: with those that paint, where a software renderer takes what it takes;
    ``painting``: with what widgets paint themselves."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.busy, self.drawing, self.painting = Stopwatch(), Stopwatch(), Stopwatch()

    @property
    def composing_seconds(self) -> float:
        """For putting what the widgets painted together on the screen, which Qt does once for every picture of a window
        that shows OpenGL, by OpenGL: nothing of the program's has a part in it."""
        return self.drawing.seconds - self.painting.seconds

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event."""
        with self.busy:
            if not _draws(receiver, event):
                return super().notify(receiver, event)
            with self.drawing:
                if event.type() != QEvent.Type.Paint:
                    return super().notify(receiver, event)
                with self.painting:
                    return super().notify(receiver, event)


def timed_application() -> TimedApplication:
    """That application, with a display; raises AppError where there is none, or another application runs already."""
    ensure_display()
    known = QApplication.instance()
    if isinstance(known, TimedApplication):
        return known
    if known is not None:
        raise AppError("The GUI thread has to be measured in a process of its own.")
    application = TimedApplication(sys.argv[:1])
    atexit.register(application.shutdown)  # before the display that was started for it ends
    return application


def _draws(receiver: QObject, event: QEvent) -> bool:
    """Whether this event paints; an OpenGL widget also paints at once when it is resized."""
    return event.type() in DRAWING or (event.type() == QEvent.Type.Resize and isinstance(receiver, QOpenGLWidget))
