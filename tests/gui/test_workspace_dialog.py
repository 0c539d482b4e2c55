"""How full the workspace is, and whether its files are sound."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.gui.dialogs.workspace import SOUND, UNCHECKED, WorkspaceDialog
from app.sandbox.server import Sandbox
from app.sync import QueueItem
from app.workspace import Workspace
from tests.builders import small_delivery
from tests.gui.download_parts import JOB, PATIENCE, PROJECT, download_parts


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox([small_delivery(tmp_path / "delivery")]) as sandbox:
        yield sandbox


@pytest.fixture
def parts(qtbot, sandbox, tmp_path):
    with download_parts(sandbox, tmp_path / "workspace") as parts:
        parts.queue.add([QueueItem(PROJECT, JOB, "street")])
        qtbot.waitUntil(lambda: parts.states() == {JOB: "done"} and not parts.runner.running, timeout=PATIENCE)
        yield parts


@pytest.fixture
def opened(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)

    def open_on(parts) -> WorkspaceDialog:
        dialog = WorkspaceDialog(parts.storage, owner)
        dialog.open()
        qtbot.waitUntil(lambda: bool(dialog.used_text))
        return dialog

    return open_on


def press(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def objects(parts):
    folder = parts.services.workspace.root / "objects"
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


def test_it_says_where_and_how_full_the_workspace_is(opened, parts):
    parts.services.workspace.set_pinned(JOB, pinned=True)
    dialog = opened(parts)
    assert dialog._folder.text() == str(parts.services.workspace.root)
    assert dialog._jobs.text() == "1 job, 1 pinned"
    assert dialog.state == UNCHECKED
    assert dialog.quota.text() == "No limit"
    assert not dialog.damage.isVisible()
    dialog.reject()


def test_a_quota_is_announced_and_set_against_what_is_in_use(qtbot, opened, parts):
    dialog = opened(parts)
    dialog.quota.setFocus()
    with qtbot.waitSignal(dialog.quota_changed) as announced:
        qtbot.keyClick(dialog.quota, Qt.Key.Key_Up)
    assert announced.args == [1]
    assert dialog.used_text.endswith(" of 1.0 GB")
    dialog.reject()


@pytest.mark.parametrize("how", ["is gone", "has other bytes"])
def test_damage_is_named_with_its_jobs_and_repaired(qtbot, opened, parts, how):
    dialog = opened(parts)
    press(qtbot, dialog.verify_button)
    qtbot.waitUntil(lambda: dialog.state == SOUND, timeout=PATIENCE)
    victim = objects(parts)[-1]
    if how == "is gone":
        victim.unlink()
    else:
        victim.write_bytes(bytes(victim.stat().st_size))
        press(qtbot, dialog.read_data)
    press(qtbot, dialog.verify_button)
    qtbot.waitUntil(dialog.damage.isVisible, timeout=PATIENCE)
    assert dialog.state == "1 file of 1 job can no longer be used. Repair fetches them again."
    assert dialog.damage.item(0).text().startswith("missing: " if how == "is gone" else "damaged: ")
    assert dialog.damage.item(0).text().endswith(" · street")
    assert parts.library.on_disk(JOB).gaps.damaged == 1
    press(qtbot, dialog.repair_button)
    qtbot.waitUntil(lambda: dialog.state == SOUND, timeout=PATIENCE)
    qtbot.waitUntil(lambda: parts.library.on_disk(JOB).gaps.damaged == 0, timeout=PATIENCE)
    assert list(parts.services.workspace.verify(read_data=True)) == []
    dialog.reject()


def test_a_repair_without_the_service_says_why_and_stays_possible(qtbot, opened, parts, sandbox):
    dialog = opened(parts)
    objects(parts)[-1].unlink()
    sandbox.stop()
    press(qtbot, dialog.verify_button)
    qtbot.waitUntil(dialog.damage.isVisible, timeout=PATIENCE)
    press(qtbot, dialog.repair_button)
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=60_000)
    assert "street" in dialog.state
    assert dialog.damage.isVisible()
    assert dialog.repair_button.isEnabled()
    dialog.reject()


def test_a_workspace_that_another_program_has_open_says_so(qtbot, opened, sandbox, tmp_path):
    with Workspace.open(tmp_path / "workspace"), download_parts(sandbox, tmp_path / "workspace") as parts:
        dialog = opened(parts)
        assert "another" in dialog._notice.text().lower()
        assert dialog._notice.isVisible()
        dialog.reject()
