"""A job that was fetched is exported from the window."""

import pytest
from PySide6.QtCore import Qt

from app.gui.dialogs.export import ExportDialog

pytestmark = pytest.mark.gl


def test_the_menu_exports_the_open_job_and_the_status_line_names_the_folder(desk, delivery, sandbox, tmp_path):
    window = desk.window(sandbox)
    window.actions_by_id["export"].trigger()
    assert "Open a job first" in window.status_line.news
    desk.open(window, delivery)
    window.viewer.show_frame(2)
    desk.wait_for_frame(window, 2)
    window.actions_by_id["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert "3 of 4" in dialog.this_frame.text()
    desk.qtbot.keyClicks(dialog.folder, str(tmp_path / "out"))
    desk.until(dialog.go.isEnabled)
    desk.qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    desk.until(lambda: "Exported 4 frames" in window.status_line.news)
    assert str(tmp_path / "out") in window.status_line.news
    scan = (tmp_path / "out" / "velodyne" / "000002.bin").read_bytes()
    assert (delivery / "files" / "lidar" / "000002.pcd").read_bytes().endswith(scan)
    window.close()
