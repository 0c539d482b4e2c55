import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.domain.point_look import PointLook
from app.gui.look_panel import LookPanel
from tests.gui.opened_viewer import opened_viewer
from tests.gui.over_window import over_window


@pytest.fixture
def viewer(qtbot):
    with opened_viewer(qtbot) as viewer:
        yield viewer


@pytest.fixture
def panel(qtbot, viewer):
    return over_window(qtbot, lambda window: LookPanel(viewer, window))


def choose(combo, text):
    combo.setCurrentIndex(combo.findText(text))
    combo.activated.emit(combo.currentIndex())


def test_the_size_starts_as_what_suits_the_points_and_goes_back_to_it(panel, viewer):
    assert panel.size_field.text() == "auto"
    panel.slider.setValue(6)
    assert viewer.appearance.look.size == 3.0
    assert panel.size_field.value() == 3.0
    panel.slider.setValue(panel.slider.minimum())
    assert viewer.appearance.look == PointLook()


def test_another_unit_starts_at_a_size_that_is_seen(panel, viewer):
    panel.slider.setValue(20)
    choose(panel.units, "metres")
    assert (viewer.appearance.look.size, viewer.appearance.look.unit) == (0.05, "m")
    panel.slider.setValue(10)
    assert viewer.appearance.look.size == pytest.approx(0.1)


def test_shading_and_background_are_taken_over(panel, viewer):
    QTest.mouseClick(panel.edl, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    choose(panel.backgrounds, "Light")
    assert (viewer.appearance.look.edl, viewer.appearance.look.background) == (True, "light")
    QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert viewer.appearance.look == PointLook()
    assert not panel.edl.isChecked()
    assert panel.backgrounds.currentText() == "As the window"


def test_shading_that_cannot_be_had_says_why(panel):
    panel.set_edl_problem("This renderer has no depth textures.")
    assert not panel.edl.isEnabled()
    assert panel.edl_note.text() == "This renderer has no depth textures."


def test_closing_gives_the_keys_back_to_what_the_panel_lies_over(panel, qtbot):
    window = panel.window_kept
    beside = QPushButton("beside", window)
    beside.show()
    window.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    panel.slider.setFocus()
    QTest.keyClick(panel.slider, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert window.focusWidget() is window
    beside.setFocus()
    panel.show()
    panel.hide()
    assert window.focusWidget() is beside  # which was not in the panel
