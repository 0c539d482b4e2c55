"""How the person looks at the table of impulses: one value that everything on the page follows."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.impulse.table import ImpulseTable
from app.domain.impulse.table_columns import Column
from app.domain.impulse.table_filters import Filter
from app.domain.impulse.table_rows import Arrangement, Rows, arranged, shown_columns


class Arranging(QObject):
    """The table with its arrangement; what does not depend on the project stays when another one is shown."""

    changed = Signal()  # rows or columns

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.table = ImpulseTable()
        self.arrangement = Arrangement()
        self.rows = Rows((), 0, 0)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that are shown."""
        return shown_columns(self.table, self.arrangement)

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter may leave impulses out."""
        return bool(self.arrangement.search.strip() or self.arrangement.filters)

    def show_table(self, table: ImpulseTable) -> None:
        """Arrange another table, or the same one after it was fetched again."""
        self.table = table
        self._set(self.arrangement)

    def take(self, arrangement: Arrangement) -> None:
        """Look at the table in another way."""
        self._set(arrangement)

    def search(self, text: str) -> None:
        """Show impulses whose name or tags have these words."""
        self._set(replace(self.arrangement, search=text))

    def filter_by(self, key: str, wanted: Filter | None) -> None:
        """Filter by a column, or no longer."""
        others = {name: known for name, known in self.arrangement.filters.items() if name != key}
        self._set(replace(self.arrangement, filters=others if wanted is None else {**others, key: wanted}))

    def sort_by(self, key: str) -> None:
        """Sort by a column; once more the other way round, and a third time as the service does."""
        known = self.arrangement
        if known.sort != key:
            self._set(replace(known, sort=key, descending=False))
        elif not known.descending:
            self._set(replace(known, descending=True))
        else:
            self._set(replace(known, sort="", descending=False))

    def toggle_pins(self, impulse_ids: Iterable[int]) -> None:
        """Pin impulses, or unpin them where all of them are."""
        ids, pinned = frozenset(impulse_ids), self.arrangement.pinned
        self._set(replace(self.arrangement, pinned=pinned - ids if ids <= pinned else pinned | ids))

    def show_columns(self, keys: Iterable[str] | None) -> None:
        """Show these columns; None for those that are shown at first."""
        self._set(replace(self.arrangement, columns=None if keys is None else tuple(keys)))

    def toggle_column(self, key: str) -> None:
        """Show a column, or no longer."""
        shown = [column.key for column in self.columns]
        self.show_columns([known for known in shown if known != key] if key in shown else [*shown, key])

    def _set(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.rows = arranged(self.table, arrangement)
        self.changed.emit()
