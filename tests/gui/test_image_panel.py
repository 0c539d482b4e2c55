import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from app.domain.tones import Tones
from app.gui.camera_view import CameraView
from app.gui.image_panel import ImagePanel
from app.gui.image_state import Arrangement
from app.gui.scaled_picture import toned
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer
from tests.gui.over_window import over_window


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=1)) as viewer:
        yield viewer


@pytest.fixture
def panel(qtbot, viewer):
    return over_window(qtbot, lambda window: ImagePanel(viewer, window))


def test_the_sliders_set_the_tones_and_the_button_takes_them_back(panel, viewer):
    assert not panel.reset.isEnabled()
    panel.brightness.slider.setValue(30)
    panel.contrast.slider.setValue(100)
    panel.gamma.slider.setValue(-100)
    assert viewer.images.tones == Tones(pytest.approx(0.3), pytest.approx(5.0), pytest.approx(0.2))
    assert [slider.value.text() for slider in (panel.brightness, panel.contrast, panel.gamma)] == [
        "+0.30",
        "5.00",
        "0.20",
    ]
    QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert viewer.images.tones.neutral
    assert panel.gamma.slider.value() == 0


def test_arrangement_linked_zoom_and_straightening_are_set_and_followed(panel, viewer):
    panel.arrangements.setCurrentIndex(1)
    panel.arrangements.activated.emit(1)
    QTest.mouseClick(panel.linked, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseClick(panel.straight, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    images = viewer.images
    assert (images.arrangement, images.linked, images.straight) == (Arrangement.GRID, True, True)
    images.arrange(Arrangement.LARGE)
    images.set_linked(linked=False)
    images.set_straight(straight=False)
    assert panel.arrangements.currentText() == "One large"
    assert not panel.linked.isChecked()
    assert not panel.straight.isChecked()


@pytest.mark.parametrize("size", [(480, 360), (80, 60)])  # magnified, reduced
def test_pictures_are_drawn_in_the_tones_and_as_they_came_again(qtbot, viewer, size):
    view = CameraView(viewer, "front")
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    at = QPoint(3, size[1] - 3)
    before = view.grab().toImage().pixelColor(at)
    viewer.images.set_tones(Tones(brightness=0.25))
    lighter = view.grab().toImage().pixelColor(at)
    assert lighter.red() == min(255, before.red() + 64)
    assert lighter.blue() == min(255, before.blue() + 64)
    viewer.images.set_tones(Tones())
    assert view.grab().toImage().pixelColor(at) == before


def test_what_a_picture_does_not_cover_stays_uncovered_in_any_tones(qapp):
    image = QImage(2, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setPixelColor(0, 0, QColor(10, 20, 30))
    made = toned(image, Tones(brightness=1.0))
    assert made.pixelColor(0, 0).getRgb() == (255, 255, 255, 255)
    assert made.pixelColor(1, 0).alpha() == 0
    assert image.pixelColor(0, 0).getRgb() == (10, 20, 30, 255)


def test_a_low_panel_says_that_there_is_more_until_its_end_and_keeps_its_button_in_sight(panel):
    panel.fit(1000)
    assert not panel._more.isVisible()
    panel.fit(180)
    assert panel._more.isVisible()
    assert panel.rect().contains(panel._more.geometry())
    assert not panel.reset.visibleRegion().isEmpty()
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert not panel._more.isVisible()
    assert not panel.points.occlusion.visibleRegion().isEmpty()
