"""Columns of the impulses table: those of the program, then those that the service names by category."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.impulse.impulse_list import ImpulseList
from app.domain.impulse.metrics import Metric, MetricKey
from app.domain.impulse.state import NOT_COMPLETE, NOT_CONFIGURED, READY, STALE

NAME, STATE, TAGS, BLOCKS, VARIANTS, AUTHOR, IMPULSE_ID = (
    "name", "state", "tags", "blocks", "variants", "author", "id",
)  # fmt: skip
ASKED_FOR = "The service asks for this column, but sends no such figure."
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z0-9]+)*")
_CAPITAL = re.compile(r"[A-Z]")
CATEGORIES = {
    "impulseMetrics": "Impulse",
    "inputBlockConfig": "Input",
    "dspBlockConfig": "Processing",
    "learnBlockConfig": "Learning",
    "learnBlockMetrics": "Model",
    "postProcessingBlockConfig": "Post-processing",
}


class Filtering(StrEnum):
    """How a column is filtered; a word that is not known here counts as ``string``."""

    NUMERIC = "numeric"
    STRING = "string"
    SELECT = "select"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    """One column. ``key`` is "category/name" for a metric, a bare word for what the program adds.

    ``unit`` is that of its numbers as they are shown; None where they are shown in several or in none, then filters
    compare what the service sorts by. ``shown``: whether it is in the table at first.
    """

    key: str
    title: str
    category: str = ""
    description: str = ""
    filtering: Filtering = Filtering.STRING
    options: tuple[str, ...] = ()
    shown: bool = False
    hints: tuple[str, ...] = field(default=())
    unit: str | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its cells are numbers, written flush right."""
        return self.filtering is Filtering.NUMERIC

    @property
    def group(self) -> str:
        """What the category is called."""
        return CATEGORIES.get(self.category, self.category) or "General"

    @property
    def name(self) -> str:
        """The metric's name as the service has it."""
        return self.key.removeprefix(f"{self.category}/") if self.category else self.key


def own_columns() -> tuple[Column, ...]:
    """What the program tells of each impulse besides its metrics."""
    text, words, number = Filtering.STRING, Filtering.LIST, Filtering.NUMERIC
    states = tuple(note.word for note in (READY, STALE, NOT_COMPLETE, NOT_CONFIGURED))
    return (
        Column(NAME, "Impulse", description="Name of the impulse", filtering=text, shown=True),
        Column(STATE, "State", "", "Whether its figures can be relied on", words, states, shown=True),
        Column(TAGS, "Tags", description="Words that its authors gave it", filtering=words, shown=True),
        Column(BLOCKS, "Blocks", description="Its blocks in the order of the data", filtering=text),
        Column(VARIANTS, "Variants", description="The forms that its models can run in", filtering=words),
        Column(AUTHOR, "Author", description="Who made it", filtering=Filtering.SELECT),
        Column(IMPULSE_ID, "Id", description="Its number in the project", filtering=number),
    )  # fmt: skip


def columns_of(impulses: ImpulseList) -> tuple[Column, ...]:
    """The program's columns, the service's by category, then figures that it sends without naming a column.

    Shown at first are those that the service shows in its own table, and its extra columns, by name or by title.
    """
    found = {column.key: column for column in (*own_columns(), *_named(impulses), *_unnamed(impulses))}
    titles = _titles(impulses)
    columns = [replace(column, title=titles.get(column.key, column.title)) for column in found.values()]
    return tuple(_with_extras(columns, impulses.extra_table_columns))


def headings(columns: Sequence[Column]) -> tuple[str, ...]:
    """Titles, with the category beside those that several of the columns have."""
    seen = Counter(column.title for column in columns)
    return tuple(f"{each.title} ({each.group})" if seen[each.title] > 1 else each.title for each in columns)


def key_of(category: str, name: str) -> str:
    """The key of the column of a metric."""
    return f"{category}/{name}"


def _named(impulses: ImpulseList) -> Iterator[Column]:
    for keys in impulses.metric_keys_by_category:
        for key in keys.metric_keys:
            if key.name:
                yield _column(keys.category, key, shown=key.show_in_table is True)


def _unnamed(impulses: ImpulseList) -> Iterator[Column]:
    known = {column.key for column in _named(impulses)}
    for metric in _metrics(impulses):
        key = key_of(metric.category, metric.name)
        if metric.name and key not in known:
            known.add(key)
            yield _column(metric.category, metric, shown=False)


def _column(category: str, key: MetricKey | Metric, *, shown: bool) -> Column:
    told = key.filtering_type.type if key.filtering_type else ""
    known: dict[str, Filtering] = {kind.value: kind for kind in Filtering}
    return Column(
        key_of(category, key.name),
        _spelled(key.name),
        category,
        key.description,
        known.get(told, Filtering.STRING),
        key.filtering_type.options if key.filtering_type else (),
        shown,
    )


def _titles(impulses: ImpulseList) -> dict[str, str]:
    """Titles that figures bring along, by the key of their column; the first one counts."""
    titles: dict[str, str] = {}
    for metric in _metrics(impulses):
        if metric.title:
            titles.setdefault(key_of(metric.category, metric.name), metric.title)
    return titles


def _with_extras(columns: list[Column], extras: Iterable[str]) -> Iterator[Column]:
    wanted = {extra.strip().casefold(): extra for extra in extras if extra.strip()}
    for column in columns:
        names = {column.name.casefold(), column.title.casefold(), column.key.casefold()}
        asked_for = names & wanted.keys()
        for name in asked_for:
            del wanted[name]
        yield replace(column, shown=True) if asked_for else column
    for extra in wanted.values():
        yield Column(f"/{extra}", extra, description=ASKED_FOR, shown=True)


def _metrics(impulses: ImpulseList) -> Iterator[Metric]:
    return (metric for impulse in impulses.impulses for metric in impulse.metrics)


def _spelled(name: str) -> str:
    """A name such as "testAccuracy" as words, where no figure brings a title; others stay as they are."""
    if not _CAMEL.fullmatch(name):
        return name
    spaced = _CAPITAL.sub(lambda found: f" {found[0].lower()}", name)
    return spaced[:1].upper() + spaced[1:]
