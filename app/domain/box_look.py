"""Which boxes are drawn over images, what their colour tells, and how far back the ways of tracks are shown."""

from dataclasses import dataclass
from enum import StrEnum

TRAIL_LENGTHS = (5, 10, 25, 50)  # frames


class BoxColors(StrEnum):
    """What the colour of a tracked box, of its lane and of its row tells."""

    TRACK = "track"
    CLASS = "class"


class Trails(StrEnum):
    """Whose ways are drawn."""

    NONE = "none"
    CHOSEN = "chosen"
    ALL = "all"


@dataclass(frozen=True)
class BoxLook:
    """``kept`` are boxes that the tracker put out without a detection; ``trail_frames`` is how far back ways go."""

    tracked: bool = True
    detected: bool = True
    kept: bool = True
    tags: bool = True
    colors: BoxColors = BoxColors.TRACK
    trails: Trails = Trails.CHOSEN
    trail_frames: int = 10

    @property
    def shown(self) -> int:
        """How many kinds of things are drawn."""
        return sum((self.tracked, self.detected, self.kept, self.tags))
