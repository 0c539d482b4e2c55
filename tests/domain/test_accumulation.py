"""Frames put together: plain matrices say where points belong, and the synthetic street where its things really are."""

import numpy as np
import pytest

from app.domain.accumulation import PlacedFrame, accumulate
from app.domain.arrays import frozen
from app.domain.ego_poses import EgoPoses
from app.domain.geometry import Pose
from app.domain.legend import Legend, LegendEntry
from app.domain.mask import NULL_KEY, Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.sandbox.street import StreetPlan, rig
from app.sandbox.street.labels import STUFF, Labels
from app.sandbox.street.lidar import sweep
from app.sandbox.street.road import road_coordinates
from app.sandbox.street.scene import Street
from app.sandbox.street.solids import Convex

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
CAR, ROAD = LegendEntry(1, "Car # 1", "Car", (1, 2, 3)), LegendEntry(2, "Road", "Road", (4, 5, 6))
TIMES = (0.5, 0.875, 1.25)


def turned(x, y, *, degrees=0.0):
    half = np.radians(degrees) / 2
    return Pose.from_quaternion((x, y, 0.0), w=np.cos(half), x=0.0, y=0.0, z=np.sin(half))


def placed(index, xyz, pose=None, *, keys=None, legend=(CAR, ROAD), origin=(0, 0, 0), **columns):
    cloud = PointCloud(np.asarray(xyz, dtype=np.float32).reshape(-1, 3), np.array(origin, dtype=float), columns, SOURCE)
    mask = None if keys is None else Mask(np.asarray(keys))
    record = SequenceFrame(str(index), "scan", "mask", legend=Legend(tuple(legend)))
    return PlacedFrame(Frame(index, record, cloud, mask), cloud, pose or Pose.identity())


def scattered(count, seed=1):
    return np.random.default_rng(seed).uniform(-50, 50, size=(count, 3))


def test_points_land_where_a_plain_matrix_puts_them():
    pose = turned(3.0, -7.0, degrees=33.0)
    xyz = scattered(200)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = pose.rotation, pose.position
    expected = (matrix @ np.column_stack([xyz, np.ones(200)]).T).T[:, :3]
    stack = accumulate(placed(4, scattered(50, seed=2)), [placed(5, xyz, pose)])
    np.testing.assert_allclose(stack.cloud.xyz[50:], expected, atol=2e-5)


def test_the_shown_frame_comes_first_and_keeps_its_bits():
    shown = placed(4, [[0.1, 0.2, 0.3], [np.nan, 1, 2]], keys=np.array([1, 2], dtype=np.uint16))
    stack = accumulate(shown, [placed(3, [[1, 1, 1]], turned(1, 0), keys=np.array([2], dtype=np.uint16))])
    assert stack.cloud.xyz[:2].tobytes() == shown.cloud.xyz.tobytes()
    assert stack.cloud.nonfinite_points == 1
    assert stack.frame_of_point.tolist() == [0, 0, -1]
    assert stack.index_in_file.tolist() == [0, 1, 0]
    assert [stack.source(point) for point in range(3)] == [(4, 0), (4, 1), (3, 0)]
    assert stack.mask.label_keys.tolist() == [1, 2, 2]


def test_survey_coordinates_keep_their_millimetres():
    xyz = scattered(100)
    shown = placed(0, xyz, origin=(500_000.0, 5_000_000.0, 100.0))
    other = placed(1, xyz, origin=(500_010.0, 5_000_020.0, 100.0))
    stack = accumulate(shown, [other])
    np.testing.assert_allclose(stack.cloud.xyz[100:] - stack.cloud.xyz[:100], np.tile([10, 20, 0], (100, 1)), atol=1e-4)
    np.testing.assert_array_equal(stack.cloud.origin, shown.cloud.origin)


def test_columns_that_all_have_are_kept_and_others_left_out():
    intensity = np.arange(3, dtype=np.uint8)
    shown = placed(0, scattered(3), intensity=intensity, ring=intensity, wide=np.zeros((3, 2)))
    stack = accumulate(shown, [placed(1, scattered(3), intensity=intensity + 3, wide=np.zeros(3))])
    assert {name: column.tolist() for name, column in stack.cloud.columns.items()} == {"intensity": [0, 1, 2, 3, 4, 5]}
    assert stack.cloud.columns["intensity"].dtype == np.uint8


def test_points_of_a_frame_without_a_mask_get_no_key_of_another():
    stack = accumulate(placed(0, scattered(2), keys=np.array([1, 65_535], dtype=np.uint16)), [placed(1, scattered(2))])
    assert stack.mask.label_keys.tolist() == [1, 65_535, NULL_KEY, NULL_KEY]
    assert accumulate(placed(0, scattered(2)), [placed(1, scattered(2))]).mask is None


def test_keys_keep_the_meaning_they_have_in_the_shown_frame():
    van = LegendEntry(1, "Van # 1", "Van", (9, 9, 9))
    pole = LegendEntry(7, "Pole", "Pole", (8, 8, 8))
    stack = accumulate(placed(0, scattered(2), legend=(CAR,)), [placed(1, scattered(2), legend=(van, pole))])
    assert stack.legend.entries == (CAR, pole)


def test_with_motion_an_instance_is_moved_to_its_track_and_the_road_stays():
    car = np.random.default_rng(3).uniform(-2, 2, size=(60, 3))
    road = np.random.default_rng(4).uniform(-10, 10, size=(60, 3))
    keys = np.repeat(np.array([1, 2], dtype=np.uint16), 60)
    shown = placed(0, np.concatenate([car, road]), keys=keys)
    other = placed(1, np.concatenate([car, road]) + np.array([6, 1, 0]), keys=keys)
    still = accumulate(shown, [other]).cloud.xyz[120:]
    moved = accumulate(shown, [other], with_motion=True).cloud.xyz[120:]
    np.testing.assert_allclose(moved[:60], car, atol=1e-4)
    np.testing.assert_array_equal(moved[60:], still[60:])


@pytest.mark.parametrize("legend", [(), (LegendEntry(1, "Car", "Car", (1, 2, 3)),)], ids=["no legend", "a class"])
def test_what_is_not_known_to_be_one_thing_is_not_moved(legend):
    keys = np.ones(20, dtype=np.uint16)
    shown = placed(0, scattered(20) / 50, keys=keys, legend=legend)
    other = placed(1, scattered(20) / 50 + 3, keys=keys, legend=legend)
    stack = accumulate(shown, [other], with_motion=True)
    np.testing.assert_array_equal(stack.cloud.xyz, accumulate(shown, [other]).cloud.xyz)


def test_an_empty_and_a_broken_frame_do_no_harm():
    shown = placed(0, scattered(3), keys=np.array([1, 1, 1], dtype=np.uint16))
    empty = placed(1, np.zeros((0, 3)), keys=np.zeros(0, dtype=np.uint16))
    broken = placed(2, np.full((2, 3), np.nan), keys=np.array([1, 1], dtype=np.uint16))
    stack = accumulate(shown, [empty, broken], with_motion=True)
    assert len(stack.cloud) == 5
    assert stack.cloud.nonfinite_points == 2


# -- the street -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drive():
    """The street at three times, seen from the moving ego: moments, labels, and frames as placed ones."""
    plan = StreetPlan(beams=48, azimuth_steps=720)
    street = Street(plan.seed, shadow_cell=0.5)
    labels = Labels.of(street.things)
    legend = Legend(tuple(LegendEntry(row.key, row.text, row.label, (0, 0, 0)) for row in labels.rows))
    moments = [street.at(time) for time in TIMES]
    way = EgoPoses(tuple(moment.world_from_lidar for moment in moments))
    frames = []
    for index, moment in enumerate(moments):
        scan = sweep(rig.lidar_rays(plan), moment, street.noise, labels, seed=(1, index))
        frames.append(
            placed(index, scan.xyz, way.placing(index, at=1), keys=frozen(scan.label_keys), legend=legend.entries)
        )
    return moments, labels, frames


@pytest.fixture(scope="module")
def stack(drive):
    before, shown, after = drive[2]
    return accumulate(shown, [before, after])


def in_world(drive, stack):
    return drive[0][1].world_from_lidar.apply(stack.cloud.xyz.astype(np.float64))


def test_the_road_of_neighbouring_frames_lies_in_one_plane(drive, stack):
    world = in_world(drive, stack)
    road = np.isin(stack.mask.label_keys, [STUFF.index("Road") + 1, STUFF.index("Lane Marking") + 1])
    along, across = road_coordinates(world[:, 0], world[:, 1])
    cells = np.floor(np.column_stack([along, across]) / 1.0).astype(int)
    spreads = []
    for cell in np.unique(cells[road], axis=0):
        here = road & (cells == cell).all(axis=1)
        heights = [world[here & (stack.frame_of_point == offset), 2] for offset in (-1, 0, 1)]
        if min(map(len, heights)) >= 5:
            spreads.append(np.ptp([np.median(each) for each in heights]))
    assert len(spreads) > 40
    assert np.median(spreads) < 0.01
    assert np.percentile(spreads, 95) < 0.04


def test_parked_cars_of_neighbouring_frames_coincide_with_their_true_bodies(drive, stack):
    world = in_world(drive, stack)
    moments, labels, _ = drive
    checked = 0
    for thing in {part.thing for part in moments[1].placed if part.thing.number and not part.thing.moves}:
        others = (stack.mask.label_keys == labels.key(thing)) & (stack.frame_of_point != 0)
        solids = [part.solid for part in moments[1].placed if part.thing is thing]
        near = np.zeros(others.sum(), bool)
        for solid in solids:
            near |= _inside(solid, world[others], margin=0.08)
        checked += len(near)
        assert near.mean() > 0.98 if len(near) else True
    assert checked > 1500


def test_without_poses_the_same_points_would_lie_metres_away(drive, stack):
    """The ego drives about three metres a frame here: what the two tests above measure is due to the poses."""
    before, shown, after = drive[2]
    unplaced = accumulate(shown, [PlacedFrame(each.frame, each.cloud, Pose.identity()) for each in (before, after)])
    moved = np.linalg.norm(unplaced.cloud.xyz - stack.cloud.xyz, axis=1)[stack.frame_of_point != 0]
    assert np.median(moved) > 2.0


def test_the_tracks_motion_takes_moving_cars_to_where_they_truly_are(drive, stack):
    moments, labels, (before, shown, after) = drive
    moved = accumulate(shown, [before, after], with_motion=True)
    compared = 0
    for thing in {part.thing for part in moments[1].placed if part.thing.moves and part.thing.label == "Car"}:
        points = (moved.mask.label_keys == labels.key(thing)) & (moved.frame_of_point == 1)
        there = (stack.mask.label_keys == labels.key(thing)) & (moved.frame_of_point == 0)
        if min(points.sum(), there.sum()) < 30:
            continue
        shift = np.median(moved.cloud.xyz[points] - stack.cloud.xyz[points], axis=0)
        true = thing.pose(TIMES[1]).position - thing.pose(TIMES[2]).position
        true = moments[1].world_from_lidar.rotation.T @ true
        assert np.linalg.norm(true) > 1.5
        assert np.linalg.norm(shift - true) < 0.6  # the sides that are in sight change
        compared += 1
    assert compared >= 2


def _inside(solid, points, *, margin):
    if isinstance(solid, Convex):
        return (points @ solid.normals.T <= solid.offsets + margin).all(axis=1)
    shrunk = (points - solid.center) @ solid.shrink.T
    grown = 1 + margin * np.linalg.norm(solid.shrink, ord=2)
    return np.linalg.norm(shrunk, axis=1) <= grown
