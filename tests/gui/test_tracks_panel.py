import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.gui.camera_note import CameraNote
from app.gui.panels.tracks import NO_JOB, NO_MATCH, NO_TRACKS, TracksPanel
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest

NASTY = '<b>car</b><img src="file:///etc/hostname">\u202e'


@pytest.fixture
def delivery(tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=5, cameras=("front", "rear"))

    def come_late(document):
        for frame in document["results"]["objectTracking"]["frames"][:3]:
            frame["objects"] = frame["objects"][1:]

    edit_json(delivery / "tracking" / "rear.json", come_late)
    return delivery


@pytest.fixture
def viewer(qtbot, delivery):
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def panel(qtbot, viewer):
    panel = TracksPanel(viewer)
    qtbot.addWidget(panel)
    panel.resize(280, 400)
    panel.show()
    return panel


def texts(panel, role=Qt.ItemDataRole.DisplayRole):
    model = panel.list.model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def middle(panel, row):
    return panel.list.visualRect(panel.list.model().index(row, 0)).center()


def test_all_tracks_of_all_cameras_are_listed_with_their_frames(panel):
    assert texts(panel) == ["Car 0 front", "Pedestrian 2 front", "Car 0 rear", "Pedestrian 2 rear"]
    assert texts(panel, Qt.ItemDataRole.AccessibleTextRole)[2] == "Car 0, camera rear, frames 4–5"


def test_a_click_selects_and_a_double_click_goes_to_the_first_frame(qtbot, panel, viewer):
    at = middle(panel, 2)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.selected_track == ("rear", 0)
    assert viewer.wanted == 0
    qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.wanted == 3
    rest(qtbot, viewer)


def test_the_list_follows_a_selection_made_elsewhere(panel, viewer):
    viewer.select_track(("rear", 2))
    assert panel.list.currentIndex().row() == 3
    viewer.select_track(None)
    assert not panel.list.currentIndex().isValid()
    assert viewer.selected_track is None


def test_arrow_keys_walk_through_the_tracks_and_return_goes_there(qtbot, panel, viewer):
    viewer.select_track(("front", 2))
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert viewer.selected_track == ("rear", 0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert viewer.wanted == 3
    rest(qtbot, viewer)


def test_the_filter_reads_label_id_and_camera_and_keeps_the_selection(qtbot, panel, viewer):
    viewer.select_track(("rear", 0))
    qtbot.keyClicks(panel.filter, "pedes")
    assert texts(panel) == ["Pedestrian 2 front", "Pedestrian 2 rear"]
    assert viewer.selected_track == ("rear", 0)
    panel.filter.setText("rear")
    assert texts(panel) == ["Car 0 rear", "Pedestrian 2 rear"]
    assert panel.list.currentIndex().row() == 0
    panel.filter.setText("zebra")
    assert panel._empty.text() == NO_MATCH
    assert panel._empty.isVisible()
    assert not panel.link.isVisible()


def test_states_of_cameras_are_told_until_their_boxes_are_there(panel, viewer):
    viewer.set_note("rear", CameraNote("Post-processing runs: 40 %"))
    assert panel.states == ("rear: Post-processing runs: 40 %",)
    viewer.set_note("rear", CameraNote("Post-processing runs: 80 %"))
    assert panel.states == ("rear: Post-processing runs: 80 %",)
    viewer.set_note("rear", None)
    assert panel.states == ()


def test_without_tracks_one_sentence_and_one_button_say_what_to_do(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "plain", frames=1)
    (delivery / "tracking" / "front.json").unlink()
    with opened_viewer(qtbot, delivery) as viewer:
        panel = TracksPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel._empty.text() == NO_TRACKS
        with qtbot.waitSignal(panel.link_requested) as asked:
            qtbot.mouseClick(panel.link, Qt.MouseButton.LeftButton)
        assert asked.args == [""]


def test_without_a_job_there_is_nothing_to_link(qtbot):
    with opened_viewer(qtbot) as viewer:
        panel = TracksPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        assert panel._empty.text() == NO_JOB
        assert not panel.link.isVisible()


def test_labels_with_markup_are_shown_as_written(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "nasty", frames=1)
    path = delivery / "tracking" / "front.json"
    edit_json(path, lambda d: d["results"]["objectTracking"]["frames"][0]["objects"][0].update(label=NASTY))
    with opened_viewer(qtbot, delivery) as viewer:
        panel = TracksPanel(viewer)
        qtbot.addWidget(panel)
        panel.show()
        viewer.set_note("front", CameraNote(NASTY))
        assert texts(panel)[0].startswith("<b>car</b><img")
        assert r"\u202e" in texts(panel)[0]
        assert "&lt;b&gt;" in texts(panel, Qt.ItemDataRole.ToolTipRole)[0]
        shown = [label for label in panel.findChildren(QLabel) if NASTY[:6] in label.text()]
        assert shown
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in shown)
        panel.grab()
