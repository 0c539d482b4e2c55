"""Values of JSON read for the fields of a record: each reader tells what it made of a value and whether that is all.

Whatever a reader cannot take as it is, it remarks on, with the place in the document.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from app.domain.finding import LONGEST_NAME, counted, printable, shortened
from app.formats.documents import number, spoken, text, whole

MOST_REMARKS = 100


@dataclass
class Trail:
    """Where in the document reading is, and what was odd on the way."""

    path: list[str | int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unsaid: int = 0

    def odd(self, wanted: str, found: object) -> None:
        """Remark on the value at the present place."""
        self.say(f"should be {wanted} and is {_described(found)}")

    def say(self, remark: str) -> None:
        """Remark on the present place; beyond MOST_REMARKS remarks are only counted."""
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(printable(f"{self._place} {remark}."))
        else:
            self.unsaid += 1

    @property
    def summary(self) -> tuple[str, ...]:
        """The remarks, the last one counting those that are not listed."""
        more = (f"{counted(self.unsaid, 'more remark')} of this sort.",) if self.unsaid else ()
        return (*self.remarks, *more)

    @property
    def _place(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step[:LONGEST_NAME]}" for step in self.path)
        return "".join(steps).removeprefix(".") or "The document"


Read = tuple[Any, bool]  # what was made of a value, None for nothing; and whether that tells all of the value


@dataclass(frozen=True)
class Reader:
    """How values for one kind of field are read; those of the ``plain`` types are what they are and need no reading."""

    read: Callable[[object, Trail], Read]
    plain: frozenset[type] = frozenset()


def rows(kind: Reader) -> Reader:
    """Of a list those records that can be read."""

    def read(value: object, trail: Trail) -> Read:
        if not isinstance(value, list):
            trail.odd("a list", value)
            return None, False
        found = tuple(row for row, _ in _entries(kind, value, trail) if row is not None)
        return found, len(found) == len(value)

    return Reader(read)


def values(kind: Reader) -> Reader:
    """All values of a list or none, since a gap would move those behind it."""

    def read(value: object, trail: Trail) -> Read:
        if not isinstance(value, list):
            trail.odd("a list", value)
            return None, False
        if kind.plain.issuperset(map(type, value)):
            return tuple(value), True
        entries = list(_entries(kind, value, trail))
        if any(entry is None for entry, _ in entries):
            return None, False
        return tuple(entry for entry, _ in entries), all(complete for _, complete in entries)

    return Reader(read)


def table(kind: Reader) -> Reader:
    """Of an object with any keys those values that can be read."""

    def read(value: object, trail: Trail) -> Read:
        if not isinstance(value, dict):
            trail.odd("an object", value)
            return None, False
        if kind.plain.issuperset(map(type, value.values())):
            return value, True
        found, complete = {}, True
        trail.path.append("")
        for key, sent in value.items():
            trail.path[-1] = key
            entry, told = kind.read(sent, trail)
            complete = complete and told
            if entry is not None:
                found[key] = entry
        trail.path.pop()
        return found, complete

    return Reader(read)


def _text(value: object, trail: Trail) -> Read:
    if isinstance(value, str):
        return value, True
    trail.odd("text", value)
    return text(value) or None, False


def _whole(value: object, trail: Trail) -> Read:
    found = whole(value)
    if found is None or isinstance(value, str):
        trail.odd("a whole number", value)
        return found, False
    return found, True


def _number(value: object, trail: Trail) -> Read:
    found = number(value)
    if found is None or isinstance(value, str):
        trail.odd("a number", value)
        return found, False
    return value, True  # a whole number stays one


def _yes_or_no(value: object, trail: Trail) -> Read:
    if isinstance(value, bool):
        return value, True
    trail.odd("true or false", value)
    return None, False


def _scalar(value: object, trail: Trail) -> Read:
    if isinstance(value, str | bool) or number(value) is not None:
        return value, True
    trail.odd("text, a number or true or false", value)
    return None, False


def _json(value: object, _trail: Trail) -> Read:
    return value, True


SCALAR = Reader(_scalar, frozenset({str, bool, float}))
LEAVES: Mapping[Any, Reader] = {
    str: Reader(_text, frozenset({str})),
    int: Reader(_whole),  # one of more than 64 bits is none
    float: Reader(_number, frozenset({float})),
    bool: Reader(_yes_or_no, frozenset({bool})),
    object: Reader(_json, frozenset({str, int, float, bool, NoneType, list, dict})),
}


def _entries(kind: Reader, value: list[object], trail: Trail) -> Iterator[Read]:
    trail.path.append(0)
    for position, entry in enumerate(value):
        trail.path[-1] = position
        yield kind.read(entry, trail)
    trail.path.pop()


def _described(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    shown = shortened(spoken(value))
    return f"the text “{shown}”" if isinstance(value, str) else shown
