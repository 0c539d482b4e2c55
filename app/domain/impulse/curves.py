"""What training recorded step by step, as curves that keep the places of values that are missing."""

from dataclasses import dataclass

from app.domain.arrays import Float64
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
