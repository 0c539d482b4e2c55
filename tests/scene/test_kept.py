import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene.kept import kept_points
from tests.clouds import prepared_of


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 10_000))
def test_the_nearest_points_of_a_thing_are_kept_and_no_more_than_allowed(points, most, seed):
    random = np.random.default_rng(seed)
    xyz = random.normal(size=(points, 3)).astype(np.float32)
    rows = np.flatnonzero(random.random(points) < 0.6)
    around = int(random.integers(points))
    kept = kept_points(prepared_of(xyz), rows, around=around, most=most)
    distance = np.linalg.norm(xyz - xyz[around], axis=1)
    assert len(kept) == min(most, len(rows))
    assert set(kept.tolist()) <= set(rows.tolist())
    assert kept.tolist() == sorted(kept.tolist())
    assert sorted(distance[kept].tolist()) == pytest.approx(sorted(distance[rows].tolist())[: len(kept)])


def test_points_that_are_not_finite_are_not_kept():
    prepared = prepared_of([[0, 0, 0], [np.nan, 0, 0], [1, 0, 0]])
    assert kept_points(prepared, np.arange(3), around=0, most=9).tolist() == [0, 2]


def test_there_is_nothing_around_a_point_that_is_not_there():
    with pytest.raises(IndexError):
        kept_points(prepared_of([[0, 0, 0], [1, 0, 0]]), np.arange(2), around=2, most=9)
