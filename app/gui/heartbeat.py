"""How long the GUI thread keeps its events waiting while jobs are fetched, opened and played."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 2


@dataclass
class Waits:
    """Gaps between heartbeats in ms, drawing taken out; one list per phase."""

    by_phase: dict[str, list[float]] = field(default_factory=dict)

    def longest(self, phase: str) -> float:
        """The worst gap of a phase in ms."""
        return max(self.by_phase.get(phase, [0.0]), default=0.0)


class Heartbeat(QObject):
    """A precise timer on the GUI thread; what keeps it from ticking is what a user feels as a stutter."""

    def __init__(self, drawing_seconds: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.waits = Waits()
        self._drawing_seconds = drawing_seconds
        self._phase = ""
        self._last = (time.perf_counter(), drawing_seconds())
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Record under this name while the block runs."""
        self._phase = name
        self.waits.by_phase.setdefault(name, [])
        self._last = (time.perf_counter(), self._drawing_seconds())
        self._timer.start(BEAT_MS)
        try:
            yield
        finally:
            self._on_beat()
            self._timer.stop()

    def _on_beat(self) -> None:
        now = (time.perf_counter(), self._drawing_seconds())
        gap = (now[0] - self._last[0]) - (now[1] - self._last[1])
        self._last = now
        self.waits.by_phase[self._phase].append(max(0.0, 1000 * gap - BEAT_MS))
