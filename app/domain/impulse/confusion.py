"""What a model takes for what: its confusion matrix with names, and the figures that follow for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.finding import counted
from app.domain.impulse.gaps import number_row
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.training import LearnMetadata, ModelMetadata

BACKGROUND = "background"
CENTROIDS = "fomo"  # its output has the background as class 0, in the service's own code for devices
_WHOLE_ROW = {1.0: 1e-3, 100.0: 0.1}  # sums of rows of shares, and how far rounding may take them


class Background(StrEnum):
    """Which row and column of a matrix stand for no object at all."""

    NONE = "none"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class ClassFigures:
    """Figures of one class, None where they would be a division by zero or cannot be told from shares.

    ``row`` is its place in the matrix, None for a mean; ``mistaken_for`` the place of what it is most often taken for.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: float | None
    row: int | None = None
    mistaken_for: int | None = None


@dataclass(frozen=True)
class Confusion:
    """``counts`` (N, N): a row for each true class, a column for each predicted one; NaN where nothing was sent.

    ``are_shares``: each row adds up to one (or a hundred), so that how many there were of a class is not known.
    """

    counts: Float64
    names: tuple[str, ...]
    background: Background = Background.NONE
    are_shares: bool = False
    remarks: tuple[str, ...] = ()

    @cached_property
    def shares(self) -> Float64:
        """(N, N) of each true class the share that was taken for each class; NaN in rows without a count."""
        return frozen(_divided(self.counts, np.nansum(self.counts, axis=1, keepdims=True)))

    @cached_property
    def background_row(self) -> int | None:
        """Where the background is."""
        return {Background.FIRST: 0, Background.LAST: len(self.names) - 1}.get(self.background)

    @cached_property
    def classes(self) -> tuple[ClassFigures, ...]:
        """Figures of every class but the background, in the matrix's order."""
        right, truth, taken = self._sums
        recall = _divided(right, truth)
        unknown = np.full(len(right), np.nan)
        precision = unknown if self.are_shares else _divided(right, taken)
        f1 = unknown if self.are_shares else _divided(2 * right, truth + taken)
        support = unknown if self.are_shares else truth
        return tuple(
            ClassFigures(
                name,
                precision=_known(precision[row]),
                recall=_known(recall[row]),
                f1=_known(f1[row]),
                support=_known(support[row]),
                row=row,
                mistaken_for=self._mistaken_for(row),
            )
            for row, name in enumerate(self.names)
            if row != self.background_row
        )

    @property
    def mean(self) -> ClassFigures:
        """The plain mean over the classes whose figure is known."""
        precision, recall, f1 = (
            _mean([getattr(each, name) for each in self.classes]) for name in ("precision", "recall", "f1")
        )
        return ClassFigures("mean of the classes", precision, recall, f1, self.total)

    @property
    def total(self) -> float | None:
        """How many were counted, the background left out; None for shares."""
        return None if self.are_shares else float(sum(each.support or 0.0 for each in self.classes))

    @property
    def accuracy(self) -> float | None:
        """The share of all counts that are right; None for shares, and where there is background to find."""
        if self.are_shares or self.background is not Background.NONE:
            return None
        right, truth, _ = self._sums
        return _known(_divided(right.sum(keepdims=True), truth.sum(keepdims=True))[0])

    def _mistaken_for(self, row: int) -> int | None:
        wrong = np.nan_to_num(self.counts[row], nan=0.0)
        wrong[row] = 0.0
        return int(wrong.argmax()) if wrong.any() else None

    @cached_property
    def _sums(self) -> tuple[Float64, Float64, Float64]:
        known = np.nan_to_num(self.counts, nan=0.0)
        return np.diagonal(known), known.sum(axis=1), known.sum(axis=0)


def confusion_of(
    metrics: ValidationMetrics, metadata: LearnMetadata | None, *, background: Background | None = None
) -> Confusion | None:
    """The matrix of a variant; ``background`` overrides where it is taken to be. None where no matrix was sent."""
    sent = metrics.kept.get("confusionMatrix")
    rows = (
        [row if isinstance(row, list) else [] for row in sent] if isinstance(sent, list) else metrics.confusion_matrix
    )
    counts, remarks = _square(rows)
    if not len(counts):
        return None
    names, place, more = _names(metadata, counts, background)
    are_shares = _are_shares(counts)
    if are_shares:
        more = (*more, "The matrix has shares, not counts: precision, F1 and support cannot be told from it.")
    return Confusion(frozen(counts), names, place, are_shares, (*remarks, *more))


def _square(rows: Sequence[Sequence[object]]) -> tuple[Float64, tuple[str, ...]]:
    """(N, N) with NaN where there is nothing, and what was odd."""
    size = max((len(rows), *map(len, rows)), default=0)
    counts = np.full((size, size), np.nan)
    for place, row in enumerate(rows):
        counts[place, : len(row)] = number_row(row)
    odd = ~np.isfinite(counts) | (np.nan_to_num(counts, nan=0.0) < 0)
    counts[odd] = np.nan
    missing = int(odd.sum())
    if not missing:
        return counts, ()
    return counts, (f"{counted(missing, 'cell')} of the matrix {'has' if missing == 1 else 'have'} no count.",)


def _names(
    metadata: LearnMetadata | None, counts: Float64, wanted: Background | None
) -> tuple[tuple[str, ...], Background, tuple[str, ...]]:
    """Names of the rows, where the background is, and what was odd."""
    size = len(counts)
    known = metadata if isinstance(metadata, ModelMetadata) else ModelMetadata()
    for names in (known.class_names, known.labels):
        if len(names) == size:
            return names, Background.NONE, ()
    for names in (known.class_names, known.labels):
        if names and len(names) == size - 1:
            place, doubt = (wanted, "") if wanted else _likely(_usual(known), np.nan_to_num(np.diagonal(counts)))
            return _with_background(names, place, doubt)
    names = known.class_names or known.labels
    numbered = tuple(f"class {number + 1}" for number in range(len(names), size))
    if not names:
        return numbered, Background.NONE, ("The document names no classes: the rows are numbered.",)
    remark = f"The matrix has {counted(size, 'row')} and the document names {counted(len(names), 'class', 'classes')}"
    return (*names[:size], *numbered), Background.NONE, (f"{remark}: names may stand at the wrong rows.",)


def _usual(metadata: ModelMetadata) -> Background:
    fomo = metadata.object_detection_last_layer.casefold() == CENTROIDS
    return Background.FIRST if fomo else Background.LAST


def _likely(usual: Background, right: Float64) -> tuple[Background, str]:
    """Where the background is by what is ``right`` in each row (N,), and why that is not as usual, or in doubt.

    Nothing of the background is right where boxes are counted; where cells are, most of all is.
    """
    other, here, there = (Background.LAST, 0, -1) if usual is Background.FIRST else (Background.FIRST, -1, 0)
    if right[there] or not right[here]:
        return usual, ""
    if right[here] == right.max():
        return usual, f"nothing of the {other} one is right, so the {other} one may be it as well"
    return other, "nothing of it is right, as with a background that is not counted"


def _with_background(
    names: tuple[str, ...], place: Background, doubt: str
) -> tuple[tuple[str, ...], Background, tuple[str, ...]]:
    if place is Background.NONE:
        place = Background.LAST
    named = (BACKGROUND, *names) if place is Background.FIRST else (*names, BACKGROUND)
    remark = f"The matrix has a row more than there are classes: the {place} one is taken for the background"
    return named, place, (f"{'; '.join(filter(None, (remark, doubt)))}.",)


def _are_shares(counts: Float64) -> bool:
    sums = np.nansum(counts, axis=1)
    filled = sums[sums > 0]
    whole = np.array_equal(np.nan_to_num(counts), np.round(np.nan_to_num(counts)))
    if whole or not len(filled):
        return False
    return any(bool(np.all(np.abs(filled - total) <= near)) for total, near in _WHOLE_ROW.items())


def _divided(parts: Float64, wholes: Float64) -> Float64:
    """NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(wholes > 0, parts / wholes, np.nan)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
