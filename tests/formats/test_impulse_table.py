"""The impulses table in files: read back by other readers, and safe in spreadsheets."""

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.impulse.table import table_of
from app.domain.impulse.table_filters import parse_numbers
from app.domain.impulse.table_rows import Arrangement
from app.formats.impulse_table import encode_csv, encode_table, neutral
from tests.impulse_lists import M, column_of, impulse, impulses_of, metric


def cells(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_what_is_shown_is_written_in_its_order():
    table = column_of("0.9", "0.95", "0.1")
    shown = Arrangement(columns=(M,), sort=M, descending=True, filters={M: parse_numbers("> 0.5")})
    assert cells(encode_csv(table, shown, bom=False)) == [["Impulse", "M"], ["Impulse 2", "0.95"], ["Impulse 1", "0.9"]]
    written = json.loads(encode_table(table, shown))
    assert [column["key"] for column in written["columns"]] == ["name", M]
    assert written["impulses"][0] == {"impulse_id": 2, "pinned": False, "values": {"name": "Impulse 2", M: "0.95"}}


def test_json_has_the_values_as_they_were_sent_and_null_where_there_is_none():
    written = json.loads(encode_table(column_of(True, 0.123456789, None), Arrangement(columns=(M,))))
    assert [row["values"][M] for row in written["impulses"]] == [True, 0.123456789, None]


def test_pinned_rows_come_first_and_say_so():
    written = json.loads(encode_table(column_of("1", "2"), Arrangement(pinned=frozenset({2}))))
    assert [(row["impulse_id"], row["pinned"]) for row in written["impulses"]] == [(2, True), (1, False)]


def test_a_file_for_spreadsheets_says_that_it_is_utf_8():
    raw = encode_csv(column_of("5 µs"), Arrangement(columns=(M,)), bom=True)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith("5 µs\r\n".encode())


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1", "-1+1", "=", "-"])
def test_no_cell_is_taken_for_a_formula(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "+0.5", "-1e-7", "", "a=b", "3 - 2", "–"])
def test_numbers_and_other_text_stay_as_they_are(text):
    assert neutral(text) == text


def test_names_of_columns_are_made_safe_too():
    table = table_of(impulses_of(impulse(1, "=1+1", metrics=[metric("m", "1", title="@now")])))
    assert cells(encode_csv(table, Arrangement(columns=(M,)), bom=True))[:2] == [["Impulse", "'@now"], ["'=1+1", "1"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
@example(["E0"])
@example(["-,e1"])
def test_any_text_is_read_back_whole_by_the_standard_reader(values):
    table = column_of(*values, kind="string")
    columns = (M,) if M in table.cells else ()
    read = cells(encode_csv(table, Arrangement(columns=columns), bom=True))[1:]
    assert [row[-1] for row in read] == [neutral(value.strip()) for value in values]
