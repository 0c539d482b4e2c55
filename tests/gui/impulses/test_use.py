"""From an impulse to the tracks on screen: block and variant for the cameras of the open job."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.impulse.tracks_origin import TracksOrigin
from app.formats.edge_impulse_impulses import read_impulses
from app.gui.impulses.opening import NO_JOB, Impulses
from app.gui.impulses.origin_line import TracksOriginLine
from app.gui.impulses.use_dialog import HOW, NO_LINKS, UseDialog
from app.gui.preferences import Preferences
from app.gui.viewer import Viewer
from app.jobs import CameraTracking
from app.sandbox.street.impulse_list import impulses_of_project
from app.workspace import CameraLink
from app.workspace.addresses import impulses_address
from tests.gui.edge_impulse_parts import FRONT, JOB, LEFT, PROJECT, edge_impulse_parts

PATIENCE = 20_000  # ms
IMPULSES = read_impulses(impulses_of_project()).impulses
STREET, NIGHT, FOMO, ALONE, UNTRAINED, *_ = IMPULSES


@pytest.fixture
def parts(qtbot, tmp_path):
    with edge_impulse_parts(qtbot, tmp_path) as parts:
        delivery = tmp_path / "delivery" / "impulses.json"
        delivery.write_text(json.dumps(impulses_of_project()))
        parts.sandbox.forget_requests()
        yield parts


def link(camera, sample, block=5, variant="int8", project=PROJECT):
    return CameraLink(camera, project, sample, f"street {camera}", block, variant)


@pytest.fixture
def dialog(qtbot):
    desks = []  # they own the dialogs

    def make(impulse, *links, block_id=0) -> UseDialog:
        desk = QWidget()
        qtbot.addWidget(desk)
        desks.append(desk)
        made = UseDialog(impulse, links, project_id=PROJECT, block_id=block_id, parent=desk)
        made.show()
        return made

    return make


def test_block_and_variant_are_offered_with_the_recommended_one_first(dialog):
    shown = dialog(FOMO, link("front", FRONT), link("left", LEFT))
    assert [shown.block.itemData(place) for place in range(shown.block.count())] == [34]
    assert [shown.variant.itemText(place) for place in range(shown.variant.count())] == ["int8", "float32", "akida"]
    assert shown.checked == ("front", "left")
    assert shown.note.text() == HOW


def test_a_camera_of_another_project_cannot_be_chosen_and_says_why(qtbot, dialog):
    shown = dialog(FOMO, link("front", FRONT), link("rear", 7, project=77))
    assert shown.checked == ("front",)
    assert "project 77" in shown.cameras["rear"].text()
    assert "another project" in shown.cameras["rear"].toolTip()
    shown.cameras["front"].setChecked(False)
    assert not shown.go.isEnabled()


def test_without_a_linked_camera_linking_is_one_click_away(qtbot, dialog):
    shown = dialog(FOMO)
    assert shown.note.text() == NO_LINKS
    with qtbot.waitSignal(shown.link_requested):
        qtbot.mouseClick(shown.link, Qt.MouseButton.LeftButton)


def test_models_that_were_never_trained_have_no_variant_and_say_so(dialog):
    shown = dialog(UNTRAINED, link("front", FRONT))
    assert "offer no variant" in shown.note.text()
    assert not shown.go.isEnabled()


# -- with the services --


@pytest.fixture
def impulses(qtbot, parts):
    parts.services.workspace.store(impulses_address(PROJECT), json.dumps(impulses_of_project()).encode())
    preferences = Preferences(parts.services, parts.runner, remember=False)
    made = Impulses(
        parts.desk, parts.services, parts.runner, parts.viewer, linking=parts.linking, preferences=preferences
    )
    made.show()
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)
    yield made
    made.window.close()


def press_use(qtbot, impulses):
    shown = impulses.window.findChild(UseDialog)
    button = next(each for each in shown.buttons.findChildren(QPushButton) if each.text() == "Use")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_u_makes_the_chosen_impulse_the_source_of_the_tracks(qtbot, parts, impulses):
    parts.link(link("front", FRONT), link("left", LEFT))
    parts.viewer.reload_tracking()
    parts.tracking.fetch_linked()
    qtbot.waitUntil(lambda: bool(parts.viewer.tracks) and not parts.runner.running, timeout=PATIENCE)
    line = TracksOriginLine(parts.viewer)
    qtbot.addWidget(line)
    assert line.text() == "From Street cameras · Object tracking · int8"
    page = impulses.window.page
    page.table.show_row(2)
    page.use(34, "float32")
    shown = impulses.window.findChild(UseDialog)
    assert shown.variant.currentText() == "float32"
    shown.cameras["left"].setChecked(False)
    with qtbot.waitSignal(parts.linking.links_saved, timeout=PATIENCE):
        press_use(qtbot, impulses)
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)
    links = {each.camera: each for each in parts.services.workspace.camera_links(JOB)}
    assert (links["front"].block_id, links["front"].variant) == (34, "float32")
    assert (links["left"].block_id, links["left"].variant) == (5, "int8")
    assert parts.asked(f"/post-processing/34/samples/{FRONT}")
    assert not parts.asked("classify")
    origin = parts.viewer.tracking["front"].origin
    assert (origin.impulse, origin.block_id, origin.variant) == ("Street FOMO, grey", 34, "float32")
    assert origin.parameters["keep_grace"] == "3"
    assert line.text().startswith("From 2 impulses or variants: ")
    assert "front: Tracks of Street FOMO, grey (id 3)" in line.toolTip()


def test_an_impulse_that_tracks_nothing_says_so(parts, impulses):
    page = impulses.window.page
    page.table.show_row(3)
    page.use()
    assert page.note.text() == "Boxes alone has no block that tracks objects."
    assert impulses.window.findChild(UseDialog) is None


def test_without_a_job_there_are_no_cameras_to_use_it_for(monkeypatch, impulses):
    with monkeypatch.context() as closed:
        closed.setattr(Viewer, "job", property(lambda _viewer: None))
        impulses.ask_for_cameras(PROJECT, STREET, 0, "")
    assert impulses.window.page.note.text() == NO_JOB


def test_the_window_comes_up_again_where_it_was_left(qtbot, parts, impulses):
    window = impulses.window
    window.page.toolbar.search.setText("fomo")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    impulses.show()
    assert impulses.window is window
    assert window.isVisible()
    assert window.page.table.model.rowCount() == 1


def test_the_page_follows_the_job_that_is_opened_also_while_its_window_was_closed(qtbot, parts, impulses):
    document = json.dumps(impulses_of_project()).encode()
    parts.services.workspace.store(impulses_address(77), document)
    parts.link(link("front", FRONT))
    page = impulses.window.page
    page.look(77)
    qtbot.waitUntil(lambda: "Project 77" in page.note.text(), timeout=PATIENCE)
    parts.viewer.job_changed.emit()
    qtbot.waitUntil(lambda: f"Project {PROJECT}" in page.note.text(), timeout=PATIENCE)
    page.look(77)
    qtbot.waitUntil(lambda: "Project 77" in page.note.text(), timeout=PATIENCE)
    impulses.window.close()
    parts.viewer.job_changed.emit()
    assert "Reading impulses" not in [task.title for task in parts.runner.running]
    impulses.show()
    qtbot.waitUntil(lambda: f"Project {PROJECT}" in page.note.text(), timeout=PATIENCE)


def test_a_fetch_ends_when_the_window_is_closed(qtbot, impulses, parts):
    page = impulses.window.page
    before = page.note.text()
    page.fetch()
    (task,) = parts.runner.running
    qtbot.keyClick(impulses.window, Qt.Key.Key_Escape)
    assert task.superseded
    assert page.note.text() == before
    qtbot.waitUntil(lambda: not parts.runner.running, timeout=PATIENCE)
    assert page.note.text() == before


def test_tracks_without_a_known_origin_say_nothing(qtbot, parts):
    line = TracksOriginLine(parts.viewer)
    qtbot.addWidget(line)
    assert line.text() == ""
    assert CameraTracking().origin is None
    assert TracksOrigin().short == "unknown impulse"
