"""The queue through the whole window: what is opened comes first, what fails says so, and nothing is forgotten."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.gui.dialogs.connection import ConnectionDialog
from app.gui.dialogs.mappings import MappingDialog
from app.gui.dialogs.workspace import WorkspaceDialog
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.settings import Credentials
from app.workspace import QueuedJob, Workspace
from tests.builders import small_delivery
from tests.journeys.conftest import ids, is_at_rest

pytestmark = pytest.mark.gl


@pytest.fixture
def other(tmp_path):
    return small_delivery(tmp_path / "other", frames=3, points=2000, cameras=("front",), name="other")


@pytest.fixture
def both(delivery, other):
    with Sandbox([delivery, other]) as sandbox:
        yield sandbox


def states(window) -> dict[str, str]:
    return {item.job_id: item.state.value for item in window.downloads.queue.items}


def test_a_job_that_is_opened_overtakes_the_one_that_comes_and_that_goes_on_afterwards(desk, both, delivery, other):
    both.faults.add(Fault(FaultKind.HANG, path_contains="street", times=999))
    window = desk.window(both)
    (_, first), (project, second) = ids(delivery), ids(other)
    window.storage_dialogs.download(*ids(delivery))
    desk.until(lambda: states(window).get(first) == "running")
    window.downloads.open_job(project, second)
    desk.until(lambda: window.viewer.job is not None and window.viewer.job.job_id == second)
    desk.until(lambda: states(window)[second] == "done")
    assert list(states(window)) == [second, first]
    both.faults.clear()
    window.downloads.queue.pause(first)  # leave what hangs, take it up again
    window.downloads.queue.resume(first)
    desk.until(lambda: states(window) == {second: "done", first: "done"})
    assert window.viewer.job.job_id == second
    window.close()


def test_what_was_waiting_goes_on_after_a_restart_and_what_was_paused_stays_so(desk, both, delivery, other):
    both.faults.add(Fault(FaultKind.HANG, path_contains="lidar", times=999))
    window = desk.window(both)
    (_, first), (_, second) = ids(delivery), ids(other)
    window.storage_dialogs.download(*ids(delivery))
    window.storage_dialogs.download(*ids(other))
    window.downloads.queue.pause(second)
    desk.until(lambda: states(window) == {first: "running", second: "paused"})
    desk.until(lambda: all(task.title != "Remembering the queue" for task in window.runner.running))
    window.close()
    both.faults.clear()
    again = desk.window(both)
    again.downloads.queue.restore()
    desk.until(lambda: states(again) == {first: "done", second: "paused"})
    desk.until(lambda: again.downloads_panel.all_button.text() == "Resume all")
    desk.qtbot.mouseClick(again.downloads_panel.all_button, Qt.MouseButton.LeftButton)
    desk.until(lambda: states(again)[second] == "done")
    again.close()


def test_a_restart_without_a_key_asks_for_nothing_and_says_what_it_waits_for(desk, both, delivery):
    with Workspace.open(desk.workspace) as workspace:
        workspace.save_queue([QueuedJob(*ids(delivery), "street")])
    window = desk.window(both, credentials=Credentials())
    window.downloads.queue.restore()
    desk.until(lambda: bool(window.downloads.queue.problem))
    assert "API key" in window.downloads.queue.problem
    assert both.requests == ()
    assert window.findChild(ConnectionDialog) is None
    window.close()


def test_a_refused_key_holds_the_queue_is_asked_for_once_and_lets_all_go_on(desk, both, delivery, other):
    window = desk.window(both, credentials=Credentials(telus_key="wrong"))
    window.storage_dialogs.download(*ids(delivery))
    window.storage_dialogs.download(*ids(other))
    desk.until(lambda: window.findChild(ConnectionDialog) is not None)
    (dialog,) = window.findChildren(ConnectionDialog)
    assert list(states(window).values()) == ["paused", "waiting"]
    desk.qtbot.keyClicks(dialog.telus_key, both.telus_key)
    dialog.accept()
    desk.until(lambda: set(states(window).values()) == {"done"})
    desk.until(lambda: not window.runner.running)
    assert not window.activity_panel.rows  # the failure is gone with its cause
    window.close()


def test_a_whole_batch_is_queued_in_one_action(desk, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=1)
    with Sandbox([delivery], extra_jobs=120) as sandbox:
        sandbox.faults.add(Fault(FaultKind.HANG, path_contains="lidar", times=9999))
        window = desk.window(sandbox)
        project, _ = ids(delivery)
        window.library.add_project(project)
        desk.until(lambda: window.library.batches(project) is not None)
        batch = window.library.batches(project)[0].batch_id
        window.jobs_panel.batch_requested.emit(project, batch)
        completed = 1 + 80  # every third of the other 120 is still in work
        desk.until(lambda: len(window.downloads.queue.items) == completed)
        assert window.status_line.news == f"{completed} completed jobs of the batch put into the queue."
        window.close()


def test_a_job_opens_at_the_frame_the_camera_and_with_the_classes_it_was_left_with(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.viewer.show_frame(2)
    window.viewer.appearance.set_class_visible("Car", visible=False)
    window.scene_view.set_view("top")
    desk.wait_for_frame(window, 2)
    placement = window.scene_view.placement
    window.close()
    again = desk.window(sandbox)
    again.downloads.open_job(*ids(delivery))
    desk.wait_for_frame(again, 2)
    assert not again.viewer.appearance.is_class_visible("Car")
    assert again.scene_view.placement == placement
    assert again.scene_view.view_name == "top"
    again.close()


def test_another_job_in_between_changes_nothing_about_how_the_first_was_left(desk, both, delivery, other):
    window = desk.window(both)
    desk.open(window, delivery)
    window.viewer.show_frame(3)
    desk.wait_for_frame(window, 3)
    desk.open(window, other)
    window.viewer.show_frame(1)
    desk.wait_for_frame(window, 1)
    window.downloads.open_job(*ids(delivery))
    desk.until(lambda: is_at_rest(window) and window.viewer.job.job_id == ids(delivery)[1])
    assert window.viewer.shown.index == 3
    window.close()


@pytest.mark.parametrize("kept", [b"no JSON", json.dumps({"frame": 99, "camera": None}).encode()])
def test_a_view_that_cannot_be_taken_up_does_no_harm(desk, delivery, sandbox, kept):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.close()
    with Workspace.open(desk.workspace) as workspace:
        workspace.save_last_view(ids(delivery)[1], kept)
    again = desk.window(sandbox)
    again.downloads.open_job(*ids(delivery))
    desk.wait_for_frame(again, 0 if kept == b"no JSON" else 3)
    again.close()


def test_a_second_window_reads_only_and_keeps_saying_so(desk, delivery, both, other):
    first = desk.window(both)
    desk.open(first, delivery)
    second = desk.window(both)
    second.library.show_remembered()
    desk.until(lambda: bool(second.status_line.notice))
    desk.open(second, delivery)
    second.storage_dialogs.download(*ids(other))
    desk.until(lambda: bool(second.downloads.queue.problem))
    assert "another" in second.status_line.notice.lower()
    second.close()
    first.close()


def test_the_menu_leads_to_the_workspace_and_to_the_folders(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    desk.until(lambda: bool(window.library.projects))
    window.actions_by_id["workspace"].trigger()
    dialog = window.findChild(WorkspaceDialog)
    desk.until(lambda: bool(dialog.used_text))
    desk.qtbot.keyClick(dialog.quota, Qt.Key.Key_Up)
    assert window.services.settings.quota_gb == 1
    dialog.reject()
    window.actions_by_id["mappings"].trigger()
    window.findChild(MappingDialog).reject()
    window.close()


def test_removing_from_disk_is_asked_and_keeps_the_result(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    job = ids(delivery)[1]
    desk.until(lambda: window.library.on_disk(job) is not None and not window.runner.running)
    before = window.library.on_disk(job).size
    window.jobs_panel.removal_requested.emit(job)
    box = window.findChild(QMessageBox)
    remove = next(button for button in box.buttons() if button.text() == "Remove")
    assert box.defaultButton() is not remove
    desk.qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    desk.until(lambda: window.library.on_disk(job).gaps.missing > 0)
    assert window.library.on_disk(job).size < before
    stored = window.services.workspace.job(job)
    assert window.services.workspace.job_document(stored) is not None
    window.close()


def test_f5_refreshes_what_is_listed_and_ctrl_f_leads_to_the_filter(desk, delivery, sandbox):
    window = desk.window(sandbox)
    window.library.add_project(ids(delivery)[0])
    desk.until(lambda: window.library.batches(ids(delivery)[0]) is not None)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    desk.qtbot.keyClick(window, Qt.Key.Key_F5)
    desk.until(window.jobs_panel._news.isVisible)
    assert window.jobs_panel._news.text() == "Since the last listing: nothing new."
    desk.qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.jobs_panel._filter.hasFocus()
    window.close()
