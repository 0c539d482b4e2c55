"""The legend of the synthetic street: one label key a class for stuff, one an instance for what can be counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.legend import Rgb
from app.sandbox.street.things import Thing

UNLABELLED = 0  # in the masks, but not in the legend: clutter and what is too far to annotate
FIRST_INSTANCE = 10

STUFF = ("Road", "Lane Marking", "Pavement", "Building", "Vegetation", "Pole", "Traffic Sign")
COLORS: dict[str, Rgb] = {
    "Road": (84, 98, 128),
    "Lane Marking": (240, 240, 235),
    "Pavement": (158, 138, 176),
    "Building": (205, 148, 104),
    "Vegetation": (92, 176, 92),
    "Pole": (186, 196, 110),
    "Traffic Sign": (250, 204, 72),
    "Car": (72, 160, 246),
    "Van": (70, 214, 220),
    "Bus": (255, 132, 60),
    "Cyclist": (238, 96, 200),
    "Pedestrian": (246, 80, 92),
}


@dataclass(frozen=True)
class Row:
    """One row of the legend."""

    key: int
    label: str
    text: str
    stationary: bool

    @property
    def color(self) -> str:
        """As the service writes colours."""
        return "rgb({}, {}, {})".format(*COLORS[self.label])


@dataclass(frozen=True)
class Labels:
    """All rows, and the key of a thing."""

    rows: tuple[Row, ...]

    @staticmethod
    def of(things: Sequence[Thing]) -> "Labels":
        """Rows for the stuff and for every counted thing."""
        stuff = [Row(index + 1, label, label, stationary=True) for index, label in enumerate(STUFF)]
        counted = [
            Row(FIRST_INSTANCE + thing.number, thing.label, f"{thing.label} # {thing.number}", not thing.moves)
            for thing in things
            if thing.number
        ]
        return Labels((*stuff, *counted))

    def key(self, thing: Thing) -> int:
        """The label key of a thing's points."""
        if thing.number:
            return FIRST_INSTANCE + thing.number
        return STUFF.index(thing.label) + 1 if thing.label else UNLABELLED

    road, marking, pavement = 1, 2, 3
