"""The window before the window: there at once, in the right colour and place, gone once it is not needed."""

import base64

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow

from app.gui.first_window import SIZE, FirstWindow, the_application
from app.gui.theme import THEMES, tokens_for


@pytest.fixture
def first(qtbot, qapp):
    def make(theme="dark", geometry=""):
        window = FirstWindow(qapp, theme=theme, geometry=geometry)
        qtbot.addWidget(window)
        return window

    yield make
    tokens_for(qapp, "dark")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_is_on_screen_in_the_colour_of_the_theme_when_the_call_returns(first, theme):
    window = first(theme)
    window.show_now()
    assert window.isVisible()
    assert window.windowTitle() == "Pointproof"
    assert window.grab().toImage().pixelColor(20, 20).name() == THEMES[theme].window


def test_it_stands_where_the_program_stood_last_time(first, qtbot):
    before = QMainWindow()
    qtbot.addWidget(before)
    before.setGeometry(70, 60, 800, 500)
    remembered = base64.b64encode(before.saveGeometry().data()).decode()
    assert first(geometry=remembered).geometry() == before.geometry()


@pytest.mark.parametrize("geometry", ["", "no base64!", "AAAA"])
def test_without_a_readable_place_it_has_the_usual_size(first, geometry):
    assert first(geometry=geometry).size().toTuple() == SIZE


def test_it_goes_once_the_other_window_is_painted(first, qtbot):
    window, other = first(), QMainWindow()
    qtbot.addWidget(other)
    window.show_now()
    window.give_way_to(other)
    QApplication.processEvents()
    assert window.isVisible()
    other.show()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    assert other.isVisible()


def test_there_is_one_application(qapp):
    assert the_application() is qapp
    assert qapp.applicationName() == "Pointproof"
