"""Cameras are linked to samples, and boxes come when the service has made them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.domain.post_processing import JOB_IS_RUNNING, NO_RESULTS
from app.gui.dialogs.link_cameras import NOT_LINKED, LinkDialog

pytestmark = pytest.mark.gl


def open_dialog(desk, window) -> LinkDialog:
    window.link_cameras()
    dialog = window.findChild(LinkDialog)
    desk.until(lambda: bool(dialog.rows))
    return dialog


def sentence(window, camera: str) -> str:
    note = window.viewer.notes.get(camera)
    return note.sentence if note else ""


def press_link(desk, dialog):
    button = next(button for button in dialog.buttons.findChildren(QPushButton) if button.text() == "Link")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_dialog_suggests_samples_by_name_and_the_boxes_appear(desk, window):
    assert not window.viewer.tracks
    dialog = open_dialog(desk, window)
    assert [row.sample.currentText() for row in dialog.rows] == ["street front", "street left"]
    assert all(row.block.currentText() and row.variant.currentText() for row in dialog.rows)
    press_link(desk, dialog)
    desk.until(lambda: {track.camera for track in window.viewer.tracks} == {"front", "left"})
    desk.until(lambda: bool(window.viewer.boxes["front"].tracked))
    assert not window.viewer.notes


def test_links_are_remembered_with_variant_and_offset(desk, window):
    dialog = open_dialog(desk, window)
    front, left = dialog.rows
    front.offset.setValue(1)
    front.variant.setCurrentIndex(front.variant.count() - 1)
    variant = front.variant.currentText()
    left.sample.setCurrentText(NOT_LINKED)
    with desk.qtbot.waitSignal(window.linking.links_saved):
        press_link(desk, dialog)
    links = window.services.workspace.camera_links(window.viewer.job.job_id)
    assert [(link.camera, link.variant, link.frame_offset) for link in links] == [("front", variant, 1)]
    desk.until(lambda: bool(window.viewer.tracks))
    again = open_dialog(desk, window)
    assert again.rows[0].offset.value() == 1
    assert again.rows[0].variant.currentText() == variant
    again.reject()


def test_while_the_service_works_the_view_says_so_and_refreshes_when_it_is_done(desk, window, sandbox):
    sandbox.set_sample_state("street front", JOB_IS_RUNNING, polls=2)
    press_link(desk, open_dialog(desk, window))
    desk.until(lambda: "working" in sentence(window, "front"))
    assert window.viewer.boxes["front"].tracked == ()
    desk.until(lambda: bool(window.viewer.boxes["front"].tracked))
    assert "front" not in window.viewer.notes


def test_a_sample_without_results_says_what_to_do_and_starts_nothing(desk, window, sandbox):
    sandbox.set_sample_state("street left", NO_RESULTS)
    press_link(desk, open_dialog(desk, window))
    desk.until(lambda: "Classify" in sentence(window, "left"))
    assert not [request for request in sandbox.requests if "classify" in request.path]


def test_a_wrong_key_is_explained_in_the_dialog(desk, window):
    window.services.credentials.edge_impulse_key = "ei_wrong"
    window.link_cameras()
    dialog = window.findChild(LinkDialog)
    desk.until(lambda: "key" in dialog._note.text().lower() and "Asking" not in dialog._note.text())
    assert dialog.rows == ()
    dialog.reject()
