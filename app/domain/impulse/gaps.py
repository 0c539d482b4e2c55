"""Lists of numbers of which the service left some out: they must keep their places."""

from collections.abc import Sequence

import numpy as np

from app.domain.arrays import Float64, frozen
from app.domain.impulse.record import Json, Record


def numbers_of(record: Record, name: str, known: Sequence[float]) -> Float64:
    """(N,) values of a list of numbers that is called ``name`` in the document; NaN where there is none.

    A list with a gap is no list of numbers to the record, which keeps it as it was sent.
    """
    sent = record.kept.get(name)
    return number_row(sent if isinstance(sent, list) else known)


def number_row(values: Sequence[Json]) -> Float64:
    """(N,) numbers, those written as text included; NaN for what is none."""
    return frozen(np.array([_number(value) for value in values], dtype=np.float64))


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float("nan")
    try:
        return float(value)
    except (ValueError, OverflowError):
        return float("nan")
