"""The impulses table in files: CSV for spreadsheets (RFC 4180) and JSON for programs."""

import csv
import io
import re
from collections.abc import Iterable

import msgspec

from app.domain.impulse.record import Scalar
from app.domain.impulse.table import ImpulseTable
from app.domain.impulse.table_columns import Column, headings
from app.domain.impulse.table_rows import Arrangement, arranged, shown_columns

BOM = b"\xef\xbb\xbf"
# What spreadsheets take for the start of a formula, also in its full-width forms (OWASP, "CSV Injection")
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"[+\-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?")


class ColumnRecord(msgspec.Struct, frozen=True):
    """A column; ``unit`` is null where its numbers are shown in several units or in none."""

    key: str
    title: str
    category: str
    description: str
    filtering: str
    unit: str | None


class RowRecord(msgspec.Struct, frozen=True):
    """An impulse with the values of the columns as the service sent them, null where there is none."""

    impulse_id: int
    pinned: bool
    values: dict[str, Scalar | None]


class TableRecord(msgspec.Struct, frozen=True):
    """What is shown: visible columns, and rows filtered and sorted."""

    columns: tuple[ColumnRecord, ...]
    impulses: tuple[RowRecord, ...]


def encode_csv(table: ImpulseTable, arrangement: Arrangement, *, bom: bool) -> bytes:
    """What is shown as UTF-8 text with CRLF: a heading, then one line per impulse, cells as they are read on screen.

    With ``bom``, since Excel takes UTF-8 without one for the system's old code page; programs that read a pipe rather
    have none. A cell that a spreadsheet would take for a formula gets an apostrophe in front, unless it is a number.
    """
    columns = shown_columns(table, arrangement)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_safe(headings(columns)))
    for row in arranged(table, arrangement).positions:
        writer.writerow(_safe(table.cell(row, column.key).text for column in columns))
    return (BOM if bom else b"") + text.getvalue().encode("utf-8", "replace")


def encode_table(table: ImpulseTable, arrangement: Arrangement) -> bytes:
    """What is shown as JSON with an indent, keys of columns as the service names them."""
    columns, rows = shown_columns(table, arrangement), arranged(table, arrangement)
    record = TableRecord(
        tuple(_column(column) for column in columns),
        tuple(
            RowRecord(
                table.impulses[row].impulse_id,
                place < rows.pinned,
                {column.key: table.cell(row, column.key).value for column in columns},
            )
            for place, row in enumerate(rows.positions)
        ),
    )
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _column(column: Column) -> ColumnRecord:
    kind = column.filtering.value
    return ColumnRecord(column.key, column.title, column.category, column.description, kind, column.unit)


def _safe(texts: Iterable[str]) -> list[str]:
    return [neutral(text) for text in texts]


def neutral(text: str) -> str:
    """The text as no spreadsheet computes it."""
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
