"""The camera on its way from one view to another, a quarter of a second that any input ends."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStyle

from app.scene.transition import between, eased
from app.scene.views import CameraPlacement

SECONDS = 0.25
SLOW_DRAW = 0.06  # seconds; with fewer pictures on the way than four a jump is easier to follow
TICK_MS = 15


class Transition(QObject):
    """Moves by ``write`` and emits ``ended`` once it is there; ``clock`` counts seconds."""

    ended = Signal()

    def __init__(
        self, write: Callable[[CameraPlacement], None], parent: QObject, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._write = write
        self._clock = clock
        self._start: CameraPlacement | None = None
        self._end: CameraPlacement | None = None
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._step)

    @property
    def goal(self) -> CameraPlacement | None:
        """Where the camera is going; None while it rests."""
        return self._end

    def begin(self, start: CameraPlacement, end: CameraPlacement) -> None:
        """Set out; from the middle of an earlier way, too."""
        self._start, self._end, self._began = start, end, self._clock()
        self._timer.start()

    def stop(self) -> None:
        """Stay where the camera is now."""
        self._start = self._end = None
        self._timer.stop()

    def _step(self) -> None:
        start, end = self._start, self._end
        if start is None or end is None:
            return
        share = (self._clock() - self._began) / SECONDS
        if share >= 1:
            self.stop()
        self._write(between(start, end, eased(share)))
        if share >= 1:
            self.ended.emit()


def motion_is_welcome() -> bool:
    """Whether the system lets widgets move; the themes of desktops turn that off where reduced motion is asked for."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
