import pytest
from PySide6.QtCore import QObject

from app.gui.flashing import BEATS, INTERVAL_MS, Flashing


@pytest.fixture
def flashing(qapp):
    owner = QObject()
    made = Flashing(owner)
    yield made
    made.stop()


def test_a_class_alternates_and_stops_by_itself(flashing):
    seen = []
    flashing.changed.connect(lambda: seen.append(flashing.on))
    flashing.toggle("Car")
    for _ in range(2 * BEATS):
        if flashing._timer.isActive():
            flashing._timer.timeout.emit()
    assert seen == [True, False] * (BEATS // 2) + [False]
    assert flashing.classes == frozenset()
    assert not flashing._timer.isActive()


def test_a_second_time_stops_it_at_once_and_the_others_go_on(flashing):
    flashing.toggle("Car")
    flashing.toggle("Bus")
    flashing.toggle("Car")
    assert flashing.classes == {"Bus"}
    flashing.toggle("Bus")
    assert not flashing.on
    assert not flashing._timer.isActive()


def test_the_timer_of_qt_moves_it_on(qtbot, flashing):
    flashing.toggle("Car")
    with qtbot.waitSignal(flashing.changed):
        pass
    assert not flashing.on


def test_nothing_flashes_three_times_in_a_second():
    assert 1000 / (2 * INTERVAL_MS) < 3
