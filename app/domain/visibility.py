"""Which classes and label keys are drawn, and which of them step back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from app.domain.legend import Legend
from app.domain.legend_table import UNMAPPED_CLASS

_Item = TypeVar("_Item", str, int)


@dataclass(frozen=True)
class Visibility:
    """What is hidden, by class and by single label key; it holds for every frame. Everything else is drawn.

    Dimmed classes are drawn in muted colours. UNMAPPED_CLASS stands for the keys without a legend.
    """

    hidden_classes: frozenset[str] = frozenset()
    hidden_keys: frozenset[int] = frozenset()
    dimmed_classes: frozenset[str] = frozenset()

    def shows_class(self, class_name: str) -> bool:
        """Whether a class is drawn."""
        return class_name not in self.hidden_classes

    def dims_class(self, class_name: str) -> bool:
        """Whether a class steps back."""
        return class_name in self.dimmed_classes

    def shows_key(self, label_key: int, legend: Legend) -> bool:
        """Whether points of a label key are drawn."""
        entry = legend.get(label_key)
        return label_key not in self.hidden_keys and self.shows_class(entry.class_name if entry else UNMAPPED_CLASS)

    def with_class(self, class_name: str, *, visible: bool) -> "Visibility":
        """The same with one class shown or hidden."""
        return replace(self, hidden_classes=_changed(self.hidden_classes, {class_name}, among=not visible))

    def with_keys(self, label_keys: Iterable[int], *, visible: bool) -> "Visibility":
        """The same with label keys shown or hidden."""
        return replace(self, hidden_keys=_changed(self.hidden_keys, label_keys, among=not visible))

    def with_dimmed(self, class_names: Iterable[str], *, dimmed: bool) -> "Visibility":
        """The same with classes stepping back or not."""
        return replace(self, dimmed_classes=_changed(self.dimmed_classes, class_names, among=dimmed))

    def hiding_nothing(self) -> "Visibility":
        """Everything drawn; what is dimmed stays dimmed."""
        return Visibility(dimmed_classes=self.dimmed_classes)

    def isolating(self, class_name: str, classes: Iterable[str]) -> "Visibility":
        """Only this one of ``classes`` and of the keys without a legend; where it is alone already, everything."""
        others = frozenset({UNMAPPED_CLASS, *classes}) - {class_name}
        alone = replace(self, hidden_classes=others, hidden_keys=frozenset())
        return self.hiding_nothing() if self == alone else alone


def _changed(these: frozenset[_Item], items: Iterable[_Item], *, among: bool) -> frozenset[_Item]:
    return these | frozenset(items) if among else these - frozenset(items)
