import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.gui.dialogs.connection import ConnectionDialog
from app.settings import TELUS_URL, Credentials, Settings


@pytest.fixture
def dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConnectionDialog(Settings(), Credentials(telus_key="telus-secret"), parent)
    dialog.open()
    yield dialog
    parent.close()


def test_a_key_in_memory_is_never_shown_again(dialog):
    assert dialog.telus_key.text() == ""
    assert dialog.telus_key.echoMode() == QLineEdit.EchoMode.Password
    texts = [line.text() + line.placeholderText() for line in dialog.findChildren(QLineEdit)]
    assert not any("telus-secret" in text for text in texts)


def test_an_empty_key_field_keeps_the_key_and_a_typed_one_replaces_it(qtbot, dialog):
    qtbot.keyClicks(dialog.edge_impulse_key, " ei_new ")
    dialog.telus_url.clear()
    with qtbot.waitSignal(dialog.connection_changed) as changed:
        dialog.accept()
    telus_url, _edge_impulse_url, credentials = changed.args
    assert telus_url == TELUS_URL
    assert credentials.telus_key == "telus-secret"
    assert credentials.edge_impulse_key == "ei_new"
