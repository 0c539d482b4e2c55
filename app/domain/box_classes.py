"""Keeps a box from meaning points that the legend says are of another class than the box."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Bool, Integers
from app.domain.legend import folded
from app.domain.sequence import Frame
from app.domain.tracking import Box

MOSTLY = 0.5  # share of points from which on they count as of one class


@dataclass(frozen=True, eq=False)
class BoxClasses:
    """``label_keys`` (N,) of the points of a cloud; ``keys`` by the folded name of each class that the legends of the
    job know, none for a class that this frame lacks; ``kept`` are ids of tracks without a detection, so that their
    boxes may be where nothing of theirs is."""

    label_keys: Integers
    keys: Mapping[str, tuple[int, ...]]
    kept: frozenset[int] = frozenset()

    @staticmethod
    def of(frame: Frame, *, names: Iterable[str], kept: frozenset[int] = frozenset()) -> "BoxClasses | None":
        """For a frame of a job whose legends have these folded ``names``; None without a mask."""
        if frame.mask is None:
            return None
        keys: dict[str, tuple[int, ...]] = dict.fromkeys(names, ())
        for entry in frame.legend:
            name = folded(entry.class_name)
            keys[name] = (*keys.get(name, ()), entry.label_key)
        return BoxClasses(frame.mask.label_keys, keys, kept)

    def know(self, box: Box) -> bool:
        """Whether a legend has the class of a box: of others, nothing can be said against a point."""
        return folded(box.label) in self.keys

    def of_box(self, box: Box, rows: Integers) -> Bool:
        """(n,) which of the points ``rows`` (n,) are of the class of a box."""
        return np.isin(self.label_keys[rows], self.keys.get(folded(box.label), ()))

    def confirm(self, box: Box, rows: Integers) -> bool:
        """Whether some points may be taken for what a box means, though others may be in it."""
        if not self.know(box):
            return True
        return box.track_id not in self.kept and float(self.of_box(box, rows).mean()) >= MOSTLY

    def allow(self, box: Box, rows: Integers) -> bool:
        """Whether points may be what a box means where none in it are of its class: such as have no class at all."""
        of_any = np.isin(self.label_keys[rows], [key for keys in self.keys.values() for key in keys])
        return box.track_id not in self.kept and float(of_any.mean()) < MOSTLY
