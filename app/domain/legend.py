"""What label keys mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Rgb = tuple[int, int, int]  # 0..255 each, sRGB

UNMAPPED_COLOR: Rgb = (122, 130, 142)  # label keys without a legend entry are one quiet grey


@dataclass(frozen=True)
class LegendEntry:
    """One row: ``text`` names the instance ("Car # 4"), ``class_name`` the class ("Car").

    ``color`` is the file's own, or a fallback where ``color_given`` is false.
    """

    label_key: int
    text: str
    class_name: str
    color: Rgb
    color_given: bool = True
    class_id: str = ""
    track_id: str = ""


@dataclass(frozen=True)
class Legend:
    """The rows of one frame, at most one per label key, in document order."""

    entries: tuple[LegendEntry, ...] = ()

    def __iter__(self) -> Iterator[LegendEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def by_key(self) -> dict[int, LegendEntry]:
        """Entries by label key."""
        return {entry.label_key: entry for entry in self.entries}

    def get(self, label_key: int) -> LegendEntry | None:
        """The entry of a label key; None is normal, services send keys without a legend."""
        return self.by_key.get(label_key)

    def name(self, label_key: int) -> str:
        """Text for a label key, also for one without an entry."""
        entry = self.get(label_key)
        return entry.text if entry else f"Unmapped key {label_key}"
