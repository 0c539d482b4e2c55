from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.track_facts import BoxSize
from app.domain.track_switches import Switch, SwitchKind
from app.gui.camera_note import CameraNote
from app.gui.panels.tracks import NO_JOB, NO_MATCH, NO_TRACKS, TracksPanel
from app.gui.panels.tracks_columns import COLUMNS, SHOWN, cells, longest_texts
from app.gui.panels.tracks_model import TrackRows, TracksModel
from app.gui.theme import caption_font, tabular_font
from app.jobs import TrackSummary
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


# -- numbers, order, where to look --


def many(count):
    return tuple(
        TrackSummary(
            "front" if number % 2 else "rear",
            number,
            ("Car", "Pedestrian", "Bus")[number % 3],
            first=number * 7 % 400,
            last=number * 7 % 400 + number % 50,
            count=number % 50 + 1,
            gaps=((number * 7 % 400 + 1, number * 7 % 400 + 1),) * (number % 4 == 3),
            switches=(Switch(number * 7 % 400, SwitchKind.SWAPS_WITH, 0),) * (number % 5 == 4),
            mean_score=None if number % 6 == 0 else number % 100 / 100,
            size=BoxSize(10.0 + number % 1200, 20.0),
        )
        for number in range(count)
    )


def column(name):
    return next(each for each in COLUMNS if each.name == name)


@pytest.mark.parametrize("each", COLUMNS, ids=lambda each: each.name)
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_as_python_does_and_what_is_not_known_comes_last(qtbot, each, descending):
    tracks = many(60)
    owner = QWidget()
    qtbot.addWidget(owner)
    model = TracksModel(owner)
    rows = TrackRows(model, owner)
    model.set_tracks(tracks)
    rows.sort_by(each, descending=descending)
    known = [track for track in tracks if each.value(track) is not None]
    expected = sorted(known, key=each.value, reverse=descending)
    expected += [track for track in tracks if each.value(track) is None]
    found = [model.tracks[rows.mapToSource(rows.index(row, 0)).row()] for row in range(rows.rowCount())]
    assert [track.track_id for track in found] == [track.track_id for track in expected]


def test_a_click_on_a_title_sorts_and_another_one_turns_the_order_round(qtbot, panel, viewer):
    viewer.select_track(("rear", 2))
    at = panel.head.place_of(column("Length")).center().toPoint()
    qtbot.mouseClick(panel.head, Qt.MouseButton.LeftButton, pos=at)
    assert texts(panel) == ["Car 0 rear", "Car 0 front", "Pedestrian 2 front", "Pedestrian 2 rear"]
    assert panel.list.currentIndex().row() == 3
    qtbot.mouseClick(panel.head, Qt.MouseButton.LeftButton, pos=at)
    assert texts(panel) == ["Car 0 front", "Pedestrian 2 front", "Pedestrian 2 rear", "Car 0 rear"]
    assert panel.list.currentIndex().row() == 2
    camera = panel.head.place_of(column("Camera")).center().toPoint()
    qtbot.mouseClick(panel.head, Qt.MouseButton.LeftButton, pos=camera)
    assert [text.split()[-1] for text in texts(panel)] == ["front", "front", "rear", "rear"]
    panel.grab()


def test_the_menu_sorts_by_everything_and_shows_what_is_chosen(panel):
    menu = panel.sort.menu()
    by_name = {action.text(): action for action in menu.actions()}
    assert [each.name for each in COLUMNS] == list(by_name)[: len(COLUMNS)]
    menu.aboutToShow.emit()
    assert not by_name["Largest first"].isEnabled()
    by_name["Last frame"].trigger()
    menu.aboutToShow.emit()
    by_name["Largest first"].trigger()
    assert panel.rows.sorting == (column("Last frame"), True)
    menu.aboutToShow.emit()
    assert [name for name, action in by_name.items() if action.isChecked()] == ["Last frame", "Largest first"]


def test_conditions_filter_the_list(qtbot, panel):
    qtbot.keyClicks(panel.filter, "length<3 car")
    assert texts(panel) == ["Car 0 rear"]


def test_the_menu_of_a_row_goes_where_the_track_has_something(qtbot, panel, viewer):
    viewer.select_track(("rear", 0))
    shown = [
        (action.text().split("\t")[0], action.isEnabled())
        for action in panel.row_actions.menu().actions()
        if action.text()
    ]
    assert shown == [
        ("Go to its first frame", True),
        ("Go to its last frame", True),
        ("Go to its next gap", False),
        ("Go to its next switch", False),
    ]
    panel.row_actions["first"].trigger()
    assert viewer.wanted == 3
    panel.row_actions["last"].trigger()
    assert viewer.wanted == 4
    rest(qtbot, viewer)


@pytest.mark.parametrize("width", [250, 268, 304, 600])
def test_numbers_stand_beside_each_other_and_are_whole(qapp, width):
    texts = longest_texts(many(2000))
    line, font = QRectF(6, 0, width - 12, 14), QFont(qapp.font())
    placed = cells(line, font, texts)
    metrics = QFontMetricsF(tabular_font(caption_font(font)))
    assert [cell.column for cell in placed] == list(SHOWN)
    assert all(cell.rect.width() >= metrics.horizontalAdvance(text) for cell, text in zip(placed, texts, strict=True))
    assert all(one.rect.right() < other.rect.left() for one, other in pairwise(placed))
    assert placed[-1].rect.right() == line.right()


def test_two_thousand_tracks_have_no_widget_each(qtbot, panel):
    before = len(panel.findChildren(QWidget))
    panel.model.set_tracks(many(2000))
    panel.rows.sort_by(column("Mean score"))
    panel.rows.set_filter("gaps>0")
    assert panel.rows.rowCount() == 500
    panel.list.scrollToBottom()
    panel.grab()
    assert len(panel.findChildren(QWidget)) == before


def test_the_swatch_is_filled_while_the_track_has_a_box(qtbot, panel, viewer):
    def filled():
        rect = panel.list.visualRect(panel.list.model().index(2, 0))
        image = panel.list.viewport().grab().toImage()
        at = rect.topLeft() + QRectF(6, 4, 10, 14).center().toPoint()
        return image.pixelColor(at).name() == panel._color(panel.model.tracks[2]).name()

    assert not filled()
    viewer.show_frame(4)
    rest(qtbot, viewer)
    assert filled()


def test_tracks_that_are_gone_leave_no_row_behind(panel):
    panel.model.set_tracks(many(5))
    assert panel.model.row_of(many(9)[8]) == -1
    assert panel.model.row_of(many(5)[3]) == 3
