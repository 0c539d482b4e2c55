"""JSON objects as frozen records and back without loss, driven by the annotations of the records' fields.

A field may be text, a number, a yes/no, one of these (``Scalar``), a record, a tuple, a mapping with text keys, or
``object`` for what is left as JSON. Fields without a default are what makes an object one of its kind: where one is
missing, the object is left out. Whatever else is odd costs no more than the field that it stands in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.domain.impulses.record import Record, nothing
from app.errors import DocumentFormatError
from app.formats.record_values import LEAVES, Read, Reader, Trail, read_rows, read_scalar, read_table, read_values

Spellings = Mapping[type[Record], Mapping[str, str]]
_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True)
class _Field:
    """One field of a record: its name in JSON and here, and how it is read."""

    name: str
    attribute: str
    read: Reader
    nullable: bool  # null is the same as None
    default: object  # MISSING where the field is required


_Form = Mapping[str, _Field]  # by name in JSON


class RecordFormat:
    """How a family of records looks in JSON: camel case, except for the attributes that ``spellings`` names."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._forms: dict[type[Record], _Form] = {}

    def read(self, value: Mapping[str, object], kind: type[_Kind]) -> tuple[_Kind, tuple[str, ...]]:
        """A record, with a sentence for each thing that is odd in the value; raises DocumentFormatError for no such."""
        trail = Trail()
        record, _ = self._record(kind)(value, trail)
        if record is None:
            raise DocumentFormatError(trail.remarks[-1])
        return record, trail.summary

    def write(self, record: Record) -> dict[str, object]:
        """The JSON object that gives the record again: what was stated, and what differs from the default."""
        form = self._form(type(record))
        values = {name: getattr(record, known.attribute) for name, known in form.items()}
        new = (name for name, known in form.items() if values[name] != known.default)
        return {
            name: record.kept[name] if name in record.kept else self._plain(values[name])
            for name in dict.fromkeys((*record.stated, *new))
        }

    def names(self, kind: type[Record]) -> dict[str, str]:
        """Attributes of a kind of record by their name in JSON."""
        return {name: known.attribute for name, known in self._form(kind).items()}

    def _plain(self, value: object) -> object:
        if isinstance(value, Record):
            return self.write(value)
        return [self._plain(entry) for entry in value] if isinstance(value, tuple) else value

    def _form(self, kind: type[Record]) -> _Form:
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

    def _reader(self, hint: Any) -> Reader:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            kinds = [kind for kind in arguments if kind is not NoneType]
            return self._reader(kinds[0]) if len(kinds) == 1 else read_scalar
        if origin is tuple:
            return self._list(arguments[0])
        if origin is not None:
            return partial(read_table, self._reader(arguments[1]))
        return LEAVES[hint] if hint in LEAVES else self._record(hint)

    def _list(self, kind: Any) -> Reader:
        read = self._reader(kind)
        if isinstance(kind, type) and issubclass(kind, Record):
            return partial(read_rows, read)
        return partial(read_values, read, kind if kind in (str, float) else None)

    def _record(self, kind: type[Record]) -> Reader:
        return lambda value, trail: _read_record(kind, self._form(kind), value, trail)


def _read_record(kind: type[Record], form: _Form, value: object, trail: Trail) -> Read:
    if not isinstance(value, dict):
        trail.odd("an object", value)
        return None, False
    found: dict[str, Any] = {}
    kept: dict[str, object] = {}
    trail.path.append("")
    for name, sent in value.items():
        trail.path[-1] = name
        attribute, read, complete = _read_field(form.get(name), sent, trail)
        if read is not None:
            found[attribute] = read
        if not complete:
            kept[name] = sent
    trail.path.pop()
    missing = [name for name, known in form.items() if known.default is MISSING and known.attribute not in found]
    if missing:
        trail.say(f"has no {missing[0]} and cannot be shown")
        return None, False
    return kind(**found, stated=tuple(value), kept=kept or nothing()), True


def _read_field(known: _Field | None, sent: object, trail: Trail) -> tuple[str, Any, bool]:
    """(attribute, what was made of the value, whether that tells all of it)."""
    if known is None:
        return "", None, False
    if sent is None:
        return known.attribute, None, known.nullable
    return known.attribute, *known.read(sent, trail)


def _camel(attribute: str) -> str:
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)
