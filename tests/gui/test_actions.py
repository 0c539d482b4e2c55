import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.gui.actions import Command, build_actions, clashing_keys, fill_menu, key_sheet
from app.gui.dialogs.keys import KeySheet, in_columns


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


def test_two_commands_of_one_id_are_refused(qtbot, commands):
    window = QWidget()
    qtbot.addWidget(window)
    with pytest.raises(ValueError, match="two commands are called top"):
        build_actions(window, (*commands, Command("top", "&Images", "Another", lambda: None)))


def test_the_sheet_lists_every_command_that_has_keys(commands):
    assert key_sheet(commands) == (("File", "Open", "Ctrl+O"), ("View", "From the top", "T or Ctrl+1"))


def test_commands_that_differ_by_a_number_share_a_row_of_the_sheet(commands):
    slots = [
        Command(f"go-{slot}", "&Views", f"Go to view &{slot}", lambda: None, (f"Alt+{slot}",)) for slot in range(1, 4)
    ]
    other = Command("by-label", "&Views", "By label", lambda: None, ("1",))
    assert key_sheet((*slots, other)) == (("Views", "Go to view 1 to 3", "Alt+1 to Alt+3"), ("Views", "By label", "1"))


def test_the_sheet_is_never_larger_than_the_window_and_shows_every_key(qtbot, commands):
    window = QWidget()
    qtbot.addWidget(window)
    many = [Command(f"c{n}", f"&Menu {n // 9}", f"Command {n}x", lambda: None, ("Ctrl+Alt+Q",)) for n in range(80)]
    for size in ((1440, 900), (1100, 700), (500, 300)):
        window.resize(*size)
        sheet = KeySheet((*commands, *many), window)
        sheet.show()
        assert sheet.width() < size[0]
        assert sheet.height() < size[1]
        labels = sheet.sheet.findChildren(QLabel)
        assert {"Open", "Ctrl+O", "Command 79x", "Ctrl+Alt+Q"} <= {label.text() for label in labels}
        assert all(label.width() >= label.sizeHint().width() for label in labels)
        sheet.close()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(1, 4))
def test_columns_keep_the_order_and_are_about_as_tall_as_each_other(sizes, many):
    sections = [(str(number), [("what", "keys")] * size) for number, size in enumerate(sizes)]
    columns = in_columns(sections, many)
    assert [section for column in columns for section in column] == sections
    assert len(columns) <= many
    tall = [sum(len(rows) + 2 for _, rows in column) for column in columns]
    assert max(tall) <= sum(len(rows) + 2 for _, rows in sections) / many + max(sizes) + 2


def test_two_commands_on_one_key_are_named(commands):
    assert clashing_keys(commands) == ()
    assert clashing_keys((*commands, Command("other", "&View", "Other", lambda: None, ("Ctrl+O",)))) == ("Ctrl+O",)
