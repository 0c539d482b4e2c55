"""Values of JSON read for the fields of a record: each reader tells what it made of a value and whether that is all.

Whatever a reader cannot take as it is, it remarks on, with the place in the document.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.finding import LONGEST_NAME, counted, printable
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
Reader = Callable[[object, Trail], Read]


def read_rows(read: Reader, value: object, trail: Trail) -> Read:
    """The records of a list; what is no record is left out."""
    if not isinstance(value, list):
        trail.odd("a list", value)
        return None, False
    rows = tuple(row for row, _ in _entries(read, value, trail) if row is not None)
    return rows, len(rows) == len(value)


def read_values(read: Reader, exact: type | None, value: object, trail: Trail) -> Read:
    """All values of a list or none, since a gap would move those behind it.

    ``exact`` is a type whose values need not be looked at one by one.
    """
    if not isinstance(value, list):
        trail.odd("a list", value)
        return None, False
    if read is read_json or (exact and set(map(type, value)) <= {exact}):
        return tuple(value), True
    entries = list(_entries(read, value, trail))
    if any(entry is None for entry, _ in entries):
        return None, False
    return tuple(entry for entry, _ in entries), all(complete for _, complete in entries)


def read_table(read: Reader, value: object, trail: Trail) -> Read:
    """The values of an object by key; what cannot be read is left out."""
    if not isinstance(value, dict):
        trail.odd("an object", value)
        return None, False
    if read is read_json:
        return value, True
    found: dict[str, Any] = {}
    complete = True
    trail.path.append("")
    for key, sent in value.items():
        trail.path[-1] = key
        entry, whole_entry = read(sent, trail)
        complete = complete and whole_entry
        if entry is not None:
            found[key] = entry
    trail.path.pop()
    return found, complete


def read_scalar(value: object, trail: Trail) -> Read:
    """Text, a number or a yes/no, where the service sends any of them."""
    if isinstance(value, str | bool) or number(value) is not None:
        return value, True
    trail.odd("text, a number or true or false", value)
    return None, False


def read_json(value: object, _trail: Trail) -> Read:
    """Anything, as it is."""
    return value, True


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


LEAVES: Mapping[Any, Reader] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _yes_or_no,
    object: read_json,
}


def _entries(read: Reader, value: list[object], trail: Trail) -> Iterator[Read]:
    trail.path.append(0)
    for position, entry in enumerate(value):
        trail.path[-1] = position
        yield read(entry, trail)
    trail.path.pop()


def _described(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    words = spoken(value)
    shown = words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"
    return f"the text “{shown}”" if isinstance(value, str) else shown
