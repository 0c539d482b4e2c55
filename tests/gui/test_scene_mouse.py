"""Mouse and touchpad on a plain widget: every event ends in a placement, looked at through its own projection."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.gui.scene_mouse import SceneMouse
from app.scene.motion import under_cursor
from app.scene.prepared import spread_of
from app.scene.views import place_camera

SIZE = (600.0, 400.0)
SPREAD = spread_of(np.random.default_rng(1).uniform(-40, 40, (500, 3)).astype(np.float32), ego=np.zeros(3))
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NO_PIXELS = QPoint()
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


class Place:
    """A widget, where its camera stands, and what was looked up under the cursor."""

    def __init__(self, qtbot):
        self.widget = QWidget()
        qtbot.addWidget(self.widget)
        self.widget.resize(*map(int, SIZE))
        self.widget.show()
        self.camera = place_camera("ego", SPREAD)
        self.looked_up = []
        self.mouse = SceneMouse(self.widget, read=lambda: self.camera, write=self.write, point_at=self.point_at)

    def write(self, camera):
        self.camera = camera

    def point_at(self, position):
        self.looked_up.append(position.toTuple())
        return under_cursor(self.camera, position.toTuple(), SIZE, ground=SPREAD.ground)

    def ground(self, x, y):
        return under_cursor(self.camera, (x, y), SIZE, ground=SPREAD.ground)

    def pixel(self, point):
        return self.camera.project(np.array([point]), SIZE)[0][0]

    def drag(self, button, *path, modifiers=NONE):
        QTest.mousePress(self.widget, button, modifiers, QPoint(*path[0]))
        for at in path[1:]:
            move = QPointF(*at)
            event = QMouseEvent(QEvent.Type.MouseMove, move, move, Qt.MouseButton.NoButton, button, modifiers)
            QApplication.sendEvent(self.widget, event)

    def release(self, button, at):
        QTest.mouseRelease(self.widget, button, NONE, QPoint(*at))

    def wheel(self, at, notches, *, pixels=NO_PIXELS, modifiers=NONE, phase=Qt.ScrollPhase.NoScrollPhase):
        position = QPointF(*at)
        degrees, nothing = QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton
        event = QWheelEvent(position, position, pixels, degrees, nothing, modifiers, phase, False)
        QApplication.sendEvent(self.widget, event)


@pytest.fixture
def place(qtbot):
    return Place(qtbot)


def test_left_turns_around_what_was_under_the_cursor(place, qtbot):
    pivot = place.ground(200, 300)
    turning = []
    place.mouse.turning.connect(turning.append)
    place.drag(LEFT, (200, 300), (230, 290), (260, 280))
    assert place.pixel(pivot) == pytest.approx((200, 300), abs=1e-6)
    assert turning[0] == pytest.approx(pivot)
    place.release(LEFT, (260, 280))
    assert turning[-1] is None
    assert place.looked_up == [(200.0, 300.0)]  # once, however long the way


@pytest.mark.parametrize(("button", "modifiers"), [(MIDDLE, NONE), (RIGHT, NONE), (LEFT, SHIFT)])
def test_the_other_buttons_take_what_they_grab_along(place, button, modifiers):
    grabbed = place.ground(200, 300)
    axes = place.camera.axes
    place.drag(button, (200, 300), (250, 260), (320, 330), modifiers=modifiers)
    assert place.pixel(grabbed) == pytest.approx((320, 330), abs=1e-6)
    assert place.camera.axes == pytest.approx(axes)


def test_a_click_moves_nothing_and_looks_nothing_up(place):
    before = place.camera
    QTest.mouseClick(place.widget, LEFT, NONE, QPoint(100, 100))
    assert place.camera == before
    assert place.looked_up == []


def test_the_wheel_comes_closer_to_what_is_under_the_cursor(place):
    point = place.ground(420, 310)
    before = place.camera.project(np.array([point]), SIZE)[1][0]
    place.wheel((420, 310), 1)
    place.wheel((420, 310), 1)
    assert place.pixel(point) == pytest.approx((420, 310), abs=1e-6)
    assert place.camera.project(np.array([point]), SIZE)[1][0] == pytest.approx(before / 1.2**2)
    assert len(place.looked_up) == 1  # the cursor rests
    place.wheel((100, 350), -1)
    assert len(place.looked_up) == 2


def test_a_wheel_that_never_stops_never_goes_through_the_point(place):
    point = np.array(place.ground(420, 310))
    for _ in range(150):
        place.wheel((420, 310), 1)
    assert place.camera.project(point[np.newaxis], SIZE)[1][0] > 0


def test_two_fingers_come_closer_little_by_little_and_do_not_coast(place):
    before = place.camera
    place.wheel((300, 300), 0.1, pixels=QPoint(0, 12), phase=Qt.ScrollPhase.ScrollUpdate)
    after = place.camera
    assert np.subtract(after.position, before.position) @ before.axes[2] > 0
    assert np.linalg.norm(np.subtract(after.position, before.position)) < 0.05 * before.distance
    place.wheel((300, 300), 1, pixels=QPoint(0, 120), phase=Qt.ScrollPhase.ScrollMomentum)
    assert place.camera == after


def test_two_fingers_with_shift_move_the_picture(place):
    grabbed = place.ground(300, 300)
    place.wheel((300, 300), 0.2, pixels=QPoint(30, -20), modifiers=SHIFT, phase=Qt.ScrollPhase.ScrollUpdate)
    assert place.pixel(grabbed) == pytest.approx((330, 280), abs=1e-6)


@pytest.mark.parametrize(("value", "closer"), [(0.25, 1.25), (-0.2, 0.8), (-3.0, 0.1), (9.0, 1.9)])
def test_pinching_comes_closer(place, value, closer):
    point = place.ground(420, 310)
    before = place.camera.project(np.array([point]), SIZE)[1][0]
    at = QPointF(420, 310)
    kind = Qt.NativeGestureType.ZoomNativeGesture
    device = QPointingDevice.primaryPointingDevice()
    QApplication.sendEvent(place.widget, QNativeGestureEvent(kind, device, 2, at, at, at, value, QPointF()))
    assert place.pixel(point) == pytest.approx((420, 310), abs=1e-6)
    assert place.camera.project(np.array([point]), SIZE)[1][0] == pytest.approx(before / closer)


def test_a_double_click_asks_for_the_point_in_the_middle(place, qtbot):
    point = place.ground(150, 320)
    with qtbot.waitSignal(place.mouse.centre_asked) as asked:
        QTest.mouseDClick(place.widget, LEFT, NONE, QPoint(150, 320))
    assert asked.args[0] == pytest.approx(point)


def test_every_beginning_of_a_motion_is_told(place, qtbot):
    with qtbot.waitSignal(place.mouse.touched):
        place.wheel((10, 10), 1)
    with qtbot.waitSignal(place.mouse.touched):
        QTest.mousePress(place.widget, RIGHT, NONE, QPoint(10, 10))


def test_a_click_is_told_and_a_drag_is_none(place, qtbot):
    clicks = []
    place.mouse.clicked.connect(lambda at, modifiers: clicks.append((at.toTuple(), modifiers)))
    QTest.mouseClick(place.widget, LEFT, SHIFT, QPoint(100, 120))
    place.drag(LEFT, (100, 120), (102, 121))
    place.release(LEFT, (102, 121))  # a hand that trembles
    with qtbot.waitSignal(place.mouse.left):
        place.drag(LEFT, (100, 120), (140, 121))
    place.release(LEFT, (140, 121))
    QTest.mouseClick(place.widget, RIGHT, NONE, QPoint(100, 120))
    assert clicks == [((100.0, 120.0), SHIFT), ((102.0, 121.0), NONE)]


def test_a_mouse_without_a_button_is_told_and_moves_nothing(place, qtbot):
    before = place.camera
    at = QPointF(30, 40)
    none = Qt.MouseButton.NoButton
    with qtbot.waitSignal(place.mouse.hovered) as hovered:
        QApplication.sendEvent(place.widget, QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, NONE))
    assert hovered.args == [at]
    with qtbot.waitSignal(place.mouse.left):
        QApplication.sendEvent(place.widget, QEvent(QEvent.Type.Leave))
    assert place.camera == before
