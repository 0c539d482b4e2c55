import pytest
from PySide6.QtCore import QPoint, QRectF, Qt

from app.gui.camera_view import CameraView
from app.gui.image_layer import ImageLayer
from app.gui.theme import track_color
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer


@pytest.fixture
def viewer(qtbot, tmp_path):
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        yield viewer


class Crosses(ImageLayer):
    """Paints the whole view and keeps what it was told."""

    def __init__(self, color, *, above_boxes):
        super().__init__()
        self.color, self.above_boxes, self.painted = color, above_boxes, 0

    def paint(self, painter, placement):
        self.painted += 1
        painter.fillRect(QRectF(-1000, -1000, 9000, 9000), self.color)


def test_layers_are_painted_inside_the_picture_under_and_over_its_boxes(qtbot, viewer):
    under, over = Crosses(Qt.GlobalColor.red, above_boxes=False), Crosses(Qt.GlobalColor.green, above_boxes=True)
    view = CameraView(viewer, "front", layers=(under,))
    qtbot.addWidget(view)
    view.resize(520, 360)  # 20 pixels beside the picture
    view.show()
    edge = next(mark for mark in view.marks if mark.track_id == 0).rect
    at = QPoint(round(edge.left() + 30), round(edge.bottom()))
    image = view.grab().toImage()
    assert image.pixelColor(at).name() == track_color(0).name()
    assert image.pixelColor(QPoint(50, 330)) == Qt.GlobalColor.red
    assert image.pixelColor(10, 200) != Qt.GlobalColor.red
    covered = CameraView(viewer, "front", layers=(under, over))
    qtbot.addWidget(covered)
    covered.resize(520, 360)
    covered.show()
    assert covered.grab().toImage().pixelColor(at) == Qt.GlobalColor.green


def test_a_layer_that_changed_is_painted_again_and_knows_its_camera(qtbot, viewer):
    layer = Crosses(Qt.GlobalColor.transparent, above_boxes=True)
    view = CameraView(viewer, "front", layers=(layer,))
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: layer.painted > 0)
    assert layer.placed == view.placed == viewer.job.placed_camera(0, "front")
    before = layer.painted
    layer.changed.emit()
    qtbot.waitUntil(lambda: layer.painted > before)
