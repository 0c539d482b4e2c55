"""How boxes and tracks look in images, in lists and on the timeline: one state, so that they agree."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from app.domain.box_look import BoxColors, BoxLook
from app.domain.color_themes import distinct_color
from app.domain.coloring import class_color
from app.domain.legend import Legend, folded
from app.gui.appearance import Appearance
from app.gui.frames import FrameLoader
from app.gui.theme import TRACK_COLORS, track_color


@dataclass(frozen=True)
class KnownThings:
    """What the legends of a job name, in folded case, so that "car" of a detector is the "Car" of the legend.

    ``classes``: the class by its written name and the first legend that has it. ``tracks``: (class, track id) with the
    track's place in the job's order, as the 3D view colours it.
    """

    classes: Mapping[str, tuple[str, Legend]]
    tracks: Mapping[tuple[str, str], int]

    @staticmethod
    def of(legends: tuple[Legend, ...], track_order: tuple[str, ...]) -> "KnownThings":
        """Read from the legends of all frames, in play order."""
        places = {track_id: place for place, track_id in enumerate(track_order)}
        classes: dict[str, tuple[str, Legend]] = {}
        tracks: dict[tuple[str, str], int] = {}
        for legend in legends:
            for entry in legend:
                name = folded(entry.class_name)
                classes.setdefault(name, (entry.class_name, legend))
                if entry.track_id in places:
                    tracks[name, entry.track_id] = places[entry.track_id]
        return KnownThings(classes, tracks)


NOTHING_KNOWN = KnownThings({}, {})


class BoxStyle(QObject):
    """Holds for every job; ``changed`` also when the colours of classes did."""

    changed = Signal()

    def __init__(self, frames: FrameLoader, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._appearance = appearance
        self._look = BoxLook()
        self._known = NOTHING_KNOWN
        appearance.coloring_changed.connect(self._on_coloring_changed)

    def open(self) -> None:
        """Another job's legends; after the appearance has its order."""
        legends = tuple(frame.legend for frame in self._frames.sequence.frames)
        self._known = KnownThings.of(legends, self._appearance.order.tracks)

    @property
    def look(self) -> BoxLook:
        """What is drawn."""
        return self._look

    def set_look(self, look: BoxLook) -> None:
        """Draw other boxes, or in other colours."""
        if look != self._look:
            self._look = look
            self.changed.emit()

    def color(self, label: str, track_id: int) -> QColor:
        """The colour of a track. By class it is that of the legend in the theme in force; by track that of the 3D view
        where the legend has this track of this class, else one that stays with the id."""
        name = folded(label)
        if self._look.colors is BoxColors.CLASS:
            return self._class_color(name)
        place = self._known.tracks.get((name, str(track_id)))
        return track_color(track_id) if place is None else QColor(*distinct_color(place))

    def _class_color(self, name: str) -> QColor:
        known = self._known.classes.get(name)
        if known is None:  # the legend does not have this class; the colour stays with its name
            return QColor(TRACK_COLORS[zlib.crc32(name.encode("utf-8", "surrogatepass")) % len(TRACK_COLORS)])
        class_name, legend = known
        return QColor(*class_color(class_name, legend, self._appearance.coloring, order=self._appearance.order))

    def _on_coloring_changed(self) -> None:
        if self._look.colors is BoxColors.CLASS:
            self.changed.emit()
