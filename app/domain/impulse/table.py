"""The impulses of a project as a table: columns, and a cell of each column for each impulse."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.impulse.impulse_list import Impulse, ImpulseList
from app.domain.impulse.metrics import Metric
from app.domain.impulse.secrets import masked_metrics
from app.domain.impulse.state import state_notes, state_words
from app.domain.impulse.table_cells import MISSING, Cell, in_one_unit, metric_cell, number_cell, text_cell
from app.domain.impulse.table_columns import (
    AUTHOR,
    BLOCKS,
    IMPULSE_ID,
    NAME,
    STATE,
    TAGS,
    VARIANTS,
    Column,
    Filtering,
    columns_of,
    key_of,
)

_MOST_HINTS = 3


@dataclass(frozen=True)
class ImpulseTable:
    """``cells`` has for the key of each column one cell for each impulse, in the order of ``impulses``."""

    impulses: tuple[Impulse, ...] = ()
    columns: tuple[Column, ...] = ()
    cells: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)

    def column(self, key: str) -> Column | None:
        """The column of a key; None where there is none."""
        return next((column for column in self.columns if column.key == key), None)

    def cell(self, row: int, key: str) -> Cell:
        """The cell of the impulse at position ``row``."""
        return self.cells[key][row]

    def choices(self, column: Column) -> tuple[str, ...]:
        """Words to filter a column by: the service's options, then what its cells hold besides."""
        seen = sorted({item for cell in self.cells[column.key] for item in cell.items}, key=str.casefold)
        return tuple(dict.fromkeys((*column.options, *seen)))


def table_of(impulses: ImpulseList) -> ImpulseTable:
    """The table of a project's impulses."""
    metrics = [_by_key(impulse) for impulse in impulses.impulses]
    columns: list[Column] = []
    cells: dict[str, tuple[Cell, ...]] = {}
    for column in columns_of(impulses):
        own = _OWN.get(column.key)
        if own is not None:
            found = tuple(own(impulse) for impulse in impulses.impulses)
        else:
            words = column.filtering is Filtering.LIST
            found = tuple(metric_cell(known.get(column.key, ()), as_list=words) for known in metrics)
        finished, cells[column.key] = _measured(column, found)
        columns.append(finished)
    return ImpulseTable(impulses.impulses, tuple(columns), cells)


def _measured(column: Column, cells: tuple[Cell, ...]) -> tuple[Column, tuple[Cell, ...]]:
    hints = tuple(dict.fromkeys(cell.hint for cell in cells if cell.hint))[:_MOST_HINTS]
    unit = None
    if column.is_numeric:
        cells, unit = in_one_unit(cells)
    return replace(column, unit=unit, hints=hints), cells


def _by_key(impulse: Impulse) -> Mapping[str, list[Metric]]:
    found: dict[str, list[Metric]] = defaultdict(list)
    for metric in masked_metrics(impulse):
        found[key_of(metric.category, metric.name)].append(metric)
    return found


def _state(impulse: Impulse) -> Cell:
    words = state_words(impulse)
    return text_cell(", ".join(words), items=words, hint=" ".join(note.sentence for note in state_notes(impulse)))


def _blocks(impulse: Impulse) -> Cell:
    kinds = (impulse.input_blocks, impulse.dsp_blocks, impulse.learn_blocks, impulse.post_processing_blocks)
    return text_cell(" → ".join(" + ".join(block.label for block in blocks) for blocks in kinds if blocks))


def _author(impulse: Impulse) -> Cell:
    user = impulse.created_by_user
    return text_cell(user.label) if user else MISSING


_OWN: Mapping[str, Callable[[Impulse], Cell]] = {
    NAME: lambda impulse: text_cell(impulse.name),
    STATE: _state,
    TAGS: lambda impulse: text_cell(", ".join(impulse.tags), items=impulse.tags),
    BLOCKS: _blocks,
    VARIANTS: lambda impulse: text_cell(", ".join(impulse.variants), items=impulse.variants),
    AUTHOR: _author,
    IMPULSE_ID: lambda impulse: number_cell(impulse.impulse_id),
}
