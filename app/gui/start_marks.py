"""Programs that say when their window, and the first picture in it, is on screen: what ``bench start`` times.

Each runs in a process of its own, writes the moment as seconds of the system's monotonic clock, and ends. Nothing but
Qt is imported before the program itself, which imports that anyway.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

SIZE = (1440, 900)


class _Watch(QObject):
    """Waits for the first picture of a top-level window, or of one that holds a 3D view, or of that view."""

    def __init__(self, application: QApplication, mark: str) -> None:
        super().__init__()
        self._application = application
        self._mark = mark
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
            view = getattr(watched, "scene_view", None)
            if self._mark == "picture" and view is not None:
                self._application.removeEventFilter(self)
                view.frame_drawn.connect(_tell)
            elif self._mark == "window" or (self._mark == "program" and view is not None):
                QTimer.singleShot(0, _tell)  # once it is painted
        return False


def program(main: Callable[[Sequence[str]], int], mark: str, arguments: Sequence[str]) -> None:
    """Run Pointproof's ``main`` until any ``window``, its own ``program`` or a ``picture`` of a cloud is on screen."""
    application = QApplication(sys.argv[:1])
    watch = _Watch(application, mark)  # noqa: F841 - lives as long as the program
    sys.exit(main(arguments))


def bare_window() -> None:
    """Show an empty window of Qt."""
    application = QApplication(sys.argv[:1])
    watch = _Watch(application, "window")  # noqa: F841
    window = QMainWindow()
    window.resize(*SIZE)
    window.show()
    application.exec()


def _tell(_index: int = 0) -> None:
    sys.stdout.write(f"{time.monotonic()}\n")
    sys.stdout.flush()
    os._exit(0)  # nothing of this start is to be remembered
