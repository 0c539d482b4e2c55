from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.segments import USUAL, Reach, in_reaches, partition, segment_of, segments_of

NO_SOURCE = CloudSource("pcd", "", "", 0, 1, None, ())
SURVEY = (512_345.25, 5_403_210.5, 410.0)


def cloud_of(xyz, origin=(0, 0, 0)):
    points = np.asarray(xyz, dtype=np.float32).reshape(-1, 3)
    return PointCloud(points, np.array(origin, dtype=np.float64), {}, NO_SOURCE)


def mask_of(*keys):
    return Mask(np.array(keys, dtype=np.uint16))


def parts_of(segments):
    return {frozenset(segment.rows.tolist()) for segment in segments}


def walked_through(points, step=1.0):
    """The oracle: from every point to all that are near enough, again and again."""
    near = np.linalg.norm(points[:, None] - points[None], axis=2) <= step
    found, left = set(), set(range(len(points)))
    while left:
        part, ahead = set(), {min(left)}
        while ahead:
            part |= ahead
            ahead = set(np.flatnonzero(near[list(ahead)].any(axis=0)).tolist()) - part
        found.add(frozenset(part))
        left -= part
    return found


def as_sets(parts):
    return {frozenset(np.flatnonzero(parts == part).tolist()) for part in np.unique(parts)}


# whole steps of 1/8, so that distances of exactly one reach occur and no rounding decides
GRID = st.lists(st.tuples(*[st.integers(-24, 24)] * 3), min_size=1, max_size=60)
METRES = st.floats(-90, 90, width=32)
CLOUDS = st.lists(st.tuples(METRES, METRES, st.floats(-3, 6, width=32)), min_size=1, max_size=40)
CHAINS = st.lists(st.tuples(*[st.sampled_from([0.0, 0.3, 0.5, 0.7, -0.4])] * 3), min_size=1, max_size=40)


@given(GRID)
def test_parts_are_those_that_walking_from_point_to_point_finds(steps):
    points = np.array(steps, dtype=np.float64) / 8
    assert as_sets(partition(points)) == walked_through(points)


@given(st.integers(0, 10_000))
def test_crowded_cells_are_told_apart_as_well(seed):
    random = np.random.default_rng(seed)
    lumps = random.uniform(0, 3, (4, 1, 3)) + random.uniform(-0.2, 0.2, (4, 80, 3))
    points = lumps.reshape(-1, 3)
    assert as_sets(partition(points)) == walked_through(points)


def test_the_limits_within_which_distances_are_measured_decide_nothing(monkeypatch):
    points = np.random.default_rng(6).uniform(0, 6, (700, 3))
    expected = as_sets(partition(points))
    assert expected == walked_through(points)
    monkeypatch.setattr("app.domain.segments.BATCH", 16)
    assert as_sets(partition(points)) == expected
    monkeypatch.setattr("app.domain.segments.MOST_PAIRS", 3)
    assert as_sets(partition(points)) == expected


@given(CLOUDS, st.randoms())
def test_the_order_of_the_points_changes_nothing(xyz, random):
    cloud, mask = cloud_of(xyz), mask_of(*(abs(int(x)) % 2 for x, _, _ in xyz))
    order = list(range(len(xyz)))
    random.shuffle(order)
    shuffled = replace(cloud, xyz=cloud.xyz[order])
    for key in (0, 1):
        here = parts_of(segments_of(cloud, mask, key, frame_index=0))
        there = parts_of(segments_of(shuffled, Mask(mask.label_keys[order]), key, frame_index=0))
        assert here == {frozenset(order[row] for row in part) for part in there}


@given(CHAINS.map(lambda steps: np.cumsum(steps, axis=0) + np.array([12.0, 0, 0])))
def test_points_within_a_reach_are_in_one_segment(xyz):
    cloud = cloud_of(xyz)
    segment_at = np.empty(len(xyz), dtype=int)
    for number, segment in enumerate(segments_of(cloud, mask_of(*[5] * len(xyz)), 5, frame_index=0)):
        segment_at[segment.rows] = number
    points = cloud.xyz.astype(np.float64)
    gap = np.linalg.norm(points[:, None] - points[None], axis=2)
    distance = np.linalg.norm(points, axis=1)
    reach = np.maximum(USUAL.least, USUAL.per_metre * np.minimum(distance[:, None], distance[None]))
    assert (segment_at[:, None] == segment_at[None])[gap < reach * (1 - 1e-9)].all()


@given(CLOUDS)
def test_every_finite_point_is_in_one_segment_of_its_key(xyz):
    points = np.array(xyz, dtype=np.float32)
    points[::7, 1] = np.nan
    keys = (np.abs(points[:, 0]) % 3).astype(np.uint16)
    cloud, mask = cloud_of(points), Mask(keys)
    for key in sorted(set(keys[cloud.finite].tolist())):
        segments = segments_of(cloud, mask, key, frame_index=4)
        rows = np.concatenate([segment.rows for segment in segments])
        assert sorted(rows.tolist()) == np.flatnonzero((keys == key) & cloud.finite).tolist()
        assert {(segment.label_key, segment.frame_index) for segment in segments} == {(key, 4)}
        assert all((np.diff(segment.rows) > 0).all() and not segment.rows.flags.writeable for segment in segments)
        assert [len(segment) for segment in segments] == sorted(map(len, segments), reverse=True)
        for segment in segments:
            chosen = segment_of(cloud, mask, int(segment.rows[-1]), frame_index=4)
            assert np.array_equal(chosen.rows, segment.rows)


@given(st.tuples(METRES, METRES, METRES), st.tuples(METRES, METRES, METRES))
def test_where_every_reach_is_one_nothing_is_farther_than_its_distance_over_the_reach(one, other):
    points = np.array([one, other], dtype=np.float64)
    laid = in_reaches(points, USUAL)
    nearer = np.linalg.norm(points, axis=1).min()
    steps = np.linalg.norm(points[0] - points[1]) / max(USUAL.least, USUAL.per_metre * nearer)
    assert np.linalg.norm(laid[0] - laid[1]) <= steps * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize(("distance", "gap", "together"), [(5, 0.49, 1), (5, 0.51, 2), (60, 1.75, 1), (60, 1.85, 2)])
def test_what_is_connected_depends_on_how_far_away_it_is(distance, gap, together):
    pair = [[distance, -gap / 2, 0], [distance, gap / 2, 0]]
    assert len(segments_of(cloud_of(pair), mask_of(1, 1), 1, frame_index=0)) == together


def test_the_rays_of_a_lidar_with_32_leave_no_gap_in_a_wall_at_any_distance():
    azimuth, elevation = np.meshgrid(np.radians(np.arange(-10, 10, 0.33)), np.radians(np.arange(-30.7, 10.7, 1.33)))
    for distance in (3, 20, 70):
        wall = distance * np.stack([np.ones_like(azimuth), np.tan(azimuth), np.tan(elevation)], axis=-1)
        flat = wall[np.abs(wall[..., 2]) < 0.3 * distance].reshape(-1, 3)
        assert len(segments_of(cloud_of(flat), mask_of(*[1] * len(flat)), 1, frame_index=0)) == 1


def test_things_of_one_key_that_stand_apart_are_segments_of_their_own():
    random = np.random.default_rng(2)
    places = np.array([[8, 0, 0], [8, 2, 0], [30, 0, 0]])
    bodies = random.uniform([-0.3, -0.3, 0], [0.3, 0.3, 1.7], (3, 200, 3)) + places[:, np.newaxis]
    mask = mask_of(*[7] * 600)
    assert parts_of(segments_of(cloud_of(bodies), mask, 7, frame_index=0)) == {
        frozenset(range(start, start + 200)) for start in (0, 200, 400)
    }


def test_distances_are_measured_from_the_lidar_in_survey_coordinates_too():
    pair = [[60, -0.8, 0], [60, 0.8, 0], [5, -0.8, 0], [5, 0.8, 0]]
    near = cloud_of(pair)
    moved = cloud_of(np.array(pair) - [1000, 0, 0], origin=(1000, 0, 0))
    far = cloud_of(pair, origin=SURVEY)  # half a thousand kilometres from the lidar everything is near everything
    sizes = [sorted(map(len, segments_of(cloud, mask_of(*[1] * 4), 1, frame_index=0))) for cloud in (near, moved, far)]
    assert sizes == [[1, 1, 2], [1, 1, 2], [4]]


def test_labels_that_touch_stay_apart():
    pair = [[5, 0, 0], [5, 0.01, 0]]
    for row, key in enumerate((1, 2)):
        assert parts_of(segments_of(cloud_of(pair), mask_of(1, 2), key, frame_index=0)) == {frozenset({row})}


def test_points_that_are_nowhere_belong_to_no_segment_and_one_that_is_chosen_stands_alone():
    cloud = cloud_of([[np.nan, 0, 0], [5, 0, 0], [5, 0.1, 0], [np.inf, 0, 0], [3e38, 3e38, 3e38]])
    mask = mask_of(*[1] * 5)
    assert parts_of(segments_of(cloud, mask, 1, frame_index=0)) == {frozenset({1, 2}), frozenset({4})}
    assert segment_of(cloud, mask, 3, frame_index=0).rows.tolist() == [3]
    assert segment_of(cloud, mask, 2, frame_index=0).rows.tolist() == [1, 2]


def test_without_points_there_are_no_segments():
    empty = cloud_of(np.zeros((0, 3)))
    assert segments_of(empty, mask_of(), 1, frame_index=0) == ()
    assert segments_of(cloud_of([[1, 1, 1]]), mask_of(2), 1, frame_index=0) == ()


@pytest.mark.parametrize("row", [-1, 1])
def test_a_row_that_the_cloud_does_not_have_is_refused(row):
    with pytest.raises(IndexError):
        segment_of(cloud_of([[1, 1, 1]]), mask_of(2), row, frame_index=0)


@pytest.mark.parametrize(
    "numbers", [(0, 0.03), (-1, 0.03), (np.inf, 0.03), (np.nan, 0.03), (0.5, 0), (0.5, 1), (0.5, np.nan)]
)
def test_a_reach_that_is_none_is_refused(numbers):
    with pytest.raises(ValueError, match="no reach"):
        Reach(*numbers)


def test_a_longer_reach_makes_fewer_segments():
    random = np.random.default_rng(9)
    cloud, mask = cloud_of(random.uniform(-20, 20, (400, 3))), mask_of(*[1] * 400)
    counts = [len(segments_of(cloud, mask, 1, frame_index=0, reach=Reach(least))) for least in (0.5, 1.0, 2.0, 4.0)]
    assert counts == sorted(counts, reverse=True)
    assert len(Counter(counts)) > 2
