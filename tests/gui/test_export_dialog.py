"""The export dialog: it offers what can be done, says what is in the way, and starts the export."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton, QWidget

from app.errors import InputError
from app.gui.dialogs.export import ExportDialog
from app.gui.exporting import Exporting
from app.gui.panels.activity import ActivityPanel
from app.gui.tasks import TaskRunner
from app.jobs import open_path
from tests.builders import small_delivery


@pytest.fixture
def runner(qtbot):
    runner = TaskRunner()
    yield runner
    assert runner.shutdown()


@pytest.fixture
def exporting(qtbot, runner) -> Exporting:
    return Exporting(runner, runner)


@pytest.fixture
def panel(qtbot, runner) -> ActivityPanel:
    panel = ActivityPanel(runner)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def delivery(tmp_path) -> Path:
    return small_delivery(tmp_path / "job", frames=3)


@pytest.fixture
def opened(qtbot, exporting, delivery):
    """Opens the dialog on the delivery's second frame, any number of times."""
    parent = QWidget()
    qtbot.addWidget(parent)

    def open_dialog() -> ExportDialog:
        dialog = ExportDialog(exporting, open_path(delivery), shown=1, parent=parent)
        dialog.open()
        return dialog

    yield open_dialog
    parent.close()


def type_folder(qtbot, dialog, folder):
    """Type a folder, and wait until it is known what lies there."""
    dialog.folder.clear()
    with qtbot.waitSignal(dialog._exporting.target_known):
        qtbot.keyClicks(dialog.folder, str(folder))


def choose(qtbot, dialog, format_name):
    dialog.format.setFocus()
    while dialog.format.currentText() != format_name:
        place = dialog.format.currentIndex()
        qtbot.keyClick(dialog.format, Qt.Key.Key_Down)
        assert dialog.format.currentIndex() == place + 1, "no such format"


def click(qtbot, button):
    """A click where the mark and the text of a button are."""
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


def texts(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_nothing_can_be_exported_before_a_folder_is_chosen(opened):
    dialog = opened()
    assert not dialog.go.isEnabled()
    assert "Choose a new or an empty folder" in texts(dialog)


def test_all_frames_are_exported_into_a_typed_folder_and_the_end_names_it(qtbot, opened, exporting, tmp_path):
    dialog = opened()
    choose(qtbot, dialog, "PCD")
    type_folder(qtbot, dialog, tmp_path / "out")
    with qtbot.waitSignal(exporting.ended) as ended:
        click(qtbot, dialog.go)
    assert ended.args == [f"Exported 3 frames to {tmp_path / 'out'}."]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.pcd")) == ["000000.pcd", "000001.pcd", "000002.pcd"]


def test_the_frame_on_screen_alone_is_exported(qtbot, opened, exporting, delivery, tmp_path):
    dialog = opened()
    click(qtbot, dialog.this_frame)
    assert dialog.this_frame.text() == "The frame on screen (2 of 3)"
    assert not dialog.whole.isEnabled()
    type_folder(qtbot, dialog, tmp_path / "out")
    with qtbot.waitSignal(exporting.ended) as ended:
        click(qtbot, dialog.go)
    assert ended.args[0].startswith("Exported 1 frame ")
    (scan,) = (tmp_path / "out" / "velodyne").iterdir()
    source = (delivery / "files" / "lidar" / "000001.pcd").read_bytes()
    assert source.endswith(scan.read_bytes())


def test_one_file_for_all_frames_is_offered_where_the_format_can_hold_them(qtbot, opened, exporting, tmp_path):
    dialog = opened()
    assert not dialog.whole.isEnabled()
    choose(qtbot, dialog, "npz")
    click(qtbot, dialog.whole)
    type_folder(qtbot, dialog, tmp_path / "out")
    with qtbot.waitSignal(exporting.ended):
        click(qtbot, dialog.go)
    with np.load(tmp_path / "out" / "cloud.npz", allow_pickle=False) as arrays:
        assert arrays["frame_offsets"].tolist() == [0, 500, 1000, 1500]


def test_going_back_to_a_format_without_whole_files_takes_the_choice_back(qtbot, opened, tmp_path):
    dialog = opened()
    choose(qtbot, dialog, "npz")
    click(qtbot, dialog.whole)
    dialog.format.setFocus()
    qtbot.keyClick(dialog.format, Qt.Key.Key_Home)
    assert dialog.per_frame.isChecked()
    assert not dialog.request(tmp_path).whole


def test_a_folder_with_something_else_keeps_the_button_off_and_says_why(qtbot, opened, delivery):
    dialog = opened()
    type_folder(qtbot, dialog, delivery)
    assert not dialog.go.isEnabled()
    assert "Something else lies there" in texts(dialog)
    qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_an_earlier_export_is_announced_before_it_is_replaced(qtbot, opened, exporting, tmp_path):
    for label in ("Export", "Replace"):
        dialog = opened()
        type_folder(qtbot, dialog, tmp_path / "out")
        assert dialog.go.text() == label
        with qtbot.waitSignal(exporting.ended):
            click(qtbot, dialog.go)
    assert (tmp_path / "out" / "velodyne" / "000000.bin").is_file()


def test_typing_on_takes_the_button_away_until_the_new_folder_is_known(qtbot, opened, tmp_path):
    dialog = opened()
    type_folder(qtbot, dialog, tmp_path / "out")
    assert dialog.go.isEnabled()
    dialog.folder.setText(str(tmp_path / "other"))
    assert not dialog.go.isEnabled()


def test_a_folder_can_be_picked(qtbot, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path / "picked"))
    dialog = opened()
    with qtbot.waitSignal(dialog._exporting.target_known):
        click(qtbot, dialog.choose)
    assert dialog.target == tmp_path / "picked"


def test_a_folder_that_cannot_be_looked_into_is_explained(qtbot, opened, monkeypatch):
    def refuse(_folder):
        raise InputError("The disk is gone.")

    monkeypatch.setattr("app.gui.exporting.target_state", refuse)
    dialog = opened()
    with qtbot.waitSignal(dialog._exporting.target_failed):
        qtbot.keyClicks(dialog.folder, "/somewhere")
    assert "The disk is gone." in texts(dialog)
    assert not dialog.go.isEnabled()


def test_what_the_export_lacks_stays_in_the_activity_panel_and_retry_completes_it(
    qtbot, opened, exporting, panel, delivery, tmp_path
):
    mask = delivery / "files" / "masks" / "000001.txt"
    whole = mask.read_bytes()
    mask.write_text("[1]")
    dialog = opened()
    type_folder(qtbot, dialog, tmp_path / "out")
    with qtbot.waitSignal(exporting.ended) as ended:
        click(qtbot, dialog.go)
    assert "Activity" in ended.args[0]
    qtbot.waitUntil(lambda: any("without labels" in texts(row) for row in panel.rows))
    mask.write_bytes(whole)
    retry = next(child for child in panel.rows[0].findChildren(QToolButton) if child.text() == "Retry")
    with qtbot.waitSignal(exporting.ended) as ended:
        qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert "Activity" not in ended.args[0]
    assert (tmp_path / "out" / "labels" / "000001.label").is_file()
    qtbot.waitUntil(lambda: not panel.rows)


def test_cancel_in_the_activity_panel_leaves_nothing(qtbot, opened, exporting, runner, panel, tmp_path, monkeypatch):
    reached, gate = threading.Event(), threading.Event()
    dialog = opened()
    load = dialog._job.load_frame

    def slowly(index):
        if index == 1:
            reached.set()
            assert gate.wait(20)
        return load(index)

    monkeypatch.setattr(dialog._job, "load_frame", slowly)
    type_folder(qtbot, dialog, tmp_path / "out")
    ended = []
    exporting.ended.connect(ended.append)
    click(qtbot, dialog.go)
    qtbot.waitUntil(reached.is_set)
    (task,) = runner.running
    cancel = next(child for child in panel.rows[0].findChildren(QToolButton) if child.text() == "Cancel")
    with qtbot.waitSignal(task.cancelled):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
        gate.set()
    assert not (tmp_path / "out").exists()
    assert ended == []
