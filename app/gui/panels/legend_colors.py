"""The colours that the rows of the legend stand for, dimming and flashing included."""

from collections.abc import Iterable

from app.domain.coloring import ColorBy
from app.domain.legend import UNMAPPED_COLOR, Rgb
from app.domain.legend_table import ClassRow, InstanceRow
from app.gui.appearance import Appearance

MOST = 4  # colours of one class that its swatch shows


class LegendColors:
    """A copy of the colour table that the view has, by label key."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._by_key: dict[int, Rgb] = {}

    def take(self, rows: Iterable[ClassRow]) -> None:
        """Look up the colours of these rows; call it whenever colours or rows changed."""
        keys = tuple(instance.label_key for row in rows for instance in row.instances)
        table = self._appearance.color_table(keys).tolist()
        self._by_key = {key: (red, green, blue) for key, (red, green, blue, _) in zip(keys, table, strict=True)}

    def of(self, row: ClassRow | InstanceRow, class_name: str) -> tuple[Rgb, ...]:
        """The row's colour; of a class whose instances differ a few of them."""
        if isinstance(row, InstanceRow):
            return (self._by_key.get(row.label_key, UNMAPPED_COLOR),)
        found = tuple(dict.fromkeys(self._by_key[each.label_key] for each in row.instances))
        if self._appearance.coloring.by in (ColorBy.INSTANCE, ColorBy.TRACK):
            return found[:MOST] or (UNMAPPED_COLOR,)
        return found[:MOST] or (self._appearance.class_color(class_name),)
