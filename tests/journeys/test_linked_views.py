"""What is pointed at, clicked and chosen in one view is so in all others, in the whole window with a real mouse."""

from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QGuiApplication

from app.domain.cuts import Cuts
from app.gui.best_view import NOTHING_CHOSEN, SEEN_BY_NONE
from app.gui.box_marks import mark_at
from app.gui.main_window import MainWindow
from app.gui.pointer_layer import PointerLayer, to_view_pixels
from app.gui.scene_overlay import Mark, Stroke
from app.gui.selected_rows import NO_BOX
from app.gui.selection import SegmentChoice, TrackChoice
from app.gui.services import Services
from app.gui.shown_points import shown_facts
from app.settings import Credentials, Settings
from tests.journeys.conftest import is_at_rest
from tests.mouse import click, drag, hover

pytestmark = pytest.mark.gl


class Street:
    """The window on a delivery with boxes, and what a person sees and does there."""

    def __init__(self, desk, window):
        self.desk, self.window, self.viewer = desk, window, window.viewer
        self.pointing = window.scene_view.pointing

    def view(self, camera):
        return self.window.camera_area.view(camera)

    def sight(self, camera):
        placed = self.viewer.rig.placed(camera)
        self.desk.until(lambda: self.viewer.sights.of(placed) is not None)
        return self.viewer.sights.of(placed)

    def rest(self):
        self.desk.until(lambda: is_at_rest(self.window) and self.window.scene_view.canvas.scene.steps.complete)

    def in_view(self, camera, row):
        """Where a point of the cloud is in the view of a camera."""
        sight = self.sight(camera)
        uv = tuple(sight.uv[sight.place_of(row)])
        return self.view(camera).placement.to_view(QRectF(to_view_pixels(uv), QSizeF())).topLeft()

    def rows_of(self, camera, label_key):
        """Points of a label key that a camera sees, those in the middle of the thing first."""
        sight = self.sight(camera)
        rows = np.flatnonzero(self.viewer.shown.frame.mask.label_keys == label_key)
        places = sight.places_of(rows)
        places = places[sight.visible[places]]
        middle = np.median(sight.uv[places], axis=0) if len(places) else np.zeros(2)
        return sight.rows[places[np.argsort(np.hypot(*(sight.uv[places] - middle).T))]]

    def crosses(self, camera):
        (layer,) = (layer for layer in self.view(camera)._layers if isinstance(layer, PointerLayer))
        return layer.crosses()

    def leave(self, camera):
        QGuiApplication.sendEvent(self.view(camera), QEvent(QEvent.Type.Leave))

    def shapes(self, kind):
        return [placed.shape for placed in self.pointing.overlay.placed if isinstance(placed.shape, kind)]


@contextmanager
def opened(desk, folder):
    window = MainWindow(Services(Settings(workspace=str(desk.workspace)), Credentials()), remember=False)
    desk.qtbot.addWidget(window)
    window.resize(1200, 860)
    window.show()
    window.open_path(folder)
    street = Street(desk, window)
    desk.until(lambda: is_at_rest(window) and bool(window.viewer.tracks))
    street.rest()
    yield street
    window.close()


@pytest.fixture(params=["made", "real"])
def on_street(request, desk):
    """The made street and the real one: frame 0, each with boxes."""
    with opened(desk, request.getfixturevalue(f"{request.param}_street")) as each:
        yield each


@pytest.fixture
def made_street(street):
    return street


@pytest.fixture
def real_street(shared_data):
    return shared_data / "deliveries" / "street"


def a_thing(street, camera="front"):
    """The middle point that a camera sees of the largest thing that has it in a box, and the thing's label key."""
    keys = [entry.label_key for entry in street.viewer.shown.frame.legend if entry.thing]
    rows = sorted(((street.rows_of(camera, key), key) for key in keys), key=lambda each: -len(each[0]))
    for found, key in rows:
        for row in found[:5].tolist():
            if mark_at(street.view(camera).marks, street.in_view(camera, row)) is not None:
                return row, key
    raise AssertionError("no such thing")


def a_point_beside_all_boxes(street, camera="front"):
    """A labelled point that a camera sees."""
    sight, view = street.sight(camera), street.view(camera)
    keys = street.viewer.shown.frame.mask.label_keys
    for row in sight.rows[sight.visible & (keys[sight.rows] > 0)][::50].tolist():
        at = street.in_view(camera, row)
        if mark_at(view.marks, at) is None and view.rect().adjusted(0, 60, 0, -10).contains(at.toPoint()):
            return row
    raise AssertionError("no such point")


def test_pointing_in_an_image_draws_the_ray_and_marks_the_point_on_it(on_street):
    street = on_street
    row, key = a_thing(street)
    hover(street.view("front"), street.in_view("front", row))
    pointed, shown = street.viewer.selection.pointed, street.viewer.shown
    assert pointed.camera == "front"
    assert shown.frame.mask.label_keys[pointed.row] == key
    (stroke,), (mark,) = street.shapes(Stroke), street.shapes(Mark)
    place = street.viewer.rig.placed("front").lidar_from_camera.position - shown.frame.cloud.origin
    np.testing.assert_allclose(stroke.start, place)
    np.testing.assert_allclose(mark.at, shown.frame.cloud.xyz[pointed.row], rtol=1e-6)
    assert stroke.end == mark.at
    assert not stroke.dashed
    assert shown.frame.legend.name(key) in street.pointing.chip.text()
    (((across, down), seen),) = street.crosses("front")
    wanted = street.in_view("front", pointed.row)
    assert (street.view("front").placement.to_view(QRectF(across + 0.5, down + 0.5, 0, 0)).topLeft() - wanted).isNull()
    assert seen
    street.leave("front")
    assert street.viewer.selection.pointed is None
    assert not street.shapes(Stroke)
    assert street.pointing.chip.text() == ""
    assert street.crosses("front") == ()


def test_pointing_where_no_point_is_draws_a_dashed_ray(on_street):
    street = on_street
    view, sight = street.view("front"), street.sight("front")
    corners = np.stack(np.meshgrid(np.arange(2, view.width(), 6), np.arange(2, view.height(), 6)), -1).reshape(-1, 2)
    positions = [QPointF(*corner) for corner in corners.tolist() if view.placement.visible.contains(QPointF(*corner))]
    free = max(positions, key=lambda at: np.hypot(*(sight.uv - view.placement.to_picture(at).toTuple()).T).min())
    hover(view, free)
    assert street.viewer.selection.pointed is None
    (stroke,) = street.shapes(Stroke)
    assert stroke.dashed
    assert not street.shapes(Mark)


def test_pointing_in_3d_marks_the_pixel_in_every_camera_that_sees_the_point(on_street):
    street = on_street
    row, _ = a_thing(street)
    canvas, cameras = street.window.scene_view.canvas, [each.name for each in street.viewer.sequence.cameras]
    for camera in cameras:
        street.sight(camera)
    (at,), _ = canvas.scene.placement.project(
        canvas.scene.prepared.xyz[row : row + 1], (canvas.widget.width(), canvas.widget.height())
    )
    hover(canvas.widget, QPointF(*at.tolist()))
    street.desk.until(lambda: street.viewer.selection.pointed is not None)
    pointed = street.viewer.selection.pointed
    assert pointed.camera == ""
    for camera in cameras:
        projection = street.viewer.rig.placed(camera).project(pointed.position[np.newaxis])
        if projection.seen[0]:
            (((across, down), _seen),) = street.crosses(camera)
            assert np.abs(projection.uv[0] - (across, down)).max() < 0.05
        else:
            assert street.crosses(camera) == ()


def test_hidden_and_cut_points_are_never_meant(on_street):
    street = on_street
    row, key = a_thing(street)
    at = street.in_view("front", row)
    hover(street.view("front"), at)
    name = street.viewer.shown.frame.legend.get(key).class_name
    street.viewer.appearance.set_class_visible(name, visible=False)
    street.rest()
    pointed, keys = street.viewer.selection.pointed, street.viewer.shown.frame.mask.label_keys
    classes = {entry.label_key: entry.class_name for entry in street.viewer.shown.frame.legend}
    assert pointed is None or classes.get(int(keys[pointed.row])) != name
    street.viewer.appearance.show_all()
    street.rest()
    assert street.viewer.selection.pointed is not None
    street.viewer.appearance.set_cuts(Cuts(farthest=0.1))
    street.rest()
    assert street.viewer.selection.pointed is None
    street.viewer.appearance.cut_nothing()


def test_a_click_in_an_image_beside_every_box_chooses_the_point_and_its_segment(on_street):
    street = on_street
    row = a_point_beside_all_boxes(street)
    click(street.view("front"), street.in_view("front", row))
    street.desk.until(lambda: isinstance(street.viewer.selection.chosen, SegmentChoice))
    street.rest()
    chosen = street.viewer.selection.chosen
    meant = street.pointing.selection.point.index
    assert chosen.row == meant == street.viewer.selection.picked.row
    keys = street.viewer.shown.frame.mask.label_keys
    assert meant in chosen.segment.rows
    assert (keys[chosen.segment.rows] == keys[meant]).all()
    assert street.viewer.selection.rows.tolist() == chosen.segment.rows.tolist()
    assert street.window.scene_view.canvas.scene.layer.kept_points > 0
    assert street.pointing.card.isVisible()
    street.leave("front")
    assert len(street.crosses("front")) == 1  # stays, without the cursor
    street.window.activateWindow()
    street.desk.until(street.window.isActiveWindow)
    street.desk.qtbot.keyClick(street.window, Qt.Key.Key_Escape)
    assert street.viewer.selection.chosen is None
    assert street.crosses("front") == ()
    street.rest()
    assert street.window.scene_view.canvas.scene.layer.kept_points == 0


def test_a_click_on_a_box_chooses_its_track_and_finds_its_points(on_street):
    street = on_street
    box = max(street.viewer.boxes["front"].tracked, key=lambda box: box.width * box.height)
    mark = next(mark for mark in street.view("front").marks if mark.track_id == box.track_id)
    street.viewer.select_track(None)
    street.viewer.select_track(("front", mark.track_id))
    street.desk.until(lambda: len(street.viewer.selection.rows) > 0)
    street.rest()
    assert street.viewer.selection.chosen == TrackChoice("front", box.track_id)
    assert street.window.scene_view.canvas.scene.layer.kept_points == len(street.viewer.selection.rows)
    projection = street.viewer.rig.placed("front").project(
        street.viewer.shown.frame.cloud.xyz[street.viewer.selection.rows] + street.viewer.shown.frame.cloud.origin
    )
    left, top, right, bottom = box.sides
    assert ((projection.uv >= (left - 1, top - 1)) & (projection.uv <= (right, bottom))).all()


def test_choosing_in_3d_brings_the_best_camera_forward_cropped_to_the_segment(on_street):
    street = on_street
    row, _ = a_thing(street)
    before = street.window.splitter.sizes()
    street.pointing.take(shown_facts(street.viewer, row))
    street.desk.until(lambda: street.window.camera_area.front is not None)
    street.rest()
    assert street.window.splitter.sizes() == before  # nothing moves under the cursor
    assert street.window.camera_area.large is None
    large = street.window.camera_area.front
    sight, rows = street.sight(large.camera), street.viewer.selection.rows
    places = sight.places_of(rows)
    uv = sight.uv[places[sight.visible[places]]]
    assert large.placement.zoom > 1.2
    corners = [large.placement.to_view(QRectF(u + 0.5, v + 0.5, 0, 0)).topLeft() for u, v in uv.tolist()]
    assert all(QRectF(large.rect()).contains(corner) for corner in corners)
    seen = {
        camera.name: np.count_nonzero(street.sight(camera.name).visible[street.sight(camera.name).places_of(rows)])
        for camera in street.viewer.sequence.cameras
    }
    assert seen[large.camera] >= 0.5 * max(seen.values())
    street.pointing.take(None)
    street.rest()
    assert street.window.camera_area.front is None
    assert large.placement.zoom == 1


def test_a_user_who_looks_around_by_hand_is_left_alone(on_street):
    street = on_street
    row, _ = a_thing(street)
    view = street.view("front")
    view.zoom(3.0)
    before = view.placement
    street.pointing.take(shown_facts(street.viewer, row))
    street.desk.until(lambda: isinstance(street.viewer.selection.chosen, SegmentChoice))
    street.rest()
    assert view.placement.zoom == pytest.approx(before.zoom)
    street.window.best_view.show()
    street.rest()
    large = street.window.camera_area.large
    placed = large.placement
    drag(large, QPointF(80, 60), QPointF(50, 50))
    assert large.placement != placed
    moved = large.placement
    street.viewer.show_frame(1)
    street.desk.wait_for_frame(street.window, 1)
    street.rest()
    assert large.placement.center == pytest.approx(moved.center)


def test_images_stay_as_they_are_where_they_do_not_follow(on_street):
    street = on_street
    row, _ = a_thing(street)
    window = street.window
    window.activateWindow()
    street.desk.until(window.isActiveWindow)
    street.desk.qtbot.keyClick(window, Qt.Key.Key_B)
    assert window.status_line.news == NOTHING_CHOSEN
    street.desk.qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    street.pointing.take(shown_facts(street.viewer, row))
    street.desk.until(lambda: isinstance(street.viewer.selection.chosen, SegmentChoice))
    street.rest()
    assert window.camera_area.large is None
    street.desk.qtbot.keyClick(window, Qt.Key.Key_B)
    street.desk.until(lambda: window.camera_area.large is not None)
    large = window.camera_area.large
    large.reset_zoom()
    street.desk.qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert large.placement.zoom > 1.2


def test_at_another_frame_the_same_thing_is_chosen(on_street):
    street = on_street
    row, key = a_thing(street)
    street.pointing.take(shown_facts(street.viewer, row))
    street.desk.until(lambda: isinstance(street.viewer.selection.chosen, SegmentChoice))
    thing = street.viewer.shown.frame.legend.get(key).thing
    street.viewer.show_frame(1)
    street.desk.wait_for_frame(street.window, 1)
    street.rest()
    frame = street.viewer.shown.frame
    keys = [entry.label_key for entry in frame.legend if entry.thing == thing]
    assert street.viewer.selection.rows.tolist() == np.flatnonzero(np.isin(frame.mask.label_keys, keys)).tolist()
    assert street.pointing.selection.point is None


def test_a_chosen_thing_marks_the_track_that_it_is_in_lists_and_images(on_street):
    street = on_street
    row, _ = a_thing(street)
    street.pointing.take(shown_facts(street.viewer, row))
    street.desk.until(lambda: street.viewer.selected_track is not None)
    street.rest()
    assert isinstance(street.viewer.selection.chosen, SegmentChoice)
    camera, track_id = street.viewer.selected_track
    box = next(box for box in street.viewer.boxes[camera].tracked if box.track_id == track_id)
    placed, cloud = street.viewer.rig.placed(camera), street.viewer.shown.frame.cloud
    ((across, down),) = placed.relative_to(cloud.origin).project(cloud.xyz[row : row + 1]).uv
    left, top, right, bottom = box.sides
    assert left <= across <= right
    assert top <= down <= bottom


def track_beside(street, index, camera="front"):
    """A track of a camera that has no box in a frame."""
    return next(track for track in street.viewer.tracks if track.camera == camera and not track.holds(index))


def a_chosen_track_in_front(street, *, but_not_at, camera="front"):
    """The image is cropped to the smallest box of a track, if possible of one that has none in another frame."""
    boxes, track = street.viewer.boxes[camera].tracked, street.viewer.track
    leaving = [box for box in boxes if not track((camera, box.track_id)).holds(but_not_at)]
    box = min(leaving or boxes, key=lambda box: box.width * box.height)
    street.viewer.select_track((camera, box.track_id))
    street.rest()
    view = street.view(camera)
    assert street.window.camera_area.front is view
    assert view.placement.zoom > 1.2
    return view


def test_choosing_a_track_without_a_box_here_lets_go_of_the_image_and_says_so_while_it_is_chosen(on_street):
    street = on_street
    index = len(street.viewer.sequence) - 1
    street.viewer.show_frame(index)
    street.desk.wait_for_frame(street.window, index)
    street.rest()
    view, other = a_chosen_track_in_front(street, but_not_at=0), track_beside(street, index)
    street.viewer.select_track(other.key)
    street.rest()
    assert street.window.camera_area.front is None
    assert view.placement.zoom == 1
    news = street.window.status_line
    assert news.news == NO_BOX.format(f"{other.label} {other.track_id}")
    street.window.best_view.show()
    assert news.news == SEEN_BY_NONE
    street.viewer.select_track(None)
    assert news.news == ""


def test_stepping_over_frames_without_a_box_leaves_the_image_as_it_is(on_street):
    street = on_street
    beyond = len(street.viewer.sequence) - 1
    view = a_chosen_track_in_front(street, but_not_at=beyond)
    assert not street.viewer.track(street.viewer.selected_track).holds(beyond)
    street.viewer.show_frame(beyond)
    street.desk.wait_for_frame(street.window, beyond)
    street.rest()
    assert street.window.camera_area.front is view
    assert view.placement.zoom > 1.2
