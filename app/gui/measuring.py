"""Measuring from point to point in the shown frame."""

from PySide6.QtCore import QObject, Signal

from app.domain.measurement import Measurement
from app.domain.point_facts import PointFacts


class Measuring(QObject):
    """While it is active, points that are clicked make a line."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._active = False
        self._points: tuple[PointFacts, ...] = ()

    @property
    def active(self) -> bool:
        """Whether clicks measure."""
        return self._active

    @property
    def points(self) -> tuple[PointFacts, ...]:
        """The points of the line in order."""
        return self._points

    @property
    def measurement(self) -> Measurement:
        """The line in the coordinates of the file."""
        return Measurement(tuple(point.position for point in self._points))

    def set_active(self, active: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Start with an empty line, or end and let go of it."""
        if active != self._active:
            self._active, self._points = active, ()
            self.changed.emit()

    def add(self, point: PointFacts) -> None:
        """Measure on to a point; the last one again changes nothing."""
        if self._active and point.index not in {last.index for last in self._points[-1:]}:
            self._replace((*self._points, point))

    def remove_last(self) -> None:
        """Take back the last point."""
        self._replace(self._points[:-1])

    def clear(self) -> None:
        """Start anew, as for another frame."""
        self._replace(())

    def _replace(self, points: tuple[PointFacts, ...]) -> None:
        if points != self._points:
            self._points = points
            self.changed.emit()
