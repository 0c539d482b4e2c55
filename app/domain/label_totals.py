"""How many points carry each label in a whole job, added up frame by frame."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.legend import Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS


@dataclass(frozen=True)
class LabelTotals:
    """Points by class (UNMAPPED_CLASS too), and by class and label key: a key may change its class between frames.

    ``things`` are what each frame in it has, see ``thing_of``; ``unreadable`` are the frames whose mask cannot be read.
    """

    classes: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[tuple[str, int], int] = field(default_factory=dict)
    things: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unreadable: frozenset[int] = frozenset()

    @property
    def counted(self) -> frozenset[int]:
        """The frames in it."""
        return frozenset(self.things)

    @property
    def points(self) -> int:
        """Points of every class."""
        return sum(self.classes.values())

    def with_frame(self, index: int, legend: Legend, counts: Mapping[int, int]) -> "LabelTotals":
        """With the points per label key of one more frame; the same where that frame is in it already."""
        if index in self.things:
            return self
        keys, classes = Counter(self.keys), Counter(self.classes)
        known = legend.covering(counts)
        for label_key, points in counts.items():
            entry = known.get(label_key)
            class_name = entry.class_name if entry else UNMAPPED_CLASS
            keys[class_name, label_key] += points
            classes[class_name] += points
        things = frozenset(thing_of(known.get(key), key) for key, points in counts.items() if points)
        return LabelTotals(classes, keys, {**self.things, index: things}, self.unreadable - {index})

    def without_frame(self, index: int) -> "LabelTotals":
        """With one more frame that cannot be counted."""
        return LabelTotals(self.classes, self.keys, self.things, self.unreadable | {index})

    def frames_of(self, thing: str) -> tuple[int, ...]:
        """The frames that have points of it, ascending, as far as they are counted."""
        return tuple(sorted(index for index, things in self.things.items() if thing in things))

    def span(self, frames: int) -> str:
        """Of which frames these are the points, ``frames`` being all: "3 frames", "2 of 3 frames"."""
        if len(self.things) == frames:
            return "1 frame" if frames == 1 else f"{frames:,} frames"
        return f"{len(self.things):,} of {frames:,} frames"


def thing_of(entry: LegendEntry | None, label_key: int) -> str:
    """What stays the same through the frames: the thing that an entry names, else its class, else the label key."""
    if entry is None:
        return f"{UNMAPPED_CLASS}\n{label_key}"
    return entry.thing or entry.class_name
