import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from app.errors import ServiceError
from app.gui.panels.activity import ActivityPanel
from app.gui.tasks import TaskRunner


@pytest.fixture
def runner(qtbot):
    runner = TaskRunner()
    yield runner
    assert runner.shutdown()


@pytest.fixture
def panel(qtbot, runner) -> ActivityPanel:
    panel = ActivityPanel(runner)
    qtbot.addWidget(panel)
    panel.resize(280, 200)
    panel.show()
    return panel


def has_failed(panel) -> bool:
    return any(child.text() == "Retry" for row in panel.rows for child in row.findChildren(QToolButton))


def button(row, text) -> QToolButton:
    return next(child for child in row.findChildren(QToolButton) if child.text() == text)


def test_a_task_has_a_line_until_it_ends(qtbot, runner, panel):
    gate = threading.Event()
    runner.run(lambda _progress: gate.wait(5), title="Downloading the job")
    assert len(panel.rows) == 1
    gate.set()
    qtbot.waitUntil(lambda: not panel.rows)


def test_quiet_work_that_is_short_never_shows(qtbot, runner, panel):
    task = runner.run(lambda _progress: None, title="Reading frame 1", quiet=True)
    with qtbot.waitSignal(task.finished):
        pass
    assert panel.rows == ()


def test_quiet_work_that_takes_long_shows_after_a_while(qtbot, runner, panel):
    gate = threading.Event()
    runner.run(lambda _progress: gate.wait(10), title="Reading frame 1", quiet=True)
    assert panel.rows == ()
    qtbot.waitUntil(lambda: len(panel.rows) == 1)
    gate.set()
    qtbot.waitUntil(lambda: not panel.rows)


def test_the_cancel_button_cancels(qtbot, runner, panel):
    task = runner.run(lambda progress: progress.wait(60), title="Downloading the job")
    with qtbot.waitSignal(task.cancelled):
        qtbot.mouseClick(button(panel.rows[0], "Cancel"), Qt.MouseButton.LeftButton)


def test_a_failure_stays_with_its_reason_and_retry_runs_it_again(qtbot, runner, panel):
    tries = []

    def work(_progress):
        tries.append(1)
        if len(tries) == 1:
            raise ServiceError("The service is down.", next_step="Try again after some time.")

    runner.run(work, title="Downloading the job")
    qtbot.waitUntil(lambda: has_failed(panel))
    texts = [label.text() for label in panel.rows[0].findChildren(QLabel)]
    assert "The service is down. Try again after some time." in texts
    qtbot.mouseClick(button(panel.rows[0], "Retry"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.rows)
    assert len(tries) == 2


def test_a_failure_of_quiet_work_shows_too(qtbot, runner, panel):
    def work(_progress):
        raise ServiceError("The disk is full.")

    runner.run(work, title="Saving settings", quiet=True)
    qtbot.waitUntil(lambda: has_failed(panel))
    qtbot.mouseClick(button(panel.rows[0], "Dismiss"), Qt.MouseButton.LeftButton)
    assert panel.rows == ()


def test_text_of_a_service_is_shown_as_it_is(qtbot, runner, panel):
    def work(_progress):
        raise ServiceError("<b>bold</b><img src='file:///etc/hostname'>")

    runner.run(work, title="Listing jobs")
    qtbot.waitUntil(lambda: has_failed(panel))
    shown = [label for label in panel.rows[0].findChildren(QLabel) if "<b>" in label.text()]
    assert shown
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)
