"""Fields to filter a column by, one for each way that the service names."""

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from app.domain.finding import counted
from app.domain.impulse.table import ImpulseTable
from app.domain.impulse.table_columns import Column, Filtering
from app.domain.impulse.table_filters import HOW, ChoiceFilter, Filter, FlagFilter, TextFilter, parse_numbers
from app.domain.impulse.values import value_text
from app.errors import InputError
from app.gui.fields import make_line
from app.gui.text import action_text, plain, visible
from app.gui.theme import set_look

ANY = "any"
_NARROW, _WIDE = 120, 160  # pixels


class _Field(QWidget):
    """What all fields have: the widget that is filled in, which takes the focus, and word that it was."""

    changed = Signal()

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inner)
        self.setFocusProxy(inner)


class _LineField(_Field):
    """What is asked for stands in a line of text."""

    def __init__(self, placeholder: str, name: str) -> None:
        self.line = make_line(placeholder, name)
        super().__init__(self.line)
        self.line.setFixedWidth(_WIDE)

    @property
    def text(self) -> str:
        """As it was typed."""
        return self.line.text()

    def take(self, text: str) -> None:
        """As if it were typed."""
        self.line.setText(text)


class NumberField(_LineField):
    """A line for ranges and comparisons; what cannot be read filters nothing and is marked, with the reason."""

    def __init__(self, column: Column, table: ImpulseTable) -> None:
        super().__init__("≥ 0.8 or 0.2..0.9", f"Numbers of {column.title}")
        self._unit = column.unit or ""
        self._hint = plain(_reach(column, table), HOW)
        self._wanted: Filter | None = None
        self.line.setToolTip(self._hint)
        self.line.textChanged.connect(self._on_text)

    @property
    def wanted(self) -> Filter | None:
        """The comparisons."""
        return self._wanted

    def _on_text(self, text: str) -> None:
        problem = ""
        try:
            self._wanted = parse_numbers(text, unit=self._unit)
        except InputError as error:
            self._wanted, problem = None, str(error)
        set_look(self.line, invalid=bool(problem))
        self.line.setToolTip(plain(problem, limit=400) if problem else self._hint)
        self.changed.emit()


class TextField(_LineField):
    """A line for what the text is to contain."""

    def __init__(self, column: Column) -> None:
        super().__init__("contains", f"Text in {column.title}")
        self.line.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def wanted(self) -> Filter | None:
        """The text."""
        text = self.line.text().strip()
        return TextFilter(text) if text else None


class FlagField(_Field):
    """Yes, no, or any."""

    def __init__(self, column: Column) -> None:
        self.combo = QComboBox()
        super().__init__(self.combo)
        self.combo.setAccessibleName(f"Yes or no of {column.title}")
        for text, wanted in ((ANY, None), ("yes", True), ("no", False)):
            self.combo.addItem(text, wanted)
        self.combo.currentIndexChanged.connect(lambda _index: self.changed.emit())

    @property
    def wanted(self) -> Filter | None:
        """The answer."""
        answer = self.combo.currentData()
        return None if answer is None else FlagFilter(wanted=bool(answer))

    @property
    def text(self) -> str:
        """The answer."""
        return "" if self.combo.currentData() is None else self.combo.currentText()

    def take(self, text: str) -> None:
        """Choose it."""
        self.combo.setCurrentIndex(max(0, self.combo.findText(text)))


class ChoiceField(_Field):
    """A button with a menu of words to check; it says which are."""

    def __init__(self, column: Column, choices: Sequence[str]) -> None:
        self.button = QToolButton()
        super().__init__(self.button)
        self.button.setAccessibleName(f"Words of {column.title}")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setMinimumWidth(_NARROW)
        self.menu = _StayingMenu(self.button)
        self._words = {choice: self._action(choice) for choice in choices}
        self.button.setMenu(self.menu)
        self._say()

    @property
    def wanted(self) -> Filter | None:
        """The words that are checked."""
        words = self._checked
        return ChoiceFilter(frozenset(words)) if words else None

    @property
    def text(self) -> str:
        """A line for each word."""
        return "\n".join(self._checked)

    def take(self, text: str) -> None:
        """Check these alone."""
        words = text.split("\n")
        for word, action in self._words.items():
            action.setChecked(word in words)

    @property
    def _checked(self) -> tuple[str, ...]:
        return tuple(word for word, action in self._words.items() if action.isChecked())

    def _action(self, word: str) -> QAction:
        action = self.menu.addAction(action_text(word))
        action.setCheckable(True)
        action.toggled.connect(self._on_toggled)
        return action

    def _on_toggled(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        words = self._checked
        short = visible(words[0], limit=24) if len(words) == 1 else counted(len(words), "option")
        self.button.setText(f"{action_text(short) if words else ANY} ▾")
        self.button.setToolTip(plain(*(words or ("Choose which words to show (Space)",))))


class _StayingMenu(QMenu):
    """Stays open while words are checked one after the other; Esc or a click beside it closes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Check, and go on."""
        action = self.activeAction()
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


# What a column is to be like: ``wanted``, None while nothing is asked for; ``text`` has the same for ``take`` to
# understand, which passes over what is not known here.
FilterField: TypeAlias = NumberField | TextField | FlagField | ChoiceField


def field_for(column: Column, table: ImpulseTable) -> FilterField:
    """The field that belongs to a column's way of filtering."""
    if column.filtering is Filtering.NUMERIC:
        return NumberField(column, table)
    if column.filtering is Filtering.BOOLEAN:
        return FlagField(column)
    if column.filtering in (Filtering.SELECT, Filtering.LIST):
        return ChoiceField(column, table.choices(column))
    return TextField(column)


def _reach(column: Column, table: ImpulseTable) -> str:
    """From where to where the numbers go, and what they are where they are not those that are shown."""
    numbers = [cell.number for cell in table.cells[column.key] if cell.number is not None]
    if not numbers:
        return "None of the impulses has a number here."
    span = f"From {value_text(min(numbers))} to {value_text(max(numbers))}"
    if column.unit is None:
        return f"{span}: what the service sorts by, since the values are shown in several units."
    return f"{span} {column.unit}".strip()
