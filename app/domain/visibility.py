"""Which classes and label keys are drawn, and the colour table that follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from app.domain.arrays import Bytes
from app.domain.legend import UNMAPPED_COLOR, Legend
from app.domain.legend_table import UNMAPPED_CLASS

_Item = TypeVar("_Item", str, int)


@dataclass(frozen=True)
class Visibility:
    """What is hidden, by class and by single label key; it holds for every frame. Everything else is drawn."""

    hidden_classes: frozenset[str] = frozenset()
    hidden_keys: frozenset[int] = frozenset()

    def shows_class(self, class_name: str) -> bool:
        """Whether a class is drawn; UNMAPPED_CLASS stands for keys without a legend."""
        return class_name not in self.hidden_classes

    def shows_key(self, label_key: int, legend: Legend) -> bool:
        """Whether points of a label key are drawn."""
        entry = legend.get(label_key)
        return label_key not in self.hidden_keys and self.shows_class(entry.class_name if entry else UNMAPPED_CLASS)

    def with_class(self, class_name: str, *, visible: bool) -> "Visibility":
        """The same with one class shown or hidden."""
        return replace(self, hidden_classes=_changed(self.hidden_classes, {class_name}, visible=visible))

    def with_keys(self, label_keys: Iterable[int], *, visible: bool) -> "Visibility":
        """The same with label keys shown or hidden."""
        return replace(self, hidden_keys=_changed(self.hidden_keys, label_keys, visible=visible))

    def isolating(self, class_name: str, classes: Iterable[str]) -> "Visibility":
        """Only this one of ``classes`` and of the keys without a legend; where it is alone already, everything."""
        others = frozenset({UNMAPPED_CLASS, *classes}) - {class_name}
        return Visibility() if self == Visibility(others) else Visibility(others)

    def color_table(self, label_keys: Sequence[int], legend: Legend) -> Bytes:
        """(K, 4) uint8 RGBA, one row per label key: the legend's colour, alpha 0 where hidden."""
        rows = [(*_color(key, legend), 255 if self.shows_key(key, legend) else 0) for key in label_keys]
        return np.array(rows, dtype=np.uint8).reshape(-1, 4)


def _changed(hidden: frozenset[_Item], these: Iterable[_Item], *, visible: bool) -> frozenset[_Item]:
    return hidden - frozenset(these) if visible else hidden | frozenset(these)


def _color(label_key: int, legend: Legend) -> tuple[int, int, int]:
    entry = legend.get(label_key)
    return entry.color if entry else UNMAPPED_COLOR
