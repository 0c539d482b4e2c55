"""Cells of the impulses table: what is shown, by what it is sorted, and what filters look at."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.impulse.metrics import Metric
from app.domain.impulse.record import Scalar
from app.domain.impulse.values import value_text

Order = tuple[int, float, str]  # numbers before text

_QUANTITY = re.compile(
    r"\s*([+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s.,+\-−][^\d]*?)?\s*"
)
_LONGEST = 200  # characters of a text that may be a quantity


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one impulse. Without ``order`` it is missing and comes last whichever way is sorted.

    ``number`` is what numeric filters compare, in the column's unit; ``items`` are the words that filters by choice
    look for; ``hint`` is the service's explanation of this value.
    """

    text: str = ""
    value: Scalar | None = None
    order: Order | None = None
    number: float | None = None
    items: tuple[str, ...] = ()
    hint: str = ""

    @property
    def missing(self) -> bool:
        """Whether the impulse has no such value."""
        return self.order is None


MISSING = Cell()


def text_cell(text: str, *, items: Iterable[str] = (), hint: str = "") -> Cell:
    """A cell of words; missing where there are none."""
    return Cell(text, text, (1, 0.0, text.casefold()), None, tuple(items) or (text,), hint) if text else MISSING


def number_cell(value: int | None) -> Cell:
    """A cell of a whole number."""
    return MISSING if value is None else Cell(str(value), value, (0, float(value), ""), float(value), (str(value),))


def metric_cell(metrics: Sequence[Metric], *, as_list: bool) -> Cell:
    """The cell of a metric, of several with the same name that of all of them, sorted by the first.

    ``as_list``: its text is a list of words with commas between.
    """
    if len(metrics) == 1:
        return _cell(metrics[0], as_list=as_list)
    cells = [cell for cell in (_cell(metric, as_list=as_list) for metric in metrics) if not cell.missing]
    if len(cells) < 2:
        return cells[0] if cells else MISSING
    text = " · ".join(cell.text for cell in cells)
    hint = next((cell.hint for cell in cells if cell.hint), "")
    items = tuple(item for cell in cells for item in cell.items)
    return Cell(text, text, cells[0].order, cells[0].number, items, hint)


def _cell(metric: Metric, *, as_list: bool) -> Cell:
    text = value_text(metric.value).strip()
    if not text:
        return MISSING
    items = tuple(word for part in text.split(",") if (word := part.strip())) if as_list else (text,)
    return Cell(text, metric.value, _order(metric, text), metric.value_for_sorting, items, metric.value_hint)


@lru_cache(maxsize=8192)
def quantity(text: str) -> tuple[float, str] | None:
    """The number and the unit that a text consists of, such as 184 and "ms"; None for any other text."""
    found = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    try:
        number = float(found[1].replace(",", "").replace("−", "-"))
    except ValueError:  # signs, commas and exponents alone are no number
        return None
    return number, (found[2] or "").strip()


def in_one_unit(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], str | None]:
    """Cells whose numbers are those that are shown, and their unit, where all of them are shown in the same one.

    Otherwise their numbers stay what the service sorts by, and there is no unit: a person who filters for what is on
    screen must never be answered on another scale.
    """
    shown = [quantity(cell.text) for cell in cells if not cell.missing]
    units = {known[1] if known else None for known in shown}
    unit = units.pop() if len(units) == 1 else None
    if unit is None:
        return cells, None
    return tuple(cell if cell.missing else _with_number(cell) for cell in cells), unit


def _with_number(cell: Cell) -> Cell:
    known = quantity(cell.text)
    return Cell(cell.text, cell.value, cell.order, known[0] if known else None, cell.items, cell.hint)


def _order(metric: Metric, text: str) -> Order:
    """By ``valueForSorting``, else by the number that the value is or its text begins with, else by its text."""
    if metric.value_for_sorting is not None:
        return 0, float(metric.value_for_sorting), ""
    if isinstance(metric.value, bool | int | float):
        return 0, float(metric.value), ""
    known = quantity(text)
    return (0, known[0], "") if known else (1, 0.0, text.casefold())
