"""JSON objects as frozen records and back without loss, driven by the annotations of the records' fields.

A field may be text, a number, a yes/no, one of these (``Scalar``), a record, a tuple, a mapping with text keys, or
``object`` for what is left as JSON. Fields without a default are what makes an object one of its kind: where one is
missing, the object is left out. Whatever else is odd costs no more than the field that it stands in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.domain.finding import LONGEST_NAME, counted, printable
from app.domain.impulses.record import Record, nothing
from app.errors import DocumentFormatError
from app.formats.documents import number, spoken, text, whole

MOST_REMARKS = 100

Spellings = Mapping[type[Record], Mapping[str, str]]
_Read = tuple[Any, bool]  # what was made of a value, None for nothing; and whether that tells all of the value
_Reader = Callable[[object, "_Trail"], _Read]
_Kind = TypeVar("_Kind", bound=Record)


@dataclass
class _Trail:
    """Where in the document reading is, and what was odd on the way."""

    path: list[str | int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unsaid: int = 0

    def odd(self, wanted: str, found: object) -> None:
        """Remark on the value at the present place."""
        self.say(f"{self} should be {wanted} and is {_described(found)}.")

    def say(self, remark: str) -> None:
        """Remark on anything; beyond MOST_REMARKS they are only counted."""
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(printable(remark))
        else:
            self.unsaid += 1

    @property
    def summary(self) -> tuple[str, ...]:
        """The remarks, the last one counting those that are not listed."""
        more = (f"{counted(self.unsaid, 'more remark')} of this sort.",) if self.unsaid else ()
        return (*self.remarks, *more)

    def __str__(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step[:LONGEST_NAME]}" for step in self.path)
        return "".join(steps).removeprefix(".") or "The document"


@dataclass(frozen=True)
class _Field:
    """One field of a record: its name in JSON and here, and how it is read."""

    name: str
    attribute: str
    read: _Reader
    nullable: bool  # null is the same as None
    default: object  # MISSING where the field is required


class RecordFormat:
    """How a family of records looks in JSON: camel case, except for the attributes that ``spellings`` names."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._forms: dict[type[Record], dict[str, _Field]] = {}

    def read(self, value: Mapping[str, object], kind: type[_Kind]) -> tuple[_Kind, tuple[str, ...]]:
        """A record, with a sentence for each thing that is odd in the value; raises DocumentFormatError for no such."""
        trail = _Trail()
        record, _ = self._record(kind)(value, trail)
        if record is None:
            raise DocumentFormatError(trail.remarks[-1])
        return record, trail.summary

    def write(self, record: Record) -> dict[str, object]:
        """The JSON object that gives the record again: what was stated, and what differs from the default."""
        form = self._form(type(record))
        written: dict[str, object] = {}
        for name in record.stated:
            known = form.get(name)
            if name in record.kept:
                written[name] = record.kept[name]
            elif known:
                written[name] = self._plain(getattr(record, known.attribute))
        for name, known in form.items():
            value = getattr(record, known.attribute)
            if name not in written and value != known.default:
                written[name] = self._plain(value)
        return written

    def names(self, kind: type[Record]) -> dict[str, str]:
        """Attributes of a kind of record by their name in JSON."""
        return {name: known.attribute for name, known in self._form(kind).items()}

    def _plain(self, value: object) -> object:
        if isinstance(value, Record):
            return self.write(value)
        return [self._plain(entry) for entry in value] if isinstance(value, tuple) else value

    def _form(self, kind: type[Record]) -> dict[str, _Field]:
        if kind not in self._forms:
            self._forms[kind] = {known.name: known for known in self._fields(kind)}
        return self._forms[kind]

    def _fields(self, kind: type[Record]) -> Iterator[_Field]:
        hints = get_type_hints(kind)
        spelt = {attribute: name for base in kind.__mro__ for attribute, name in self._spellings.get(base, {}).items()}
        for each in fields(kind):
            if not each.metadata.get("ours"):
                hint = hints[each.name]
                nullable = hint is object or NoneType in get_args(hint)
                default = each.default if each.default_factory is MISSING else each.default_factory()
                name = spelt.get(each.name) or _camel(each.name)
                yield _Field(name, each.name, self._reader(hint), nullable, default)

    def _reader(self, hint: Any) -> _Reader:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            kinds = [kind for kind in arguments if kind is not NoneType]
            return self._reader(kinds[0]) if len(kinds) == 1 else _scalar
        if origin is tuple:
            return self._list(arguments[0])
        if origin is not None:
            return partial(_table, self._reader(arguments[1]))
        return _LEAVES[hint] if hint in _LEAVES else self._record(hint)

    def _list(self, kind: Any) -> _Reader:
        """Of records those that can be read; of values all or none, since a gap would move those behind it."""
        read = self._reader(kind)
        if isinstance(kind, type) and issubclass(kind, Record):
            return partial(_rows, read)
        return partial(_values, read, kind if kind in (str, float) else None)

    def _record(self, kind: type[_Kind]) -> _Reader:
        def read(value: object, trail: _Trail) -> _Read:
            return _read_record(kind, self._form(kind), value, trail)

        return read


def _read_record(kind: type[Record], form: Mapping[str, _Field], value: object, trail: _Trail) -> _Read:
    if not isinstance(value, dict):
        trail.odd("an object", value)
        return None, False
    found: dict[str, Any] = {}
    kept: dict[str, object] = {}
    trail.path.append("")
    for name, sent in value.items():
        known = form.get(name)
        if known is None or sent is None:
            if known is None or not known.nullable:
                kept[name] = sent
            continue
        trail.path[-1] = name
        read, complete = known.read(sent, trail)
        if read is not None:
            found[known.attribute] = read
        if not complete:
            kept[name] = sent
    trail.path.pop()
    missing = [name for name, known in form.items() if known.default is MISSING and known.attribute not in found]
    if missing:
        trail.say(f"{trail} has no {missing[0]} and cannot be shown.")
        return None, False
    return kind(**found, stated=tuple(value), kept=kept or nothing()), True


def _rows(read: _Reader, value: object, trail: _Trail) -> _Read:
    if not isinstance(value, list):
        trail.odd("a list", value)
        return None, False
    entries = [entry for entry, _ in _entries(read, value, trail) if entry is not None]
    return tuple(entries), len(entries) == len(value)


def _values(read: _Reader, exact: type | None, value: object, trail: _Trail) -> _Read:
    if not isinstance(value, list):
        trail.odd("a list", value)
        return None, False
    if read is _json or (exact and set(map(type, value)) <= {exact}):
        return tuple(value), True
    entries = list(_entries(read, value, trail))
    if any(entry is None for entry, _ in entries):
        return None, False
    return tuple(entry for entry, _ in entries), all(complete for _, complete in entries)


def _entries(read: _Reader, value: list[object], trail: _Trail) -> Iterator[_Read]:
    trail.path.append(0)
    for position, entry in enumerate(value):
        trail.path[-1] = position
        yield read(entry, trail)
    trail.path.pop()


def _table(read: _Reader, value: object, trail: _Trail) -> _Read:
    if not isinstance(value, dict):
        trail.odd("an object", value)
        return None, False
    if read is _json:
        return value, True
    trail.path.append("")
    found: dict[str, Any] = {}
    complete = True
    for key, sent in value.items():
        trail.path[-1] = key
        entry, whole_entry = read(sent, trail)
        complete = complete and whole_entry
        if entry is not None:
            found[key] = entry
    trail.path.pop()
    return found, complete


def _text(value: object, trail: _Trail) -> _Read:
    if isinstance(value, str):
        return value, True
    trail.odd("text", value)
    return text(value) or None, False


def _whole(value: object, trail: _Trail) -> _Read:
    found = whole(value)
    if found is None or isinstance(value, str):
        trail.odd("a whole number", value)
        return found, False
    return found, True


def _number(value: object, trail: _Trail) -> _Read:
    found = number(value)
    if found is None or not isinstance(value, int | float):
        trail.odd("a number", value)
        return found, False
    return value, True  # a whole number stays one


def _yes_or_no(value: object, trail: _Trail) -> _Read:
    if isinstance(value, bool):
        return value, True
    trail.odd("true or false", value)
    return None, False


def _scalar(value: object, trail: _Trail) -> _Read:
    if isinstance(value, str | bool) or number(value) is not None:
        return value, True
    trail.odd("text, a number or true or false", value)
    return None, False


def _json(value: object, _trail: _Trail) -> _Read:
    return value, True


_LEAVES: Mapping[Any, _Reader] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _yes_or_no,
    object: _json,
}


def _camel(attribute: str) -> str:
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)


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
