"""What training recorded, with gaps in their places."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse.curves import thinned, training_curves
from app.domain.impulse.learning import KerasConfig
from app.domain.impulse.training import (
    AnomalyBlockConfig,
    AnomalyMetadata,
    FoldMetadata,
    GraphSeries,
    KerasBlockConfig,
    KerasMetadata,
    KFoldsMetadata,
    TrainingGraph,
)


def model(*graphs: TrainingGraph, folds: tuple[FoldMetadata, ...] = ()) -> KerasBlockConfig:
    metadata = KerasMetadata(tensorboard_graphs=graphs, k_folds_metadata=KFoldsMetadata(folds) if folds else None)
    return KerasBlockConfig(1, KerasConfig(), metadata)


def test_a_graph_keeps_its_words_and_its_series() -> None:
    graph = TrainingGraph("Loss", "epoch", "loss", "Of all.", True, (GraphSeries("train", (3.0, 2.0)), GraphSeries()))
    (sheet,) = training_curves(model(graph))
    assert (sheet.title, sheet.x_label, sheet.y_label, sheet.description, sheet.hidden) == (
        "Loss",
        "epoch",
        "loss",
        "Of all.",
        True,
    )
    assert [(curve.title, curve.values.tolist()) for curve in sheet.curves] == [("train", [3.0, 2.0]), ("series 2", [])]


def test_values_that_are_missing_keep_their_places() -> None:
    series = GraphSeries("a", kept={"values": [1, None, "NaN", "0.5", True, [], 10**400, 2.5]})
    (sheet,) = training_curves(model(TrainingGraph("x", data=(series,))))
    values = sheet.curves[0].values
    np.testing.assert_array_equal(values, [1, math.nan, math.nan, 0.5, math.nan, math.nan, math.nan, 2.5])


def test_folds_have_graphs_of_their_own() -> None:
    graph = TrainingGraph("Loss", data=(GraphSeries("a", (1.0,)),))
    folds = (FoldMetadata(tensorboard_graphs=(graph,), fold_name="first"), FoldMetadata(tensorboard_graphs=(graph,)))
    sheets = training_curves(model(graph, folds=folds))
    assert [sheet.title for sheet in sheets] == ["Loss", "Loss, first", "Loss, fold 2"]


def test_what_was_never_trained_or_has_no_graphs_has_no_curves() -> None:
    assert training_curves(None) == ()
    assert training_curves(KerasBlockConfig(1)) == ()
    assert training_curves(AnomalyBlockConfig(1, metadata=AnomalyMetadata())) == ()


def test_a_short_curve_is_drawn_whole() -> None:
    steps, values = thinned(np.array([3.0, math.nan, 1.0]), 4)
    assert steps.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(values, [3, math.nan, 1])


@given(st.lists(st.floats(-1e6, 1e6), min_size=60, max_size=500), st.integers(4, 40))
def test_a_thinned_curve_keeps_its_extremes_where_they_are(numbers, most) -> None:
    values = np.array(numbers)
    steps, kept = thinned(values, most)
    assert len(kept) <= most
    assert (kept.min(), kept.max()) == (values.min(), values.max())
    np.testing.assert_array_equal(values[steps.astype(int) - 1], kept)
    assert np.all(np.diff(steps) > 0)


def test_a_stretch_without_any_value_is_still_a_gap() -> None:
    values = np.ones(1000)
    values[300:600] = math.nan
    _, kept = thinned(values, 20)
    assert np.isnan(kept).any()
