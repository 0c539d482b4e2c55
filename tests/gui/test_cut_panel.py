from math import pi

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.cuts import CutBox, Cuts, Sector
from app.gui.cut_counts import count_kept
from app.gui.cut_panel import CutPanel
from app.gui.scene_chips import drawn_text
from app.gui.value_row import ValueRow
from app.progress import Cancelled, Progress
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest
from tests.gui.over_window import over_window

Left = Qt.MouseButton.LeftButton
BOX_TICK = QPoint(10, 10)


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        yield viewer


@pytest.fixture
def counts(viewer):
    return viewer.cut_counts


@pytest.fixture
def panel(qtbot, viewer):
    made = over_window(qtbot, lambda window: CutPanel(viewer, window), height=700)
    made.fit(680)
    return made


def type_into(field, text):
    field.lineEdit().selectAll()
    QTest.keyClicks(field.lineEdit(), text)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)


@pytest.mark.parametrize("name", ["floor", "ceiling", "farthest"])
def test_a_tick_a_slider_and_a_typed_number_cut_and_the_tick_clears(panel, viewer, name):
    row = getattr(panel, name)
    QTest.mouseClick(row.box, Left, pos=BOX_TICK)
    assert getattr(viewer.appearance.cuts, name) == row.field.value()
    row.slider.setValue(row.slider.value() + 3)
    dragged = getattr(viewer.appearance.cuts, name)
    assert dragged == pytest.approx(row.field.value())
    type_into(row.field, "2")
    assert getattr(viewer.appearance.cuts, name) == 2.0
    QTest.mouseClick(row.box, Left, pos=BOX_TICK)
    assert viewer.appearance.cuts == Cuts()


def test_moving_a_slider_of_a_cut_that_is_off_switches_it_on(panel, viewer):
    panel.ceiling.slider.setValue(100)
    assert viewer.appearance.cuts.ceiling == pytest.approx(10.0)
    assert panel.ceiling.box.isChecked()


def test_the_sector_lies_around_where_the_front_camera_looks(panel, viewer):
    panel.sector.slider.setValue(16)  # 10 + 16 * 5 degrees
    sector = viewer.appearance.cuts.sector
    assert sector.half_angle == pytest.approx(pi / 4)
    viewer.appearance.set_cuts(Cuts(sector=Sector(9.0, pi / 4)))
    viewer.frame_changed.emit()
    assert viewer.appearance.cuts.sector == sector


def test_a_box_starts_around_the_cloud_and_is_edited_in_numbers(panel, viewer):
    QTest.mouseClick(panel.clip_box.box, Left, pos=BOX_TICK)
    box, spread = viewer.appearance.cuts.box, viewer.shown.prepared.spread
    np.testing.assert_allclose(box.centre, (spread.low + spread.high) / 2)
    np.testing.assert_allclose(box.half, (spread.high - spread.low) / 2)
    type_into(panel.clip_box.extent[0], "4")
    edited = viewer.appearance.cuts.box
    assert edited.half[0] == 2.0
    assert edited.half[1:] == box.half[1:]  # what was not typed keeps its digits
    assert edited.centre == box.centre
    type_into(panel.clip_box.turn, "90")
    assert viewer.appearance.cuts.box.yaw == pytest.approx(pi / 2)
    QTest.mouseClick(panel.clip_box.fit, Left)
    assert viewer.appearance.cuts.box == box
    QTest.mouseClick(panel.clip_box.box, Left, pos=BOX_TICK)
    assert viewer.appearance.cuts.box is None
    QTest.mouseClick(panel.clip_box.box, Left, pos=BOX_TICK)
    assert viewer.appearance.cuts.box == box


def test_clear_all_clears_all(panel, viewer):
    assert not panel.clear_all.isEnabled()
    viewer.appearance.set_cuts(Cuts(0.5, 3.0, CutBox((0, 0, 0), (1, 1, 1)), 40.0, Sector(0.0, 1.0)))
    assert all(
        row.box.isChecked() for row in (panel.floor, panel.ceiling, panel.farthest, panel.sector, panel.clip_box)
    )
    QTest.mouseClick(panel.clear_all, Left)
    assert viewer.appearance.cuts == Cuts()
    assert panel.said.text() == "Nothing is cut away."
    assert panel.floor.value is None


def test_how_many_points_went_is_counted_and_said(qtbot, panel, viewer, counts):
    viewer.appearance.set_cuts(Cuts(farthest=10.0))
    qtbot.waitUntil(lambda: counts.removed is not None)
    rest(qtbot, viewer)
    far = np.linalg.norm(viewer.shown.prepared.xyz - viewer.shown.prepared.spread.ego, axis=1) > 10.0
    assert counts.removed == int(far.sum()) > 0
    assert panel.said.text() == f"Cut away: farther than 10 m · {counts.removed} points"


def test_a_later_cut_replaces_the_count_of_an_earlier_one(qtbot, viewer, counts):
    for farthest in (50.0, 30.0, 20.0, 5.0):
        viewer.appearance.set_cuts(Cuts(farthest=farthest))
    assert counts.sentence == "Cut away: farther than 5 m · counting…"
    rest(qtbot, viewer)
    prepared = viewer.shown.prepared
    assert counts.removed == 500 - count_kept(prepared, Cuts(farthest=5.0), Progress()).sum()
    viewer.appearance.cut_nothing()
    assert (counts.removed, counts.sentence) == (0, "")


def test_points_that_are_hidden_and_cut_away_are_counted_once(qtbot, viewer):
    viewer.appearance.set_cuts(Cuts(farthest=10.0))
    viewer.appearance.set_class_visible("Ground", visible=False)
    assert drawn_text(viewer.shown.prepared, viewer).endswith("counting what is cut away…")
    rest(qtbot, viewer)
    cloud, mask = viewer.shown.frame.cloud, viewer.shown.frame.mask
    near = np.linalg.norm(cloud.xyz - viewer.shown.prepared.spread.ego, axis=1) <= 10.0
    ground = mask.label_keys == 1
    said = drawn_text(viewer.shown.prepared, viewer)
    assert said == (
        f"{int((near & ~ground).sum())} of 500 points · {int(ground.sum())} hidden · "
        f"{int((~near & ~ground).sum())} cut away"
    )


def test_counting_stops_where_it_is_cancelled(viewer):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        count_kept(viewer.shown.prepared, Cuts(farthest=5.0), progress)


def test_keys_of_the_panel_are_not_the_windows(panel):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Home):
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        override.ignore()
        QApplication.sendEvent(panel.floor.slider, override)
        assert override.isAccepted(), key
    QTest.keyClick(panel.floor.slider, Qt.Key.Key_Right)
    assert panel.floor.box.isChecked()


def test_escape_and_its_button_close_the_panel(qtbot, panel):
    with qtbot.waitSignal(panel.visibility_changed):
        QTest.keyClick(panel.floor.slider, Qt.Key.Key_Escape)
    assert panel.isHidden()
    panel.toggle()
    QTest.mouseClick(panel.close_button, Left)
    assert panel.isHidden()


def test_where_room_is_short_the_panel_scrolls(panel):
    whole = panel.height()
    panel.fit(200)
    assert panel.height() == 200 < whole
    assert panel.clear_all.isVisible()


def test_the_wheel_scrolls_the_panel_and_changes_nothing(qtbot, panel, viewer):
    panel.fit(220)
    bar = panel._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    turn(panel.ceiling.slider, -120)
    turn(panel.ceiling.field, -120)
    assert bar.value() > 0
    assert viewer.appearance.cuts == Cuts()


def turn(widget, delta):
    window = widget.window()
    at = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(at), QPoint(0, delta))


def test_a_number_finer_than_its_field_is_shown_and_not_changed(qtbot):
    row = ValueRow("Height", low=0.0, high=10.0, step=0.1, first=1.0, suffix=" m")
    qtbot.addWidget(row)
    told = []
    row.value_edited.connect(told.append)
    row.set_value(3.14159)
    assert told == []
    assert row.field.text() == "3.1 m"
