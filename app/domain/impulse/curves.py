"""What training recorded step by step, as curves that keep the places of values that are missing."""

from dataclasses import dataclass

import numpy as np

from app.domain.arrays import Float64, Integers
from app.domain.impulse.gaps import numbers_of
from app.domain.impulse.training import KerasMetadata, LearnBlockConfig, ModelMetadata, TrainingGraph


@dataclass(frozen=True, eq=False)
class Curve:
    """``values`` (N,), one for each step, NaN where there is none."""

    title: str
    values: Float64


@dataclass(frozen=True, eq=False)
class CurveSheet:
    """Curves that share their axes; ``hidden`` is set by the service for graphs that few want to see."""

    title: str
    curves: tuple[Curve, ...]
    x_label: str = ""
    y_label: str = ""
    description: str = ""
    hidden: bool = False


def training_curves(config: LearnBlockConfig | None) -> tuple[CurveSheet, ...]:
    """The graphs of a model's training, then those of each fold of its validation."""
    metadata = config.metadata if config else None
    if not isinstance(metadata, ModelMetadata):
        return ()
    folds = metadata.k_folds_metadata.folds if isinstance(metadata, KerasMetadata) and metadata.k_folds_metadata else ()
    of_folds = tuple(
        _sheet(graph, of=fold.fold_name or f"fold {number + 1}")
        for number, fold in enumerate(folds)
        for graph in fold.tensorboard_graphs
    )
    return (*(_sheet(graph) for graph in metadata.tensorboard_graphs), *of_folds)


def _sheet(graph: TrainingGraph, *, of: str = "") -> CurveSheet:
    curves = tuple(
        Curve(series.title or f"series {number + 1}", numbers_of(series, "values", series.values))
        for number, series in enumerate(graph.data)
    )
    title = ", ".join(filter(None, (graph.title or "Graph without a title", of)))
    return CurveSheet(title, curves, graph.x_label, graph.y_label, graph.description, hidden=graph.hide_in_ui is True)


def thinned(values: Float64, most: int) -> tuple[Float64, Float64]:
    """Steps (M,), counted from one, and values (M,) of a curve to draw: of each stretch its lowest and highest value.

    Curves of at most ``most`` steps stay whole; gaps of less than a stretch close.
    """
    steps = np.arange(1, len(values) + 1, dtype=np.float64)
    if len(values) <= most:
        return steps, values
    stretches = np.array_split(np.arange(len(values)), most // 2)
    kept = [place for stretch in stretches for place in _extremes(values, stretch)]
    return steps[kept], values[kept]


def _extremes(values: Float64, stretch: Integers) -> list[int]:
    known = stretch[np.isfinite(values[stretch])]
    if not len(known):
        return [int(stretch[0])]
    return sorted({int(known[values[known].argmin()]), int(known[values[known].argmax()])})
