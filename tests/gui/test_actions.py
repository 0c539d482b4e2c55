import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.gui.actions import Command, build_actions, clashing_keys, fill_menu, key_sheet


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def commands(done) -> tuple[Command, ...]:
    return (
        Command("open", "&File", "&Open…", lambda: done.append("open"), ("Ctrl+O",)),
        Command("quit", "&File", "&Quit", lambda: done.append("quit"), line_before=True),
        Command("top", "&View", "From the &top", lambda: done.append("top"), ("T", "Ctrl+1")),
    )


def test_a_key_runs_its_command(qtbot, commands, done):
    window = QWidget()
    qtbot.addWidget(window)
    build_actions(window, commands)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_T)
    assert done == ["top"]


def test_menus_and_tool_tips_come_from_the_table(qtbot, commands):
    window, menu = QWidget(), QMenu()
    qtbot.addWidget(window)
    qtbot.addWidget(menu)
    actions = build_actions(window, commands)
    menus = fill_menu(menu, commands, actions)
    assert list(menus) == ["&File", "&View"]
    assert [action.isSeparator() for action in menus["&File"].actions()] == [False, True, False]
    assert actions["open"].toolTip() == "Open (Ctrl+O)"


def test_the_sheet_lists_every_command_that_has_keys(commands):
    assert key_sheet(commands) == (("File", "Open", "Ctrl+O"), ("View", "From the top", "T or Ctrl+1"))


def test_two_commands_on_one_key_are_named(commands):
    assert clashing_keys(commands) == ()
    assert clashing_keys((*commands, Command("other", "&View", "Other", lambda: None, ("Ctrl+O",)))) == ("Ctrl+O",)
