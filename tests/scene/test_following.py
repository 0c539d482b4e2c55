import numpy as np
import pytest

from app.domain.geometry import Pose
from app.domain.legend import Legend, LegendEntry
from app.domain.mask import Mask
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.scene.following import Hold, Moment, carried, moment_of
from app.scene.prepared import prepare_cloud
from app.scene.things import Thing, middle_of, nearest_thing, present
from app.scene.views import CameraPlacement

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
CAMERA = CameraPlacement((-20.0, 3.0, 12.0), (2.0, 1.0, 0.0), (0.0, 0.0, 1.0))
POST = np.array([7.0, 4.0, 1.0])  # stands in the street, in the first frame's lidar space
HERE, NO_POSE = np.zeros(3), None


def pose(x, y, turn):
    return Pose.from_quaternion((x, y, 0.3), w=np.cos(turn / 2), x=0.0, y=0.0, z=np.sin(turn / 2))


BEFORE, AFTER = pose(10.0, 5.0, 0.2), pose(14.0, 7.0, 0.5)


def pixels(placement, point):
    return placement.project(np.array([point]), (900, 600))[0][0]


def test_in_the_lidars_space_the_camera_goes_with_the_ego_by_standing_still():
    moments = Moment(HERE, BEFORE, False), Moment(HERE, AFTER, False)
    assert carried(CAMERA, *moments, hold=Hold.EGO) == CAMERA


def test_holding_a_place_a_thing_of_the_street_stays_where_it_was_in_the_picture():
    moments = Moment(HERE, BEFORE, False), Moment(HERE, AFTER, False)
    held = carried(CAMERA, *moments, hold=Hold.PLACE)
    later = (AFTER.inverse() @ BEFORE).apply(POST[np.newaxis])[0]
    assert pixels(held, later) == pytest.approx(pixels(CAMERA, POST), abs=1e-6)


def test_in_the_world_following_the_ego_takes_the_camera_along():
    moments = Moment(HERE, BEFORE, True), Moment(HERE, AFTER, True)
    before = BEFORE.apply(POST[np.newaxis])[0]
    after = AFTER.apply(POST[np.newaxis])[0]
    assert pixels(carried(CAMERA, *moments, hold=Hold.EGO), after) == pytest.approx(pixels(CAMERA, before), abs=1e-6)
    assert carried(CAMERA, *moments, hold=Hold.PLACE) == CAMERA


@pytest.mark.parametrize("hold", Hold)
def test_frames_with_other_origins_show_the_same_place(hold):
    moments = (
        Moment(np.array([5e5, 5e6, 0.0]), NO_POSE, False),
        Moment(np.array([5e5 + 100, 5e6 - 40, 2.0]), None, False),
    )
    moved = carried(CAMERA, *moments, hold=hold)
    assert pixels(moved, POST - [100, -40, 2]) == pytest.approx(pixels(CAMERA, POST), abs=1e-3)


def frame_of(xyz, keys=None, origin=HERE, world_from_ego=None, legend=None):
    cloud = PointCloud(np.asarray(xyz, dtype=np.float32), origin, {}, SOURCE)
    record = SequenceFrame("0", "scan", "mask", world_from_ego=world_from_ego, legend=legend or Legend())
    mask = None if keys is None else Mask(np.asarray(keys, dtype=np.uint16))
    return Frame(0, record, cloud, mask), prepare_cloud(cloud, mask)


@pytest.mark.parametrize(
    ("around", "ego", "in_world"),
    [
        ((0, 0), pose(500, 300, 1), False),  # a scan told from its lidar, far along the road
        ((500, 300), pose(500, 300, 1), True),  # told from the world
        ((3, 2), pose(3, 2, 0), False),  # near the world's origin both are the same
        ((900, 900), pose(100, 100, 0), False),  # a survey that the ego has nothing to do with
        ((500, 300), None, False),
    ],
)
def test_whether_points_are_told_from_the_world_shows_in_where_they_are(around, ego, in_world):
    xyz = np.random.default_rng(2).normal([*around, 0], [25, 20, 2], size=(3000, 3))
    frame, prepared = frame_of(xyz, world_from_ego=ego)
    assert moment_of(frame, prepared.spread).in_world is in_world


LEGEND = Legend(
    (
        LegendEntry(1, "Ground", "Ground", (9, 9, 9), track_id="ground"),
        LegendEntry(2, "Car # 4", "Car", (9, 9, 9), track_id="t4"),
        LegendEntry(3, "Car # 5", "Car", (9, 9, 9)),
        LegendEntry(8, "Bus # 1", "Bus", (9, 9, 9), track_id="t4"),
    )
)
XYZ = [[5, 0, 0]] * 5 + [[9, 1, 0], [9, 2, 0], [9, 3, 50]] + [[-4, 6, 1], [-4, 6, 1]] + [[np.nan] * 3] * 2
KEYS = [1] * 5 + [2] * 3 + [3] * 2 + [8] * 2


def test_a_thing_is_where_the_median_of_its_points_is():
    _, prepared = frame_of(XYZ, KEYS, legend=LEGEND)
    assert middle_of(prepared, (2,)) == pytest.approx([9, 2, 0])
    assert middle_of(prepared, (8,)) is None  # none of its points is finite
    assert middle_of(prepared, (77,)) is None
    assert middle_of(frame_of(XYZ)[1], (2,)) is None  # no mask


def test_a_thing_is_known_by_class_and_track_or_by_its_label_key():
    four, five = Thing.of(LEGEND.get(2)), Thing.of(LEGEND.get(3))
    other = Legend((LegendEntry(30, "Car # 4", "Car", (0, 0, 0), track_id="t4"), LegendEntry(3, "x", "Car", (0, 0, 0))))
    assert four.keys_in(other) == (30,)
    assert five.keys_in(other) == (3,)
    assert four.keys_in(Legend()) == ()


def test_things_with_points_come_first_by_number_and_classes_are_none():
    _, prepared = frame_of(XYZ, KEYS, legend=LEGEND)
    assert [thing.text for thing in present(prepared, LEGEND)] == ["Car # 4", "Car # 5"]


def test_the_thing_in_the_middle_of_the_picture_is_found():
    _, prepared = frame_of(XYZ, KEYS, legend=LEGEND)
    above = CameraPlacement((-3.0, 5.0, 40.0), (-3.0, 5.0, 0.0), (1.0, 0.0, 0.0))
    assert nearest_thing(prepared, LEGEND, above, at=(450, 300), size=(900, 600)).text == "Car # 5"
    ground_only, behind = (
        Legend(LEGEND.entries[:1]),
        CameraPlacement((60.0, 0.0, 0.0), (90.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    )
    assert nearest_thing(prepared, ground_only, above, at=(450, 300), size=(900, 600)) is None
    assert nearest_thing(prepared, LEGEND, behind, at=(450, 300), size=(900, 600)) is None
