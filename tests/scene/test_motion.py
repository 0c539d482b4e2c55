import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene.motion import orbit, pan, zoom
from app.scene.prepared import spread_of
from app.scene.views import VIEW_ANGLE, VIEWS, place_camera

STREET = np.random.default_rng(1).uniform([-60, -40, -2], [60, 40, 6], size=(400, 3)).astype(np.float32)
SPREAD = spread_of(STREET, ego=np.zeros(3))
PLACEMENTS = st.sampled_from([place_camera(view, SPREAD) for view in VIEWS])


def under(placement, at):
    """The point at the depth of the focal point that is drawn at ``at`` (right, up) in half heights."""
    position, focal = np.array(placement.position), np.array(placement.focal_point)
    forward = (focal - position) / np.linalg.norm(focal - position)
    right = np.cross(forward, placement.up)
    right /= np.linalg.norm(right)
    half = placement.half_height or np.linalg.norm(focal - position) * math.tan(math.radians(VIEW_ANGLE / 2))
    return focal + (right * at[0] + np.cross(right, forward) * at[1]) * half


@given(PLACEMENTS, st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), max_size=8))
def test_turning_keeps_the_distance_and_never_rolls(placement, drags):
    start = placement.distance
    for turn, tilt in drags:
        placement = orbit(placement, turn=turn, tilt=tilt)
        assert placement.up == (0.0, 0.0, 1.0)
        assert np.isfinite(placement.position).all()
        assert placement.distance == pytest.approx(start)


def test_turning_from_the_top_view_keeps_forward_up():
    placement = orbit(place_camera("top", SPREAD), turn=0.0, tilt=-0.3)
    ahead = np.array(placement.focal_point) - np.array(placement.position)
    assert ahead[0] > 0
    assert abs(ahead[1]) < 1e-6 * placement.distance


def test_dragging_to_the_right_turns_what_is_near_to_the_right():
    after = orbit(place_camera("ego", SPREAD), turn=0.2, tilt=0.0)
    assert after.position[1] > after.focal_point[1]  # the camera went left around what it looks at


def test_dragging_down_looks_from_higher():
    before = place_camera("ego", SPREAD)
    assert orbit(before, turn=0.0, tilt=0.2).position[2] > before.position[2]


@given(PLACEMENTS, st.floats(-1.5, 1.5), st.floats(-1, 1), st.floats(0.1, 10))
def test_the_wheel_keeps_what_is_under_the_cursor(placement, right, up, factor):
    kept = under(placement, (right, up))
    closer = zoom(placement, factor=factor, towards=(right, up))
    assert under(closer, (right, up)) == pytest.approx(kept, abs=1e-6 * placement.distance)
    assert closer.distance == pytest.approx(placement.distance / factor)


def test_zooming_never_reaches_the_point_it_turns_around():
    placement = place_camera("ego", SPREAD)
    for _ in range(200):
        placement = zoom(placement, factor=1.5)
    assert placement.distance > 0.01
    for _ in range(400):
        placement = zoom(placement, factor=1 / 1.5)
    assert np.isfinite(placement.position).all()


@given(PLACEMENTS, st.floats(-1, 1), st.floats(-1, 1))
def test_moving_takes_what_was_in_the_centre_with_the_mouse(placement, right, up):
    centre = np.array(placement.focal_point)
    assert under(pan(placement, right=right, up=up), (right, up)) == pytest.approx(
        centre, abs=1e-6 * placement.distance
    )
