import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scene.kept import points_around
from tests.clouds import mask_of, prepared_of


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 10_000))
def test_the_nearest_points_of_the_same_key_are_kept_and_no_more_than_allowed(points, most, seed):
    random = np.random.default_rng(seed)
    keys = random.integers(0, 3, points)
    xyz = random.normal(size=(points, 3)).astype(np.float32)
    index = int(random.integers(points))
    prepared, mask = prepared_of(xyz, keys), mask_of(keys)
    kept = points_around(prepared, mask, index, most=most)
    same = np.flatnonzero(keys == keys[index])
    distance = np.linalg.norm(xyz - xyz[index], axis=1)
    assert index in kept
    assert len(kept) == min(most, len(same))
    assert (keys[kept] == keys[index]).all()
    assert sorted(distance[kept].tolist()) == pytest.approx(sorted(distance[same].tolist())[: len(kept)])


def test_points_that_are_not_finite_are_not_kept():
    prepared, mask = prepared_of([[0, 0, 0], [np.nan, 0, 0], [1, 0, 0]], [4, 4, 4]), mask_of([4, 4, 4])
    assert points_around(prepared, mask, 0, most=9).tolist() == [0, 2]


def test_without_a_mask_the_point_itself_is_kept():
    prepared = prepared_of([[0, 0, 0], [1, 0, 0]])
    assert points_around(prepared, None, 1, most=9).tolist() == [1]
    with pytest.raises(IndexError):
        points_around(prepared, None, 2, most=9)
