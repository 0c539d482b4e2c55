import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from app.domain.outline import Outline, outline_of
from app.gui.image_outline import DOT, GAP, LINE, OutlineLayer, Outlines, line_around, path_of
from app.gui.picture_placement import Placement
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest

cv2 = pytest.importorskip("cv2")

PICTURE = QSizeF(160, 120)
REACH = GAP + LINE + 3  # beyond the line and its edges


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2, points=3000)) as viewer:
        yield viewer


def alpha_of(image):
    """(H, W) int opacity."""
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 3].astype(int)


def grid(left, top, *, columns=10, rows=8, step=3.0):
    across, down = np.meshgrid(left + np.arange(columns) * step, top + np.arange(rows) * step)
    return np.stack([across.ravel(), down.ravel()], axis=1)


def drawn(all_points, visible, placement, ratio=1.0):
    outlines = Outlines(path_of(outline_of(all_points)), path_of(outline_of(visible)))
    return alpha_of(line_around(outlines, placement, ratio=ratio))


def far_from(points, shape, placement, ratio=1.0):
    """(H, W) device pixels from every pixel to the nearest of some points of the picture."""
    corner = placement.rect.topLeft()
    at = ((points + 0.5) * placement.scale + [corner.x(), corner.y()]) * ratio - 0.5
    rows, columns = np.indices(shape)
    return np.min([np.hypot(columns - x, rows - y) for x, y in at.tolist()], axis=0)


@pytest.mark.parametrize(("zoom", "ratio"), [(1.0, 1.0), (3.0, 1.0), (12.0, 1.0), (3.0, 2.0)])
def test_the_line_runs_around_the_points_at_the_same_distance_at_every_zoom(zoom, ratio):
    points = grid(60, 40)
    placement = Placement(PICTURE, PICTURE * 2).zoomed(zoom, at=QPointF(150, 100))
    alpha = drawn(points, points, placement, ratio)
    distance = far_from(points, alpha.shape, placement, ratio) / ratio
    assert not alpha[distance < GAP - 0.5].any()
    dense = grid(60, 40, columns=109, rows=85, step=0.25)  # the whole area that the points span
    outside = far_from(dense[np.linspace(0, len(dense) - 1, 900).astype(int)], alpha.shape, placement, ratio) / ratio
    assert not alpha[outside > REACH + 3 * placement.scale].any()
    line = alpha == 255
    if zoom < 12:
        assert line.sum() > 100
        closed, _ = cv2.connectedComponents((~line).astype(np.uint8), connectivity=4)
        assert closed == 3  # the line itself, what is within, what is without


def test_it_is_white_between_dark_edges():
    points = grid(60, 40)
    image = line_around(Outlines(*[path_of(outline_of(points))] * 2), Placement(PICTURE, PICTURE * 4), ratio=1.0)
    row = round((50 + 0.5) * 4)
    colors = [image.pixelColor(column, row) for column in range(round(60.5 * 4) - 12, round(60.5 * 4) + 1)]
    bright = [color.alpha() == 255 and color.lightness() > 200 for color in colors]
    dark = [0 < color.alpha() < 255 and color.lightness() < 60 for color in colors]
    first, last = bright.index(True), len(bright) - bright[::-1].index(True)
    assert last - first == LINE
    assert any(dark[:first])
    assert any(dark[last:])


def test_it_is_fainter_where_something_stands_before_the_points():
    left, right = grid(30, 40, columns=12), grid(66, 40, columns=12)
    placement = Placement(PICTURE, PICTURE * 4)
    alpha = drawn(np.concatenate([left, right]), left, placement)
    row = round(50.5 * 4)
    assert alpha[row, : 31 * 4].max() == 255
    assert 100 < alpha[row, 99 * 4 :].max() < 150


def test_dots_and_steps_are_drawn_around_too():
    steps, dots = np.array([[[20.0, 20], [40, 20]]]), np.array([[100.0, 60]])
    path = path_of(Outline((), steps, dots))
    alpha = alpha_of(line_around(Outlines(path, path), Placement(PICTURE, PICTURE * 2), ratio=1.0))
    count, _ = cv2.connectedComponents((alpha > 0).astype(np.uint8))
    assert count == 3
    ring = np.argwhere(alpha > 100)[:, ::-1] + 0.5
    ring = ring[np.hypot(*(ring - [201, 121]).T) < 30]
    assert np.hypot(*(ring - [201, 121]).T).min() > GAP
    assert ring.mean(axis=0) == pytest.approx([201 + DOT, 121 + DOT], abs=0.5)


def painted(qtbot, viewer, layer):
    placement = Placement(QSizeF(*layer.placed.size), QSizeF(*layer.placed.size) * 3)
    for _ in range(4):  # asks for what it lacks, then has it
        image = QImage(placement.view.toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        rest(qtbot, viewer)
    return alpha_of(image), placement


def layer_of(viewer):
    layer = OutlineLayer(viewer, "front", viewer)
    layer.set_placed(viewer.rig.placed("front"))
    return layer


def test_the_points_of_what_is_chosen_get_a_line_in_the_picture(qtbot, viewer):
    layer = layer_of(viewer)
    viewer.sights.of(layer.placed)
    rest(qtbot, viewer)
    sight = viewer.sights.of(layer.placed)
    chosen = np.sort(sight.rows[np.linalg.norm(sight.uv - [80, 60], axis=1) < 25])
    assert len(chosen) > 20
    told = []
    layer.changed.connect(lambda: told.append(True))
    viewer.selection.set_rows(chosen)
    assert told
    alpha, placement = painted(qtbot, viewer, layer)
    uv = sight.uv[sight.places_of(chosen)]
    distance = far_from(uv, alpha.shape, placement)
    assert alpha.max() == 255
    assert not alpha[distance < GAP - 1].any()
    assert not alpha[distance > 60].any()
    viewer.selection.set_rows(chosen[:0])
    assert not painted(qtbot, viewer, layer)[0].any()


def test_without_a_choice_nothing_is_worked_out(qtbot, viewer):
    started = []
    viewer.runner.task_started.connect(started.append)
    assert not painted(qtbot, viewer, layer_of(viewer))[0].any()
    assert not started


def test_points_that_this_camera_does_not_see_get_no_line(qtbot, viewer):
    layer = layer_of(viewer)
    viewer.sights.of(layer.placed)
    rest(qtbot, viewer)
    sight = viewer.sights.of(layer.placed)
    unseen = np.setdiff1d(np.arange(len(viewer.shown.frame.cloud)), sight.rows)[:50]
    viewer.selection.set_rows(unseen)
    assert not painted(qtbot, viewer, layer)[0].any()
    assert layer.outlines is None


def test_a_line_is_worked_out_once_for_a_choice(qtbot, viewer):
    layer = layer_of(viewer)
    viewer.selection.set_rows(np.arange(400, dtype=np.int64))
    painted(qtbot, viewer, layer)
    made = layer.outlines
    started = []
    viewer.runner.task_started.connect(started.append)
    painted(qtbot, viewer, layer)
    assert layer.outlines is made is not None
    assert not started


def test_a_camera_that_is_shown_twice_has_its_line_twice(qtbot, viewer):
    one, other = layer_of(viewer), layer_of(viewer)
    viewer.selection.set_rows(np.arange(400, dtype=np.int64))
    image = QImage(160, 120, QImage.Format.Format_ARGB32_Premultiplied)
    for _ in range(2):  # what the camera sees, then the lines
        painter = QPainter(image)
        for layer in (one, other):
            layer.paint(painter, Placement(PICTURE, PICTURE))
        painter.end()
        rest(qtbot, viewer)
    assert one.outlines is not None
    assert other.outlines is not None
