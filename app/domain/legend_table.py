"""The legend as people read it: one row per class, its instances below, keys without an entry together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.legend import UNMAPPED_COLOR, Legend, LegendEntry, Rgb

UNMAPPED_CLASS = ""  # class name of label keys that have no legend entry
UNMAPPED_TEXT = "Without a legend"


@dataclass(frozen=True)
class InstanceRow:
    """One label key with its points in the frame."""

    label_key: int
    text: str
    color: Rgb
    points: int


@dataclass(frozen=True)
class ClassRow:
    """One class with its points in the frame; ``class_name`` is UNMAPPED_CLASS for keys without an entry."""

    class_name: str
    color: Rgb
    instances: tuple[InstanceRow, ...]

    @property
    def text(self) -> str:
        """Name to show."""
        return self.class_name or UNMAPPED_TEXT

    @property
    def points(self) -> int:
        """Points of all instances."""
        return sum(instance.points for instance in self.instances)


def class_order(legends: Iterable[Legend]) -> tuple[str, ...]:
    """Class names in order of first appearance over all frames, so that rows keep their place while stepping."""
    return tuple(dict.fromkeys(entry.class_name for legend in legends for entry in legend))


def legend_table(legend: Legend, counts: Mapping[int, int], *, order: Iterable[str] = ()) -> tuple[ClassRow, ...]:
    """Rows for one frame: keys without a legend first, then every class of ``order`` and of the frame.

    ``counts`` are points per label key. Classes of ``order`` that the frame lacks keep a row with no instances.
    """
    grouped: dict[str, list[InstanceRow]] = {name: [] for name in order}
    colors: dict[str, Rgb] = {}
    for entry in legend:
        colors.setdefault(entry.class_name, entry.color)
        grouped.setdefault(entry.class_name, []).append(_instance(entry, counts))
    rows = tuple(
        ClassRow(name, colors.get(name, UNMAPPED_COLOR), tuple(instances)) for name, instances in grouped.items()
    )
    return _unmapped_row(legend, counts) + rows


def _instance(entry: LegendEntry, counts: Mapping[int, int]) -> InstanceRow:
    return InstanceRow(entry.label_key, entry.text, entry.color, counts.get(entry.label_key, 0))


def _unmapped_row(legend: Legend, counts: Mapping[int, int]) -> tuple[ClassRow, ...]:
    keys = [key for key in counts if legend.get(key) is None]
    if not keys:
        return ()
    instances = tuple(InstanceRow(key, f"Key {key}", UNMAPPED_COLOR, counts[key]) for key in keys)
    return (ClassRow(UNMAPPED_CLASS, UNMAPPED_COLOR, instances),)
