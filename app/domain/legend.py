"""What label keys mean."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

Rgb = tuple[int, int, int]  # 0..255 each, sRGB

UNMAPPED_COLOR: Rgb = (122, 130, 142)  # label keys without a legend entry are one quiet grey

# For entries without a usable colour of their own: far apart in hue, readable on dark and on light.
FALLBACK_COLORS: tuple[Rgb, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (213, 94, 0),
    (204, 121, 167),
    (240, 228, 66),
    (0, 114, 178),
    (148, 103, 189),
    (140, 198, 63),
    (227, 74, 90),
    (64, 196, 196),
    (166, 118, 67),
)

_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[\d.]+%?\s*)?\)", re.ASCII)
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6}(?:[0-9a-f]{2})?)")


def parse_color(text: str) -> Rgb | None:
    """``rgb(r, g, b)`` with or without spaces, ``rgba(...)``, ``#rgb``, ``#rrggbb`` or ``#rrggbbaa``; else None.

    An alpha is left out: it said how the service blends, not what colour it means.
    """
    plain = text.strip().lower()
    if found := _RGB.fullmatch(plain):
        red, green, blue = (int(part) for part in found.groups())
        return (red, green, blue) if max(red, green, blue) <= 255 else None
    if found := _HEX.fullmatch(plain):
        digits = found[1] if len(found[1]) > 3 else "".join(digit * 2 for digit in found[1])
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return None


def fallback_color(label_key: int) -> Rgb:
    """A colour that stays with the label key, for an entry that has none of its own."""
    return FALLBACK_COLORS[label_key % len(FALLBACK_COLORS)]


def folded(name: str) -> str:
    """A class's name as detectors and legends agree on it."""
    return name.strip().casefold()


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

    @property
    def thing(self) -> str:
        """Names one thing through the frames; empty for what is none: “Car # 4” of the class “Car” is one, “Road” of
        the class “Road” is not. Track ids may be given anew for each class, so the class is part of the name."""
        return "" if self.text == self.class_name else f"{self.class_name}\n{self.track_id or self.label_key}"


@dataclass(frozen=True)
class Legend:
    """The rows of one frame, at most one per label key, in document order.

    With ``instance_bits`` the label keys are made of two numbers: the class in that many low bits, and above them which
    instance of it; ``entries`` then need to list the classes only.
    """

    entries: tuple[LegendEntry, ...] = ()
    instance_bits: int = 0

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

    def covering(self, label_keys: Iterable[int]) -> "Legend":
        """The legend with a row "car # 4" for each of these keys that is an instance of a class it has."""
        if not self.instance_bits:
            return self
        found = (self._instance(key) for key in sorted(label_keys) if key not in self.by_key)
        instances = tuple(entry for entry in found if entry)
        return replace(self, entries=self.entries + instances) if instances else self

    def _instance(self, label_key: int) -> LegendEntry | None:
        kind = self.by_key.get(label_key & ((1 << self.instance_bits) - 1))
        number = label_key >> self.instance_bits
        if kind is None or number <= 0:
            return None
        return replace(kind, label_key=label_key, text=f"{kind.text} # {number}", track_id=str(number))

    def name(self, label_key: int) -> str:
        """Text for a label key, also for one without an entry."""
        entry = self.get(label_key)
        return entry.text if entry else f"Unmapped key {label_key}"
