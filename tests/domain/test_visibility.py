from hypothesis import given
from hypothesis import strategies as st

from app.domain.legend import Legend, LegendEntry
from app.domain.legend_table import UNMAPPED_CLASS
from app.domain.visibility import Visibility

LEGEND = Legend(
    (
        LegendEntry(1, "Ground", "Ground", (1, 2, 3)),
        LegendEntry(5, "Car # 1", "Car", (9, 8, 7)),
        LegendEntry(6, "Car # 2", "Car", (6, 5, 4)),
    )
)
CLASSES = ("Ground", "Car")


def test_a_hidden_class_hides_all_its_keys_and_a_hidden_key_only_itself():
    hidden = Visibility().with_class("Car", visible=False)
    assert [hidden.shows_key(key, LEGEND) for key in (1, 5, 6, 58)] == [True, False, False, True]
    hidden = Visibility().with_keys((5,), visible=False)
    assert [hidden.shows_key(key, LEGEND) for key in (1, 5, 6)] == [True, False, True]


def test_keys_without_a_legend_hide_together():
    hidden = Visibility().with_class(UNMAPPED_CLASS, visible=False)
    assert [hidden.shows_key(key, LEGEND) for key in (0, 58, 1)] == [False, False, True]


def test_isolating_twice_shows_everything():
    once = Visibility().isolating("Car", CLASSES)
    assert [once.shows_class(name) for name in ("Car", "Ground", UNMAPPED_CLASS)] == [True, False, False]
    assert once.isolating("Car", CLASSES) == Visibility()
    assert once.isolating("Ground", CLASSES).shows_class("Ground")


@given(st.sets(st.integers(0, 70)), st.sets(st.sampled_from(["Ground", "Car", UNMAPPED_CLASS])))
def test_hiding_and_showing_again_leaves_no_trace(keys, classes):
    visibility = Visibility().with_keys(keys, visible=False).with_keys(keys, visible=True)
    for name in classes:
        visibility = visibility.with_class(name, visible=False)
    for name in classes:
        visibility = visibility.with_class(name, visible=True)
    assert visibility == Visibility()


def test_dimming_hides_nothing_and_outlives_isolating():
    dimmed = Visibility().with_dimmed(("Car", UNMAPPED_CLASS), dimmed=True)
    assert [dimmed.dims_class(name) for name in ("Car", "Ground", UNMAPPED_CLASS)] == [True, False, True]
    assert all(dimmed.shows_key(key, LEGEND) for key in (1, 5, 58))
    assert dimmed.isolating("Car", CLASSES).dims_class("Car")
    assert dimmed.isolating("Car", CLASSES).isolating("Car", CLASSES) == dimmed
    assert dimmed.with_dimmed(("Car", UNMAPPED_CLASS), dimmed=False) == Visibility()


def test_hiding_nothing_keeps_what_is_dimmed():
    changed = Visibility().with_dimmed(("Car",), dimmed=True).with_keys((5,), visible=False)
    assert changed.hiding_nothing() == Visibility(dimmed_classes=frozenset({"Car"}))
