"""From a link to boxes and pictures: jobs that run, fail or are missing, and nothing that computes unasked."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton

from app.domain.post_processing import JOB_IS_RUNNING, NO_RESULTS
from app.gui.camera_note import CameraAct
from app.gui.dialogs.connection import ConnectionDialog
from app.gui.dialogs.job_log import JobLogDialog
from app.gui.dialogs.link_cameras import LinkDialog
from app.gui.dialogs.project_jobs import ProjectJobsDialog
from app.settings import Credentials
from tests.gui.opened_viewer import edit_json

pytestmark = pytest.mark.gl

FRONT, LEFT = "front", "left"


def link_all(desk, window):
    """Take the suggested links."""
    window.link_cameras()
    dialog = window.findChild(LinkDialog)
    desk.until(lambda: bool(dialog.rows))
    click(desk, dialog.go)


def click(desk, button):
    assert button.isVisible()
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def view_of(window, camera):
    return next(view for view in window.camera_area.views if view.camera == camera)


def act(desk, window, camera, act):
    """Press a button over a camera's picture as soon as it is there."""
    button = view_of(window, camera).acts.buttons[act]
    desk.until(button.isVisible)
    click(desk, button)


def choose_command(window, name):
    window.actions_by_id[name].trigger()


def at_rest(desk, window):
    desk.until(lambda: not window.runner.running)


def classify_requests(sandbox):
    return [request for request in sandbox.requests if "classify" in request.path]


def test_a_running_job_is_followed_with_its_id_and_its_log_until_its_results_show(desk, window, sandbox):
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=3)
    seen = set()
    window.viewer.tracking_changed.connect(
        lambda: seen.add(window.viewer.notes[FRONT].brief) if FRONT in window.viewer.notes else None
    )
    link_all(desk, window)
    desk.until(lambda: any("Tracking" in brief for brief in seen))
    act(desk, window, FRONT, CameraAct.LOG)
    log = window.findChild(JobLogDialog)
    desk.until(lambda: "Job 70001 tracks objects" in log.text.toPlainText())
    log.close()
    desk.until(lambda: bool(window.viewer.boxes[FRONT].tracked))
    assert any(brief.startswith("Job 70001:") for brief in seen)
    assert not window.viewer.notes
    at_rest(desk, window)


def test_a_failed_job_shows_its_log_and_is_not_started_again(desk, window, sandbox):
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=1, succeeds=False)
    link_all(desk, window)
    desk.until(lambda: "failed" in view_of(window, FRONT).state)
    act(desk, window, FRONT, CameraAct.LOG)
    log = window.findChild(JobLogDialog)
    desk.until(lambda: "out of memory" in log.text.toPlainText())
    assert "\x1b" not in log.text.toPlainText()
    assert not classify_requests(sandbox)
    log.close()
    at_rest(desk, window)


@pytest.mark.parametrize("answer", ["Cancel", "Escape"])
def test_without_a_yes_nothing_is_asked_to_compute(desk, window, sandbox, answer):
    sandbox.set_sample_state("street left", NO_RESULTS)
    link_all(desk, window)
    act(desk, window, LEFT, CameraAct.CLASSIFY)
    question = window.findChild(QMessageBox)
    assert "compute time" in question.text()
    sandbox.forget_requests()
    if answer == "Cancel":
        click(desk, question.button(QMessageBox.StandardButton.Cancel))
    else:
        desk.qtbot.keyClick(question, Qt.Key.Key_Escape)
    at_rest(desk, window)
    assert not [request for request in sandbox.requests if request.origin == "edge-impulse"]
    assert view_of(window, LEFT).acts.buttons[CameraAct.CLASSIFY].isVisible()


def test_a_yes_has_the_results_made_and_shows_them(desk, window, sandbox):
    sandbox.set_sample_state("street left", NO_RESULTS)
    link_all(desk, window)
    act(desk, window, LEFT, CameraAct.CLASSIFY)
    question = window.findChild(QMessageBox)
    click(desk, next(button for button in question.buttons() if button.text() == "Classify"))
    desk.until(lambda: any("Classifying" in row.task.title for row in window.activity_panel.rows))
    desk.until(lambda: bool(window.viewer.boxes[LEFT].tracked))
    assert len(classify_requests(sandbox)) == 1
    assert LEFT not in window.viewer.notes
    at_rest(desk, window)


def test_following_a_job_can_be_cancelled_in_the_activity_panel(desk, window, sandbox):
    sandbox.set_sample_state("street left", NO_RESULTS, polls=1000)
    link_all(desk, window)
    act(desk, window, LEFT, CameraAct.CLASSIFY)
    question = window.findChild(QMessageBox)
    click(desk, next(button for button in question.buttons() if button.text() == "Classify"))
    desk.until(lambda: "Job 70001" in view_of(window, LEFT).state)
    (row,) = [row for row in window.activity_panel.rows if "Classifying" in row.task.title]
    click(desk, next(button for button in row.findChildren(QToolButton) if button.text() == "Cancel"))
    desk.until(lambda: view_of(window, LEFT).state == "Stopped")
    assert view_of(window, LEFT).acts.buttons[CameraAct.REFRESH].isVisible()
    at_rest(desk, window)


def test_stale_results_are_marked_and_a_refresh_clears_the_mark(desk, window, sandbox):
    link_all(desk, window)
    desk.until(lambda: bool(window.viewer.tracks))
    at_rest(desk, window)
    workspace = window.services.workspace
    address = window.downloads.tracking.link(FRONT).request_address
    asked = json.loads(workspace.read(address))
    asked["config"]["parameters"]["keep_grace"] = "99"
    workspace.store(address, json.dumps(asked).encode(), media_type="application/json")
    window.viewer.reload_tracking()
    view = view_of(window, FRONT)
    desk.until(lambda: bool(view.stale))
    assert "Stale" in view.state
    assert "asked for 99" in view.tooltip_at(view._note().rect.center())
    assert "tracking.stale" in {finding.rule for finding in window.viewer.findings()}
    act(desk, window, FRONT, CameraAct.REFRESH)
    desk.until(lambda: not view.stale and not window.runner.running)
    assert "tracking.stale" not in {finding.rule for finding in window.viewer.findings()}
    assert not view.acts.isVisible()


def without_pictures(delivery: Path):
    def change(document):
        for frame in document["sensor_data"]["frames"]:
            for sensor in frame["sensors"]:
                if sensor["sensor_id"] in (FRONT, LEFT):
                    sensor["data_url"] = sensor["original_url"] = ""

    edit_json(delivery / "result.json", change)


def test_a_job_without_pictures_shows_those_of_its_samples_and_keeps_them_offline(desk, delivery, sandbox):
    window = desk.window(sandbox)
    without_pictures(delivery)
    desk.open(window, delivery)
    assert window.viewer.shown.pictures[FRONT].image is None
    link_all(desk, window)
    desk.until(lambda: all(picture.image is not None for picture in window.viewer.shown.pictures.values()))
    at_rest(desk, window)
    assert window.viewer.boxes[FRONT].tracked
    assert view_of(window, FRONT).marks
    assert not [finding for finding in window.viewer.findings() if finding.rule.startswith("image.")]
    window.viewer.show_frame(3)
    desk.wait_for_frame(window, 3)
    assert window.viewer.shown.pictures[LEFT].image is not None
    window.close()
    sandbox.forget_requests()
    again = desk.window(sandbox)
    desk.open(again, delivery)
    assert again.viewer.shown.pictures[FRONT].image is not None
    at_rest(desk, again)
    assert not sandbox.requests
    again.close()


def test_the_jobs_of_the_project_lead_to_their_logs(desk, window, sandbox):
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=1, succeeds=False)
    link_all(desk, window)
    desk.until(lambda: "failed" in view_of(window, FRONT).state)
    choose_command(window, "service-jobs")
    jobs = window.findChild(ProjectJobsDialog)
    desk.until(lambda: jobs.model.rowCount() == 1)
    row = jobs.list.visualRect(jobs.model.index(0, 0)).center()
    desk.qtbot.mouseClick(jobs.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    desk.qtbot.mouseDClick(jobs.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    log = window.findChild(JobLogDialog)
    desk.until(lambda: "out of memory" in log.text.toPlainText())
    choose_command(window, "service-jobs")
    assert len(window.findChildren(ProjectJobsDialog)) == 1
    at_rest(desk, window)


def test_a_refused_key_is_asked_for_once_and_the_new_one_brings_everything(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    desk.link(window)
    window.close()
    desk_keys = Credentials(telus_key=sandbox.telus_key, edge_impulse_key="ei_wrong")
    again = desk.window(sandbox, credentials=desk_keys)
    desk.open(again, delivery)
    choose_command(again, "refresh-boxes")
    desk.until(lambda: again.findChild(ConnectionDialog) is not None)
    desk.until(lambda: not again.runner.running)
    (dialog,) = again.findChildren(ConnectionDialog)
    desk.qtbot.keyClicks(dialog.edge_impulse_key, sandbox.edge_impulse_key)
    sandbox.forget_requests()
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    desk.until(lambda: not again.viewer.notes and not again.runner.running)
    assert again.viewer.tracks
    assert QApplication.activeModalWidget() is None
    again.close()
