"""These files are at …."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.gui.dialogs.mappings import MappingDialog
from app.gui.storage import common_folder
from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox
from app.settings import RememberedProject
from app.sync import QueueItem
from tests.builders import small_delivery
from tests.gui.download_parts import JOB, PATIENCE, PROJECT, download_parts

PROJECTS = (RememberedProject(PROJECT, "street"), RememberedProject("another", ""))


@pytest.fixture
def delivery(tmp_path):
    return small_delivery(tmp_path / "delivery")


@pytest.fixture
def sandbox(delivery):
    with Sandbox([delivery]) as sandbox:
        yield sandbox


@pytest.fixture
def parts(qtbot, sandbox, tmp_path):
    with download_parts(sandbox, tmp_path / "workspace") as parts:
        yield parts


@pytest.fixture
def failed(qtbot, parts, sandbox, delivery, tmp_path):
    """A job whose masks cannot be had from the service, but lie in a folder."""
    sandbox.faults.add(Fault(FaultKind.ERROR, path_contains=".txt", times=999, status=404))
    parts.queue.add([QueueItem(PROJECT, JOB, "street")])
    qtbot.waitUntil(lambda: parts.states() == {JOB: "failed"} and not parts.runner.running, timeout=PATIENCE)
    folder = tmp_path / "masks of the customer"
    mask = next(delivery.rglob("000000.txt"))
    shutil.copytree(mask.parent, folder)
    return folder


@pytest.fixture
def opened(qtbot, parts):
    owner = QWidget()
    qtbot.addWidget(owner)

    def open_on(job: str = "") -> MappingDialog:
        with qtbot.waitSignal(parts.storage.mapped, timeout=PATIENCE):
            dialog = MappingDialog(parts.storage, PROJECTS, owner, project=PROJECT, job=job)
            dialog.open()
        return dialog

    return open_on


def test_a_failed_job_fills_in_where_its_files_were_asked_for_and_comes_from_the_folder(qtbot, opened, parts, failed):
    dialog = opened(JOB)
    assert dialog.prefix.text().startswith("https://")
    assert dialog.prefix.text().endswith("/")
    assert not dialog.add_button.isEnabled()
    qtbot.keyClicks(dialog.folder, str(failed))
    qtbot.keyClick(dialog.folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: parts.states() == {JOB: "done"}, timeout=PATIENCE)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert dialog.list.item(0).text().endswith(str(failed))
    assert (dialog.prefix.text(), dialog.folder.text(), dialog.problem) == ("", "", "")
    dialog.reject()


def test_delete_removes_a_folder_and_the_service_is_asked_again(qtbot, opened, parts, failed):
    dialog = opened(JOB)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClicks(dialog.folder, str(failed))
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=PATIENCE)
    assert not dialog.remove_button.isEnabled()
    dialog.list.setCurrentRow(0)
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: dialog.list.count() == 0, timeout=PATIENCE)
    assert parts.services.workspace.mappings(PROJECT) == ()
    dialog.reject()


@pytest.mark.parametrize(
    ("prefix", "folder", "said"),
    [
        ("masks/", ".", "is not the start of an address"),
        ("https://store.example/", "no/such/folder", "There is no folder"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(qtbot, opened, parts, prefix, folder, said):
    dialog = opened()
    qtbot.keyClicks(dialog.prefix, prefix)
    qtbot.keyClicks(dialog.folder, folder)
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    assert said in dialog.problem
    assert dialog.prefix.text() == prefix
    assert parts.services.workspace.mappings(PROJECT) == ()
    dialog.reject()


def test_folders_are_kept_for_each_project(qtbot, opened, parts, tmp_path):
    dialog = opened()
    qtbot.keyClicks(dialog.prefix, "https://store.example/a/")
    dialog.folder.setText(str(tmp_path))
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=PATIENCE)
    dialog.project.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.list.count() == 0, timeout=PATIENCE)
    dialog.reject()


def test_browse_fills_in_the_folder(qtbot, opened, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path))
    dialog = opened()
    qtbot.mouseClick(dialog.browse_button, Qt.MouseButton.LeftButton)
    assert dialog.folder.text() == str(tmp_path)
    dialog.reject()


@pytest.mark.parametrize(
    ("urls", "folder"),
    [
        ([], ""),
        (["https://a.example/x/1.pcd"], "https://a.example/x/"),
        (["https://a.example/x/1.pcd", "https://a.example/x/2.pcd"], "https://a.example/x/"),
        (["https://a.example/x1/1.pcd", "https://a.example/x2/1.pcd"], "https://a.example/"),
        (["https://a.example/x/1.pcd", "https://b.example/x/1.pcd"], ""),
        (["no address", "https://b.example/x/1.pcd"], ""),
    ],
)
def test_the_common_folder_of_addresses(urls, folder):
    assert common_folder(urls) == folder
