"""JSON objects as frozen records and back without loss, driven by the annotations of the records' fields.

A field may be text, a number, a yes/no, one of these (``Scalar``), a record, a tuple, a mapping with text keys, or
``object`` for what is left as JSON. Fields without a default are what makes an object one of its kind: where one is
missing, the object is left out. Whatever else is odd costs no more than the field that it stands in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.domain.impulse.record import Record, nothing
from app.errors import DocumentFormatError
from app.formats.record_values import LEAVES, SCALAR, Read, Reader, Trail, rows, table, values

Spellings = Mapping[type[Record], Mapping[str, str]]
_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True)
class _Field:
    """One field of a record: its name in JSON and here, and how it is read."""

    name: str
    attribute: str
    reader: Reader
    default: object  # MISSING where the field is required


@dataclass(frozen=True)
class _Form:
    """A kind of record: its fields by their name in JSON, and the attributes without which there is none."""

    kind: type[Record]
    fields: Mapping[str, _Field]
    required: frozenset[str]


class RecordFormat:
    """How a family of records looks in JSON: camel case, except for the attributes that ``spellings`` names."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._forms: dict[type[Record], _Form] = {}

    def read(self, value: Mapping[str, object], kind: type[_Kind]) -> tuple[_Kind, tuple[str, ...]]:
        """A record, with a sentence for each thing that is odd in the value; raises DocumentFormatError for no such."""
        trail = Trail()
        record, _ = self._record(kind).read(value, trail)
        if record is None:
            raise DocumentFormatError(trail.remarks[-1])
        return record, trail.summary

    def write(self, record: Record) -> dict[str, object]:
        """The JSON object that gives the record again: what was stated, and what differs from the default."""
        known = self._form(type(record)).fields
        told = {name: getattr(record, field.attribute) for name, field in known.items()}
        new = (name for name, field in known.items() if told[name] != field.default)
        return {
            name: record.kept[name] if name in record.kept else self._plain(told[name])
            for name in dict.fromkeys((*record.stated, *new))
        }

    def names(self, kind: type[Record]) -> dict[str, str]:
        """Attributes of a kind of record by their name in JSON."""
        return {name: known.attribute for name, known in self._form(kind).fields.items()}

    def _plain(self, value: object) -> object:
        if isinstance(value, Record):
            return self.write(value)
        return [self._plain(entry) for entry in value] if isinstance(value, tuple) else value

    def _form(self, kind: type[Record]) -> _Form:
        if kind not in self._forms:
            known = {field.name: field for field in self._fields(kind)}
            required = (field.attribute for field in known.values() if field.default is MISSING)
            self._forms[kind] = _Form(kind, known, frozenset(required))
        return self._forms[kind]

    def _fields(self, kind: type[Record]) -> Iterator[_Field]:
        hints = get_type_hints(kind)
        spelt = {attribute: name for base in kind.__mro__ for attribute, name in self._spellings.get(base, {}).items()}
        for each in fields(kind):
            if not each.metadata.get("ours"):
                default = each.default if each.default_factory is MISSING else each.default_factory()
                name = spelt.get(each.name) or _camel(each.name)
                yield _Field(name, each.name, self._reader(hints[each.name]), default)

    def _reader(self, hint: Any) -> Reader:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            kinds = [kind for kind in arguments if kind is not NoneType]
            reader = self._reader(kinds[0]) if len(kinds) == 1 else SCALAR
            return replace(reader, plain=reader.plain | {NoneType})
        if origin is tuple:
            row = arguments[0]
            many = rows if isinstance(row, type) and issubclass(row, Record) else values
            return many(self._reader(row))
        if origin is not None:
            return table(self._reader(arguments[1]))
        return LEAVES[hint] if hint in LEAVES else self._record(hint)

    def _record(self, kind: type[Record]) -> Reader:
        return Reader(partial(_read_record, self._form(kind)))  # no kind of record is within itself


def _read_record(form: _Form, value: object, trail: Trail) -> Read:
    if not isinstance(value, dict):
        trail.odd("an object", value)
        return None, False
    found: dict[str, Any] = {}
    kept: dict[str, object] = {}
    trail.path.append("")
    for name, sent in value.items():
        field = form.fields.get(name)
        if field and type(sent) in field.reader.plain:
            found[field.attribute] = sent
        elif field is None or sent is None:
            kept[name] = sent
        else:
            trail.path[-1] = name
            read, complete = field.reader.read(sent, trail)
            if read is not None:
                found[field.attribute] = read
            if not complete:
                kept[name] = sent
    trail.path.pop()
    if not form.required <= found.keys():
        missing = next(name for name, field in form.fields.items() if field.attribute in form.required - found.keys())
        trail.say(f"has no {missing} and cannot be shown")
        return None, False
    return form.kind(**found, stated=tuple(value), kept=kept or nothing()), True


def _camel(attribute: str) -> str:
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)
