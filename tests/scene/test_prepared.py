import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.prepared import prepare_cloud

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())


def cloud_of(xyz, origin=(0.0, 0.0, 0.0)):
    return PointCloud(np.asarray(xyz, dtype=np.float32).reshape(-1, 3), np.array(origin), {}, SOURCE)


def test_a_finite_cloud_is_drawn_from_its_own_memory():
    cloud = cloud_of([[1, 2, 3], [4, 5, 6]])
    prepared = prepare_cloud(cloud, Mask(np.array([7, 3], dtype=np.uint16)))
    assert np.shares_memory(prepared.xyz, cloud.xyz)
    assert sorted(prepared.order.tolist()) == [0, 1]
    assert prepared.label_keys == (3, 7)
    assert prepared.label_index.tolist() == [1, 0]
    assert prepared.label_index.dtype == np.float32
    assert not prepared.xyz.flags.writeable
    assert not prepared.label_index.flags.writeable


def test_points_that_are_not_finite_are_left_out_but_counted():
    cloud = cloud_of([[np.nan, 0, 0], [1, 1, 1], [0, np.inf, 0], [2, 2, 2], [0, 0, -np.inf]])
    prepared = prepare_cloud(cloud, Mask(np.array([1, 2, 2, 5, 5], dtype=np.uint16)))
    assert sorted(prepared.order.tolist()) == [1, 3]
    assert len(prepared) == 2
    assert prepared.total == 5
    assert dict(zip(prepared.label_keys, prepared.points_per_row.tolist(), strict=True)) == {1: 0, 2: 1, 5: 1}


def test_without_a_mask_no_rows_are_made():
    prepared = prepare_cloud(cloud_of(np.ones((4, 3))), None)
    assert prepared.label_keys == ()
    assert prepared.label_index is None
    assert len(prepared.points_per_row) == 0


def test_a_mask_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 label keys cannot paint 1 points"):
        prepare_cloud(cloud_of([[0, 0, 0]]), Mask(np.array([1, 2], dtype=np.uint16)))


@pytest.mark.parametrize("xyz", [np.zeros((0, 3)), np.full((3, 3), np.nan), np.zeros((1, 3)), np.ones((9, 3))])
def test_the_spread_of_a_poor_cloud_is_finite(xyz):
    mask = Mask(np.zeros(len(xyz), dtype=np.uint16))
    spread = prepare_cloud(cloud_of(xyz), mask).spread
    assert np.isfinite([*spread.low, *spread.high, *spread.ego, spread.ground]).all()
    assert (spread.low <= spread.high).all()


def test_outliers_do_not_decide_where_a_cloud_lies():
    xyz = np.random.default_rng(3).uniform(-20, 20, size=(1000, 3))
    xyz[:5] = 1e30
    spread = prepare_cloud(cloud_of(xyz), None).spread
    assert spread.high.max() < 21
    assert spread.low.min() > -21


def test_the_ego_is_at_the_origin_of_the_source():
    prepared = prepare_cloud(cloud_of([[1, 0, 0]], origin=(100.0, 200.0, 3.0)), None)
    assert prepared.spread.ego.tolist() == [-100.0, -200.0, -3.0]


def test_the_ground_is_what_lies_low_around_the_ego():
    random = np.random.default_rng(5)
    ground = np.column_stack([random.uniform(-20, 20, (900, 2)), random.normal(-1.7, 0.02, 900)])
    walls = np.column_stack([random.uniform(-20, 20, (300, 2)), random.uniform(-1.7, 8, 300)])
    pit = np.column_stack([random.uniform(60, 90, (300, 2)), np.full(300, -9.0)])
    assert prepare_cloud(cloud_of(np.concatenate([ground, walls, pit])), None).spread.ground == pytest.approx(
        -1.72, abs=0.05
    )


KEY_RANGES = st.sampled_from([(0, 255), (0, 65_535), (-1, 70_000), (-(2**31), 2**31 - 1), (0, 2**62)])


@given(st.data())
def test_the_table_gives_each_drawn_point_the_key_it_has_in_the_mask(data):
    coordinates = st.sampled_from([0.0, 1.5, -3.0, np.nan, np.inf, 3e38])
    xyz = data.draw(arrays.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(3)), elements=coordinates))
    low, high = data.draw(KEY_RANGES)
    keys = data.draw(st.lists(st.integers(low, high), min_size=len(xyz), max_size=len(xyz)))
    dtype = np.uint16 if (low, high) in ((0, 255), (0, 65_535)) else np.int64
    prepared = prepare_cloud(cloud_of(xyz), Mask(np.array(keys, dtype=dtype)))
    finite = np.isfinite(xyz).all(axis=1)
    table = np.array(prepared.label_keys, dtype=np.int64)
    assert table[prepared.label_index.astype(int)].tolist() == np.array(keys, dtype=np.int64).tolist()
    assert prepared.points_per_row.sum() == finite.sum()
    assert sorted(prepared.order.tolist()) == np.flatnonzero(finite).tolist()


def test_what_lies_under_a_road_does_not_lower_the_ground():
    random = np.random.default_rng(6)
    road = np.column_stack([random.uniform(-14, 14, (800, 2)), random.normal(-1.45, 0.05, 800)])
    reflections = np.column_stack([random.uniform(-14, 14, (250, 2)), random.uniform(-6, -1.6, 250)])
    walls = np.column_stack([random.uniform(-14, 14, (900, 2)), random.uniform(-1.4, 12, 900)])
    prepared = prepare_cloud(cloud_of(np.concatenate([road, reflections, walls])), None)
    assert prepared.spread.ground == pytest.approx(-1.45, abs=0.06)
