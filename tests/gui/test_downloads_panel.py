"""The queue on screen: what one sees, and what buttons and keys do to it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.errors import WorkspaceError
from app.gui.panels.downloads import EMPTY, DownloadsPanel, total_text
from app.gui.panels.downloads_list import NUMBERS, numbers, reason
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.sync import ItemState, QueueItem, Totals
from tests.builders import small_delivery
from tests.gui.download_parts import JOB, PATIENCE, PROJECT, download_parts

HANGING = Fault(FaultKind.HANG, path_contains="lidar", times=999)


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox([small_delivery(tmp_path / "delivery")], extra_jobs=8) as sandbox:
        yield sandbox


@pytest.fixture
def parts(qtbot, sandbox, tmp_path):
    with download_parts(sandbox, tmp_path / "workspace") as parts:
        yield parts


@pytest.fixture
def panel(qtbot, parts) -> DownloadsPanel:
    panel = DownloadsPanel(parts.queue)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.show()
    panel.activateWindow()  # shortcuts work in the active window only
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


@pytest.fixture
def three_waiting(qtbot, parts, panel, sandbox):
    """One job runs and hangs, two wait behind it; the list has the keys."""
    sandbox.faults.add(HANGING)
    parts.queue.add(QueueItem(PROJECT, name, name) for name in (JOB, "second", "third"))
    qtbot.waitUntil(lambda: parts.states()[JOB] == "running" and panel.model.items[0].total_files is not None)
    panel.list.setFocus()
    return panel


def click(qtbot, panel, name: str) -> None:
    qtbot.mouseClick(panel.actions_of_row.button(name), Qt.MouseButton.LeftButton)


def choose(qtbot, panel, row: int) -> None:
    place = panel.list.visualRect(panel.model.index(row)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def order(panel) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def test_an_empty_queue_says_what_will_be_here(panel):
    assert panel._empty.isVisible()
    assert panel._empty.text() == EMPTY
    assert not panel.list.isVisible()


def test_a_job_comes_and_its_row_says_so(qtbot, parts, panel):
    parts.queue.add([QueueItem(PROJECT, JOB, "street")])
    qtbot.waitUntil(lambda: parts.states() == {JOB: "done"}, timeout=PATIENCE)
    (item,) = panel.model.items
    assert numbers(item).startswith("9 of 9 files · ")
    assert panel.model.data(panel.model.index(0), Qt.ItemDataRole.AccessibleTextRole).startswith(
        "street, On disk, 9 of"
    )
    assert panel.total_text.startswith("1 of 1 job · 9 of 9 files")
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert panel.model.rowCount() == 0
    assert parts.services.workspace.job(JOB) is not None


def test_the_space_bar_pauses_and_resumes_and_the_next_job_takes_over(qtbot, parts, three_waiting):
    choose(qtbot, three_waiting, 0)
    qtbot.keyClick(three_waiting.list, Qt.Key.Key_Space)
    assert parts.states()[JOB] == "paused"
    qtbot.waitUntil(lambda: parts.states()["second"] != "waiting", timeout=PATIENCE)
    qtbot.keyClick(three_waiting.list, Qt.Key.Key_Space)
    assert parts.states()[JOB] in ("waiting", "running")


def test_the_button_pauses_too_and_then_offers_to_resume(qtbot, parts, three_waiting):
    choose(qtbot, three_waiting, 2)
    assert three_waiting.actions_of_row.button("pause").toolTip() == "<qt>Pause (Space)</qt>"
    click(qtbot, three_waiting, "pause")
    assert parts.states()["third"] == "paused"
    assert three_waiting.actions_of_row.button("pause").toolTip() == "<qt>Resume (Space)</qt>"
    click(qtbot, three_waiting, "pause")
    assert parts.states()["third"] == "waiting"


def test_keys_and_buttons_move_the_current_job_and_it_stays_current(qtbot, three_waiting):
    panel = three_waiting
    choose(qtbot, panel, 2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert order(panel) == [JOB, "third", "second"]
    click(qtbot, panel, "top")
    assert order(panel) == ["third", JOB, "second"]
    assert panel.list.currentIndex().data() == "third"
    click(qtbot, panel, "down")
    assert order(panel) == [JOB, "third", "second"]
    assert not panel.actions_of_row["retry"].isEnabled()


def test_delete_takes_a_job_off_the_list(qtbot, parts, three_waiting):
    choose(qtbot, three_waiting, 1)
    qtbot.keyClick(three_waiting.list, Qt.Key.Key_Delete)
    assert list(parts.states()) == [JOB, "third"]


def test_the_context_menu_offers_the_same_with_its_keys(qtbot, three_waiting):
    choose(qtbot, three_waiting, 1)
    menu = three_waiting.actions_of_row.menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[:2] == ["Open\tReturn", "Pause\tSpace"]
    next(action for action in menu.actions() if action.text() == "Earlier").trigger()
    assert order(three_waiting)[0] == "second"
    menu.close()


def test_the_menu_key_and_a_right_click_open_the_menu(qtbot, three_waiting):
    place = three_waiting.list.visualRect(three_waiting.model.index(1)).center()
    three_waiting.list.customContextMenuRequested.emit(place)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    QApplication.activePopupWidget().close()
    three_waiting.list.customContextMenuRequested.emit(QPoint(5, 480))  # below the last row
    assert QApplication.activePopupWidget() is None


def test_one_button_pauses_everything_and_resumes_it(qtbot, parts, three_waiting):
    qtbot.mouseClick(three_waiting.all_button, Qt.MouseButton.LeftButton)
    assert set(parts.states().values()) == {"paused"}
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)  # the download has really ended
    assert three_waiting.all_button.text() == "Resume all"
    qtbot.mouseClick(three_waiting.all_button, Qt.MouseButton.LeftButton)
    assert set(parts.states().values()) == {"waiting", "running"}


def test_a_failed_job_shows_its_whole_reason_and_retry_brings_what_is_missing(qtbot, parts, panel, sandbox):
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains="000001.txt", times=99, status=404))
    parts.queue.add([QueueItem(PROJECT, JOB, "street")])
    qtbot.waitUntil(lambda: parts.states() == {JOB: "failed"} and not parts.runner.running, timeout=PATIENCE)
    (item,) = panel.model.items
    assert "1 of 9 files could not be fetched." in reason(item)
    tall = panel.list.visualRect(panel.model.index(0)).height()
    sandbox.faults.clear()
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: parts.states() == {JOB: "done"}, timeout=PATIENCE)
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(0)).height() < tall)


def test_a_full_disk_holds_the_queue_and_the_panel_says_why(qtbot, parts, panel, monkeypatch):
    def full(*_arguments, **_options):
        raise WorkspaceError("The disk is full.", next_step="Free some space, then try again.")

    workspace = parts.services.workspace
    with monkeypatch.context() as patch:
        patch.setattr(workspace, "receive", full)
        parts.queue.add(QueueItem(PROJECT, name) for name in (JOB, "second"))
        qtbot.waitUntil(panel._problem.isVisible, timeout=PATIENCE)
    assert panel._problem.text() == "The disk is full. Free some space, then try again."
    assert parts.states() == {JOB: "paused", "second": "waiting"}
    qtbot.mouseClick(panel.all_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: parts.states()[JOB] == "done", timeout=PATIENCE)
    assert not panel._problem.isVisible()


def test_cancelling_in_the_list_of_activities_pauses_the_job(qtbot, parts, three_waiting):
    parts.queue.pause("second")
    parts.queue.pause("third")
    (task,) = (task for task in parts.runner.running if task.title == "Downloading the job")
    task.cancel()
    qtbot.waitUntil(lambda: set(parts.states().values()) == {"paused"}, timeout=PATIENCE)


def test_return_opens_the_job(qtbot, parts, three_waiting):
    choose(qtbot, three_waiting, 0)
    with qtbot.waitSignal(three_waiting.job_chosen) as chosen:
        qtbot.keyClick(three_waiting.list, Qt.Key.Key_Return)
    assert chosen.args == [PROJECT, JOB]


@pytest.mark.parametrize(
    ("totals", "text"),
    [
        (Totals(3, 1, 0, 12, 40, 0, 0.0, None), "1 of 3 jobs · 12 of 40 files"),
        (Totals(1, 0, 1, 0, 0, 0, 0.0, None), "0 of 1 job · 1 failed"),
        (
            Totals(2, 0, 0, 5, 9, 1_200_000, 8.1e6, 40.0),
            "0 of 2 jobs · 5 of 9 files · 1.2 MB · 8.1 MB/s · about 40 s left",
        ),
        (Totals(1, 0, 0, 5, 9, 1000, 1000.0, 3.0), "0 of 1 job · 5 of 9 files · 1 kB · 1 kB/s · less than 10 s left"),
    ],
)
def test_the_total_line_says_no_more_than_is_known(totals, text):
    assert total_text(totals) == text


def test_a_job_that_waits_has_no_numbers_yet():
    assert numbers(QueueItem("p", "j")) == "Not begun"
    assert numbers(QueueItem("p", "j", state=ItemState.RUNNING)) == "Asking for the result"
    assert reason(QueueItem("p", "j", message="Not shown while it waits.")) == ""
    assert numbers(QueueItem("p", "j", state=ItemState.FAILED)) == "Nothing came"


def test_the_row_of_the_job_that_comes_has_the_speed(panel):
    items = (QueueItem("p", "a", state=ItemState.RUNNING, files=1, total_files=3, received=1500), QueueItem("p", "b"))
    panel.model.set_items(items, speed=8.1e6)
    said = [panel.model.data(panel.model.index(row), NUMBERS) for row in range(2)]
    assert said == ["1 of 3 files · 2 kB · 8.1 MB/s", "Not begun"]
