"""Saving a picture of the window once everything that it waits for is on screen."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.gui.main_window import MainWindow

PATIENCE_MS = 180_000  # longer than the slowest software renderer needs for the largest demo
SETTLE_MS = 400  # two paints after the last thing arrived


class Snapshot(QObject):
    """Waits until nothing is under way, saves the picture and ends; ``problem`` says why there is none."""

    saved = Signal()
    ended = Signal()

    def __init__(self, window: "MainWindow", path: Path, *, ready: Callable[[], bool]) -> None:
        super().__init__(window)
        self.problem = ""
        self._window = window
        self._path = path
        self._ready = ready
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._save)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self._end("The picture did not become complete in time."))
        self._patience.start(PATIENCE_MS)
        viewer = window.viewer
        for fact in (viewer.frame_changed, viewer.pictures_changed, viewer.tracking_changed):
            fact.connect(self._look)
        window.scene_view.frame_drawn.connect(self._look)
        window.runner.task_finished.connect(self._look)
        viewer.problem_changed.connect(self._on_problem)

    def _look(self, *_fact: object) -> None:
        if self._complete():
            self._settle.start(SETTLE_MS)
        else:
            self._settle.stop()

    def _complete(self) -> bool:
        viewer, scene = self._window.viewer, self._window.scene_view
        if not self._ready() or self._window.runner.running or viewer.shown is None:
            return False
        return viewer.shown.index == viewer.wanted and (scene.drawn_index == viewer.wanted or not scene.can_draw)

    def _save(self) -> None:
        if not self._complete():
            return
        if self._window.picture().save(str(self._path)):
            self.saved.emit()
            self._end("")
        else:
            self._end(f"The picture could not be saved to {self._path}.")

    def _on_problem(self) -> None:
        problem = self._window.viewer.problem
        if problem is not None:
            self._end(str(problem))

    def _end(self, problem: str) -> None:
        self._patience.stop()
        self._settle.stop()
        self.problem = problem
        self.ended.emit()
