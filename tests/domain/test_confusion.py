"""Figures of classes from confusion matrices, held against scikit-learn's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse.confusion import Background, Confusion, confusion_of
from app.domain.impulse.performance import ValidationMetrics
from app.domain.impulse.training import AnomalyMetadata, ModelMetadata

SMALL = ((31.0, 1.0, 0.0), (2.0, 27.0, 3.0), (1.0, 0.0, 39.0))
NAMED = ModelMetadata(class_names=("a", "b", "c"))


def confusion(matrix, metadata=NAMED, **options) -> Confusion:
    found = confusion_of(ValidationMetrics(confusion_matrix=matrix), metadata, **options)
    assert found is not None
    return found


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n),
                                                    min_size=n, max_size=n)))  # fmt: skip
def test_precision_recall_f1_and_support_are_those_of_scikit_learn(rows) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    size = len(rows)
    truth = [row for row in range(size) for column in range(size) for _ in range(rows[row][column])]
    taken = [column for row in range(size) for column in range(size) for _ in range(rows[row][column])]
    found = confusion(tuple(map(tuple, rows)), ModelMetadata(class_names=tuple(map(str, range(size)))))
    if not truth:
        assert all(each.recall is None and each.support == 0 for each in found.classes)
        return
    expected = metrics.precision_recall_fscore_support(
        truth, taken, labels=list(range(size)), average=None, zero_division=np.nan
    )
    for place, each in enumerate(found.classes):
        for value, theirs in zip((each.precision, each.recall, each.f1, each.support), expected, strict=True):
            assert math.isnan(theirs[place]) if value is None else value == pytest.approx(theirs[place])
    assert found.accuracy == pytest.approx(metrics.accuracy_score(truth, taken))
    if len({*truth, *taken}) > 1:  # it warns of a single one
        theirs = metrics.confusion_matrix(truth, taken, labels=list(range(size)), normalize="true")
        filled = ~np.isnan(found.shares)
        np.testing.assert_allclose(found.shares[filled], theirs[filled])


def test_rows_are_the_truth() -> None:
    found = confusion(((8.0, 2.0), (0.0, 10.0)), ModelMetadata(class_names=("cat", "dog")))
    assert found.classes[0].recall == 0.8
    assert found.classes[0].precision == 1.0
    assert found.classes[0].mistaken_for == 1
    assert found.classes[1].mistaken_for is None


def test_the_mean_is_over_the_classes_whose_figure_is_known() -> None:
    found = confusion(((4.0, 0.0, 0.0), (0.0, 0.0, 0.0), (2.0, 0.0, 2.0)))
    assert [each.recall for each in found.classes] == [1.0, None, 0.5]
    assert found.mean.recall == 0.75
    assert found.total == 8.0


def test_a_row_more_than_classes_is_the_background_which_is_no_class_itself() -> None:
    found = confusion(SMALL, ModelMetadata(class_names=("car", "bus")))
    assert found.names == ("car", "bus", "background")
    assert [each.name for each in found.classes] == ["car", "bus"]
    assert found.classes[0].support == 32
    assert found.accuracy is None
    assert "the last one is taken for the background" in found.remarks[0]


def test_models_that_find_centroids_have_the_background_first() -> None:
    fomo = ModelMetadata(class_names=("car", "bus"), object_detection_last_layer="fomo")
    assert confusion(SMALL, fomo).names == ("background", "car", "bus")
    assert confusion(SMALL, fomo, background=Background.LAST).names == ("car", "bus", "background")


BOXES = ((41.0, 1.0, 2.0, 3.0), (2.0, 1184.0, 19.0, 52.0), (3.0, 22.0, 148.0, 7.0), (1.0, 31.0, 6.0, 0.0))
CELLS = ((58210.0, 3.0, 52.0, 7.0), (1.0, 41.0, 1.0, 2.0), (31.0, 2.0, 1184.0, 19.0), (6.0, 3.0, 22.0, 148.0))
FOMO = ModelMetadata(class_names=("bus", "car", "van"), object_detection_last_layer="fomo")


@pytest.mark.parametrize("matrix", [BOXES, CELLS])
def test_the_background_of_centroids_is_where_the_counts_say_it_is(matrix) -> None:
    figures = {each.name: each for each in confusion(matrix, FOMO).classes}
    assert [figures[name].support for name in ("bus", "car", "van")] == [
        sum(row) for row in (BOXES[:3] if matrix is BOXES else CELLS[1:])
    ]
    assert figures["van"].recall == pytest.approx(148 / sum(BOXES[2] if matrix is BOXES else CELLS[3]))


def test_counts_that_speak_against_the_usual_place_of_the_background_are_told() -> None:
    found = confusion(BOXES, FOMO)
    assert (found.background, confusion(CELLS, FOMO).background) == (Background.LAST, Background.FIRST)
    assert "the last one is taken for the background" in found.remarks[0]
    assert "nothing of it is right" in found.remarks[0]


def test_boxes_with_nothing_right_in_the_first_row_have_the_background_there() -> None:
    first = tuple(row[-1:] + row[:-1] for row in (*BOXES[-1:], *BOXES[:-1]))
    found = confusion(first, ModelMetadata(class_names=("bus", "car", "van")))
    assert found.names == ("background", "bus", "car", "van")


def test_a_class_that_is_never_found_does_not_take_the_place_of_a_counted_background() -> None:
    dead = (*CELLS[:3], (173.0, 3.0, 3.0, 0.0))
    found = confusion(dead, FOMO)
    assert found.background is Background.FIRST
    assert "the last one may be it as well" in found.remarks[0]


def test_a_place_that_somebody_chose_is_not_doubted() -> None:
    found = confusion(BOXES, FOMO, background=Background.FIRST)
    assert found.background is Background.FIRST
    assert "nothing of it is right" not in found.remarks[0]


def test_labels_name_the_rows_where_there_are_as_many() -> None:
    found = confusion(SMALL, ModelMetadata(class_names=("one",), labels=("x", "y", "z")))
    assert (found.names, found.remarks) == (("x", "y", "z"), ())


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        (None, ("class 1", "class 2", "class 3")),
        (AnomalyMetadata(), ("class 1", "class 2", "class 3")),
        (ModelMetadata(class_names=("only",)), ("only", "class 2", "class 3")),
        (ModelMetadata(class_names=tuple("abcde")), ("a", "b", "c")),
    ],
)
def test_names_that_do_not_fit_are_made_up_and_that_is_said(metadata, names) -> None:
    found = confusion(SMALL, metadata)
    assert found.names == names
    assert found.remarks


def test_cells_that_are_missing_stay_in_their_places() -> None:
    sent = [[3, None, 1], [0, "2"], "nothing", [1, -4, 5]]
    metrics = ValidationMetrics(kept={"confusionMatrix": sent})
    found = confusion_of(metrics, None)
    assert found is not None
    expected = [[3, math.nan, 1, math.nan], [0, 2, math.nan, math.nan], [math.nan] * 4, [1, math.nan, 5, math.nan]]
    np.testing.assert_array_equal(found.counts, expected)
    assert "10 cells of the matrix have no count." in found.remarks


def test_shares_tell_recall_and_nothing_else() -> None:
    found = confusion(((0.9, 0.1), (0.25, 0.75)), ModelMetadata(class_names=("a", "b")))
    assert found.are_shares
    assert [each.recall for each in found.classes] == pytest.approx([0.9, 0.75])
    assert all(each.precision is None and each.f1 is None and each.support is None for each in found.classes)
    assert (found.total, found.accuracy) == (None, None)


def test_percent_are_shares_too_but_whole_counts_never_are() -> None:
    named = ModelMetadata(class_names=("a", "b"))
    assert confusion(((90.5, 9.5), (20.0, 80.0)), named).are_shares
    assert not confusion(((1.0, 0.0), (0.0, 1.0)), named).are_shares
    assert not confusion(((0.5, 3.5), (0.0, 1.0)), named).are_shares


@pytest.mark.parametrize("kept", [{}, {"confusionMatrix": []}, {"confusionMatrix": "none"}])
def test_without_a_matrix_there_is_none(kept) -> None:
    assert confusion_of(ValidationMetrics(kept=kept), NAMED) is None
