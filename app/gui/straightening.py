"""Undoes the bend of one camera's lens in the background, one picture after the other, the newest next."""

from PySide6.QtCore import QObject, Signal

from app.gui.camera_shot import CameraShot, straightened
from app.gui.tasks import TaskRunner


class Straightening(QObject):
    """While one picture is being made only the last one asked for waits, so that playing is never held up by a queue
    and what is shown is behind by two pictures at most."""

    made = Signal(object)  # CameraShot

    def __init__(self, runner: TaskRunner, camera: str, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._camera = camera
        self._busy = False
        self._next: CameraShot | None = None
        self._wanted = False

    def ask(self, shot: CameraShot) -> None:
        """Make a shot straight; ``made`` comes with it, unless another is asked for before its turn."""
        self._wanted = True
        if self._busy:
            self._next = shot
        else:
            self._start(shot)

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted, self._next = False, None

    def _start(self, shot: CameraShot) -> None:
        self._busy, self._next = True, None
        self._runner.run(
            lambda _progress: straightened(shot),
            title=f"Straightening the image of {self._camera}",
            quiet=True,
            on_success=self._on_made,
            on_failure=lambda _error: self._on_made(shot),
        )

    def _on_made(self, shot: CameraShot) -> None:
        self._busy = False
        if self._wanted:
            self.made.emit(shot)
        if self._next is not None:
            self._start(self._next)
