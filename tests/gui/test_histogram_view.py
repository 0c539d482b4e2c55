import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.gui.histogram_view import HistogramView
from tests.mouse import drag

EDGES = np.linspace(0.0, 100.0, 11)
COUNTS = np.array([0, 1, 5, 40, 900, 400, 30, 4, 1, 0])
RAMP = np.stack([np.arange(256), np.zeros(256), 255 - np.arange(256)], axis=1).astype(np.uint8)  # blue to red
Left = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    view = HistogramView()
    qtbot.addWidget(view)
    view.show_counts(EDGES, COUNTS)
    view.show_colors(RAMP)
    view.show_range(20.0, 80.0)
    view.resize(300, 88)
    view.show()
    view.moved = []
    view.range_moved.connect(lambda low, high: view.moved.append((low, high)))
    return view


def drag_along(view, start, end):
    drag(view, QPointF(start, 40), QPointF(end, 40))


def test_a_drag_moves_the_nearer_handle_and_tells_while_it_moves(view):
    low, high = view.handles
    drag_along(view, low + 2, low + 30)
    assert view.moved[-1][0] == pytest.approx(20 + 30 * 100 / 288, abs=1)
    assert view.moved[-1][1] == 80.0
    drag_along(view, high - 2, high - 30)
    assert view.moved[-1][1] == pytest.approx(80 - 30 * 100 / 288, abs=1)


def test_a_handle_stops_at_the_other_one_and_at_the_ends(view):
    low, high = view.handles
    drag_along(view, low, high + 50)
    assert view.moved[-1] == (80.0, 80.0)
    drag_along(view, high + 1, 900)
    assert view.moved[-1] == (80.0, 100.0)


def test_keys_move_the_handle_that_space_chose(view):
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.moved[-1] == pytest.approx((21.0, 80.0))
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.moved[-1] == pytest.approx((21.0, 70.0))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.moved[-1] == pytest.approx((21.0, 100.0))


def test_a_double_click_asks_for_the_automatic_range(qtbot, view):
    with qtbot.waitSignal(view.reset_requested):
        QTest.mouseDClick(view, Left, pos=QPoint(150, 40))


def test_bars_have_the_colour_of_their_points_and_are_paler_beyond_the_handles(view):
    picture = view.grab().toImage()
    scale = picture.devicePixelRatio()

    def color(value):
        return QColor(picture.pixel(round((6 + value / 100 * 288) * scale), round(74 * scale)))

    background = QColor(picture.pixel(2, 2))
    middle, within_low = color(45), color(25)
    assert middle.red() == pytest.approx(106, abs=12)
    assert middle.blue() == pytest.approx(149, abs=12)
    assert within_low.blue() > 200
    view.show_range(40.0, 80.0)
    picture = view.grab().toImage()
    paler = color(25)
    for channel in (QColor.red, QColor.green, QColor.blue):
        pure = (0, 0, 255)[(QColor.red, QColor.green, QColor.blue).index(channel)]
        assert channel(paler) == pytest.approx(0.45 * pure + 0.55 * channel(background), abs=3)


def test_a_range_typed_beyond_the_values_is_shown_whole(view):
    view.show_range(-100.0, 300.0)
    assert view.handles == pytest.approx((6.0, 294.0))


@pytest.mark.parametrize("edges", [np.array([5.0, 5.0]), np.array([0.0, 1.0])])
def test_clouds_of_one_value_or_of_none_are_drawn(view, edges):
    view.show_counts(edges, np.zeros(1, dtype=np.int64))
    view.show_range(float(edges[0]), float(edges[0]))
    assert not view.grab().isNull()
