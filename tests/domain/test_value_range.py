import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.domain.value_range import CHUNK, automatic_range, histogram

ANY = arrays.arrays(
    np.float32, st.integers(0, 60), elements=st.floats(width=32) | st.sampled_from([0.0, 1.0, 5e6, np.nan, np.inf])
)


def test_a_few_wild_values_do_not_move_the_range():
    values = np.random.default_rng(1).uniform(10, 20, 100_000).astype(np.float32)
    values[:50], values[50:60] = 1e30, np.nan
    low, high = automatic_range(values)
    assert 10 <= low < 10.3
    assert 19.7 < high <= 20
    assert (low, high) == pytest.approx(np.nanpercentile(values, (1, 99)), rel=1e-6)


def test_a_range_is_found_where_nearly_all_values_are_equal():
    values = np.zeros(1000, dtype=np.float32)
    values[500] = 7
    assert automatic_range(values) == (0, 7)


@pytest.mark.parametrize("value", [0.0, -3.0, 5e6, 3.4e38, -3.4e38, 1e-40])
def test_one_value_lies_in_the_middle_of_its_range(value):
    values = np.full(10, value, dtype=np.float32)
    low, high = automatic_range(values)
    assert low < values[0] < high
    assert np.float32(low) < np.float32(high)
    assert np.isfinite(np.float32([low, high])).all()


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, -np.inf]])
def test_without_a_number_there_is_still_a_range(values):
    assert automatic_range(np.array(values, dtype=np.float32)) == (0, 1)
    assert histogram(np.array(values, dtype=np.float32)).nonfinite == len(values)


def test_rings_of_a_scan_do_not_hide_from_the_sample():
    ring = np.tile(np.arange(128, dtype=np.float32), 20_000)  # a step of 20 or 24 would meet only some
    low, high = automatic_range(ring)
    assert (low, high) == pytest.approx((1, 126), abs=1)


@given(ANY)
def test_a_range_is_always_finite_and_ascending(values):
    low, high = automatic_range(values)
    assert np.isfinite([low, high]).all()
    assert low < high


@given(ANY, st.integers(1, 70))
def test_a_histogram_counts_every_value_once_as_numpy_does(values, bins):
    found = histogram(values, bins)
    assert found.counts.sum() + found.below + found.above + found.nonfinite == len(values)
    assert found.nonfinite == np.count_nonzero(~np.isfinite(values))
    finite = values[np.isfinite(values)].astype(np.float64)
    assert found.counts.tolist() == np.histogram(finite, bins, (found.edges[0], found.edges[-1]))[0].tolist()
    assert found.below == np.count_nonzero(finite < found.edges[0])
    assert len(found.edges) == bins + 1


def test_a_histogram_reaches_beyond_the_range_but_not_beyond_the_values():
    values = np.concatenate([np.random.default_rng(2).normal(50, 10, 3 * CHUNK), [1e9], [-1e9]]).astype(np.float32)
    found, (low, high) = histogram(values), automatic_range(values)
    assert found.edges[0] < low < high < found.edges[-1]
    assert found.edges[-1] < 100
    assert found.above >= 1
    assert found.below >= 1
    assert histogram(np.arange(256, dtype=np.float32)).edges[[0, -1]].tolist() == [0, 255]


def test_a_histogram_makes_nothing_as_long_as_the_values():
    values = np.linspace(0, 1, 4_000_000, dtype=np.float32)
    tracemalloc.start()
    try:
        histogram(values)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
