"""Keys that switch when pressed and go back when they were held: a look at something else, without a second press."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

HOLD_SECONDS = 0.25  # longer is a look, shorter is a switch
TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit)

_State = TypeVar("_State")


@dataclass(frozen=True)
class _Press(Generic[_State]):
    key: int
    began: float  # seconds of the clock
    before: _State


class Peeking(QObject, Generic[_State]):
    """Watches ``keys`` of a window; the switching itself is done by the window's own commands on those keys.

    ``read`` gives the state, ``write`` puts one back. A field that takes text keeps its keys, Tab included.
    """

    def __init__(
        self,
        window: QWidget,
        keys: frozenset[Qt.Key],
        *,
        read: Callable[[], _State],
        write: Callable[[_State], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._keys = frozenset(int(key) for key in keys)
        self._read, self._write, self._clock = read, write, clock
        self._press: _Press[_State] | None = None
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Presses arrive here as the question whether a widget wants the key: only from widgets that do not."""
        if event.type() is QEvent.Type.ShortcutOverride:
            return self._on_pressed(cast(QKeyEvent, event))
        if event.type() is QEvent.Type.KeyRelease:
            self._on_released(cast(QKeyEvent, event))
        elif event.type() is QEvent.Type.WindowDeactivate:
            self._end()  # the release will go to another window
        return False

    def _on_pressed(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Tab and isinstance(QApplication.focusWidget(), TEXT_FIELDS):
            event.accept()  # on to the next field
            return True
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in self._keys and plain and not event.isAutoRepeat():
            self._press = _Press(event.key(), self._clock(), self._read())
        return False

    def _on_released(self, event: QKeyEvent) -> None:
        if self._press is not None and event.key() == self._press.key and not event.isAutoRepeat():
            self._end()

    def _end(self) -> None:
        press, self._press = self._press, None
        if press is not None and self._clock() - press.began > HOLD_SECONDS:
            self._write(press.before)
