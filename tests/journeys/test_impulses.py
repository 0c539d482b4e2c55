"""From the main window to the impulses of the project, and back to the tracks on screen."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.gui.dialogs.connection import ConnectionDialog
from app.gui.impulses.page import NO_KEY
from app.gui.impulses.use_dialog import UseDialog
from app.sandbox.street.impulse_list import impulses_of_project
from app.settings import Credentials

pytestmark = pytest.mark.gl


@pytest.fixture
def delivery(delivery):
    (delivery / "impulses.json").write_text(json.dumps(impulses_of_project()))
    return delivery


def open_impulses(desk, window):
    window.activateWindow()
    desk.until(window.isActiveWindow)
    desk.qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    return window.impulses.window.page


def made_by(window, camera):
    """The impulse that the tracks on screen come from; empty while there are none."""
    origin = window.viewer.tracking[camera].origin
    return origin.impulse if origin else ""


def test_one_impulse_makes_the_tracks_then_another(desk, window, sandbox):
    desk.link(window)
    assert made_by(window, "front") == "Street cameras"
    page = open_impulses(desk, window)
    desk.until(lambda: page.table.model.rowCount() == 9)
    page.table.show_row(1)
    page.window().activateWindow()
    desk.until(page.window().isActiveWindow)
    page.table.setFocus()
    desk.qtbot.keyClick(page.table.figures, Qt.Key.Key_U)
    dialog = window.impulses.window.findChild(UseDialog)
    use = next(button for button in dialog.buttons.findChildren(QPushButton) if button.text() == "Use")
    desk.qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    desk.until(lambda: made_by(window, "left") == "Street cameras, night")
    assert window.viewer.tracks
    assert "Street cameras, night" in page.note.text()
    assert not [request for request in sandbox.requests if "classify" in request.path]


def test_without_a_key_the_connection_is_asked_for_and_then_the_impulses_come(desk, sandbox):
    window = desk.window(sandbox, credentials=Credentials(telus_key=sandbox.telus_key))
    page = open_impulses(desk, window)
    desk.until(lambda: page.empty.text() == NO_KEY)
    desk.qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(ConnectionDialog)
    keys = Credentials(telus_key=sandbox.telus_key, edge_impulse_key=sandbox.edge_impulse_key)
    dialog.connection_changed.emit(sandbox.telus_url, sandbox.edge_impulse_url, keys)
    dialog.reject()
    desk.until(lambda: page.table.model.rowCount() == 9)
    window.close()


def test_the_window_of_impulses_goes_with_the_main_one(desk, window):
    page = open_impulses(desk, window)
    desk.until(lambda: page.table.model.rowCount() == 9)
    window.close()
    assert not window.impulses.window.isVisible()
