import pytest
from PySide6.QtCore import QObject

from app.gui.transitions import SECONDS, Transition
from app.scene.views import CameraPlacement

START = CameraPlacement((-20.0, 0.0, 10.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
END = CameraPlacement((0.0, 0.0, 80.0), (5.0, 5.0, 0.0), (1.0, 0.0, 0.0))


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def owner():
    return QObject()


@pytest.fixture
def moving(owner):
    """A transition, the placements it wrote, and the clock that it looks at."""
    clock, written = Clock(), []
    transition = Transition(written.append, owner, clock=clock)
    yield transition, written, clock
    transition.stop()


def test_the_camera_is_there_after_a_quarter_of_a_second(moving, qtbot):
    transition, written, clock = moving
    transition.begin(START, END)
    qtbot.waitUntil(lambda: len(written) >= 2)
    assert transition.goal == END
    assert written[0] == START  # no time has passed
    clock.now += SECONDS / 2
    qtbot.waitUntil(lambda: written[-1] not in (START, END))
    with qtbot.waitSignal(transition.ended):
        clock.now += SECONDS
    assert written[-1] == END
    assert transition.goal is None


def test_stopping_leaves_the_camera_where_it_is(moving, qtbot):
    transition, written, clock = moving
    transition.begin(START, END)
    clock.now += SECONDS / 2
    qtbot.waitUntil(lambda: len(written) > 0)
    transition.stop()
    stopped = len(written)
    clock.now += SECONDS
    with qtbot.assertNotEmitted(transition.ended, wait=60):
        pass
    assert len(written) == stopped
    assert transition.goal is None


def test_another_goal_is_gone_to_from_where_the_camera_is(moving, qtbot):
    transition, written, clock = moving
    transition.begin(START, END)
    clock.now += SECONDS / 2
    qtbot.waitUntil(lambda: len(written) > 0)
    half_way = written[-1]
    transition.begin(half_way, START)
    qtbot.waitUntil(lambda: written[-1] == half_way)
    with qtbot.waitSignal(transition.ended):
        clock.now += 2 * SECONDS
    assert written[-1] == START
