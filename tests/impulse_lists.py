"""Impulses as small as a test needs them, read as the service's document is."""

from typing import Any

from app.domain.impulse import ImpulseList
from app.domain.impulse.table import ImpulseTable, table_of
from app.formats.edge_impulse_impulses import read_impulses


def impulse(number: int, name: str = "", metrics: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {"impulse": {"id": number, "name": name or f"Impulse {number}"}, "metrics": metrics or [], **more}


def metric(
    name: str, value: object, *, order: float | None = None, kind: str = "numeric", **more: Any
) -> dict[str, Any]:
    sorting = {} if order is None else {"valueForSorting": order}
    told = {"category": "impulseMetrics", "filteringType": {"type": kind, "options": []}}
    return {"name": name, "value": value, **told, **sorting, **more}


def impulses_of(*entries: dict[str, Any], **document: Any) -> ImpulseList:
    return read_impulses({"success": True, "impulses": list(entries), **document})


def column_of(*values: object, kind: str = "numeric", **more: Any) -> ImpulseTable:
    """A table with one metric "m", a value for each impulse; a pair is a value and what it is sorted by."""
    entries = []
    for number, value in enumerate(values, start=1):
        shown, order = value if isinstance(value, tuple) else (value, None)
        metrics = [] if shown is None else [metric("m", shown, order=order, kind=kind, **more)]
        entries.append(impulse(number, metrics=metrics))
    return table_of(impulses_of(*entries))


M = "impulseMetrics/m"
