"""Which rows of the impulses table are shown, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.impulse.table import ImpulseTable
from app.domain.impulse.table_columns import NAME, TAGS, Column
from app.domain.impulse.table_filters import Filter


@dataclass(frozen=True)
class Arrangement:
    """How a person looks at the table.

    ``columns`` are keys, None for those shown at first; ``search`` looks into names and tags; ``filters`` by column,
    all of which must hold; ``sort`` is a column's key, empty for the service's order; ``pinned`` are ids of impulses
    that stay on top whatever is searched for.
    """

    columns: tuple[str, ...] | None = None
    search: str = ""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    pinned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rows:
    """Positions of impulses as they are shown, pinned ones first; ``matching`` counts those that were looked for."""

    positions: tuple[int, ...]
    pinned: int
    matching: int


def shown_columns(table: ImpulseTable, arrangement: Arrangement) -> tuple[Column, ...]:
    """The columns to show, in the table's order; the name is always there."""
    chosen = arrangement.columns
    return tuple(
        column
        for column in table.columns
        if column.key == NAME or (column.shown if chosen is None else column.key in chosen)
    )


def arranged(table: ImpulseTable, arrangement: Arrangement) -> Rows:
    """The rows to show; sorting is stable, and what has no value comes last in either direction."""
    ordered = _sorted(table, arrangement)
    filters = {key: chosen for key, chosen in arrangement.filters.items() if key in table.cells}
    matching = {row for row in ordered if _matches(table, row, arrangement.search, filters)}
    pinned = [row for row in ordered if table.impulses[row].impulse_id in arrangement.pinned]
    on_top = set(pinned)
    others = [row for row in ordered if row in matching and row not in on_top]
    return Rows((*pinned, *others), len(pinned), len(matching))


def _sorted(table: ImpulseTable, arrangement: Arrangement) -> list[int]:
    rows = range(len(table.impulses))
    cells = table.cells.get(arrangement.sort)
    if cells is None:
        return list(rows)
    orders = {row: order for row in rows if (order := cells[row].order) is not None}
    present = sorted(orders, key=lambda row: orders[row], reverse=arrangement.descending)
    return [*present, *(row for row in rows if row not in orders)]


def _matches(table: ImpulseTable, row: int, search: str, filters: Mapping[str, Filter]) -> bool:
    return _found(table, row, search) and all(chosen.matches(table.cell(row, key)) for key, chosen in filters.items())


def _found(table: ImpulseTable, row: int, search: str) -> bool:
    """Every word of the search is in the name or in a tag."""
    looked = f"{table.cell(row, NAME).text}\n{table.cell(row, TAGS).text}".casefold()
    return all(word in looked for word in search.casefold().split())
