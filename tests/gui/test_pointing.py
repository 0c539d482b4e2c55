"""Pointing, choosing and measuring with the mouse, in a real window."""

import os

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from staged_view import StagedView, rgb, wait_for

from app.domain.legend import Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.gui.pointing import NOTHING_UNDER
from app.gui.scene_overlay import Stroke
from app.gui.theme import CHIP_ATTENTION
from app.scene.views import CameraPlacement
from tests.mouse import click, drag, hover, send_mouse

pytestmark = [
    pytest.mark.gl,
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") == "offscreen", reason="that platform has no OpenGL"),
]

LEGEND = Legend((LegendEntry(1, "Bus # 3", "Bus", (250, 10, 10)), LegendEntry(2, "Road", "Road", (10, 240, 10))))
SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
A, B, C = (0.0, 0.0, 0.0), (3.0, 4.0, 0.0), (3.0, 4.0, 2.0)
LONELY = np.array([A, B, C, (-4.0, 0.0, 0.0), (-4.0, -3.0, 1.0)], dtype=np.float32)
KEYS = np.array([1, 1, 2, 2, 9], dtype=np.uint16)
ABOVE = CameraPlacement((-14.0, 0.0, 9.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
BESIDE = np.array([-0.4, 0.1, 0.3])  # metres from a point to look at it
MARK = tuple(int(CHIP_ATTENTION[start : start + 2], 16) for start in (1, 3, 5))


def frame_of(xyz=LONELY, keys=KEYS, *, index=0, origin=(0, 0, 0)):
    xyz = np.array(xyz, dtype=np.float32).reshape(-1, 3)
    columns = {"intensity": np.linspace(0.31, 1, len(xyz)).astype(np.float32)}
    cloud = PointCloud(xyz, np.array(origin, dtype=np.float64), columns, SOURCE)
    mask = None if keys is None else Mask(np.array(keys, dtype=np.uint16))
    return Frame(index, SequenceFrame(str(index), "scan", "mask", legend=LEGEND), cloud, mask)


def is_dashed(placed):
    return isinstance(placed.shape, Stroke) and placed.shape.dashed


@pytest.fixture(scope="module")
def window(qapp):
    stage = StagedView((900, 640))
    if stage.view.problem:
        pytest.skip(stage.view.problem)
    stage.show()
    yield stage
    assert stage.close()


@pytest.fixture
def stage(window):
    """The window at rest, with a few lonely points seen from behind and above."""
    window.open(frame_of(), frame_of(index=1))
    window.place(ABOVE)
    yield window
    window.viewer.playback.set_playing(False)
    window.viewer.appearance.show_all()
    window.pointing.measure_button.setChecked(False)
    window.pointing.selection.clear()
    leave(window)


def leave(stage):
    QGuiApplication.sendEvent(stage.canvas.widget, QEvent(QEvent.Type.Leave))


def marks_near(stage, at, reach=14):
    """Pixels in the colour of marks around a position, on the screen as the window system has it."""
    window = stage.window
    screen = window.screen().grabWindow(window.winId()).toImage()
    middle = stage.canvas.widget.mapTo(window, at.toPoint())
    seen = rgb(screen)[middle.y() - reach : middle.y() + reach + 1, middle.x() - reach : middle.x() + reach + 1]
    return int((np.abs(seen.astype(int) - MARK) < 30).all(axis=2).sum())


def test_what_is_under_the_mouse_is_told_until_it_leaves(stage):
    assert stage.pointed(stage.on_screen(*B)).index == 1
    assert stage.pointing.chip.isVisible()
    assert stage.pointing.chip.text() == "x 3.00  y 4.00  z 0.00 m  Bus # 3  i 0.48"
    corner = stage.pointing.chip.geometry().bottomRight()
    assert (stage.view.width() - corner.x(), stage.view.height() - corner.y()) == (9, 9)
    leave(stage)
    assert not stage.pointing.chip.isVisible()


def test_dragging_and_playing_tell_nothing(stage, qtbot):
    at = stage.on_screen(*B)
    stage.pointed(at)
    drag(stage.canvas.widget, at, at + QPointF(40, 10))
    assert stage.pointing.picking.hovered is None
    assert stage.pointing.selection.point is None
    stage.viewer.playback.set_playing(True)
    runs = []
    stage.runner.task_started.connect(lambda task: runs.append(task.key))
    hover(stage.canvas.widget, stage.on_screen(*B))
    qtbot.waitUntil(lambda: stage.viewer.shown.index == 1)
    assert "hover" not in runs


def test_a_hand_that_trembles_while_it_clicks_still_clicks(stage):
    at, before = stage.on_screen(*A), stage.canvas.scene.placement

    def press():
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, button, held, moved in (
            (QEvent.Type.MouseButtonPress, left, left, QPointF()),
            (QEvent.Type.MouseMove, none, left, QPointF(1, 1)),
            (QEvent.Type.MouseButtonRelease, left, none, QPointF(1, 1)),
        ):
            send_mouse(stage.canvas.widget, kind, at + moved, button=button, held=held)

    assert wait_for(stage.pointing.picking.picked, press)[0].index == 0
    assert stage.canvas.scene.placement == before


def test_a_click_chooses_a_point_that_is_marked_where_it_is_and_stays_there(stage):
    at = stage.on_screen(*B)
    assert marks_near(stage, at) == 0
    assert stage.picked(at).index == 1
    assert stage.pointing.selection.point.position == B
    QTest.qWait(0)
    assert marks_near(stage, at) > 10
    stage.place(CameraPlacement((-14.0, 6.0, 9.0), (0.0, 3.0, 0.0), (0.0, 0.0, 1.0)))
    moved = stage.on_screen(*B)
    assert (moved - at).manhattanLength() > 60
    (placed,) = stage.pointing.overlay.placed
    assert (placed.line.p1() - moved).manhattanLength() < 0.01
    assert marks_near(stage, moved) > 10
    assert marks_near(stage, at) == 0


def test_the_card_tells_everything_and_can_be_copied(stage, qtbot):
    stage.picked(stage.on_screen(*B))
    card, clipboard = stage.pointing.card, QGuiApplication.clipboard()
    assert card.isVisible()
    assert stage.view.rect().contains(card.geometry())
    items = [card.rows.topLevelItem(row) for row in range(card.rows.topLevelItemCount())]
    told = {item.text(0): item.text(1) for item in items}
    assert told["y"] == "4.000 m"
    assert told["Index in the file"] == "1"
    assert told["intensity (float32)"] == "0.4825"
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    assert clipboard.text() == stage.pointing.selection.point.text
    card.rows.setCurrentItem(card.rows.topLevelItem(3))
    card.rows.setFocus()
    QTest.keyClick(card.rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "x\t3.000 m"
    qtbot.mouseClick(card.close_button, Qt.MouseButton.LeftButton)
    assert not card.isVisible()
    assert stage.pointing.selection.point is None


def test_the_choice_outlives_recolouring_and_ends_beside_all_points_and_with_the_frame(stage):
    point = stage.picked(stage.on_screen(*B))
    stage.viewer.appearance.isolate_class("Bus")
    assert stage.pointing.selection.point is point
    assert stage.picked(QPointF(20, 600)) is None
    assert stage.pointing.selection.point is None
    stage.picked(stage.on_screen(*B))
    wait_for(stage.view.frame_drawn, lambda: stage.viewer.show_frame(1))
    assert stage.pointing.selection.point is None
    assert not stage.pointing.overlay.isVisible()


def test_the_class_under_the_mouse_is_hidden_and_isolated(stage):
    told = []
    stage.pointing.news.connect(told.append)
    stage.pointing.hide_class()
    assert told == [NOTHING_UNDER]
    stage.pointed(stage.on_screen(*B))
    stage.pointing.hide_class()
    assert not stage.viewer.appearance.is_class_visible("Bus")
    wait_for(stage.pointing.picking.hovered_changed, lambda: None)  # what was hidden is no longer under the mouse
    assert stage.pointing.picking.hovered is None
    assert stage.picked(stage.on_screen(*B)) is None
    stage.viewer.appearance.show_all()
    stage.pointed(stage.on_screen(*C))
    stage.pointing.isolate_class()
    assert stage.viewer.appearance.is_class_visible("Road")
    assert not stage.viewer.appearance.is_class_visible("Bus")


def test_measuring_strings_points_together_and_takes_them_back(stage):
    stage.pointing.toggle_measuring()
    assert stage.pointing.card.title.text() == "Click a point to measure from."
    for point in (A, B, C):
        stage.picked(stage.on_screen(*point))
    assert stage.pointing.measuring.measurement.lengths == (5.0, 2.0)
    assert stage.pointing.measuring.measurement.angles == (pytest.approx(90.0),)
    captions = [placed.caption for placed in stage.pointing.overlay.placed if isinstance(placed.shape, Stroke)]
    assert captions == ["5.000 m", "2.000 m"]
    assert stage.pointing.card.title.text() == "7.000 m in all"
    halfway = stage.on_screen(3.0, 4.0, 1.0)
    assert (stage.pointing.overlay.placed[-1].box.center() - halfway).manhattanLength() < 3
    assert stage.pointing.selection.point is None
    stage.pointing.card.copy_all()
    assert QGuiApplication.clipboard().text().endswith("Total\t7.000 m")
    stage.pointing.step_back()
    assert stage.pointing.measuring.measurement.points == (A, B)
    stage.pointing.escape()
    assert not stage.pointing.measure_button.isChecked()
    assert not stage.pointing.overlay.isVisible()
    assert not stage.pointing.card.isVisible()


def test_the_cursor_tells_that_clicks_measure(stage):
    widget = stage.view.canvas.widget
    assert widget.cursor().shape() == Qt.CursorShape.ArrowCursor
    stage.pointing.toggle_measuring()
    assert widget.cursor().shape() == Qt.CursorShape.CrossCursor
    stage.pointing.escape()
    assert widget.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_card_prints_minus_signs_and_copies_hyphens(stage):
    card = stage.pointing.card
    stage.pointing.toggle_measuring()
    for point in (B, A):
        stage.picked(stage.on_screen(*point))
    assert card.rows.topLevelItem(1).text(1) == "−3.000 m"
    card.rows.setCurrentItem(card.rows.topLevelItem(1))
    card.rows.setFocus()
    QTest.keyClick(card.rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Δx\t-3.000 m"
    stage.pointing.escape()
    assert stage.view.window().focusWidget() is stage.view


def test_where_a_measured_line_would_go_on_to_is_dashed(stage):
    stage.pointing.toggle_measuring()
    stage.picked(stage.on_screen(*A))
    stage.pointed(stage.on_screen(*B))
    (tentative,) = [placed for placed in stage.pointing.overlay.placed if is_dashed(placed)]
    assert tentative.caption == "5.000 m"
    leave(stage)
    assert not any(is_dashed(placed) for placed in stage.pointing.overlay.placed)


def test_a_line_that_ends_behind_the_camera_is_drawn_up_to_it_and_one_behind_it_not(stage):
    stage.pointing.toggle_measuring()
    for point in (A, B):
        stage.picked(stage.on_screen(*point))
    stage.place(CameraPlacement((1.5, 2.0, 0.5), (20.0, 26.0, 0.0), (0.0, 0.0, 1.0)))
    lines = [placed for placed in stage.pointing.overlay.placed if isinstance(placed.shape, Stroke)]
    assert len(lines) == 1
    assert stage.view.rect().adjusted(-20, -20, 20, 20).contains(lines[0].line.p1().toPoint())
    stage.place(CameraPlacement((9.0, 12.0, 0.5), (20.0, 26.0, 0.0), (0.0, 0.0, 1.0)))
    assert stage.pointing.overlay.placed == ()
    assert not stage.pointing.overlay.isVisible()


def test_without_marks_moving_the_camera_paints_nothing_over_the_picture(stage, qtbot):
    before = stage.pointing.overlay.paintings
    for step in range(3):
        stage.place(CameraPlacement((-14.0, step, 9.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    assert stage.pointing.overlay.paintings == before
    stage.picked(stage.on_screen(*B))
    qtbot.waitUntil(lambda: stage.canvas.scene.layer.kept_points > 0)  # the last that follows from choosing
    wait_for(stage.canvas.completed, stage.canvas.request_draw)
    assert stage.pointing.overlay.paintings > before

    def a_draw_paints_nothing():
        paintings = stage.pointing.overlay.paintings
        wait_for(stage.canvas.painted, stage.canvas.request_draw)
        return stage.pointing.overlay.paintings == paintings

    # what choosing sets off, such as a chip that is laid out, may still come to an end meanwhile
    assert any(a_draw_paints_nothing() and a_draw_paints_nothing() for _ in range(5))


def test_the_camera_turns_around_what_is_near_the_mouse(stage):
    assert stage.pointing.picking.pick_pivot(stage.on_screen(*B) + QPointF(12, 8)) == B
    assert stage.pointing.picking.pick_pivot(QPointF(20, 600)) is None


@pytest.mark.parametrize(
    ("xyz", "expected"),
    [
        ([[np.inf, 0, 0], B, [0, -np.inf, np.nan]], 1),
        ([B], 0),
        ([], None),
        ([B] * 7, 6),
        ([[np.nan] * 3] * 4, None),
        ([[1e30, 0, 0], B], 1),
    ],
    ids=["infinite", "one", "none", "equal", "nan", "far"],
)
def test_odd_clouds_keep_view_and_picking_alive(stage, xyz, expected):
    stage.open(frame_of(xyz, keys=np.ones(len(xyz))))
    stage.place(ABOVE)
    picked = stage.picked(stage.on_screen(*B)) if expected is not None else None
    click(stage.canvas.widget, stage.on_screen(*B))
    hover(stage.canvas.widget, stage.on_screen(*A))
    assert (None if picked is None else picked.index) == expected
    stage.open(frame_of())
    stage.place(ABOVE)
    assert stage.picked(stage.on_screen(*B)).index == 1


def test_a_survey_file_is_picked_to_the_millimetre_of_its_values(stage, tmp_path):
    random = np.random.default_rng(4)
    survey = np.array([5e5, 5e6, 210.0]) + random.uniform(-900, 900, size=(4000, 3)) * [1, 1, 0.02]
    path = tmp_path / "survey.npy"
    np.save(path, survey)
    wait_for(stage.view.frame_drawn, lambda: stage.viewer.open_path(path))
    cloud = stage.viewer.shown.frame.cloud
    for index in random.integers(0, len(survey), 20):
        local = survey[index] - cloud.origin
        stage.place(CameraPlacement(tuple((local + BESIDE).tolist()), tuple(local.tolist()), (0, 0, 1)))
        picked = stage.picked(stage.on_screen(*local))
        assert picked.index == index
        assert np.abs(np.array(picked.position) - survey[index]).max() < 1e-3


def test_the_segment_of_the_chosen_point_is_kept_whole_while_the_camera_moves(stage, qtbot):
    close_by = [A, (0.2, 0.1, 0.0), (8.0, 8.0, 0.0), (0.3, 0.0, 0.0)]
    stage.open(frame_of(close_by, keys=[1, 1, 1, 2]))
    stage.place(ABOVE)
    stage.picked(stage.on_screen(*A))
    kept = stage.view.canvas.scene.layer
    qtbot.waitUntil(lambda: kept.kept_points == 2)  # of the bus that hangs together
    assert stage.viewer.selection.chosen.segment.rows.tolist() == [0, 1]
    stage.pointing.escape()
    assert stage.viewer.selection.chosen is None
    qtbot.waitUntil(lambda: kept.kept_points == 0)
