import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.gui.peeking import HOLD_SECONDS, Peeking

NONE = Qt.KeyboardModifier.NoModifier
LONG, SHORT = 2 * HOLD_SECONDS, HOLD_SECONDS / 2


class Stage:
    """A window whose keys 1, 2 and Tab set a word, and a clock that only the test moves."""

    def __init__(self, qtbot) -> None:
        self.now = 100.0
        self.word = "start"
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.line, self.number, self.plain = QLineEdit(), QSpinBox(), QWidget()
        self.plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self.window)
        for widget in (self.plain, self.line, self.number):
            column.addWidget(widget)
        for key in ("1", "2", "Tab"):
            shortcut = QShortcut(QKeySequence(key), self.window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda key=key: setattr(self, "word", key))
        keys = frozenset({Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Tab})
        self.peeking = Peeking(
            self.window,
            keys,
            read=lambda: self.word,
            write=lambda word: setattr(self, "word", word),
            clock=lambda: self.now,
        )
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.plain.setFocus()

    def press(self, key):
        QTest.keyPress(QApplication.focusWidget(), key)

    def release(self, key):
        QTest.keyRelease(QApplication.focusWidget(), key)

    def hold(self, key, seconds):
        self.press(key)
        self.now += seconds
        self.release(key)


@pytest.fixture
def stage(qtbot):
    return Stage(qtbot)


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_Tab])
def test_a_short_press_switches_and_stays(stage, key):
    stage.hold(key, SHORT)
    assert stage.word == QKeySequence(key).toString()


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_Tab])
def test_a_held_key_shows_at_once_and_goes_back_on_release(stage, key):
    stage.press(key)
    assert stage.word == QKeySequence(key).toString()
    stage.now += LONG
    stage.release(key)
    assert stage.word == "start"


def test_repeats_of_a_held_key_are_no_presses_of_their_own(stage):
    stage.press(Qt.Key.Key_1)
    for _ in range(5):
        stage.now += HOLD_SECONDS
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride):
            QApplication.sendEvent(stage.plain, QKeyEvent(kind, Qt.Key.Key_1, NONE, "1", True))
        assert stage.word == "1"
    stage.release(Qt.Key.Key_1)
    assert stage.word == "start"


def test_the_release_of_another_key_ends_nothing(stage):
    stage.press(Qt.Key.Key_1)
    stage.now += LONG
    stage.release(Qt.Key.Key_A)
    assert stage.word == "1"
    stage.release(Qt.Key.Key_1)
    assert stage.word == "start"


def test_a_second_key_pressed_meanwhile_goes_back_to_what_was_before_it(stage):
    stage.press(Qt.Key.Key_1)
    stage.now += LONG
    stage.hold(Qt.Key.Key_2, LONG)
    assert stage.word == "1"


def test_leaving_the_window_while_a_key_is_held_goes_back(stage):
    stage.press(Qt.Key.Key_1)
    stage.now += LONG
    QApplication.sendEvent(stage.window, QEvent(QEvent.Type.WindowDeactivate))
    assert stage.word == "start"


def test_fields_for_text_keep_their_keys(stage):
    stage.line.setFocus()
    stage.hold(Qt.Key.Key_1, LONG)
    assert (stage.line.text(), stage.word) == ("1", "start")
    stage.hold(Qt.Key.Key_Tab, LONG)
    assert stage.word == "start"
    assert stage.number.hasFocus()
    stage.hold(Qt.Key.Key_2, SHORT)
    assert stage.word == "start"
