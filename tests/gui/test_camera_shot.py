"""What a view shows of a camera: straight pictures, frames without an image, delays, pictures on their side."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage

from app.domain.sequence import CameraImageRef
from app.gui.camera_note import CameraNote
from app.gui.camera_shot import CameraShot
from app.gui.camera_texts import NO_BEND, NO_LENS, STALE, ViewNote, delay_text, header_details, notes_of, readout
from app.gui.camera_view import CameraView
from app.gui.image_layer import ImageLayer
from app.gui.shown_frame import Picture
from tests.builders import small_delivery
from tests.gui.opened_viewer import edit_json, opened_viewer, rest
from tests.mouse import hover


def give_lens(delivery, **values):
    """Write values into the intrinsics of every camera of a delivery; without any take the intrinsics away."""

    def change(part):
        for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            change(value)
        if isinstance(part, dict) and "intrinsics" in part:
            part["intrinsics"] = {**part["intrinsics"], **values} if values else {}

    edit_json(delivery / "result.json", change)
    return delivery


@pytest.fixture
def bent(qtbot, tmp_path):
    """A viewer whose camera bends."""
    delivery = give_lens(small_delivery(tmp_path / "bent", frames=3), k1=-0.2, k2=0.02)
    with opened_viewer(qtbot, delivery) as viewer:
        yield viewer


def view_of(qtbot, viewer, *layers):
    view = CameraView(viewer, "front", layers=layers)
    qtbot.addWidget(view)
    view.resize(480, 360)
    view.show()
    return view


def straighten(qtbot, viewer, view):
    viewer.images.set_straight(straight=True)
    qtbot.waitUntil(lambda: view.shot.lens is not None)


class Listening(ImageLayer):
    """Keeps what it was told when it was painted."""

    painted = 0

    def paint(self, painter, placement):
        self.painted += 1


# -- straight --


def test_a_straight_picture_comes_with_its_boxes_its_camera_and_its_layers(qtbot, bent):
    layer = Listening()
    view = view_of(qtbot, bent, layer)
    before = view.marks[-1]
    delivered = view.shot
    straighten(qtbot, bent, view)
    assert "straightened" in view.state
    assert view.shot.picture.image.cacheKey() != delivered.picture.image.cacheKey()
    placed = view.placed
    assert placed.intrinsics.distortion == ()
    assert placed.lidar_from_camera == delivered.placed.lidar_from_camera
    assert layer.placed == placed
    moved = layer.to_shown(np.array([[20.0, 30.0]]))
    assert view.shot.to_delivered(QPointF(*(moved[0] + 0.5))).x() == pytest.approx(20.5)
    mark = next(mark for mark in view.marks if mark.track_id == before.track_id)
    lens = view.shot.lens
    hull = QRectF(*lens.hull(before.box.x, before.box.y, before.box.width, before.box.height))
    assert abs(mark.rect.left() - view.placement.to_view(hull).left()) <= 1
    assert view.shot.original[mark.box] == before.box
    bent.images.set_straight(straight=False)
    assert view.shot.lens is None
    assert layer.placed == delivered.placed


def test_a_point_falls_on_the_same_thing_in_the_straight_picture(qtbot, bent):
    view = view_of(qtbot, bent)
    cloud = bent.shown.frame.cloud
    points = cloud.xyz.astype(float) + cloud.origin
    before = view.placed.project(points)
    straighten(qtbot, bent, view)
    after = view.placed.project(points)
    rows = np.flatnonzero(before.seen & after.seen)
    assert len(rows) > 10
    assert view.shot.lens.to_delivered(after.uv[rows]) == pytest.approx(before.uv[rows], abs=1e-6)


def test_until_a_straight_picture_is_whole_the_last_one_stays_without_layers(qtbot, bent):
    layer = Listening()
    view = view_of(qtbot, bent, layer)
    straighten(qtbot, bent, view)
    view.grab()
    first, painted = view.shot, layer.painted
    seen = []
    bent.frame_changed.connect(lambda: seen.append((view.shot, view.grab(), layer.painted)))
    bent.show_frame(1)
    qtbot.waitUntil(lambda: view.shot.index == 1)
    shot, _, painted_meanwhile = seen[0]
    assert shot is first
    assert painted_meanwhile == painted
    assert view.shot.lens is not None
    view.grab()
    assert layer.painted > painted


def test_a_click_on_a_bent_box_and_its_tooltip_tell_the_box_as_it_came(qtbot, bent):
    view = view_of(qtbot, bent)
    given = {mark.track_id: mark.box for mark in view.marks if mark.track_id is not None}
    straighten(qtbot, bent, view)
    mark = next(mark for mark in view.marks if mark.track_id == 0)
    assert mark.box != given[0]
    with qtbot.waitSignal(view.box_clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=mark.rect.center().toPoint())
    assert clicked.args == [given[0]]
    assert f"x {given[0].x:.0f}, y {given[0].y:.0f}" in view.tooltip_at(mark.rect.center())


def test_a_part_of_the_picture_as_it_came_is_shown_in_the_straight_one(qtbot, bent):
    view = view_of(qtbot, bent)
    straighten(qtbot, bent, view)
    view.show_part(QRectF(10, 10, 30, 30))
    corner = view.shot.lens.to_straight(np.array([[25.0, 25.0]]))[0]
    at = view.placement.to_view(QRectF(QPointF(*corner), QPointF(*corner))).topLeft()
    assert QRectF(view.rect()).contains(at)
    assert view.placement.zoom > 2


def test_a_camera_that_cannot_be_straightened_says_why(qtbot, tmp_path):
    for name, values, brief in (("none", {}, NO_LENS), ("flat", {"k1": 0}, NO_BEND)):
        delivery = give_lens(small_delivery(tmp_path / name, frames=1), **values)
        with opened_viewer(qtbot, delivery) as viewer:
            view = view_of(qtbot, viewer)
            assert view._note() is None
            viewer.images.set_straight(straight=True)
            rest(qtbot, viewer)
            view.repaint()
            assert view._note().text == brief
            assert "lens" in view.tooltip_at(view._note().rect.center())
            assert view.shot.lens is None


def test_playing_fast_never_waits_for_a_queue_of_straight_pictures(qtbot, bent):
    view = view_of(qtbot, bent)
    straighten(qtbot, bent, view)
    for index in (1, 2, 0, 1, 2):
        bent.show_frame(index)
    qtbot.waitUntil(lambda: view.shot.index == 2 and view.shot.lens is not None)
    rest(qtbot, bent)
    assert view.shot.index == 2


# -- no image --


def test_boxes_of_a_frame_without_an_image_lie_on_an_empty_picture_that_says_so(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "gap", frames=3)
    (delivery / "files" / "cameras" / "front" / "000001.jpg").unlink()
    with opened_viewer(qtbot, delivery) as viewer:
        view = view_of(qtbot, viewer)
        with_image = {mark.track_id: mark.rect for mark in view.marks}
        viewer.show_frame(1)
        rest(qtbot, viewer)
        qtbot.waitUntil(lambda: view.shot.index == 1)
        assert view.shot.on_empty_plane
        assert {mark.track_id for mark in view.marks} == set(with_image)
        assert view.placement.picture.toSize().toTuple() == (160, 120)
        assert view._notes_told()[0].brief == "No image, only boxes"
        told = (
            "No image of this frame; boxes on an empty picture of 160 x 120.",
            viewer.shown.pictures["front"].problem,
        )
        assert view._notes_told()[0].sentences == told
        assert view.placed == viewer.job.placed_camera(1, "front", size=(160, 120))
        view.grab()
        hover(view, QPoint(60, 330))
        assert "RGB" not in readout(view.shot, QPointF(5, 5), scale=1.0)[0]


def test_without_any_picture_of_the_camera_boxes_have_no_place(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "none", frames=1)
    (delivery / "files" / "cameras" / "front" / "000000.jpg").unlink()
    with opened_viewer(qtbot, delivery) as viewer:
        view = view_of(qtbot, viewer)
        assert view.marks == ()
        assert view.placed is None
        assert not view.shot.on_empty_plane


def test_a_damaged_image_says_why_and_its_boxes_stay(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "broken", frames=2)
    path = delivery / "files" / "cameras" / "front" / "000000.jpg"
    path.write_bytes(path.read_bytes()[:-200])
    with opened_viewer(qtbot, delivery) as viewer:
        view = view_of(qtbot, viewer)
        assert "damaged" in view.shot.picture.problem
        assert view.shot.on_empty_plane
        assert view.marks
        assert any("damaged" in sentence for sentence in view._notes_told()[0].sentences)


# -- rotated, delayed, read out --


def test_a_picture_on_its_side_is_shown_as_stored_and_says_so(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "turned", frames=1)
    path = delivery / "files" / "cameras" / "front" / "000000.jpg"
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.open(path).save(file, "JPEG", exif=exif)
    path.write_bytes(file.getvalue())
    with opened_viewer(qtbot, delivery) as viewer:
        view = view_of(qtbot, viewer)
        assert view.placement.picture.toSize().toTuple() == (160, 120)
        assert view._notes_told()[0].brief == "As stored; wants to be turned right by 90°"
        assert "stored pixels" in view._notes_told()[0].sentences[0]


@pytest.mark.parametrize(
    ("delay", "text"),
    [(12.0, "+12 ms"), (-34.6, "-35 ms"), (0.42, "+0.4 ms"), (0.0, "0 ms"), (-0.01, "0 ms"), (2500.0, "+2.5 s"),
     (9.0, "+9 ms")],
)  # fmt: skip
def test_the_delay_of_a_picture_is_told_shortly(delay, text):
    assert delay_text(delay) == text


def test_the_delay_from_scan_to_picture_needs_both_times(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "times", frames=1)) as viewer:
        record = viewer.shown.frame.record
        assert record.delay_ms("front") is None
        timed = replace(record, time_s=100.0, images=(replace(record.images[0], time_s=100.012),))
        assert timed.delay_ms("front") == pytest.approx(12.0)
        assert replace(timed, time_s=None).delay_ms("front") is None
        assert timed.delay_ms("rear") is None
        assert CameraImageRef("front", "").time_s is None
        shot = CameraShot(0, Picture("front"), delay_ms=12.0)
        assert header_details(shot) == ("+12 ms",)


def test_the_pixel_under_the_cursor_is_told_with_its_colour_as_it_came(qtbot, bent):
    view = view_of(qtbot, bent)
    color = view.shot.delivered.image.pixelColor(20, 100)
    fullest, *shorter = readout(view.shot, QPointF(20.6, 100.2), scale=3.0)
    assert fullest == f"x 20  y 100  RGB {color.red()} {color.green()} {color.blue()}  300%"
    assert shorter[-1] == "x 20  y 100"
    straighten(qtbot, bent, view)
    moved = view.shot.lens.to_straight(np.array([[20.0, 100.0]]))[0] + 0.5
    assert readout(view.shot, QPointF(*moved), scale=3.0)[0] == fullest
    assert view.shot.color_at(QPointF(-50, -50)) is None
    assert readout(view.shot, QPointF(-9000, 0), scale=3.0) == ("300%",)


def briefs(shot, note=None, *, stale="", straight_wanted=True, doubt=None):
    return [told.brief for told in notes_of(shot, note, stale=stale, straight_wanted=straight_wanted, doubt=doubt)]


def test_warnings_are_said_first_and_nothing_that_holds_is_left_out():
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    turned = CameraShot(0, Picture("front", image, turned=3), size=(4, 4))
    on_its_side = "As stored; wants to be turned by 180°"
    note, doubt = CameraNote("A job runs.", short="Runs"), ViewNote("Points lie 9 px off", ("They do.",), warns=True)
    assert briefs(turned, note, straight_wanted=False) == ["Runs", on_its_side]
    assert briefs(turned, note, stale="Old.", straight_wanted=False) == [STALE, "Runs", on_its_side]
    assert briefs(turned, note, stale="Old.", doubt=doubt) == [doubt.brief, STALE, NO_LENS, "Runs", on_its_side]
    upright = CameraShot(0, Picture("front", image), size=(4, 4))
    assert briefs(upright) == [NO_LENS]
    assert briefs(upright, doubt=doubt) == [doubt.brief, NO_LENS]
    assert briefs(upright, straight_wanted=False) == []


def test_of_the_bend_of_a_picture_that_is_not_there_nothing_is_said():
    (brief,) = briefs(CameraShot(0, Picture("front", problem="It is not here."), size=(4, 4)))
    assert brief.startswith("No image")


# -- buttons --


def test_a_narrow_picture_offers_its_buttons_below_each_other_only_while_it_is_looked_at(qtbot, bent):
    view = view_of(qtbot, bent)
    assert view.tools.enlarge.isVisible()
    view.resize(220, 160)
    assert not view.tools.isVisible()
    hover(view, QPoint(100, 100))
    assert view.tools.enlarge.isVisible()
    assert view.tools.look.y() > view.tools.link.y()
    assert view.rect().contains(view.tools.geometry())
