"""The jobs of the Edge Impulse project, and their logs as text that is never obeyed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

import app.gui.project_jobs
from app.domain.post_processing import JOB_IS_RUNNING, JobLog, LogLine, ServiceJob
from app.errors import ApiError
from app.gui.dialogs.job_log import JobLogDialog
from app.gui.dialogs.project_jobs import ProjectJobsDialog
from app.gui.project_jobs import ReadLog
from app.gui.theme import current
from tests.gui.edge_impulse_parts import PROJECT, edge_impulse_parts

PATIENCE = 20_000  # ms


@pytest.fixture
def parts(qtbot, tmp_path):
    with edge_impulse_parts(qtbot, tmp_path) as parts:
        yield parts


def end_job(parts, sample, *, succeeds):
    """A job of a sample that is over; returns its id."""
    parts.sandbox.set_sample_state(sample, JOB_IS_RUNNING, polls=1, succeeds=succeeds)
    client = parts.services.edge_impulse()
    (job,) = client.active_jobs(PROJECT).jobs
    assert client.job_status(PROJECT, job.job_id).finished
    return job.job_id


def cells(dialog, row):
    model = dialog.list.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def open_jobs(qtbot, parts) -> ProjectJobsDialog:
    dialog = ProjectJobsDialog(parts.jobs, parts.desk)
    dialog.show()
    qtbot.waitUntil(lambda: "Listing" not in dialog.note.text(), timeout=PATIENCE)
    return dialog


def test_a_project_without_jobs_says_so(qtbot, parts):
    dialog = open_jobs(qtbot, parts)
    assert dialog.note.text() == f"Project {PROJECT}: no job yet."
    assert not dialog.log.isEnabled()
    assert not dialog.more.isVisible()
    dialog.close()


def test_jobs_that_run_come_first_then_those_that_ended(qtbot, parts):
    failed = end_job(parts, "street front", succeeds=False)
    parts.sandbox.set_sample_state("street left", JOB_IS_RUNNING, polls=50)
    dialog = open_jobs(qtbot, parts)
    assert [cells(dialog, row)[:3] for row in range(dialog.model.rowCount())] == [
        [str(failed + 1), "Post-processing", "running"],
        [str(failed), "Post-processing", "failed"],
    ]
    assert "1 job waiting or running, 1 ended" in dialog.note.text()
    dialog.close()


def test_older_jobs_are_listed_page_by_page_and_the_choice_stays(qtbot, parts, monkeypatch):
    monkeypatch.setattr(app.gui.project_jobs, "PAGE", 1)
    end_job(parts, "street front", succeeds=True)
    newest = end_job(parts, "street left", succeeds=True)
    dialog = open_jobs(qtbot, parts)
    assert dialog.model.rowCount() == 1
    assert "1 older" in dialog.note.text()
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2, timeout=PATIENCE)
    assert dialog.list.currentIndex().row() == 0
    assert cells(dialog, 0)[0] == str(newest)
    assert not dialog.more.isVisible()
    dialog.close()


def test_a_double_click_and_the_enter_key_ask_for_the_log(qtbot, parts):
    job_id = end_job(parts, "street front", succeeds=True)
    dialog = open_jobs(qtbot, parts)
    rect = dialog.list.visualRect(dialog.model.index(0, 0))
    with qtbot.waitSignal(dialog.log_requested) as asked:
        qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        qtbot.mouseDClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert asked.args == [PROJECT, job_id]
    with qtbot.waitSignal(dialog.log_requested):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    dialog.close()


def test_a_service_that_refuses_is_explained(qtbot, parts):
    parts.services.credentials = type(parts.services.credentials)(edge_impulse_key="ei_wrong")
    dialog = open_jobs(qtbot, parts)
    assert "key" in dialog.note.text()
    dialog.close()


# -- logs --


@pytest.fixture
def log(qtbot, parts):
    """A log dialog of a job that failed."""
    job_id = end_job(parts, "street front", succeeds=False)
    dialog = JobLogDialog(parts.jobs, ei_project_id=PROJECT, job_id=job_id, parent=parts.desk)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.text.toPlainText()), timeout=PATIENCE)
    yield dialog
    dialog.close()


def color_of(dialog, words):
    cursor = dialog.text.document().find(words)
    return cursor.charFormat().foreground().color().name()


def test_the_log_shows_each_line_with_its_level_as_a_word_and_a_colour(log):
    lines = log.text.toPlainText().splitlines()
    assert lines[-1] == "ERROR  ERR: Job failed, out of memory"
    assert lines[0].strip() == f"Job {log.job_id} tracks objects in sample 9001"
    assert color_of(log, "out of memory") == current().wrong
    assert color_of(log, "tracks objects") == current().text
    assert "failed" in log.state.text()


def test_all_of_the_log_can_be_copied(qtbot, log):
    qtbot.mouseClick(log.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == log.text.toPlainText()
    assert log.text.isReadOnly()
    QGuiApplication.clipboard().clear()


def test_control_characters_and_markup_in_a_log_are_shown_not_obeyed(log, parts):
    hostile = LogLine("\x1b[2J<b>bold</b>\u202etxt.exe\x07", "info")
    parts.jobs.log_read.emit(log.job_id, ReadLog(ServiceJob(log.job_id), JobLog((hostile,), 1)))
    assert log.text.toPlainText().strip() == r"\x1b[2J<b>bold</b>\u202etxt.exe\x07"


def test_a_log_of_another_job_changes_nothing(log, parts):
    before = log.text.toPlainText()
    parts.jobs.log_read.emit(log.job_id + 1, ReadLog(ServiceJob(1), JobLog((LogLine("other"),), 1)))
    assert log.text.toPlainText() == before


def test_refresh_reads_the_log_again_and_a_failure_keeps_the_lines(qtbot, log, parts):
    before = log.text.toPlainText()
    asked = len(parts.asked("/stdout"))
    log.activateWindow()
    qtbot.waitUntil(log.isActiveWindow)
    with qtbot.waitSignal(parts.jobs.log_read, timeout=PATIENCE):
        qtbot.keyClick(log, Qt.Key.Key_F5)
    assert len(parts.asked("/stdout")) == asked + 1
    parts.jobs.log_failed.emit(log.job_id, ApiError("The service is away.", next_step="Try later."))
    assert log.state.text() == "The service is away. Try later."
    assert log.text.toPlainText() == before
