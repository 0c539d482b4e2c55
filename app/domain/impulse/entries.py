"""Everything that is set in a block as rows to read: a tree of names, values, defaults and explanations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from itertools import islice

from app.domain.finding import counted, listed
from app.domain.impulse.parameters import Parameter, ParameterGroup, values_in_force, visible_parameters
from app.domain.impulse.record import Json, Record
from app.domain.impulse.secrets import MASK, SECRET
from app.domain.impulse.values import value_text
from app.domain.moments import moment_text

MOST_ROWS = 200  # records of a list that are rows
MOST_LISTED = 24  # entries of a list that are named in one line
_UNITS = {"_ms": "ms", "_hz": "Hz", "_percentage": "%"}
_MOMENTS = ("created", "created_at", "window_start", "window_end")
_ACRONYMS = {"id": "id", "url": "URL", "dsp": "DSP", "int8": "int8", "k": "k"}


@dataclass(frozen=True)
class Entry:
    """One row: ``explanation`` has lines, ``hidden`` says why a person is not meant to see it, empty where they are."""

    name: str
    value: str = ""
    default: str = ""
    kind: str = ""
    explanation: tuple[str, ...] = ()
    changed: bool = False
    hidden: str = ""
    children: tuple["Entry", ...] = ()

    @property
    def hidden_count(self) -> int:
        """How many rows below are hidden."""
        return sum(bool(child.hidden) + child.hidden_count for child in self.children)


def parameter_entries(
    parameters: Iterable[Parameter],
    values: Mapping[str, str] | None = None,
    *,
    among: Iterable[Parameter] = (),
    version: int | None = None,
) -> tuple[Entry, ...]:
    """A row for each parameter. ``values`` go before its own; conditions look at all those that it is ``among``."""
    listed_here = tuple(parameters)
    everything = (*among, *listed_here)
    settings = values_in_force(everything) | dict(values or {})
    shown = {id(each) for each in visible_parameters(everything, values, implementation_version=version)}
    return tuple(_parameter(each, settings, values or {}, shown=id(each) in shown) for each in listed_here)


def group_entries(groups: Iterable[ParameterGroup], *, version: int | None = None) -> tuple[Entry, ...]:
    """A row for each group, with its parameters below; conditions reach across groups."""
    known = tuple(groups)
    everything = tuple(each for group in known for each in group.items)
    return tuple(
        Entry(group.group or "Parameters", children=parameter_entries(group.items, among=everything, version=version))
        for group in known
    )


def record_entries(record: Record, *, without: Iterable[str] = ()) -> tuple[Entry, ...]:
    """A row for each field that says something, and for each that is not known here."""
    left_out = frozenset(without)
    known = (each.name for each in fields(record) if not each.metadata.get("ours") and each.name not in left_out)
    return (*field_entries(record, known), *_unknown(record))


def field_entries(record: Record, names: Iterable[str]) -> tuple[Entry, ...]:
    """Rows of those of the named fields that say something."""
    known = {each.name: each for each in fields(record)}
    told = ((name, getattr(record, name)) for name in names)
    return tuple(entry for name, value in told if value != _default(known[name]) for entry in _entry(name, value))


def worded(attribute: str) -> str:
    """``training_cycles`` as ``Training cycles``; a unit at its end goes to the value."""
    for ending in _UNITS:
        attribute = attribute.removesuffix(ending)
    words = [_ACRONYMS.get(word, word) for word in attribute.split("_") if word]
    text = " ".join(words) or attribute
    return text[:1].upper() + text[1:]


def _parameter(parameter: Parameter, settings: Mapping[str, str], own: Mapping[str, str], *, shown: bool) -> Entry:
    value = own.get(parameter.param, parameter.effective_value)
    secret = parameter.type == SECRET
    return Entry(
        parameter.label,
        MASK if secret and value else _option_text(parameter, value),
        MASK if secret and parameter.default_value else _option_text(parameter, parameter.default_value),
        parameter.type,
        tuple(_explained(parameter, settings)),
        changed=value != parameter.default_value,
        hidden="" if shown else _why_hidden(parameter, settings),
    )


def _option_text(parameter: Parameter, value: str) -> str:
    label = next((option.option_label for option in parameter.select_options if option.value == value), "")
    return f"{label} ({value})" if label and label != value else value


def _explained(parameter: Parameter, settings: Mapping[str, str]) -> Iterator[str]:
    yield from filter(None, (parameter.help, parameter.hint, parameter.invalid_text))
    if parameter.select_options:
        names = (_option_text(parameter, option.value) for option in parameter.select_options)
        yield f"Options: {listed(names, limit=MOST_LISTED)}."
    bounds = (("least", parameter.min_val), ("most", parameter.max_val))
    told = [f"{word} {bound:g}" for word, bound in bounds if bound is not None]
    words = (*told, *(word for word, holds in _words(parameter).items() if holds))
    yield f"Parameter {parameter.param}{', ' if words else ''}{', '.join(words)}."
    if parameter.show_if:
        yield _condition(parameter, settings)


def _words(parameter: Parameter) -> dict[str, bool]:
    return {
        "read-only": parameter.readonly is True,
        "required": parameter.required is True,
        f"section {parameter.section}": bool(parameter.section),
        "never set": parameter.value is None,
    }


def _condition(parameter: Parameter, settings: Mapping[str, str]) -> str:
    condition = parameter.show_if
    if condition is None:
        return ""
    word = {"eq": "is", "neq": "is not"}.get(condition.operator, condition.operator)
    now = settings.get(condition.parameter)
    is_now = "there is no such parameter" if now is None else f"it is {now or 'empty'} now"
    return f"Matters while {condition.parameter} {word} {condition.value}: {is_now}."


def _why_hidden(parameter: Parameter, settings: Mapping[str, str]) -> str:
    if parameter.should_show is False:
        return "hidden by the service"
    if parameter.show_if and not parameter.show_if.holds(settings):
        return "its condition does not hold"
    return "of another version of the block"


def _default(field: Field[Json]) -> Json:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _entry(attribute: str, value: Json) -> Iterator[Entry]:
    name = worded(attribute)
    if isinstance(value, Record):
        yield Entry(name, children=record_entries(value))
    elif isinstance(value, tuple):
        yield _list(name, value)
    elif isinstance(value, Mapping):
        yield Entry(name, children=tuple(Entry(str(key), _one_line(each)) for key, each in value.items()))
    else:
        if attribute in _MOMENTS and isinstance(value, str):
            value = moment_text(value)
        unit = next((unit for ending, unit in _UNITS.items() if attribute.endswith(ending)), "")
        yield Entry(name, f"{_one_line(value)} {unit}".rstrip())


def _list(name: str, values: tuple[Json, ...]) -> Entry:
    if any(isinstance(value, Parameter) for value in values):
        return Entry(name, children=parameter_entries(each for each in values if isinstance(each, Parameter)))
    if any(isinstance(value, Record) for value in values):
        return Entry(name, children=tuple(_rows([each for each in values if isinstance(each, Record)])))
    return Entry(name, _joined(values))


def _rows(records: list[Record]) -> Iterator[Entry]:
    for number, record in enumerate(records[:MOST_ROWS], 1):
        yield _row(number, record)
    if len(records) > MOST_ROWS:
        yield Entry(f"and {len(records) - MOST_ROWS:,} more", "all of them are in the document")


def _row(number: int, record: Record) -> Entry:
    """One record of a list, called by its name where it has one."""
    named = next((getattr(record, name) for name in ("name", "label", "type", "key") if hasattr(record, name)), "")
    return Entry(f"{number}  {named}".rstrip(), children=record_entries(record))


def _unknown(record: Record) -> Iterator[Entry]:
    """What the document has that the fields cannot tell, under its own name."""
    for name, value in record.kept.items():
        yield Entry(name, _one_line(value), explanation=("As the document has it.",))


def _one_line(value: Json) -> str:
    """What is in a list or an object, but not what is in those that are in there."""
    if isinstance(value, Mapping):
        shown = ", ".join(f"{key}: {_short(each)}" for key, each in islice(value.items(), MOST_LISTED))
        return _with_more(shown, len(value))
    return _joined(value) if isinstance(value, list | tuple) else _short(value)


def _joined(values: list[Json] | tuple[Json, ...]) -> str:
    return _with_more(", ".join(map(_short, values[:MOST_LISTED])), len(values))


def _with_more(shown: str, count: int) -> str:
    more = count - MOST_LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown or "none"


def _short(value: Json) -> str:
    if isinstance(value, Mapping):
        return counted(len(value), "field")
    if isinstance(value, list | tuple):
        return counted(len(value), "value")
    return "null" if value is None else value_text(value) if isinstance(value, str | bool | float) else str(value)
