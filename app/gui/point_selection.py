"""The point that the user chose."""

from PySide6.QtCore import QObject, Signal

from app.domain.point_facts import PointFacts


class PointSelection(QObject):
    """At most one point of the shown frame; recolouring leaves it alone."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._point: PointFacts | None = None

    @property
    def point(self) -> PointFacts | None:
        """What is known about the chosen point."""
        return self._point

    def select(self, point: PointFacts | None) -> None:
        """Choose another point, or none."""
        if point is not self._point:
            self._point = point
            self.changed.emit()

    def clear(self) -> None:
        """Choose none."""
        self.select(None)
