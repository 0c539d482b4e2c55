"""Filters of the impulses table, one for each way of filtering that the service names."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.impulse.table_cells import Cell
from app.errors import InputError

_NUMBER = r"[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.\.|…|–|\bto\b)\s*({_NUMBER})")
_COMPARED = re.compile(rf"(>=|<=|!=|≥|≤|≠|==|>|<|=)?\s*({_NUMBER})")
_NEXT = re.compile(r",?\s|[<>=!≥≤≠]")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "≥": operator.ge, "<=": operator.le, "≤": operator.le,
    "=": operator.eq, "==": operator.eq, "": operator.eq, "!=": operator.ne, "≠": operator.ne,
}  # fmt: skip
HOW = "Write a range such as 0.2..0.9, or a comparison such as >= 0.8, < 200 or != 5."


class Filter(Protocol):
    """What a cell must be like; a missing one never is."""

    def matches(self, cell: Cell) -> bool:
        """Whether the row stays."""
        ...


@dataclass(frozen=True)
class NumberFilter:
    """All of the comparisons hold; each is an operator and the number to the right of it."""

    comparisons: tuple[tuple[str, float], ...]

    def matches(self, cell: Cell) -> bool:
        """Compares the number of the cell."""
        number = cell.number
        return number is not None and all(_OPERATORS[sign](number, bound) for sign, bound in self.comparisons)


@dataclass(frozen=True)
class TextFilter:
    """The text is in the cell, in any case."""

    text: str

    def matches(self, cell: Cell) -> bool:
        """Looks into what is shown."""
        return not cell.missing and self.text.casefold() in cell.text.casefold()


@dataclass(frozen=True)
class ChoiceFilter:
    """One of the words is the cell's, or among those of its list."""

    words: frozenset[str]

    def matches(self, cell: Cell) -> bool:
        """Compares whole words, in any case."""
        wanted = {word.casefold() for word in self.words}
        return any(item.casefold() in wanted for item in cell.items)


@dataclass(frozen=True)
class FlagFilter:
    """The cell says yes, or it says no."""

    wanted: bool

    def matches(self, cell: Cell) -> bool:
        """Takes the words yes, true, no and false for what they mean."""
        return _flag(cell) is self.wanted


def parse_numbers(text: str, *, unit: str = "") -> NumberFilter | None:
    """Ranges and comparisons with blanks between, all of which must hold; None for no text.

    A number may be followed by the column's ``unit``. Raises InputError for anything else.
    """
    rest = text.strip()
    comparisons: list[tuple[str, float]] = []
    while rest:
        found = _RANGE.match(rest) or _COMPARED.match(rest)
        if found is None:
            raise InputError(f"“{text.strip()}” is no range and no comparison.", next_step=HOW)
        comparisons += _comparisons(found)
        rest = _after_unit(rest[found.end() :], unit)
        if rest and not _NEXT.match(rest):  # such as 0,5: is it one number or two?
            raise InputError(f"“{text.strip()}” is no range and no comparison.", next_step=HOW)
        rest = rest.lstrip(", ")
    return NumberFilter(tuple(comparisons)) if comparisons else None


def _comparisons(found: re.Match[str]) -> list[tuple[str, float]]:
    first, second = found[1] or "", _float(found[2])
    if found.re is _COMPARED:
        return [(first, second)]
    low, high = sorted((_float(first), second))
    return [(">=", low), ("<=", high)]


def _after_unit(rest: str, unit: str) -> str:
    bare = rest.lstrip()
    return bare[len(unit) :] if unit and bare.casefold().startswith(unit.casefold()) else rest


def _float(text: str) -> float:
    return float(text.replace("−", "-"))


def _flag(cell: Cell) -> bool | None:
    if isinstance(cell.value, bool):
        return cell.value
    return {"yes": True, "true": True, "no": False, "false": False}.get(cell.text.strip().casefold())
