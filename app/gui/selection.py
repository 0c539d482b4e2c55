"""What is chosen and what is pointed at, the same in the 3D view, in the images, in lists and on the timeline."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.arrays import Float64, Integers, frozen
from app.domain.segment import Segment

NO_ROWS: Integers = frozen(np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class TrackChoice:
    """A track of a camera."""

    camera: str
    track_id: int


@dataclass(frozen=True, eq=False)
class SegmentChoice:
    """Connected points of one label key at a frame; ``row`` is the point that it was chosen by."""

    segment: Segment
    row: int


Choice = TrackChoice | SegmentChoice


@dataclass(frozen=True, eq=False)
class Pointed:
    """The point under the cursor: ``row`` in the shown frame's cloud, where it lies, and where the cursor is.

    ``camera`` is the image that the cursor is in, empty for the 3D view; ``position`` (3,) in the file's coordinates.
    """

    row: int
    position: Float64
    camera: str = ""

    @property
    def as_rows(self) -> Integers:
        """(1,) as if it were all of a thing."""
        return np.array([self.row], dtype=np.int64)


class Selection(QObject):
    """At most one thing is chosen. ``rows`` (M,) int64 are the points of the shown frame that belong to it, empty while
    they are being looked for or where there are none; ``note`` says why, as long as that holds."""

    changed = Signal()
    rows_changed = Signal()
    pointed_changed = Signal()
    picked_changed = Signal()
    matched_changed = Signal()
    note_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._chosen: Choice | None = None
        self._rows = NO_ROWS
        self._pointed: Pointed | None = None
        self._picked: Pointed | None = None
        self._matched: tuple[str, int] | None = None
        self._note = ""

    @property
    def chosen(self) -> Choice | None:
        """What is chosen."""
        return self._chosen

    @property
    def rows(self) -> Integers:
        """Its points at the shown frame."""
        return self._rows

    @property
    def pointed(self) -> Pointed | None:
        """What the cursor is on, in whichever view."""
        return self._pointed

    @property
    def picked(self) -> Pointed | None:
        """The point that was clicked, at the shown frame."""
        return self._picked

    @property
    def matched(self) -> tuple[str, int] | None:
        """Camera and id of the track that a chosen segment is; None until that is known, and where none clearly is."""
        return self._matched

    @property
    def track(self) -> tuple[str, int] | None:
        """Camera and id of the chosen track, or of that which the chosen segment is."""
        chosen = self._chosen
        return (chosen.camera, chosen.track_id) if isinstance(chosen, TrackChoice) else self._matched

    @property
    def note(self) -> str:
        """A sentence about what is chosen; empty where there is nothing to say."""
        return self._note

    def choose(self, choice: Choice | None) -> None:
        """Choose another thing, or nothing."""
        if choice != self._chosen:
            self._chosen, self._matched = choice, None
            self.set_note("")
            self.changed.emit()

    def set_rows(self, rows: Integers) -> None:
        """The points of what is chosen were found."""
        if rows is not self._rows and (len(rows) or len(self._rows)):
            self._rows = rows
            self.rows_changed.emit()

    def set_note(self, sentence: str) -> None:
        """Say something about what is chosen, also once more; an empty sentence takes it back."""
        if sentence or self._note:
            self._note = sentence
            self.note_changed.emit()

    def point_at(self, pointed: Pointed | None) -> None:
        """The cursor is on another point, or on none."""
        if pointed is not self._pointed:
            self._pointed = pointed
            self.pointed_changed.emit()

    def pick(self, picked: Pointed | None) -> None:
        """A point was clicked, or is let go of."""
        if picked is not self._picked:
            self._picked = picked
            self.picked_changed.emit()

    def match(self, track: tuple[str, int] | None) -> None:
        """The track that the chosen segment is was found, or there is none."""
        if track != self._matched:
            self._matched = track
            self.matched_changed.emit()
