import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.scene.prepared import spread_of
from app.scene.views import VIEW_ANGLE, VIEWS, place_camera

HERE = np.zeros(3)
STREET = np.random.default_rng(1).uniform([-60, -40, -2], [60, 40, 6], size=(4000, 3)).astype(np.float32)


def on_screen(placement, point):
    """(right, up) from the centre of the picture in half heights; written from the definition of a pinhole."""
    position, focal = np.array(placement.position), np.array(placement.focal_point)
    forward = (focal - position) / np.linalg.norm(focal - position)
    right = np.cross(forward, placement.up)
    right /= np.linalg.norm(right)
    ray = np.array(point, dtype=float) - position
    across = np.array([ray @ right, ray @ np.cross(right, forward)])
    if placement.half_height:
        return across / placement.half_height
    return across / (ray @ forward) / math.tan(math.radians(VIEW_ANGLE / 2))


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(0, 40), st.just(3)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    ),
    st.sampled_from(VIEWS),
    st.floats(0.01, 100),
)
def test_the_camera_is_finite_and_looks_somewhere_for_any_points(xyz, view, aspect):
    placement = place_camera(view, spread_of(xyz, ego=HERE), aspect=aspect)
    assert np.isfinite([*placement.position, *placement.focal_point, *placement.up, placement.half_height]).all()
    assert placement.distance > 0.1


@pytest.mark.parametrize("view", ["top", "ego"])
def test_what_is_ahead_is_in_the_upper_half(view):
    placement = place_camera(view, spread_of(STREET, ego=HERE))
    assert on_screen(placement, (40, 0, 0))[1] > 0.2
    assert on_screen(placement, (30, 15, 0))[0] < 0  # left of the ego is left


def test_from_the_front_left_of_the_ego_is_on_the_right():
    placement = place_camera("front", spread_of(STREET, ego=HERE))
    right, up = on_screen(placement, (0, 20, 5))
    assert right > 0.1
    assert up > 0


def test_from_the_left_ahead_is_on_the_left():
    assert on_screen(place_camera("left", spread_of(STREET, ego=HERE)), (40, 0, 0))[0] < -0.1


def test_from_the_side_ahead_is_on_the_right():
    assert on_screen(place_camera("side", spread_of(STREET, ego=HERE)), (40, 0, 0))[0] > 0.1


@pytest.mark.parametrize("view", ["top", "front", "left"])
def test_a_parallel_view_holds_all_points_but_outliers(view):
    stray = np.concatenate([STREET, np.full((10, 3), 1e30, dtype=np.float32)])
    placement = place_camera(view, spread_of(stray, ego=HERE), aspect=1.5)
    seen = np.array([on_screen(placement, point) for point in STREET[::40]])
    assert (np.abs(seen) <= [1.5 * 1.05, 1.05]).all()
    assert np.abs(seen).max() > 0.8


def test_a_heading_turns_every_view_with_it():
    turned = np.column_stack([-STREET[:, 1], STREET[:, 0], STREET[:, 2]])
    for view in VIEWS:
        straight = place_camera(view, spread_of(STREET, ego=HERE))
        quarter = place_camera(view, spread_of(turned, ego=HERE), heading=math.pi / 2)
        assert on_screen(quarter, (-5, 30, 1)) == pytest.approx(on_screen(straight, (30, 5, 1)), abs=1e-6)


def test_a_survey_far_from_its_origin_is_looked_at_itself():
    far = STREET + np.float32([5000, 9000, 0])
    placement = place_camera("ego", spread_of(far, ego=HERE))
    assert placement.focal_point[0] == pytest.approx(5000, abs=60)
