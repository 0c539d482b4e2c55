"""The window as a whole: order of arrival, failures, closing at any moment."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from app.gui.actions import clashing_keys
from app.gui.dialogs.connection import ConnectionDialog
from app.gui.layout import Layout, restore_layout
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.settings import Credentials
from tests.builders import small_delivery
from tests.journeys.conftest import ids

pytestmark = pytest.mark.gl

CLOSING_SECONDS = 3


def test_the_first_frame_shows_before_the_others_have_arrived(desk, delivery, sandbox):
    sandbox.faults.add(Fault(FaultKind.HANG, origin="store", path_contains="000003", times=50))
    window = desk.window(sandbox)
    window.downloads.open_job(*ids(delivery))
    desk.until(lambda: window.scene_view.drawn_index == 0)
    assert 3 not in window.viewer.local_frames
    assert any(task.title == "Downloading the job" for task in window.runner.running)
    window.close()


def test_a_file_that_fails_is_named_and_retry_brings_it(desk, delivery, sandbox):
    sandbox.faults.add(Fault(FaultKind.ERROR, origin="store", path_contains="000002.txt", times=50, status=404))
    window = desk.window(sandbox)
    window.downloads.open_job(*ids(delivery))
    desk.until(lambda: any("could not be fetched" in label_texts(row) for row in window.activity_panel.rows))
    window.viewer.show_frame(2)
    desk.until(lambda: window.viewer.shown is not None and window.viewer.shown.index == 2)
    assert window.viewer.shown.frame.mask is None
    assert window.viewer.shown.frame.cloud is not None
    sandbox.faults.clear()
    row = window.activity_panel.rows[0]
    retry = next(button for button in row.findChildren(QToolButton) if button.text() == "Retry")
    desk.qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    desk.until(lambda: window.viewer.shown.frame.mask is not None)
    window.close()


def label_texts(widget) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_a_job_in_work_says_so_and_keeps_what_is_shown(desk, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=1)
    with Sandbox([delivery], extra_jobs=12) as sandbox:
        window = desk.window(sandbox)
        desk.open(window, delivery)
        project, _job = ids(delivery)
        window.library.add_project(project)
        desk.until(lambda: window.library.batches(project) is not None)
        batch = window.library.batches(project)[0].batch_id
        window.library.load_jobs(project, batch)
        desk.until(lambda: window.library.jobs(project, batch).loaded)
        unready = next(job for job in window.library.jobs(project, batch).jobs if not job.completed)
        shown = window.viewer.shown
        window.downloads.open_job(project, unready.job_id)
        desk.until(lambda: window.viewer.problem is not None)
        assert unready.status in str(window.viewer.problem)
        assert window.viewer.shown is shown
        window.close()


def test_a_missing_key_is_asked_for_and_then_used(desk, delivery, sandbox):
    window = desk.window(sandbox, credentials=Credentials(edge_impulse_key="ei_only"))
    window.downloads.open_job(*ids(delivery))
    desk.until(lambda: window.viewer.problem is not None)
    assert "key" in str(window.viewer.problem)
    assert not [request for request in sandbox.requests if request.origin == "telus"]
    dialog = window.findChild(ConnectionDialog)
    assert dialog is not None
    desk.qtbot.keyClicks(dialog.telus_key, sandbox.telus_key)
    dialog.accept()
    window.downloads.open_job(*ids(delivery))
    desk.wait_for_frame(window, 0)
    window.close()


@pytest.mark.parametrize("moment", ["before anything", "while a server hangs", "while frames load", "while playing"])
def test_closing_ends_everything_in_time(desk, delivery, sandbox, moment):
    window = desk.window(sandbox)
    if moment == "while a server hangs":
        sandbox.faults.add(Fault(FaultKind.HANG, path_contains="jobs/", times=5))
        window.downloads.open_job(*ids(delivery))
        desk.until(lambda: any("jobs/" in request.path for request in sandbox.requests))
    elif moment == "while frames load":
        window.open_path(delivery)
        desk.until(lambda: window.viewer.job is not None)
    elif moment == "while playing":
        desk.open(window, delivery)
        window.viewer.playback.set_playing(True)
    started = time.monotonic()
    assert window.close()
    assert time.monotonic() - started < CLOSING_SECONDS
    assert window.runner.running == () or all(task.superseded for task in window.runner.running)


def test_keys_step_frames_and_change_the_view(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    window.scene_view.setFocus()
    desk.qtbot.keyClick(window.scene_view, Qt.Key.Key_Right)
    desk.wait_for_frame(window, 1)
    desk.qtbot.keyClick(window.scene_view, Qt.Key.Key_End)
    desk.wait_for_frame(window, 3)
    desk.qtbot.keyClick(window.scene_view, Qt.Key.Key_Home)
    desk.wait_for_frame(window, 0)
    window.close()


def test_no_two_commands_share_a_key(desk, sandbox):
    window = desk.window(sandbox)
    assert clashing_keys(window._commands) == ()
    assert not {"Ctrl+K", "Ctrl+Shift+P"} & {key for command in window._commands for key in command.keys}  # command box
    window.close()


def test_an_unreadable_layout_leaves_the_window_as_it_is(desk, sandbox):
    window = desk.window(sandbox)
    before = window.size()
    for layout in (Layout(), Layout("garbage", "garbage"), Layout("%%%", "AAAA")):
        assert not restore_layout(window, layout)
    assert window.size() == before
    window.close()


def test_what_is_dropped_on_the_window_opens(desk, delivery, sandbox):
    from PySide6.QtCore import QMimeData, QPointF, QUrl
    from PySide6.QtGui import QDropEvent

    window = desk.window(sandbox)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(delivery))])
    window.dropEvent(
        QDropEvent(
            QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    desk.wait_for_frame(window, 0)
    assert len(window.viewer.sequence) == 4
    window.close()
