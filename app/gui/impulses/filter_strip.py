"""The filters in force, side by side in as many lines as they need."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QWidget

from app.domain.impulse.table_columns import Column
from app.gui.icons import IconButton
from app.gui.impulses.arranging import Arranging
from app.gui.impulses.filter_fields import FilterField, field_for
from app.gui.text import ElidingLabel
from app.gui.theme import STEP

_WIDEST_TITLE = 180  # pixels


class FilterCard(QFrame):
    """One column, what it is to be like, and a button that takes the filter away."""

    def __init__(self, column: Column, field: FilterField) -> None:
        super().__init__()
        self.key = column.key
        self.field = field
        self.setProperty("role", "overlay")
        title = ElidingLabel(column.title, mode=Qt.TextElideMode.ElideMiddle)
        title.setProperty("role", "secondary")
        title.setMaximumWidth(_WIDEST_TITLE)
        self.close_button = IconButton("close", f"No longer filter by {column.title}", key="Space")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * STEP, STEP // 2, STEP, STEP // 2)
        row.setSpacing(STEP)
        for widget in (title, field, self.close_button):
            row.addWidget(widget)


class FilterStrip(QWidget):
    """A card for each filter; hidden while there is none."""

    def __init__(self, arranging: Arranging, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arranging = arranging
        self.cards: dict[str, FilterCard] = {}
        self._flow = FlowLayout(self)
        self.hide()

    def add(self, key: str) -> None:
        """Filter by a column, too, and let the person type at once."""
        if self._made(key):
            self.cards[key].field.setFocus()

    def take(self, texts: Mapping[str, str]) -> None:
        """Filter by these columns alone, as their fields were filled once; columns that are not there are left out."""
        self.clear()
        for key, text in texts.items():
            if self._made(key):
                self.cards[key].field.take(text)

    @property
    def texts(self) -> dict[str, str]:
        """What the fields hold, by column."""
        return {key: card.field.text for key, card in self.cards.items()}

    def _made(self, key: str) -> bool:
        """Whether there is a card for a column now."""
        column = self._arranging.table.column(key)
        if column is not None and key not in self.cards:
            card = FilterCard(column, field_for(column, self._arranging.table))
            card.field.changed.connect(lambda: self._arranging.filter_by(key, card.field.wanted))
            card.close_button.clicked.connect(lambda _checked=False: self.remove(key))
            self.cards[key] = card
            self._flow.addWidget(card)
            self.show()
        return column is not None

    def remove(self, key: str) -> None:
        """Filter no longer by a column."""
        card = self.cards.pop(key)
        self._flow.removeWidget(card)
        card.hide()
        card.deleteLater()
        self.setVisible(bool(self.cards))
        self._arranging.filter_by(key, None)

    def clear(self) -> None:
        """Filter by nothing."""
        for key in tuple(self.cards):
            self.remove(key)

    def keep_known(self) -> None:
        """Take away filters of columns that another project does not have."""
        for key in tuple(self.cards):
            if self._arranging.table.column(key) is None:
                self.remove(key)


class FlowLayout(QLayout):
    """From left to right, on as many lines as the width asks for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(STEP)

    def addItem(self, item: QLayoutItem) -> None:
        """One more."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Let one go."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        return self._arranged(QRect(0, 0, width, 0), moving=False)

    def sizeHint(self) -> QSize:
        """As wide as the widest."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for each of them alone."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        """Lay out."""
        super().setGeometry(rect)
        self._arranged(rect, moving=True)

    def _arranged(self, rect: QRect, *, moving: bool) -> int:
        """Height that is needed within the width of ``rect``."""
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if moving:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x, line = x + hint.width() + self.spacing(), max(line, hint.height())
        return y + line - rect.y()
