"""Classes that flash for a few seconds, so that they are found among everything else."""

from PySide6.QtCore import QObject, QTimer, Signal

INTERVAL_MS = 350  # well below three flashes a second, which may harm (WCAG 2.3.1)
BEATS = 12  # about four seconds


class Flashing(QObject):
    """Which classes flash, and whether they are in their other colour right now; ends by itself."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: frozenset[str] = frozenset()
        self._beats = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_beat)

    @property
    def classes(self) -> frozenset[str]:
        """Names of the classes that flash, UNMAPPED_CLASS for what has no legend."""
        return self._classes

    @property
    def on(self) -> bool:
        """Whether they have their other colour."""
        return self._beats % 2 == 1

    def toggle(self, class_name: str) -> None:
        """Let a class flash from now on; one that flashes already stops."""
        self._flash(self._classes ^ {class_name})

    def stop(self) -> None:
        """Everything as usual."""
        if self._classes:
            self._flash(frozenset())

    def _flash(self, classes: frozenset[str]) -> None:
        self._classes = classes
        self._beats = 1 if classes else 0
        if classes:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _on_beat(self) -> None:
        self._beats += 1
        if self._beats > BEATS:
            self.stop()
        else:
            self.changed.emit()
