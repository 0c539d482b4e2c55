import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene import drawing_order
from app.scene.drawing_order import CHUNK, MOST_CHUNKS, chunk_bounds, chunk_count


@pytest.mark.parametrize("points", [0, 1, CHUNK, CHUNK + 1, 5 * CHUNK + 3, 1_000_001])
def test_the_order_names_every_point_once(points):
    order = drawing_order.drawing_order(points)
    assert order.dtype == np.int32
    assert not order.flags.writeable
    assert np.array_equal(np.sort(order), np.arange(points))


@given(st.integers(0, 10**9))
def test_the_chunks_cover_the_order_and_differ_by_one_point_at_most(points):
    bounds = list(chunk_bounds(points))
    assert bounds[0][0] == 0
    assert bounds[-1][1] == points
    assert all(before[1] == after[0] for before, after in itertools.pairwise(bounds))
    sizes = [end - begin for begin, end in bounds]
    assert max(sizes) - min(sizes) <= 1
    assert len(bounds) == chunk_count(points) <= MOST_CHUNKS


@pytest.mark.parametrize("rings", [16, 40, 64, 128])
def test_every_chunk_shows_every_ring_and_every_direction_alike(rings):
    """Points of a lidar come ring by ring within each column, or column by column within each ring."""
    points = 10 * CHUNK
    order = drawing_order.drawing_order(points)
    by_column, by_ring = np.arange(points) % rings, np.arange(points) * rings // points
    for begin, end in chunk_bounds(points):
        for ring_of in (by_column, by_ring):
            share = np.bincount(ring_of[order[begin:end]], minlength=rings) / (end - begin) * rings
            assert share.min() > 0.8
            assert share.max() < 1.2


def test_within_a_chunk_the_order_of_the_file_stays():
    points = 3 * CHUNK + 2
    order = drawing_order.drawing_order(points)
    assert all((np.diff(order[begin:end]) > 0).all() for begin, end in chunk_bounds(points))
