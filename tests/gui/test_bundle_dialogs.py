"""Saving, importing, opening and dropping bundles with the window's own dialogs and events."""

import hashlib
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QMessageBox, QPushButton

from app.gui.bundles import suggested_name
from app.gui.dialogs.connection import ConnectionDialog
from app.gui.main_window import CLOUD_FILES, MainWindow
from app.gui.services import Services
from app.settings import Credentials, Settings
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.workspace.bundles import Unpacked, bundle_of

pytestmark = pytest.mark.gl

PATIENCE = 30_000  # ms; software rendering on two busy cores


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return small_delivery(tmp_path / "street", frames=2, points=300)


@pytest.fixture
def window(qtbot, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings(workspace=str(tmp_path / "workspace"))
    window = MainWindow(Services(settings, Credentials()), remember=False)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def until(qtbot, holds) -> None:
    qtbot.waitUntil(holds, timeout=PATIENCE)


def wait_for(qtbot, window: MainWindow, name: str) -> None:
    """Until the first frame of a job is shown and nothing is under way."""
    until(
        qtbot,
        lambda: (
            window.viewer.job is not None
            and window.viewer.job.name == name
            and window.viewer.shown is not None
            and window.scene_view.drawn_index == window.viewer.wanted
            and not window.runner.running
        ),
    )


def choose(qtbot, window: MainWindow, action: str, path: Path) -> None:
    """Trigger a command and choose a file in the dialog that it opens."""
    window.actions_by_id[action].trigger()
    until(qtbot, lambda: window.findChild(QFileDialog) is not None)
    dialog = window.findChild(QFileDialog)
    dialog.selectFile(str(path))
    dialog.accept()
    until(qtbot, lambda: not window.findChildren(QFileDialog))


def message(qtbot, window: MainWindow) -> QMessageBox:
    until(qtbot, lambda: window.findChild(QMessageBox) is not None)
    return window.findChild(QMessageBox)


def news(window: MainWindow) -> str:
    return window.statusBar().findChild(QLabel).text()


def test_the_open_job_is_saved_as_a_bundle(qtbot, window, tmp_path, delivery):
    window.open_path(delivery)
    wait_for(qtbot, window, "street")
    with qtbot.waitSignal(window.bundles.saved, timeout=PATIENCE):
        choose(qtbot, window, "save-bundle", tmp_path / "mine")  # the suffix comes by itself
    assert (tmp_path / "mine.ppb").read_bytes() == bundle_of(delivery, tmp_path / "other.ppb").read_bytes()
    assert news(window) == "Saved mine.ppb with 8 files."
    assert window.findChild(QMessageBox) is None


def test_signed_addresses_are_told_when_a_bundle_is_saved(qtbot, window, tmp_path, delivery):
    document = delivery / "result.json"
    document.write_text(document.read_text().replace("000000.jpg", "000000.jpg?X-Amz-Signature=CANARY"))
    window.open_path(delivery)
    wait_for(qtbot, window, "street")
    choose(qtbot, window, "save-bundle", tmp_path / "mine.ppb")
    box = message(qtbot, window)
    assert "signed addresses of data.example" in box.informativeText()
    assert "CANARY" not in box.text() + box.informativeText()
    box.close()


def test_a_job_that_lacks_files_is_saved_only_after_a_question(qtbot, window, tmp_path, delivery):
    (delivery / "files" / "masks" / "000001.txt").unlink()
    window.open_path(delivery)
    wait_for(qtbot, window, "street")
    choose(qtbot, window, "save-bundle", tmp_path / "mine.ppb")
    box = message(qtbot, window)
    assert "000001.txt is missing" in box.text()
    assert not (tmp_path / "mine.ppb").exists()
    agree = next(button for button in box.findChildren(QPushButton) if button.text() == "Save without them")
    with qtbot.waitSignal(window.bundles.saved, timeout=PATIENCE):
        qtbot.mouseClick(agree, Qt.MouseButton.LeftButton)
    assert [file["shown_url"] for file in Unpacked.of(tmp_path / "mine.ppb").manifest["lacking"]] == [
        "https://data.example/street/masks/000001.txt"
    ]


def test_whoever_says_no_gets_no_bundle(qtbot, window, tmp_path, delivery):
    (delivery / "files" / "masks" / "000001.txt").unlink()
    window.open_path(delivery)
    wait_for(qtbot, window, "street")
    choose(qtbot, window, "save-bundle", tmp_path / "mine.ppb")
    box = message(qtbot, window)
    qtbot.mouseClick(
        box.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton
    )
    until(qtbot, lambda: window.findChild(QMessageBox) is None)
    assert not window.runner.running
    assert not (tmp_path / "mine.ppb").exists()


def test_without_a_job_there_is_nothing_to_save(window):
    window.actions_by_id["save-bundle"].trigger()
    assert news(window) == "Open a job first, then save it as a bundle."
    assert window.findChild(QFileDialog) is None


def test_an_imported_bundle_is_in_the_workspace_and_open(qtbot, window, tmp_path, delivery):
    path = bundle_of(delivery, tmp_path / "street.ppb")
    shutil.rmtree(delivery)
    choose(qtbot, window, "import-bundle", path)
    wait_for(qtbot, window, "street")
    assert news(window) == "Imported street: 8 files added, 0 here already."
    assert window.viewer.shown.frame.mask is not None
    assert window.viewer.tracks
    job_id = window.viewer.job.job_id
    assert window.library.is_stored(job_id)
    assert [project.name for project in window.library.projects] == ["Deliveries"]
    window.close()
    with Workspace.open(tmp_path / "workspace") as workspace:
        assert [job.job_id for job in workspace.jobs()] == [job_id]


def test_a_job_of_no_service_is_opened_again_without_asking_one(qtbot, window, tmp_path, delivery):
    (delivery / "files" / "masks" / "000000.txt").unlink()
    choose(qtbot, window, "import-bundle", bundle_of(delivery, tmp_path / "street.ppb"))
    wait_for(qtbot, window, "street")
    window.open_path(small_delivery(tmp_path / "other", frames=1, points=50))
    wait_for(qtbot, window, "other")
    window.jobs_panel.job_chosen.emit("delivered", f"delivery-{sha256((delivery / 'result.json').read_bytes())[:32]}")
    wait_for(qtbot, window, "street")
    window.library.load_batches("delivered")
    window.library.load_jobs("delivered", "delivered")
    assert not window.runner.running
    assert window.findChild(ConnectionDialog) is None
    assert window.viewer.problem is None


def test_a_job_of_a_service_is_imported_without_asking_for_a_key(qtbot, window, tmp_path, delivery):
    parts = Unpacked.of(bundle_of(delivery, tmp_path / "street.ppb"))
    parts.manifest["job"] |= {"project_id": "p-1", "batch_id": "b-1", "project_name": "City", "batch_name": "May"}
    choose(qtbot, window, "import-bundle", parts.write(tmp_path / "listed.ppb"))
    wait_for(qtbot, window, "street")
    assert [project.name for project in window.library.projects] == ["City"]
    batches = window.library.batches("p-1")
    assert batches is not None
    assert [batch.name for batch in batches] == ["May"]
    assert window.library.is_stored(window.viewer.job.job_id)
    assert window.findChild(ConnectionDialog) is None


def test_a_bundle_that_cannot_be_imported_leaves_what_is_shown(qtbot, window, tmp_path, delivery):
    window.open_path(delivery)
    wait_for(qtbot, window, "street")
    (tmp_path / "broken.ppb").write_bytes(b"no bundle")
    with qtbot.waitSignal(window.bundles.failed, timeout=PATIENCE):
        choose(qtbot, window, "import-bundle", tmp_path / "broken.ppb")
    assert "not a ZIP archive" in news(window)
    assert window.viewer.job.name == "street"


def test_notices_of_an_import_are_shown(qtbot, window, tmp_path, delivery):
    path = bundle_of(delivery, tmp_path / "street.ppb")
    address = Unpacked.of(path).entry("mask")["shown_url"]
    window.services.workspace.store(address, b"[1]")
    choose(qtbot, window, "import-bundle", path)
    box = message(qtbot, window)
    assert box.informativeText() == f"{address} is here with other content, which was kept."
    wait_for(qtbot, window, "street")
    box.close()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def drop(window: MainWindow, path: Path) -> None:
    """What Qt sends when a file is dragged in and let go."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(200, 200), action, mime, buttons, keys)
    assert QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), action, mime, buttons, keys))


@pytest.mark.parametrize("name", ["street.ppb", "from the mail"])
def test_a_bundle_that_is_dropped_on_the_window_opens_without_touching_the_workspace(
    qtbot, window, tmp_path, delivery, name
):
    path = bundle_of(delivery, tmp_path / name)
    window.services.workspace.close()
    before = sorted(file for file in (tmp_path / "workspace").rglob("*") if file.is_file())
    drop(window, path)
    wait_for(qtbot, window, "street")
    assert window.viewer.shown.frame.mask is not None
    assert window.viewer.tracks
    assert window.viewer.job.job_id == ""
    assert sorted(file for file in (tmp_path / "workspace").rglob("*") if file.is_file()) == before


def test_a_frame_whose_mask_the_bundle_lacks_is_shown_without_it(qtbot, window, tmp_path, delivery):
    (delivery / "files" / "masks" / "000000.txt").unlink()
    drop(window, bundle_of(delivery, tmp_path / "street.ppb"))
    wait_for(qtbot, window, "street")
    shown = window.viewer.shown.frame
    assert shown.cloud is not None
    assert shown.mask is None
    assert any(finding.rule.startswith("mask") for finding in window.viewer.findings())
    assert window.viewer.local_frames == {1}


def test_a_dropped_file_that_is_no_bundle_says_so(qtbot, window, tmp_path):
    (tmp_path / "broken.ppb").write_bytes(b"PK\x03\x04 and nothing more")
    drop(window, tmp_path / "broken.ppb")
    until(qtbot, lambda: window.viewer.problem is not None)
    assert "cut short" in str(window.viewer.problem)


def test_another_job_lets_go_of_the_bundle(qtbot, window, tmp_path, delivery):
    path = bundle_of(delivery, tmp_path / "street.ppb")
    window.open_path(path)
    wait_for(qtbot, window, "street")
    first = window.viewer.job
    other = small_delivery(tmp_path / "other", frames=1, points=50)
    window.open_path(other)
    wait_for(qtbot, window, "other")
    assert "bundle is closed" in first.load_frame(0).findings[0].message


def test_the_file_dialog_offers_bundles():
    assert "*.ppb" in CLOUD_FILES


@pytest.mark.parametrize(
    ("job", "name"),
    [
        ("street_0042", "street_0042.ppb"),
        ("../../etc/passwd", "etc_passwd.ppb"),
        ("a:b\\c\x00d", "a_b_c_d.ppb"),
        ("...", "job.ppb"),
        ("x" * 500, "x" * 80 + ".ppb"),
        ("Straße 7", "Straße_7.ppb"),
    ],
)
def test_a_suggested_name_is_a_name_and_no_path(job, name):
    assert suggested_name(job) == name
