from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene.motion import NEAREST, centred, drag, orbit, pan, refocused, under_cursor, with_projection, zoom
from app.scene.prepared import spread_of
from app.scene.views import VIEWS, place_camera

STREET = np.random.default_rng(1).uniform([-60, -40, -2], [60, 40, 6], size=(400, 3)).astype(np.float32)
SPREAD = spread_of(STREET, ego=np.zeros(3))
SIZE = (900.0, 600.0)
PLACEMENTS = st.sampled_from([place_camera(view, SPREAD) for view in VIEWS])
PIXELS = st.tuples(st.floats(0, 900), st.floats(0, 600))
DEPTHS = st.floats(1.0, 200.0)


def seen_at(placement, at, depth):
    """The point that is drawn at a pixel at a depth in metres."""
    origin, direction = placement.ray(at, SIZE)
    return tuple((origin + direction * depth / (direction @ placement.axes[2])).tolist())


def pixel_of(placement, point):
    return placement.project(np.array([point]), SIZE)[0][0]


@given(PLACEMENTS, st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), max_size=8))
def test_turning_keeps_the_distance_and_never_rolls(placement, drags):
    start = placement.distance
    for turn, tilt in drags:
        placement = orbit(placement, turn=turn, tilt=tilt)
        assert placement.up == (0.0, 0.0, 1.0)
        assert np.isfinite(placement.position).all()
        assert placement.distance == pytest.approx(start)


@given(PLACEMENTS, PIXELS, DEPTHS, st.floats(-4, 4), st.floats(-4, 4))
def test_turning_leaves_the_pivot_where_it_is_in_the_picture(placement, at, depth, turn, tilt):
    pivot = seen_at(placement, at, depth)
    turned = orbit(placement, turn=turn, tilt=tilt, pivot=pivot)
    assert pixel_of(turned, pivot) == pytest.approx(at, abs=1e-3)


def test_turning_around_the_focal_point_leaves_it_alone():
    before = place_camera("ego", SPREAD)
    after = orbit(before, turn=1.0, tilt=0.3)
    assert after.focal_point == pytest.approx(before.focal_point)


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


@given(PLACEMENTS, PIXELS, DEPTHS)
def test_another_focal_point_changes_no_pixel(placement, at, depth):
    after = refocused(placement, seen_at(placement, at, depth))
    assert after.distance == pytest.approx(depth)
    for point in STREET[:5]:
        assert pixel_of(after, point) == pytest.approx(pixel_of(placement, point), abs=1e-3, nan_ok=True)


@given(PLACEMENTS, PIXELS, DEPTHS, st.floats(0.1, 10))
def test_the_wheel_keeps_what_is_under_the_cursor(placement, at, depth, factor):
    kept = seen_at(placement, at, depth)
    closer = zoom(placement, factor=factor, towards=kept)
    assert pixel_of(closer, kept) == pytest.approx(at, abs=1e-3)
    assert closer.distance == pytest.approx(depth / factor, rel=1e-6)


def test_zooming_never_reaches_the_point_under_the_cursor():
    placement = place_camera("ego", SPREAD)
    point = seen_at(placement, (200.0, 500.0), 30.0)
    for _ in range(200):
        placement = zoom(placement, factor=1.5, towards=point)
    forward = placement.axes[2]
    assert forward @ (np.array(point) - placement.position) == pytest.approx(NEAREST)
    for _ in range(400):
        placement = zoom(placement, factor=1 / 1.5, towards=point)
    assert np.isfinite(placement.position).all()


@given(PLACEMENTS, PIXELS, PIXELS, DEPTHS)
def test_a_grabbed_point_stays_under_the_cursor(placement, at, to, depth):
    grabbed = seen_at(placement, at, depth)
    moved = drag(placement, grabbed=grabbed, to=to, size=SIZE)
    assert pixel_of(moved, grabbed) == pytest.approx(to, abs=1e-6 * 1e3)
    assert moved.axes == pytest.approx(placement.axes)


@given(PLACEMENTS, st.floats(-1, 1), st.floats(-1, 1))
def test_moving_takes_what_was_in_the_centre_along(placement, right, up):
    moved = pan(placement, right=right, up=up)
    assert pixel_of(moved, placement.focal_point) == pytest.approx((450 + right * 300, 300 - up * 300), abs=1e-3)


@given(PLACEMENTS, PIXELS, DEPTHS)
def test_a_point_can_be_centred_at_the_size_that_it_has(placement, at, depth):
    point = seen_at(placement, at, depth)
    after = centred(placement, point)
    assert pixel_of(after, point) == pytest.approx((450, 300), abs=1e-3)
    assert after.distance == pytest.approx(depth)


@given(PLACEMENTS)
def test_what_is_at_the_focal_point_keeps_its_size_without_perspective(placement):
    other = with_projection(placement, parallel=not placement.half_height)
    assert bool(other.half_height) != bool(placement.half_height)
    beside = np.array(placement.focal_point) + placement.axes[0] * 3 + placement.axes[1] * 2
    assert pixel_of(other, beside) == pytest.approx(pixel_of(placement, beside), abs=1e-3)
    assert with_projection(placement, parallel=bool(placement.half_height)) is placement


def test_where_there_is_no_point_the_cursor_is_on_the_ground():
    placement = place_camera("ego", SPREAD)
    below = under_cursor(placement, (450.0, 500.0), SIZE, ground=-2.0)
    assert below[2] == pytest.approx(-2.0)
    assert pixel_of(placement, below) == pytest.approx((450, 500), abs=1e-6)


@pytest.mark.parametrize("pitch", [0.0, 0.05])
def test_over_the_horizon_the_cursor_is_as_far_as_the_focal_point(pitch):
    level = replace(place_camera("ego", SPREAD), position=(0.0, 0.0, 2.0), focal_point=(20.0, 0.0, 2.0 + pitch))
    above = under_cursor(level, (450.0, 200.0), SIZE, ground=0.0)
    assert level.project(np.array([above]), SIZE)[1] == pytest.approx([level.distance])
