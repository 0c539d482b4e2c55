"""Colouring and cutting in the real window, by keys and mouse."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.coloring import ColorBy
from app.domain.cuts import Cuts
from app.gui.color_mode_bar import ColorModeBar
from app.gui.peeking import HOLD_SECONDS, Peeking
from app.gui.top_bar import TopBar

pytestmark = pytest.mark.gl

Left = Qt.MouseButton.LeftButton


@pytest.fixture
def window(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    window.scene_view.setFocus()
    yield window
    window.close()


def rest(desk, window):
    desk.until(lambda: not window.runner.running)


def key(window, which):
    QTest.keyClick(window.focusWidget() or window, which)


def test_keys_change_what_the_points_are_coloured_by_and_the_scale_says_it(desk, window):
    coloring = window.viewer.appearance
    for which, by in (
        (Qt.Key.Key_3, ColorBy.INTENSITY),
        (Qt.Key.Key_4, ColorBy.HEIGHT),
        (Qt.Key.Key_2, ColorBy.INSTANCE),
    ):
        before = window.scene_view.placement
        key(window, which)
        rest(desk, window)
        assert coloring.coloring.by is by
        assert window.scene_view.placement == before
        assert window.point_tools.scale_chip.isVisible()
    key(window, Qt.Key.Key_1)
    assert not window.point_tools.scale_chip.isVisible()


def test_tab_takes_turns_and_leaves_fields_alone(desk, window):
    appearance, seen = window.viewer.appearance, []
    for _ in range(4):
        key(window, Qt.Key.Key_Tab)
        seen.append(appearance.coloring.by)
    assert seen == [ColorBy.INTENSITY, ColorBy.HEIGHT, ColorBy.CAMERA, ColorBy.CLASS]
    window.legend_panel.filter.setFocus()
    key(window, Qt.Key.Key_Tab)
    key(window, Qt.Key.Key_Backtab)
    assert appearance.coloring.by is ColorBy.CLASS
    window.legend_panel.filter.setFocus()
    key(window, Qt.Key.Key_3)
    assert window.legend_panel.filter.text() == "3"
    assert appearance.coloring.by is ColorBy.CLASS


def test_a_held_key_goes_back_when_it_is_let_go(desk, window):
    appearance = window.viewer.appearance
    now = [0.0]
    window.findChild(Peeking)._clock = lambda: now[0]
    QTest.keyPress(window.scene_view, Qt.Key.Key_4)
    assert appearance.coloring.by is ColorBy.HEIGHT
    now[0] += 2 * HOLD_SECONDS
    QTest.keyRelease(window.scene_view, Qt.Key.Key_4)
    assert appearance.coloring.by is ColorBy.CLASS
    rest(desk, window)


def test_a_click_on_the_scale_opens_what_changes_it_and_only_one_panel_is_open(desk, window):
    tools = window.point_tools
    key(window, Qt.Key.Key_4)
    rest(desk, window)
    desk.qtbot.mouseClick(tools.scale_chip, Left)
    assert tools.range_editor.isVisible()
    desk.qtbot.mouseClick(tools.clip, Left)
    assert [panel.isVisible() for panel in tools.panels] == [True, False, False, False]
    assert tools.clip.isChecked()
    key(window, Qt.Key.Key_Escape)
    assert not any(panel.isVisible() for panel in tools.panels)
    assert not tools.clip.isChecked()


def test_what_is_cut_away_stands_in_the_status_line_and_a_key_takes_it_back(desk, window):
    tools = window.point_tools
    desk.qtbot.mouseClick(tools.clip, Left)
    tools.cut_panel.farthest.slider.setValue(4)  # 5 m
    rest(desk, window)
    assert window.status_line.cuts.startswith("Cut away: farther than 5 m · ")
    assert not tools.cut_chip.isVisible()
    tools.cut_panel.hide()
    assert tools.cut_chip.text() == window.status_line.cuts
    QTest.keyClick(window.scene_view, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert window.viewer.appearance.cuts == Cuts()
    assert window.status_line.cuts == ""
    assert not tools.cut_chip.isVisible()


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900)])
def test_nothing_is_clipped_in_a_small_window(desk, window, size):
    window.resize(*size)
    desk.until(lambda: window.width() == size[0])
    for button in window.findChild(ColorModeBar).findChildren(QToolButton):
        assert button.width() >= button.sizeHint().width(), button.text()
    bar = window.findChild(TopBar)
    shown = [child for child in bar.findChildren(QToolButton) if child.isVisible()]
    assert all(bar.rect().contains(inside(bar, child)) for child in shown)
    view = window.scene_view
    over = (view.view_buttons, view.pointing.measure_button, window.point_tools.buttons, *view.foot_chips)
    shown = [widget.geometry() for widget in over if widget.isVisible()]
    assert len(shown) >= 4
    assert [(one, other) for number, one in enumerate(shown) for other in shown[:number] if one.intersects(other)] == []
    for opened in window.point_tools.panels[:2]:
        window.point_tools.toggle(opened)
        assert view.rect().contains(opened.geometry())
        assert not any(opened.geometry().intersects(chip.geometry()) for chip in view.foot_chips if chip.isVisible())
    assert view.rect().contains(window.point_tools.buttons.geometry())


def inside(outer: QWidget, child: QWidget) -> QRect:
    return QRect(child.mapTo(outer, QPoint(0, 0)), child.size())


def test_without_a_job_nothing_lies_over_the_view(desk, sandbox):
    empty = desk.window(sandbox)
    desk.until(lambda: empty.scene_view.canvas is not None or bool(empty.scene_view.problem))
    empty.point_tools.toggle_cuts()
    assert not empty.point_tools.buttons.isVisible()
    assert not any(panel.isVisible() for panel in empty.point_tools.panels)
    empty.close()
