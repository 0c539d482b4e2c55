from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, qGray
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.channels import HEIGHT
from app.domain.color_maps import color_map, shown_color_map
from app.domain.coloring import ColorBy
from app.domain.cuts import Cuts
from app.domain.point_look import PointLook
from app.domain.value_range import automatic_range
from app.gui.color_modes import ColorModes
from app.gui.painting import Painting
from app.gui.range_editor import PREVIEW, RangeEditor
from app.gui.scale_chip import Scale, ScaleChip, value_text
from app.gui.value_scale import ValueScale, count_values
from app.progress import Progress
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer, rest
from tests.mouse import hold, let_go


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        yield viewer


@pytest.fixture
def modes(viewer):
    return ColorModes(viewer, viewer)


@pytest.fixture
def scale(viewer, modes):
    return ValueScale(viewer, modes, viewer)


@pytest.fixture
def editor(qtbot, viewer, modes, scale):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 500)
    made = RangeEditor(viewer, modes, scale, window)
    window.show()
    modes.choose(ColorBy.HEIGHT)
    rest(qtbot, viewer)
    made.show()
    made.fit(480)
    made.window_kept = window
    return made


def heights(viewer):
    """Metres over the ground of every point, by the definition."""
    prepared = viewer.shown.prepared
    return (prepared.xyz[:, 2].astype(np.float64) - prepared.spread.ground).astype(np.float32)


def darkest(icon):
    """The least lightness, 0..255, along the middle of a preview."""
    picture = icon.pixmap(PREVIEW).toImage()
    return min(qGray(picture.pixel(x, 5)) for x in range(PREVIEW.width()))


def test_labels_in_the_files_own_colours_need_no_scale(scale, viewer):
    assert scale.scale is None
    viewer.appearance.set_theme("high contrast")
    assert scale.scale == Scale("By label, high contrast colours")


def test_the_scale_spans_what_most_values_of_the_frame_lie_between(qtbot, viewer, modes, scale):
    modes.choose(ColorBy.HEIGHT)
    rest(qtbot, viewer)
    told = scale.scale
    assert (told.title, told.unit) == ("Height over ground", "m")
    assert (told.low, told.high) == pytest.approx(automatic_range(heights(viewer)))
    assert not told.by_hand
    modes.set_range((0.5, 2.5))
    assert (scale.scale.low, scale.scale.high, scale.scale.by_hand) == (0.5, 2.5, True)
    modes.set_color_map("turbo")
    assert scale.scale.colors is shown_color_map("turbo", on_dark=True)


def test_the_colours_of_numbers_are_those_that_show_on_the_background(qtbot, viewer, modes, scale, editor):
    viewer.appearance.set_look(PointLook(background="light"))
    assert scale.scale.colors is viewer.painter.color_map is shown_color_map("viridis", on_dark=False)
    assert darkest(editor.maps.itemIcon(0)) < 60  # viridis begins with (68, 1, 84)
    viewer.appearance.set_look(PointLook(background="dark"))
    assert scale.scale.colors is shown_color_map("viridis", on_dark=True)
    assert darkest(editor.maps.itemIcon(0)) > 70


def test_counts_belong_to_the_frame_on_screen(qtbot, viewer, modes, scale):
    modes.choose(ColorBy.HEIGHT)
    assert scale.counts is None  # nothing is claimed before it is counted
    rest(qtbot, viewer)
    first = scale.counts
    viewer.show_frame(1)
    rest(qtbot, viewer)
    assert scale.counts is not first
    assert scale.counts.counts.sum() + scale.counts.below + scale.counts.above == 500


def test_all_frames_share_the_range_of_the_first_one(qtbot, viewer, modes, scale):
    modes.choose(ColorBy.HEIGHT)
    rest(qtbot, viewer)
    first = scale.scale
    viewer.show_frame(1)
    rest(qtbot, viewer)
    assert (scale.scale.low, scale.scale.high) == (first.low, first.high) == viewer.painter.value_range


def test_a_frame_without_the_channel_says_so(qtbot, viewer, modes, scale):
    modes.choose(ColorBy.INTENSITY)
    rest(qtbot, viewer)
    shown = viewer.shown
    bare = replace(shown.frame, index=1, cloud=replace(shown.frame.cloud, columns={}))
    viewer.frames._shown = replace(shown, frame=bare)
    viewer.frames.shown_changed.emit()
    assert scale.scale == Scale("This cloud has no intensity: coloured by label")
    assert scale.counts is None


def test_what_the_cameras_did_not_see_is_said(qtbot, viewer, modes, scale):
    assert not modes.missing(ColorBy.CAMERA)
    modes.choose(ColorBy.CAMERA)
    assert scale.scale.title == "Colours of the cameras…"
    rest(qtbot, viewer)
    colors = viewer.painter.painting.colors
    unseen = round(100 * np.mean(colors[:, 3] == 0))
    assert 1 < unseen < 99
    assert scale.scale.title == f"Colours of 1 camera · {unseen} % of the points seen by none (grey)"


def test_only_points_that_are_drawn_are_counted(viewer):
    cloud = viewer.shown.frame.cloud
    xyz = cloud.xyz.copy()
    xyz[:7] = np.nan
    broken = replace(cloud, xyz=xyz)
    values = broken.columns["intensity"].astype(np.float32)
    counts = count_values(Painting(0, values=values), broken, Progress()).counts
    assert counts.counts.sum() + counts.below + counts.above + counts.nonfinite == 493


# -- chip ------------------------------------------------------------------------------------------------------------


def test_the_chip_shows_the_map_its_ends_and_what_has_no_value(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 120)
    chip = ScaleChip(window)
    chip.show_scale(Scale("Intensity", "", 0.0, 67.0, color_map("viridis"), without=1234))
    window.show()
    assert chip.accessibleName() == "Intensity, 0 to 67"
    picture = chip.grab().toImage()
    scale = picture.devicePixelRatio()
    row = next(
        y
        for y in range(picture.height())
        if QColor(picture.pixel(round(10 * scale), y)).blue() - QColor(picture.pixel(round(10 * scale), y)).green() > 40
    )
    left, right = (QColor(picture.pixel(round(x * scale), row + 3)) for x in (9, chip.width() - 10))
    for pixel, color in ((left, color_map("viridis")[0]), (right, color_map("viridis")[255])):
        assert (pixel.red(), pixel.green(), pixel.blue()) == pytest.approx(tuple(color.tolist()), abs=8)
    chip.show_scale(None)
    assert chip.isHidden()


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.0, 67.0, ("0", "67")),
        (-2.214, 8.77, ("−2.2", "8.8")),
        (0.0012, 0.0046, ("0.0012", "0.0046")),
        (100000.0, 100001.0, ("100,000", "100,001")),
        (5.0, 5.0, ("5", "5")),
        (0.0, 0.0, ("0", "0")),
        (0.0, 3e9, ("0", "3e+09")),
    ],
)
def test_ends_have_the_digits_that_tell_them_apart(low, high, texts):
    assert (value_text(low, high), value_text(high, low)) == texts


# -- editor ----------------------------------------------------------------------------------------------------------


def test_dragging_a_handle_changes_the_range_at_once(editor, modes):
    low, high = editor.histogram.handles
    before = editor._scale.value_range[1]
    hold(editor.histogram, QPointF(high, 30), QPointF(high - 40, 30))
    during = modes.coloring.value_range
    assert during is not None
    assert during[1] < before
    let_go(editor.histogram, QPointF(high - 40, 30))
    assert editor.high.value() == pytest.approx(during[1], rel=1e-2)
    assert low == pytest.approx(editor.histogram.handles[0])


def test_typed_ends_count_and_the_wrong_way_round_is_put_right(editor, modes):
    for field, text in ((editor.low, "9"), (editor.high, "1")):
        field.lineEdit().selectAll()
        QTest.keyClicks(field.lineEdit(), text)
        QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    low, high = modes.coloring.value_range
    assert low == pytest.approx(1.0)
    assert high >= low


def test_automatic_and_a_double_click_give_the_range_back(editor, modes):
    modes.set_range((0.0, 1.0))
    QTest.mouseClick(editor.automatic, Qt.MouseButton.LeftButton)
    assert modes.coloring.value_range is None
    modes.set_range((0.0, 1.0))
    QTest.mouseDClick(editor.histogram, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert modes.coloring.value_range is None
    assert not editor.automatic.isEnabled()


def test_every_map_is_offered_with_its_picture(editor, modes):
    assert all(not editor.maps.itemIcon(row).isNull() for row in range(editor.maps.count()))
    editor.maps.setCurrentIndex(editor.maps.findText("grey"))
    editor.maps.activated.emit(editor.maps.currentIndex())
    assert modes.coloring.color_map == "grey"


def test_what_lies_outside_can_be_cut_away_where_the_cuts_know_of_it(editor, modes, viewer):
    modes.set_range((0.5, 2.0))
    QTest.mouseClick(editor.cut, Qt.MouseButton.LeftButton)
    assert viewer.appearance.cuts == Cuts(floor=0.5, ceiling=2.0)
    modes.choose(ColorBy.RANGE)
    modes.set_range((1.0, 30.0))
    QTest.mouseClick(editor.cut, Qt.MouseButton.LeftButton)
    assert viewer.appearance.cuts.farthest == 30.0
    modes.choose(ColorBy.INTENSITY)
    assert not editor.cut.isVisible()


def test_the_editor_closes_where_no_number_is_shown(editor, modes):
    assert modes.channel == HEIGHT
    modes.choose(ColorBy.CLASS)
    assert editor.isHidden()
