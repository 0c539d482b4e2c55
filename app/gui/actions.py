"""Every command of the window as data: menus, tool tips and the sheet of keys are made from this table."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

Keys = str | QKeySequence.StandardKey
_NUMBER = re.compile(r"[0-9]+$")


@dataclass(frozen=True)
class Command:
    """One command: stable id, the menu it stands in, its text, what it does and its keys."""

    id: str
    menu: str
    text: str
    do: Callable[[], object]
    keys: tuple[Keys, ...] = ()
    line_before: bool = False  # a separator above it in its menu
    is_on: Callable[[], bool] | None = None  # of a command that switches something: whether it is on, asked by menus
    repeats: bool = True  # while its key is held


def build_actions(owner: QWidget, commands: Iterable[Command]) -> dict[str, QAction]:
    """Make one QAction per command, owned by and active in ``owner``; raises ValueError where two share an id, as one
    would take the place of the other in its menu."""
    actions: dict[str, QAction] = {}
    for command in commands:
        if command.id in actions:
            raise ValueError(f"two commands are called {command.id}")
        actions[command.id] = _build(owner, command)
    return actions


def _build(owner: QWidget, command: Command) -> QAction:
    action = QAction(command.text, owner)
    action.setObjectName(command.id)
    shortcuts = _sequences(command)
    action.setShortcuts(shortcuts)
    action.setAutoRepeat(command.repeats)
    name = command.text.replace("&", "").rstrip("…")
    action.setToolTip(f"{name} ({_native(shortcuts[0])})" if shortcuts else name)
    action.setCheckable(command.is_on is not None)
    action.triggered.connect(lambda _checked=False: command.do())
    owner.addAction(action)
    return action


def fill_menu(top: QMenu, commands: Iterable[Command], actions: dict[str, QAction]) -> dict[str, QMenu]:
    """Put the actions into sub-menus of ``top``, in table order; returns the sub-menus by name."""
    menus: dict[str, QMenu] = {}
    for command in commands:
        if command.menu not in menus:
            menus[command.menu] = top.addMenu(command.menu)
        if command.line_before:
            menus[command.menu].addSeparator()
        menus[command.menu].addAction(actions[command.id])
        if command.is_on is not None:
            menus[command.menu].aboutToShow.connect(partial(_check, actions[command.id], command.is_on))
    return menus


def _check(action: QAction, is_on: Callable[[], bool]) -> None:
    action.setChecked(is_on())


KeyRow = tuple[str, str, str]


def key_sheet(commands: Iterable[Command]) -> tuple[KeyRow, ...]:
    """(menu, command, keys) for every command that has keys; commands that differ by a number share a row."""
    rows = (
        (_bare(command.menu), _bare(command.text), " or ".join(_native(key) for key in _sequences(command)))
        for command in commands
        if command.keys
    )
    return tuple(_in_one_row(tuple(alike)) for _, alike in groupby(rows, key=_without_number))


def _without_number(row: KeyRow) -> KeyRow:
    menu, text, keys = row
    bare = _NUMBER.sub("", text)
    return (menu, text, keys) if bare == text else (menu, bare, _NUMBER.sub("", keys))


def _in_one_row(rows: tuple[KeyRow, ...]) -> KeyRow:
    """``Go to view 1 to 9``."""
    (menu, text, keys), (_, last, last_keys) = rows[0], rows[-1]
    if len(rows) == 1:
        return menu, text, keys
    return menu, f"{text} to {last.rpartition(' ')[2]}", f"{keys} to {last_keys}"


def clashing_keys(commands: Iterable[Command]) -> tuple[str, ...]:
    """Key sequences that two commands claim; empty in a sound table."""
    claims = [(key.toString(), command.id) for command in commands for key in _sequences(command)]
    owners: dict[str, str] = {}
    return tuple(key for key, owner in claims if owners.setdefault(key, owner) != owner)


def _sequences(command: Command) -> list[QKeySequence]:
    """The keys on this system: some standard keys exist on others only."""
    sequences = [QKeySequence(key) for key in command.keys]
    return [sequence for sequence in sequences if not sequence.isEmpty()]


def _bare(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def _native(key: QKeySequence) -> str:
    return key.toString(QKeySequence.SequenceFormat.NativeText)
