from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.arrays import frozen
from app.domain.coloring import ColorBy, Coloring
from app.domain.cuts import Cuts
from app.domain.point_look import ImagePoints
from app.gui.actions import build_actions
from app.gui.camera_layers import camera_layers
from app.gui.camera_view import CameraView
from app.gui.drawn_colors import table_of
from app.gui.image_panel import ImagePanel
from app.gui.image_point_commands import image_point_commands
from app.gui.image_points import PointsLayer, raster_of
from app.gui.picture_pixels import rgb_of
from app.gui.picture_placement import Placement
from app.gui.theme import apply_theme
from app.jobs import LocalJob
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

cv2 = pytest.importorskip("cv2")

DOTS = ImagePoints(shown=True, size=1.0, opacity=1.0, occlusion=False)
NEXT_TO_AN_EDGE = 1e-3  # pixels: rounding may go either way


@pytest.fixture
def viewer(qtbot, tmp_path):
    delivery = small_delivery(tmp_path / "delivery", frames=4, points=3000)
    with opened_viewer(qtbot, delivery) as viewer:
        viewer.appearance.set_image_points(DOTS)
        yield viewer


def layer_of(viewer, camera="front"):
    layer = PointsLayer(viewer, viewer)
    layer.set_placed(viewer.rig.placed(camera))
    return layer


def whole(placed):
    """The picture pixel by pixel."""
    return Placement(QSizeF(*placed.size), QSizeF(*placed.size))


def painted(qtbot, viewer, layer, placement=None, *, ratio=1.0):
    """(H, W, 4) uint8 BGRA of what the layer paints over nothing."""
    placement = placement or whole(layer.placed)
    for _ in range(2):  # asks for what it lacks, then has it
        image = QImage((placement.view * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        rest(qtbot, viewer)
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4).copy()


def projected(placed, xyz):
    """OpenCV's word on where points fall: (N, 2) pixels and (N,) depths."""
    lens, pose = placed.intrinsics, placed.lidar_from_camera
    in_camera = (xyz.astype(np.float64) - pose.position) @ pose.rotation
    in_camera = np.where((in_camera[:, 2:] > 0.5) & np.isfinite(in_camera).all(axis=1)[:, None], in_camera, [1e6, 0, 1])
    matrix = np.array([[lens.fx, lens.skew, lens.cx], [0, lens.fy, lens.cy], [0, 0, 1]])
    uv = cv2.projectPoints(in_camera, np.zeros(3), np.zeros(3), matrix, np.array(lens.distortion))[0].reshape(-1, 2)
    far_off = np.hypot(*in_camera[:, :2].T) > 1.5 * in_camera[:, 2]  # where a lens may fold
    return np.where(far_off[:, None], -1e6, uv), in_camera[:, 2]


def pixels(uv, size):
    """Pixels by place; a point of the last half pixel lies on none beyond the picture."""
    inside = (uv >= 0).all(axis=1) & (uv < size).all(axis=1)
    clear = (np.abs(uv - np.floor(uv) - 0.5) > NEXT_TO_AN_EDGE).all(axis=1)
    return inside, clear, np.rint(np.where(inside[:, None], uv, 0)).astype(int)


def check_pixels(layer, picture, xyz):
    """Every spot is where OpenCV says that a point lies, and no point is left out."""
    placed = layer.placed
    inside, clear, at = pixels(projected(placed, xyz)[0], placed.size)
    within = inside & (at < placed.size).all(axis=1)
    sure = within & clear
    assert sure.sum() > 300
    assert (picture[at[sure, 1], at[sure, 0], 3] == 255).all()
    allowed = np.zeros(picture.shape[:2], dtype=np.uint8)
    allowed[at[within, 1], at[within, 0]] = 1
    near = cv2.dilate(allowed, np.ones((3, 3), dtype=np.uint8)) if (within & ~clear).any() else allowed
    assert not picture[near == 0].any()


def test_spots_lie_on_the_pixels_that_opencv_finds(qtbot, viewer):
    layer = layer_of(viewer)
    check_pixels(layer, painted(qtbot, viewer, layer), viewer.shown.frame.cloud.xyz)


@pytest.mark.parametrize("camera", ["front", "left", "right"])
def test_spots_of_the_street_lie_on_the_pixels_that_opencv_finds(qtbot, shared_data, camera):
    with opened_viewer(qtbot, shared_data / "deliveries" / "street") as viewer:
        viewer.appearance.set_image_points(DOTS)
        layer = layer_of(viewer, camera)
        check_pixels(layer, painted(qtbot, viewer, layer), viewer.shown.frame.cloud.xyz)


def test_spots_of_the_synthetic_street_lie_on_the_pixels_that_opencv_finds(qtbot, street):
    with opened_viewer(qtbot, street) as viewer:
        viewer.appearance.set_image_points(DOTS)
        layer = layer_of(viewer, "front")  # the rear one is a fisheye, which OpenCV projects elsewhere
        check_pixels(layer, painted(qtbot, viewer, layer), viewer.shown.frame.cloud.xyz)


def test_survey_coordinates_change_no_pixel(qtbot, viewer, tmp_path, monkeypatch):
    layer = layer_of(viewer)
    expected = painted(qtbot, viewer, layer)
    load, shift = LocalJob.load_frame, np.array([512_000.0, 5_400_000.0, 256.0])

    def far_away(job, index):
        frame = load(job, index)
        return replace(frame, cloud=replace(frame.cloud, origin=frozen(shift)))  # and so are the cameras

    placed = LocalJob.placed_camera
    monkeypatch.setattr(LocalJob, "load_frame", far_away)
    monkeypatch.setattr(LocalJob, "placed_camera", lambda *given, **size: placed(*given, **size).relative_to(-shift))
    with opened_viewer(qtbot, small_delivery(tmp_path / "far", frames=4, points=3000)) as far:
        far.appearance.set_image_points(DOTS)
        assert np.array_equal(painted(qtbot, far, layer_of(far)), expected)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_zoomed_in_a_spot_keeps_its_size_and_lies_around_its_pixel(qtbot, viewer, ratio):
    viewer.appearance.set_image_points(replace(DOTS, size=5.0))
    layer = layer_of(viewer)
    sight_pixels = painted(qtbot, viewer, layer)
    sight = viewer.sights.of(layer.placed)
    alone = _far_from_others(sight.uv)
    assert sight_pixels.any()
    at = sight.uv[alone] + 0.5
    placement = Placement(QSizeF(*layer.placed.size), QSizeF(640, 480)).zoomed(40.0, at=QPointF(0, 0))
    placement = placement.moved(QPointF(320, 240) - placement.to_view(QRectF(*at, 0, 0)).topLeft())
    picture = painted(qtbot, viewer, layer, placement, ratio=ratio)
    expected = placement.to_view(QRectF(*at, 0, 0)).topLeft() * ratio
    near = np.argwhere(picture[..., 3] == 255)[:, ::-1]
    near = near[np.abs(near + 0.5 - [expected.x(), expected.y()]).max(axis=1) < 10 * ratio]
    assert np.ptp(near, axis=0).tolist() == [5 * ratio - 1] * 2
    assert near.mean(axis=0) + 0.5 == pytest.approx([expected.x(), expected.y()], abs=0.5)


def test_in_a_small_view_spots_are_smaller_but_never_gone(qtbot, viewer):
    viewer.appearance.set_image_points(replace(DOTS, size=8.0))
    layer = layer_of(viewer)
    shares = []
    for width in (640, 320, 160, 16):
        placement = Placement(QSizeF(*layer.placed.size), QSizeF(width, width * 0.75))
        shares.append(float((painted(qtbot, viewer, layer, placement)[..., 3] == 255).mean()))
    assert shares[0] == pytest.approx(shares[1], abs=0.05)
    assert shares[1] == pytest.approx(shares[2], abs=0.1)
    assert shares[3] > 0.3


def _far_from_others(uv):
    """A point well inside the picture that none is near."""
    middle = np.flatnonzero((np.abs(uv - uv.mean(axis=0)) < 40).all(axis=1))
    gaps = np.linalg.norm(uv[middle, None] - uv[None], axis=2)
    gaps[np.arange(len(middle)), middle] = np.inf
    return middle[int(gaps.min(axis=1).argmax())]


def nearest_rows(layer, xyz, drawn):
    """The row of the front-most drawn point of every pixel."""
    uv, depth = projected(layer.placed, xyz)
    inside, clear, at = pixels(uv, layer.placed.size)
    front = {}
    for row in np.flatnonzero(inside & drawn & (at < layer.placed.size).all(axis=1)):
        column, line = at[row].tolist()
        best = front.get((line, column))
        if best is None or depth[row] < depth[best]:
            front[line, column] = row
    unsure = {tuple(at[row][::-1].tolist()) for row in np.flatnonzero(inside & ~clear)}
    return {pixel: row for pixel, row in front.items() if pixel not in unsure}


def check_colors(qtbot, viewer, layer, rgb, drawn):
    picture = painted(qtbot, viewer, layer)
    front = nearest_rows(layer, viewer.shown.frame.cloud.xyz, drawn)
    assert len(front) > 50
    for (line, column), row in front.items():
        assert picture[line, column, 2::-1].tolist() == rgb[row].tolist()
    assert np.count_nonzero(picture[..., 3]) <= len(front) + 5


def table_rows(viewer):
    prepared = viewer.shown.prepared
    return table_of(viewer, prepared)[prepared.label_index.astype(int)]


def test_colours_are_those_of_the_table_of_the_3d_view(qtbot, viewer):
    layer = layer_of(viewer)
    for change in (lambda: None, lambda: viewer.appearance.set_theme("high contrast")):
        change()
        colors = table_rows(viewer)
        check_colors(qtbot, viewer, layer, colors[:, :3], np.ones(len(colors), dtype=bool))


def test_a_hidden_class_disappears_and_shows_what_lay_behind(qtbot, viewer):
    layer = layer_of(viewer)
    before = painted(qtbot, viewer, layer)
    viewer.appearance.set_class_visible(next(iter(viewer.legend)).class_name, visible=False)
    colors = table_rows(viewer)
    assert 0 < np.count_nonzero(colors[:, 3]) < len(colors)
    check_colors(qtbot, viewer, layer, colors[:, :3], colors[:, 3] > 0)
    viewer.appearance.show_all()
    assert np.array_equal(painted(qtbot, viewer, layer), before)


def test_a_class_that_flashes_or_is_dimmed_does_so_here_too(qtbot, viewer):
    layer = layer_of(viewer)
    name = next(iter(viewer.legend)).class_name
    usual = table_rows(viewer)
    viewer.appearance.flashing.toggle(name)
    flashing = table_rows(viewer)
    assert not np.array_equal(flashing, usual)
    check_colors(qtbot, viewer, layer, flashing[:, :3], np.ones(len(usual), dtype=bool))
    viewer.appearance.flashing.stop()
    viewer.appearance.set_class_dimmed(name, dimmed=True)
    check_colors(qtbot, viewer, layer, table_rows(viewer)[:, :3], np.ones(len(usual), dtype=bool))


def test_what_is_cut_away_in_3d_is_cut_away_here(qtbot, viewer):
    layer, cloud, spread = layer_of(viewer), viewer.shown.frame.cloud, viewer.shown.prepared.spread
    viewer.appearance.set_cuts(Cuts(farthest=12.0))
    kept = np.linalg.norm(cloud.xyz - spread.ego.astype(np.float32), axis=1) <= np.float32(12)
    assert 0 < kept.sum() < len(kept)
    check_colors(qtbot, viewer, layer, table_rows(viewer)[:, :3], kept)


@pytest.mark.parametrize("value_range", [(0.2, 0.7), (0.0, 100.0), (5.0, 6.0)])
def test_numbers_have_the_colours_of_the_ramp(qtbot, viewer, value_range):
    layer, (low, high) = layer_of(viewer), value_range
    viewer.appearance.set_coloring(Coloring(ColorBy.INTENSITY, color_map="turbo", value_range=value_range))
    rest(qtbot, viewer)
    values = viewer.shown.frame.cloud.columns["intensity"].astype(np.float64)
    place = np.clip((values - low) / (high - low), 0, 1) * 255
    picture, ramp = painted(qtbot, viewer, layer), viewer.painter.color_map.tolist()
    for (line, column), row in nearest_rows(layer, viewer.shown.frame.cloud.xyz, np.isfinite(values)).items():
        allowed = [ramp[int(np.clip(place[row] + 0.5 + nudge, 0, 255))] for nudge in (-1e-3, 1e-3)]
        assert picture[line, column, 2::-1].tolist() in allowed


def test_colours_of_pictures_are_those_of_the_pixels_beneath(qtbot, viewer):
    layer = layer_of(viewer)
    viewer.appearance.set_coloring(Coloring(ColorBy.CAMERA))
    rest(qtbot, viewer)
    picture = painted(qtbot, viewer, layer)
    beneath = rgb_of(viewer.shown.pictures["front"].image)
    spots = picture[..., 3] > 0
    same = (picture[spots][:, 2::-1] == beneath[spots]).all(axis=1)
    assert spots.sum() > 100
    assert same.mean() > 0.9  # all but those that stand behind others


def test_points_behind_others_are_left_out_where_that_is_asked_for(qtbot, viewer):
    layer = layer_of(viewer)
    everything = painted(qtbot, viewer, layer)
    viewer.appearance.set_image_points(replace(DOTS, occlusion=True))
    less = painted(qtbot, viewer, layer)
    sight = viewer.sights.of(layer.placed)
    assert 0 < np.count_nonzero(sight.visible) < len(sight.rows)
    at = np.rint(sight.uv[sight.visible]).astype(int)
    column, row = at[(at < layer.placed.size).all(axis=1)].T
    expected = np.zeros(less.shape[:2], dtype=bool)
    expected[row, column] = True
    assert np.array_equal(less[..., 3] > 0, expected)
    assert np.count_nonzero(everything[..., 3]) > expected.sum()


def test_of_several_frames_in_3d_only_the_shown_one_lies_over_its_pictures(qtbot, viewer):
    layer = layer_of(viewer)
    alone = painted(qtbot, viewer, layer)
    viewer.neighbours.set_reach(1)
    rest(qtbot, viewer)
    assert viewer.neighbours.stack is not None
    assert np.array_equal(painted(qtbot, viewer, layer), alone)


def test_points_of_another_frame_are_never_drawn_over_a_picture(qtbot, viewer):
    layer = layer_of(viewer)
    first = painted(qtbot, viewer, layer)
    viewer.show_frame(3)
    rest(qtbot, viewer)
    layer.set_placed(viewer.rig.placed("front"))
    image = QImage(first.shape[1], first.shape[0], QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    layer.paint(painter, whole(layer.placed))  # what the camera sees now is not known yet
    painter.end()
    assert not np.frombuffer(image.constBits(), dtype=np.uint8).any()
    rest(qtbot, viewer)
    check_pixels(layer, painted(qtbot, viewer, layer), viewer.shown.frame.cloud.xyz)


def test_the_opacity_lets_the_picture_through(qtbot, viewer):
    layer = layer_of(viewer)
    viewer.appearance.set_image_points(replace(DOTS, opacity=0.5))
    shares = np.unique(painted(qtbot, viewer, layer)[..., 3])
    assert shares.tolist() == [0, 128] or shares.tolist() == [0, 127]


def test_nothing_is_worked_out_while_no_points_are_asked_for(qtbot, viewer):
    viewer.appearance.set_image_points(ImagePoints())
    started = []
    viewer.runner.task_started.connect(started.append)
    layer = layer_of(viewer)
    assert not painted(qtbot, viewer, layer).any()
    viewer.colours_changed.emit()
    assert not started


def test_a_change_of_colours_projects_nothing_anew(qtbot, viewer):
    layer = layer_of(viewer)
    painted(qtbot, viewer, layer)
    started = []
    viewer.runner.task_started.connect(started.append)
    told = []
    layer.changed.connect(lambda: told.append(True))
    viewer.appearance.set_theme("high contrast")
    painted(qtbot, viewer, layer)
    assert told
    assert not started


def test_a_key_lays_the_points_over_the_images_of_the_window(qtbot, viewer):
    viewer.appearance.set_image_points(ImagePoints())
    window = QWidget()
    qtbot.addWidget(window)
    build_actions(window, image_point_commands(viewer.appearance))
    view = CameraView(viewer, "front", layers=camera_layers(viewer, "front"), parent=window)
    view.resize(640, 480)
    window.resize(640, 480)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    bare = view.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: viewer.sights.of(view.placed) is not None)
    assert view.grab().toImage() != bare
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert viewer.appearance.image_points == ImagePoints(shown=True, occlusion=False)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert view.grab().toImage() == bare


def test_the_panel_changes_size_opacity_and_occlusion_and_follows(qtbot, viewer):
    viewer.appearance.set_image_points(ImagePoints())
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 700)
    panel = ImagePanel(viewer, window)
    panel.fit(700)
    window.show()
    panel.show()
    fields = panel.points
    assert not fields.size_field.isEnabled()
    QTest.mouseClick(fields.shown, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert viewer.appearance.image_points.shown
    assert fields.size_field.isEnabled()
    fields.size_field.setFocus()
    QTest.keyClick(fields.size_field, Qt.Key.Key_Up)
    QTest.keyClick(fields.opacity, Qt.Key.Key_Home)
    QTest.mouseClick(fields.occlusion, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert viewer.appearance.image_points == ImagePoints(shown=True, size=3.5, opacity=0.1, occlusion=False)
    viewer.appearance.set_image_points(ImagePoints(size=7.0))
    assert (fields.size_field.value(), fields.opacity.value()) == (7.0, 90)
    assert (fields.shown.isChecked(), fields.occlusion.isChecked()) == (False, True)


def test_another_theme_of_the_window_leaves_the_spots_readable(qtbot, viewer, qapp):
    layer = layer_of(viewer)
    apply_theme(qapp, "light")
    try:
        viewer.colours_changed.emit()
        colors = table_rows(viewer)
        check_colors(qtbot, viewer, layer, colors[:, :3], np.ones(len(colors), dtype=bool))
    finally:
        apply_theme(qapp, "dark")


@pytest.mark.parametrize(("color", "rim"), [((40, 40, 44), "light"), ((120, 190, 255), "dark")])
def test_spots_stand_out_from_bright_and_dark_pictures_by_a_rim_of_the_other_kind(color, rim):
    colors = np.array([[*color, 255]], dtype=np.uint8)
    placement = Placement(QSizeF(21, 21), QSizeF(21, 21))
    image = raster_of(np.array([[10.0, 10.0]]), colors, placement, ratio=1.0, diameter=3).image
    assert image.pixelColor(10, 10).getRgb()[:3] == color
    beside = image.pixelColor(12, 10)
    assert 0 < beside.alpha() < 255
    assert (beside.lightness() > 200) is (rim == "light")
    assert image.pixelColor(14, 10).alpha() == 0
    thin = raster_of(np.array([[10.0, 10.0]]), colors, placement, ratio=1.0, diameter=1).image
    assert sum(thin.pixelColor(x, y).alpha() > 0 for x in range(21) for y in range(21)) == 1


def test_a_rim_never_covers_another_spot():
    at = np.stack(np.meshgrid(np.arange(4.0, 30, 3), np.arange(4.0, 30, 3)), axis=-1).reshape(-1, 2)
    colors = np.tile(np.array([200, 100, 50, 255], dtype=np.uint8), (len(at), 1))
    placement = Placement(QSizeF(40, 40), QSizeF(40, 40))
    image = raster_of(at, colors, placement, ratio=1.0, diameter=3).image
    solid = sum(image.pixelColor(x, y).alpha() == 255 for x in range(40) for y in range(40))
    assert solid == 9 * len(at)
