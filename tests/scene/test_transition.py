from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene.prepared import spread_of
from app.scene.transition import between, eased
from app.scene.views import VIEWS, place_camera

STREET = np.random.default_rng(1).uniform([-60, -40, -2], [60, 40, 6], size=(400, 3)).astype(np.float32)
SPREAD = spread_of(STREET, ego=np.zeros(3))
PLACEMENTS = st.sampled_from([place_camera(view, SPREAD) for view in VIEWS])


@given(PLACEMENTS, PLACEMENTS, st.floats(-0.2, 1.2))
def test_every_place_on_the_way_is_a_sound_camera(start, end, share):
    there = between(start, end, share)
    assert there.axes @ there.axes.T == pytest.approx(np.eye(3), abs=1e-9)
    low, high = sorted(each.half_height_at(each.distance) for each in (start, end))
    assert low * 0.999 <= there.half_height_at(there.distance) <= high * 1.25  # the angle changes evenly, no logarithm


@given(PLACEMENTS, PLACEMENTS)
def test_the_way_begins_and_ends_exactly(start, end):
    assert between(start, end, 0.0) == start
    assert between(start, end, 1.0) == end


@pytest.mark.parametrize("pair", [("ego", "top"), ("front", "back"), ("front", "left"), ("ego", "driver")])
def test_the_way_is_continuous(pair):
    start, end = (place_camera(view, SPREAD) for view in pair)
    axes = [between(start, end, share).axes for share in np.linspace(0, 1, 101)]
    turns = [np.abs(after - before).max() for before, after in pairwise(axes)]
    assert max(turns) < 0.05


def test_front_to_back_goes_around_and_not_over_head():
    start, end = place_camera("front", SPREAD), place_camera("back", SPREAD)
    assert between(start, end, 0.5).up == pytest.approx((0, 0, 1), abs=1e-6)


def test_easing_is_slow_at_both_ends():
    assert (eased(-1.0), eased(0.0), eased(0.5), eased(1.0), eased(2.0)) == (0.0, 0.0, 0.5, 1.0, 1.0)
    assert eased(0.1) < 0.1
    assert eased(0.9) > 0.9
