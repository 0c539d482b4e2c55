"""Columns, order and filters of the impulses table, as the service's fields say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.impulse.table import table_of
from app.domain.impulse.table_cells import quantity
from app.domain.impulse.table_columns import ASKED_FOR, Filtering, headings
from app.domain.impulse.table_filters import ChoiceFilter, FlagFilter, TextFilter, parse_numbers
from app.domain.impulse.table_rows import Arrangement, arranged, shown_columns
from app.errors import InputError
from tests.impulse_lists import M, column_of, impulse, impulses_of, metric


def key(name, *, shown=True, kind="numeric", options=()):
    return {
        "name": name,
        "description": f"About {name}",
        "type": "core",
        "filteringType": {"type": kind, "options": list(options)},
        "showInTable": shown,
    }


def keys(category, *found):
    return {"category": category, "metricKeys": list(found)}


def titles(table, **arrangement):
    return [column.title for column in shown_columns(table, Arrangement(**arrangement))]


def rows(table, **arrangement):
    """Ids of the impulses as they are shown."""
    return [table.impulses[row].impulse_id for row in arranged(table, Arrangement(**arrangement)).positions]


def filtered(table, wanted):
    return rows(table, filters={M: wanted})


# -- columns --


def test_columns_are_those_of_the_services_keys_and_it_says_which_are_shown():
    table = table_of(
        impulses_of(
            impulse(1, metrics=[metric("acc", "91%", title="Accuracy"), metric("loss", "0.1", title="Loss")]),
            metricKeysByCategory=[keys("impulseMetrics", key("acc"), key("loss", shown=False))],
        )
    )
    assert titles(table) == ["Impulse", "State", "Tags", "Accuracy"]
    assert titles(table, columns=("impulseMetrics/loss",)) == ["Impulse", "Loss"]


def test_extra_columns_of_the_service_are_shown_by_name_or_title():
    table = table_of(
        impulses_of(
            impulse(1, metrics=[metric("acc", "91%", title="Accuracy"), metric("f1", "0.8", title="F1 score")]),
            metricKeysByCategory=[keys("impulseMetrics", key("acc", shown=False), key("f1", shown=False))],
            extraTableColumns=["F1 Score", "acc", "author", ""],
        )
    )
    assert titles(table) == ["Impulse", "State", "Tags", "Author", "Accuracy", "F1 score"]


def test_an_extra_column_without_any_figure_is_there_and_says_so():
    table = table_of(impulses_of(impulse(1), extraTableColumns=["Energy"]))
    (column,) = (column for column in table.columns if column.title == "Energy")
    assert column.description == ASKED_FOR
    assert column.shown
    assert table.cell(0, column.key).missing


def test_a_figure_that_no_key_names_can_be_switched_on():
    table = table_of(impulses_of(impulse(1, metrics=[metric("m", "1", category="newCategory")])))
    column = table.column("newCategory/m")
    assert column is not None
    assert (column.shown, column.group) == (False, "newCategory")


def test_the_same_name_in_two_categories_makes_two_columns_whose_headings_differ():
    both = [metric("size", "1", title="Size"), metric("size", "2", title="Size", category="inputBlockConfig")]
    table = table_of(impulses_of(impulse(1, metrics=both)))
    columns = [column for column in table.columns if column.title == "Size"]
    assert headings(columns) == ("Size (Impulse)", "Size (Input)")
    assert [table.cell(0, column.key).text for column in columns] == ["1", "2"]


def test_a_figure_that_an_impulse_has_twice_shows_both_and_is_sorted_by_the_first():
    table = table_of(
        impulses_of(impulse(1, metrics=[metric("m", "3"), metric("m", "1")]), impulse(2, metrics=[metric("m", "2")]))
    )
    assert table.cell(0, M).text == "3 · 1"
    assert rows(table, sort=M) == [2, 1]


@pytest.mark.parametrize(
    ("name", "title"),
    [("testAccuracy", "Test accuracy"), ("keep_grace", "keep_grace"), ("F1 Score", "F1 Score"), ("rAM", "rAM")],
)
def test_a_column_without_a_title_is_called_by_its_name(name, title):
    table = table_of(impulses_of(metricKeysByCategory=[keys("impulseMetrics", key(name))]))
    assert titles(table)[-1] == title


def test_a_way_of_filtering_that_is_not_known_counts_as_text():
    assert column_of("x", kind="fuzzy").column(M).filtering is Filtering.STRING


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"isStale": False, "configured": True, "complete": True}, "complete"),
        ({"isStale": True, "configured": True, "complete": False}, "stale, not complete"),
        ({"configured": False}, "not configured"),
        ({}, "state unknown"),
    ],
)
def test_the_state_is_told_in_words(told, state):
    table = table_of(impulses_of(impulse(1, **told)))
    assert table.cell(0, "state").text == state
    assert table.cell(0, "state").hint


# -- order --


def test_what_the_service_sorts_by_comes_before_what_is_shown():
    table = column_of(("1.9 MB", 1_900_000), ("800 kB", 800_000), ("12 kB", 12_000))
    assert rows(table, sort=M) == [3, 2, 1]
    assert rows(table, sort=M, descending=True) == [1, 2, 3]


def test_without_it_numbers_are_sorted_as_numbers_and_text_after_them():
    table = column_of("10", "9", "beta", "Alpha", 9.5, "1,024")
    assert rows(table, sort=M) == [2, 5, 1, 6, 4, 3]


def test_missing_values_come_last_in_both_directions():
    table = column_of(None, "2", "", "1")
    assert rows(table, sort=M) == [4, 2, 1, 3]
    assert rows(table, sort=M, descending=True) == [2, 4, 1, 3]


@pytest.mark.parametrize("descending", [False, True])
def test_equal_values_keep_the_services_order(descending):
    assert rows(column_of("1", "1", "1"), sort=M, descending=descending) == [1, 2, 3]


def test_a_column_that_went_away_sorts_and_filters_nothing():
    assert rows(column_of("2", "1"), sort="gone", filters={"gone": TextFilter("x")}) == [1, 2]


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=5), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
    ),
    st.booleans(),
)
def test_any_values_are_sorted_with_the_missing_ones_last(values, descending):
    table = column_of(*values)
    cells = (
        [table.cells[M][number - 1] for number in rows(table, sort=M, descending=descending)]
        if M in table.cells
        else []
    )
    there = [cell.order for cell in cells if not cell.missing]
    assert there == sorted(there, reverse=descending)
    assert [cell.missing for cell in cells] == sorted(cell.missing for cell in cells)
    assert rows(table) == list(range(1, len(values) + 1))


# -- filters --


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.2..0.9", [2]),
        ("0.9 .. 0.2", [2]),
        ("0.05 to 0.5", [1, 2]),
        (">= 0.5", [2, 3]),
        ("> 0.5 <1", [3]),
        ("> 0.5, < 1", [3]),
        ("<.5", [1]),
        ("0.5", [2]),
        ("= 0.50", [2]),
        ("!= 0.5", [1, 3]),
        ("≠ 5e-1", [1, 3]),
        ("≥−1", [1, 2, 3]),
    ],
)
def test_numbers_are_filtered_by_range_and_comparison(text, found):
    assert filtered(column_of("0.1", "0.5", "0.95", None), parse_numbers(text)) == found


@pytest.mark.parametrize("text", ["abc", ">", "1-2x", "0,5", "1,5,", "0.2..", ">>1", "5ms", "1..2..3"])
def test_what_is_no_comparison_is_refused_with_the_next_step(text):
    with pytest.raises(InputError, match=r"Write a range such as 0\.2\.\.0\.9"):
        parse_numbers(text)


def test_a_number_that_is_still_being_typed_counts():
    assert parse_numbers(">= 0.") == parse_numbers(">= 0")


def test_no_text_filters_nothing():
    assert parse_numbers("  ") is None


def test_a_number_may_carry_the_columns_unit():
    table = column_of("184 ms", "611 ms")
    assert table.column(M).unit == "ms"
    assert filtered(table, parse_numbers("< 200 ms", unit="ms")) == [1]


def test_numbers_in_one_unit_are_filtered_as_they_are_shown_not_as_they_are_sorted():
    table = column_of(("0.89", 89), ("0.91", 91))
    assert filtered(table, parse_numbers("> 0.9")) == [2]


def test_numbers_in_several_units_are_filtered_by_what_the_service_sorts_by():
    table = column_of(("1.9 MB", 1_900_000), ("800 kB", 800_000), "many")
    assert table.column(M).unit is None
    assert filtered(table, parse_numbers("< 1000000")) == [2]


def test_text_is_filtered_by_what_it_contains_in_any_case():
    assert filtered(column_of("YOLO-Pro", "FOMO", None, kind="string"), TextFilter("olo")) == [1]


def test_a_choice_keeps_the_options_that_are_checked():
    table = column_of("fomo", "yolo", "yolo, fomo", kind="select")
    assert filtered(table, ChoiceFilter(frozenset({"FOMO"}))) == [1]


def test_a_list_keeps_rows_with_any_of_the_words():
    table = column_of("int8, float32", "float32", "akida", kind="list")
    assert filtered(table, ChoiceFilter(frozenset({"int8", "akida"}))) == [1, 3]
    assert table.choices(table.column(M)) == ("akida", "float32", "int8")


def test_options_of_the_service_are_offered_first():
    more = {"filteringType": {"type": "select", "options": ["zebra", "yolo"]}}
    table = table_of(impulses_of(impulse(1, metrics=[metric("m", "fomo", **more)])))
    assert table.choices(table.column(M)) == ("zebra", "yolo", "fomo")


def test_yes_and_no_are_told_from_booleans_and_their_words():
    table = column_of(True, False, "True", "no", "maybe", None, kind="boolean")
    assert filtered(table, FlagFilter(wanted=True)) == [1, 3]
    assert filtered(table, FlagFilter(wanted=False)) == [2, 4]


# -- search and pins --


def named(*names, **pins):
    tags = [["night"], ["street", "night"], []]
    return table_of(impulses_of(*(impulse(n, name, tags=tags[n - 1]) for n, name in enumerate(names, start=1))))


def test_every_word_of_the_search_is_in_the_name_or_in_a_tag():
    table = named("Yolo small", "Yolo large", "Fomo")
    assert rows(table, search="YOLO night") == [1, 2]
    assert rows(table, search="yolo street") == [2]
    assert rows(table, search="  ") == [1, 2, 3]


def test_pinned_impulses_stay_on_top_whatever_is_searched_for():
    table = named("Yolo small", "Yolo large", "Fomo")
    found = arranged(table, Arrangement(search="yolo", pinned=frozenset({3}), sort="name"))
    assert (found.positions, found.pinned, found.matching) == ((2, 1, 0), 1, 2)


# -- numbers in text --


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("83.40%", (83.4, "%")),
        ("184 ms", (184.0, "ms")),
        ("1,024", (1024.0, "")),
        (" -3 ", (-3.0, "")),
        ("−2e3", (-2000.0, "")),
    ],
)
def test_a_number_with_a_unit_is_read_as_one(text, known):
    assert quantity(text) == known


@pytest.mark.parametrize("text", ["", "320x320", "v2", "1.2.3", "12 of 20", "ms", "nan", "inf", "1,2", "9" * 300])
def test_other_text_is_no_number(text):
    assert quantity(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "%", " ms", " kB"]))
def test_every_number_is_read_back(number, unit):
    read = quantity(f"{number!r}{unit}")
    assert read is not None
    assert math.isclose(read[0], number)
    assert read[1] == unit.strip()
