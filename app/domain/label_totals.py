"""How many points carry each label in a whole job, added up frame by frame."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.legend import Legend
from app.domain.legend_table import UNMAPPED_CLASS


@dataclass(frozen=True)
class LabelTotals:
    """Points by class (UNMAPPED_CLASS too), and by class and label key: a key may change its class between frames.

    ``counted`` are the frames in it, ``unreadable`` those whose mask cannot be read.
    """

    classes: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[tuple[str, int], int] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    unreadable: frozenset[int] = frozenset()

    @property
    def points(self) -> int:
        """Points of every class."""
        return sum(self.classes.values())

    def with_frame(self, index: int, legend: Legend, counts: Mapping[int, int]) -> "LabelTotals":
        """With the points per label key of one more frame; the same where that frame is in it already."""
        if index in self.counted:
            return self
        keys, classes = Counter(self.keys), Counter(self.classes)
        known = legend.covering(counts)
        for label_key, points in counts.items():
            entry = known.get(label_key)
            class_name = entry.class_name if entry else UNMAPPED_CLASS
            keys[class_name, label_key] += points
            classes[class_name] += points
        return LabelTotals(classes, keys, self.counted | {index}, self.unreadable - {index})

    def without_frame(self, index: int) -> "LabelTotals":
        """With one more frame that cannot be counted."""
        return LabelTotals(self.classes, self.keys, self.counted, self.unreadable | {index})

    def span(self, frames: int) -> str:
        """Of which frames these are the points, ``frames`` being all: "3 frames", "2 of 3 frames"."""
        if len(self.counted) == frames:
            return "1 frame" if frames == 1 else f"{frames:,} frames"
        return f"{len(self.counted):,} of {frames:,} frames"
