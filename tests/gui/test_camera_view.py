import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from app.domain.tracking import Box
from app.gui.box_marks import mark_at, marks_of, place_tags
from app.gui.camera_note import CameraAct, CameraNote
from app.gui.camera_view import NARROWEST, CameraView
from app.gui.picture_placement import Placement
from app.gui.scaled_picture import ScaledPicture
from app.gui.theme import track_color
from app.jobs import FrameBoxes
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest
from tests.mouse import drag, hover

NASTY = '<b>car</b><img src="file:///etc/hostname">'


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=4, cameras=("front", "rear"))
    (delivery / "tracking" / "rear.json").unlink()
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


@pytest.fixture
def view(qtbot, viewer):
    view = CameraView(viewer, "front")
    qtbot.addWidget(view)
    view.resize(480, 360)  # three times the picture of 160 x 120
    view.show()
    return view


def spin_wheel(view, at, notches):
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


# -- placement --


sizes = st.floats(10, 5000)


@given(sizes, sizes, sizes, sizes, st.floats(0.2, 60), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_aspect_and_never_leaves_the_view_empty(pw, ph, vw, vh, factor, x, y):
    fitted = Placement(QSizeF(pw, ph), QSizeF(vw, vh))
    placed = fitted.zoomed(factor, at=QPointF(x * vw, y * vh))
    assert placed.rect.width() / placed.rect.height() == pytest.approx(pw / ph, rel=1e-6)
    for low, high, size in (
        (placed.rect.left(), placed.rect.right(), vw),
        (placed.rect.top(), placed.rect.bottom(), vh),
    ):
        covers = low <= 1e-6 * size and high >= size * (1 - 1e-6)
        centred = low + high == pytest.approx(size, rel=1e-6)
        assert covers or centred


def test_the_point_under_the_cursor_stays_while_zooming():
    placed = Placement(QSizeF(160, 120), QSizeF(480, 360))
    at = QPointF(100, 200)
    nearer = placed.zoomed(4, at=at)
    assert (nearer.to_picture(at) - placed.to_picture(at)).manhattanLength() < 1e-6
    assert nearer.zoomed(1 / 100, at=at) == placed


# -- boxes and tags --


def boxes(*tracked, detected=()):
    return FrameBoxes(tracked=tracked, detected=detected)


def test_a_box_over_the_edge_is_cut_there_and_marked():
    placement = Placement(QSizeF(100, 100), QSizeF(100, 100))
    mark = marks_of(boxes(Box(-20, 50, 40, 80, "Car", 1)), placement)[0]
    assert mark.rect == QRectF(0, 50, 20, 50)
    assert mark.cut == Qt.Edge.LeftEdge | Qt.Edge.BottomEdge


def test_a_box_outside_or_without_size_stays_visible_at_the_edge():
    placement = Placement(QSizeF(100, 100), QSizeF(100, 100))
    for box in (Box(300, 40, 10, 10, "Car", 1), Box(50, 50, 0, 0, "Car", 2), Box(60, 60, -20, -10, "Car", 3)):
        mark = marks_of(boxes(box), placement)[0]
        assert QRectF(0, 0, 100, 100).contains(mark.rect)
        assert mark.rect.width() >= 2
    assert marks_of(boxes(Box(60, 60, -20, -10, "Car", 3)), placement)[0].rect == QRectF(40, 50, 20, 10)


positions = st.floats(-50, 350)
extents = st.floats(1, 200)
crowd = st.lists(st.tuples(positions, positions, extents, extents), min_size=1, max_size=25)


@pytest.mark.usefixtures("qapp")
@given(crowd)
def test_tags_never_cover_each_other_and_stay_in_the_picture(places):
    placement = Placement(QSizeF(300, 300), QSizeF(300, 300))
    marks = marks_of(boxes(*(Box(*place, "Pedestrian", i) for i, place in enumerate(places))), placement)
    header = QRectF(8, 8, 90, 26)
    metrics = QFontMetricsF(QFont())
    tags = place_tags(marks, metrics=metrics, inside=placement.visible, first=marks[0], taken=[header])
    assert tags[0].mark is marks[0]
    for number, tag in enumerate(tags):
        assert placement.visible.contains(tag.rect)
        assert not any(tag.rect.intersects(other.rect) for other in tags[number + 1 :])


def test_the_smallest_track_under_the_cursor_is_meant():
    placement = Placement(QSizeF(100, 100), QSizeF(100, 100))
    large, small = Box(0, 0, 90, 90, "Bus", 1), Box(20, 20, 20, 20, "Car", 2)
    detected = Box(25, 25, 5, 5, "Car", score=0.5)
    marks = marks_of(boxes(large, small, detected=(detected,)), placement)
    assert mark_at(marks, QPointF(27, 27)).box is small
    assert mark_at(marks, QPointF(80, 80)).box is large
    assert mark_at(marks, QPointF(97, 97)) is None


# -- the view --


def test_a_view_shows_the_boxes_of_its_frame_in_the_colour_of_their_track(view):
    tracked = {mark.track_id: mark for mark in view.marks if mark.track_id is not None}
    assert set(tracked) == {0, 2}
    assert [round(mark.box.score, 2) for mark in view.marks if mark.track_id is None] == [0.93, 0.5]
    image = view.grab().toImage()
    edge = tracked[0].rect
    assert image.pixelColor(round(edge.left() + 30), round(edge.bottom())).name() == track_color(0).name()


def test_tags_name_label_and_id_with_the_score_of_the_detection_behind(view):
    texts = {tag.text for tag in view.tags}
    assert texts == {"Car 0 0.93", "Pedestrian 2 0.50"}  # the detections behind them need no tags of their own


def test_a_click_on_a_box_selects_its_track_and_beside_it_none(qtbot, view, viewer):
    car = next(mark for mark in view.marks if mark.track_id == 0)
    with qtbot.waitSignal(viewer.selection_changed):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=car.rect.center().toPoint())
    assert viewer.selected_track == ("front", 0)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 350))
    assert viewer.selected_track is None


def test_selecting_a_track_dims_the_others(qtbot, view, viewer):
    person = next(mark for mark in view.marks if mark.track_id == 2)
    at = QPoint(round(person.rect.left()), round(person.rect.center().y()))
    before = view.grab().toImage().pixelColor(at)
    viewer.select_track(("front", 0))
    dimmed = view.grab().toImage().pixelColor(at)
    viewer.select_track(("rear", 0))
    assert dimmed != before
    assert view.grab().toImage().pixelColor(at) == before


def test_the_wheel_zooms_around_the_cursor_and_dragging_pans(qtbot, view, viewer):
    at = QPointF(120, 90)
    point = view.placement.to_picture(at)
    spin_wheel(view, at, 4)
    assert view.placement.zoom > 2
    assert (view.placement.to_picture(at) - point).manhattanLength() < 0.01
    before = view.placement.rect.topLeft()
    drag(view, QPoint(200, 200), QPoint(170, 180))
    moved = view.placement.rect.topLeft() - before
    assert (round(moved.x()), round(moved.y())) == (-30, -20)
    assert viewer.selected_track is None


def test_keys_zoom_too(qtbot, view):
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.placement.zoom == pytest.approx(1.25)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.placement.zoom == 1


def test_a_double_click_or_enter_asks_for_another_place_and_changes_nothing_itself(qtbot, view):
    view.zoom(2)
    with qtbot.waitSignal(view.double_clicked):
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    with qtbot.waitSignal(view.double_clicked):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.placement.zoom == 2


def test_the_pixels_of_the_picture_are_shown_one_to_one(view):
    view.show_pixels()  # a picture smaller than the view: never smaller than fitted
    assert view.placement.zoom == 1
    view.resize(80, 60)
    view.show_pixels()
    assert view.placement.scale * view.devicePixelRatioF() == pytest.approx(1)


def test_the_cursor_and_a_click_beside_every_box_are_told_in_pixels_of_the_picture(qtbot, view):
    with qtbot.waitSignal(view.hovered) as hovered:
        hover(view, QPoint(30, 330))
    assert (hovered.args[0].x(), hovered.args[0].y()) == pytest.approx((10, 110))
    with qtbot.waitSignal(view.clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(30, 330))
    assert (clicked.args[0].x(), clicked.args[0].y()) == pytest.approx((10, 110))
    assert clicked.args[1] == Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(view.hovered) as left:
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert left.args == [None]
    car = next(mark for mark in view.marks if mark.track_id == 0)
    with qtbot.assertNotEmitted(view.clicked), qtbot.waitSignal(view.box_clicked) as boxed:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=car.rect.center().toPoint())
    assert boxed.args == [car.box]


def test_zoom_and_place_stay_from_frame_to_frame(qtbot, view, viewer):
    view.zoom(3, at=QPointF(50, 50))
    placement = view.placement
    viewer.step(1)
    rest(qtbot, viewer)
    assert view.placement == placement


def test_the_picture_stays_until_the_next_frame_is_whole(qtbot, view, viewer):
    first = view.grab().toImage()
    viewer.frames.set_limit(1)
    viewer.show_frame(3)  # which is not decoded yet
    assert view.grab().toImage() == first
    rest(qtbot, viewer)
    assert view.grab().toImage() != first


def test_a_reduced_picture_is_scaled_once(qtbot, view):
    view.resize(NARROWEST, 100)
    view.grab()
    kept = view._scaled._reduced
    view.grab()
    assert view._scaled._reduced is kept


def test_reduced_pictures_are_smooth_and_magnified_ones_are_squares(qapp):
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    for x in range(64):
        for y in range(64):
            picture.setPixelColor(x, y, Qt.GlobalColor.white if (x + y) % 2 else Qt.GlobalColor.black)

    def paint(width):
        from PySide6.QtGui import QPainter

        target = QImage(width, width, QImage.Format.Format_RGB32)
        scaled = ScaledPicture()
        scaled.set_image(picture)
        painter = QPainter(target)
        scaled.paint(painter, Placement(QSizeF(64, 64), QSizeF(width, width)), ratio=1.0)
        painter.end()
        return {target.pixelColor(x, y).value() for x in range(2, width - 2) for y in range(2, width - 2)}

    assert paint(256) == {0, 255}
    assert all(80 < value < 176 for value in paint(16))


def test_the_cursor_s_place_in_the_picture_is_told(qtbot, view):
    without = view.grab().toImage()
    hover(view, QPoint(240, 20))
    corner = view.grab().toImage().copy(view.width() - 80, view.height() - 24, 80, 24)
    assert corner != without.copy(view.width() - 80, view.height() - 24, 80, 24)


def test_a_tooltip_tells_the_box_as_plain_text(qtbot, view, viewer):
    car = next(mark for mark in view.marks if mark.track_id == 0)
    at = car.rect.center().toPoint()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert "Car, track 0" in QToolTip.text()
    QToolTip.hideText()


def test_labels_with_markup_are_shown_as_written(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "nasty", frames=1)
    path = delivery / "tracking" / "front.json"
    edit_json(path, lambda d: d["results"]["objectTracking"]["frames"][0]["objects"][0].update(label=NASTY + "\u202e"))
    with opened_viewer(qtbot, delivery) as viewer:
        view = CameraView(viewer, "front")
        qtbot.addWidget(view)
        view.resize(480, 360)
        mark = next(mark for mark in view.marks if mark.track_id == 0)
        assert all("\u202e" not in tag.text for tag in view.tags)
        assert "&lt;b&gt;car" in view.tooltip_at(mark.rect.center())
        view.grab()


def test_a_camera_without_boxes_says_so_and_its_button_asks_for_a_link(qtbot, viewer):
    view = CameraView(viewer, "rear")
    qtbot.addWidget(view)
    view.resize(320, 240)
    view.show()
    assert view._unlinked.isVisible()
    with qtbot.waitSignal(view.link_requested) as asked:
        qtbot.mouseClick(view._unlinked, Qt.MouseButton.LeftButton)
    assert asked.args == ["rear"]
    viewer.set_note("rear", CameraNote("Post-processing runs: 40 %"))
    assert not view._unlinked.isVisible()
    assert view.state == "Post-processing runs: 40 %"


def test_the_link_button_is_there_for_linked_cameras_too(qtbot, view):
    assert not view._unlinked.isVisible()
    assert view.tools.link.accessibleName()
    with qtbot.waitSignal(view.link_requested) as asked:
        qtbot.mouseClick(view.tools.link, Qt.MouseButton.LeftButton)
    assert asked.args == ["front"]


def test_a_damaged_picture_gives_its_reason_wrapped_inside_the_view(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "broken", frames=1)
    (delivery / "files" / "cameras" / "front" / "000000.jpg").write_bytes(b"no picture")
    with opened_viewer(qtbot, delivery) as viewer:
        view = CameraView(viewer, "front")
        qtbot.addWidget(view)
        view.resize(NARROWEST, 120)
        view.show()
        problem = viewer.shown.pictures["front"].problem
        assert problem
        assert view.marks == ()
        assert problem.split()[0] in view.tooltip_at(QPointF(100, 80))
        view.grab()


# -- what can be done about boxes --


def noted(viewer, camera, *acts, **about):
    viewer.set_note(camera, CameraNote("A whole sentence about the job of the service.", acts=frozenset(acts), **about))


def test_a_note_offers_what_can_be_done_and_its_sentence_is_the_tooltip(qtbot, view, viewer):
    assert not view.acts.isVisible()
    noted(viewer, "front", CameraAct.LOG, CameraAct.CLASSIFY, short="Job 7 failed", warns=True)
    assert [act for act, button in view.acts.buttons.items() if button.isVisible()] == [
        CameraAct.LOG,
        CameraAct.CLASSIFY,
    ]
    assert view.state == "Job 7 failed"
    assert "A whole sentence" in view.tooltip_at(view._note().rect.center())
    with qtbot.waitSignal(view.act_requested) as asked:
        qtbot.mouseClick(view.acts.buttons[CameraAct.LOG], Qt.MouseButton.LeftButton)
    assert asked.args == ["front", CameraAct.LOG]
    viewer.set_note("front", None)
    assert not view.acts.isVisible()


def test_the_space_bar_presses_a_button_over_the_picture(qtbot, view, viewer):
    noted(viewer, "front", CameraAct.REFRESH)
    button = view.acts.buttons[CameraAct.REFRESH]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(view.act_requested) as asked:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked.args == ["front", CameraAct.REFRESH]


@pytest.mark.parametrize("width", [120, NARROWEST, 480])
def test_buttons_and_note_stay_inside_a_picture_of_any_width(qtbot, view, viewer, width):
    view.resize(width, 200)
    noted(viewer, "front", *CameraAct, short="Job 70001: " + "a very long last line of a log " * 4)
    shown = QRectF(view.rect())
    assert shown.contains(QRectF(view.acts.geometry()))
    assert shown.contains(view._note().rect)
    assert not view._note().rect.intersects(QRectF(view.acts.geometry()))
    for button in view.acts.buttons.values():
        assert view.acts.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()


def test_markup_in_a_note_stays_text(view, viewer):
    viewer.set_note("front", CameraNote(NASTY, warns=True))
    assert "&lt;b&gt;" in view.tooltip_at(view._note().rect.center())
    view.grab()
