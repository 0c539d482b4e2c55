import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.measurement import Measurement

POINTS = st.lists(st.tuples(*[st.floats(-1e4, 1e4)] * 3), max_size=8)
ORIGIN = np.array([5e5, 5e6, 120.0])


def measured(*points):
    return Measurement(tuple(tuple(float(value) for value in point) for point in points))


@given(POINTS)
def test_lengths_are_those_of_numpy_and_never_shorter_than_the_way_straight(points):
    line = measured(*points)
    steps = np.diff(np.array(line.points).reshape(-1, 3), axis=0)
    assert line.lengths == pytest.approx(np.linalg.norm(steps, axis=1))
    assert line.total == pytest.approx(sum(line.lengths))
    if len(line.points) > 1:
        assert line.total >= math.dist(line.points[0], line.points[-1]) * (1 - 1e-12)


@given(POINTS)
def test_backwards_it_is_as_long_and_has_the_same_angles(points):
    line = measured(*points)
    back = Measurement(line.points[::-1])
    assert back.total == pytest.approx(line.total)
    if min(line.lengths, default=1) > 1e-3:
        assert back.angles == pytest.approx(line.angles[::-1], abs=1e-6)


@given(st.floats(0, 180), st.floats(0.01, 1e3), st.floats(0, 360))
def test_an_angle_is_the_one_that_was_drawn_wherever_it_lies(angle, length, heading):
    ways = [math.radians(heading), math.radians(heading + angle)]
    ends = [ORIGIN + length * np.array([math.cos(way), math.sin(way), 0.0]) for way in ways]
    assume(not np.array_equal(ends[0], ORIGIN) and not np.array_equal(ends[1], ORIGIN))
    assert measured(ends[0], ORIGIN, ends[1]).angles == (pytest.approx(angle, abs=1e-4 / min(length, 1.0)),)


def test_survey_coordinates_are_measured_to_the_millimetre():
    line = measured(ORIGIN, ORIGIN + np.array([0.003, 0.004, 0.0]))
    assert line.total == pytest.approx(0.005, abs=1e-8)


def test_results_read_in_the_order_of_the_points_and_copy_with_their_points():
    line = measured((0, 0, 0), (3, 4, 0), (3, 4, 2))
    assert line.rows == (
        ("1 to 2", "5.000 m"),
        ("  Δx", "3.000 m"),
        ("  Δy", "4.000 m"),
        ("  Δz", "0.000 m"),
        ("Angle at 2", "90.00°"),
        ("2 to 3", "2.000 m"),
        ("  Δx", "0.000 m"),
        ("  Δy", "0.000 m"),
        ("  Δz", "2.000 m"),
        ("Total", "7.000 m"),
    )
    assert line.text.splitlines()[0] == "Point 1\t0.000\t0.000\t0.000"
    assert line.text.splitlines()[-1] == "Total\t7.000 m"
    assert measured((1, 2, 3)).rows == ()
