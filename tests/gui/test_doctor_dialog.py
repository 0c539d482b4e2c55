"""The doctor's report in the window."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.doctor import examination
from app.doctor.report import Drawing
from app.errors import AppError
from app.gui.dialogs.doctor import LOOKING
from app.gui.doctoring import Doctoring
from app.gui.scene_view import SceneView
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.settings import Credentials, Settings

CANARY = "CANARY-key-7f3a9b1c5d"


@pytest.fixture
def doctoring(qtbot, tmp_path, monkeypatch):
    """A doctor over a window; drawing is not measured."""
    monkeypatch.setattr(
        examination, "examine_drawing", lambda: Drawing(works=True, renderer="a card", points_per_second=7_000_000)
    )
    window = QWidget()
    qtbot.addWidget(window)
    runner = TaskRunner(window)
    services = Services(Settings(workspace=str(tmp_path / "ws")), Credentials(telus_key=CANARY))
    view = SceneView(Viewer(runner, window), window)
    yield Doctoring(window, services, runner, view)
    view.close_view()
    services.close()
    assert runner.shutdown()


def test_the_report_comes_and_is_copied_as_it_is(doctoring, qtbot):
    dialog = doctoring.show()
    assert dialog.text.toPlainText() == LOOKING
    assert not dialog.copy.isEnabled()
    qtbot.waitUntil(lambda: "7.0 million points a second" in dialog.text.toPlainText(), timeout=20_000)
    dialog.copy.click()
    report = QGuiApplication.clipboard().text()
    assert report == dialog.text.toPlainText()
    assert f"Qt platform {QGuiApplication.platformName()}" in report
    assert "annotation service set, Edge Impulse not set" in report
    assert CANARY not in report
    dialog.close()
    QGuiApplication.clipboard().clear()


def test_a_failure_is_said_where_the_report_would_be(doctoring, qtbot, monkeypatch):
    def fail():
        raise AppError("The disk is gone.", next_step="Plug it in.")

    monkeypatch.setattr(examination, "examine_drawing", fail)
    dialog = doctoring.show()
    qtbot.waitUntil(lambda: dialog.text.toPlainText() == "The disk is gone. Plug it in.", timeout=20_000)
    dialog.close()


def test_a_dialog_that_is_closed_meanwhile_is_not_missed(doctoring, qtbot):
    dialog = doctoring.show()
    dialog.close()
    qtbot.waitUntil(lambda: not doctoring._runner.running, timeout=20_000)
