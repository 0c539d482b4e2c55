import numpy as np
import pytest

from app.domain.camera import in_image, project, unproject
from app.domain.geometry import Pose
from app.domain.tracking import Box
from app.sandbox.street import StreetPlan, rig
from app.sandbox.street.boxes import KEEP_GRACE, Tracker, detect, visible_boxes, with_false_alarm
from app.sandbox.street.casting import cast
from app.sandbox.street.documents import quaternion
from app.sandbox.street.labels import FIRST_INSTANCE, STUFF, Labels
from app.sandbox.street.lidar import sweep
from app.sandbox.street.picture import part_numbers, take_picture
from app.sandbox.street.rays import SKY, Hits, RayGrid
from app.sandbox.street.road import KERB, SIDE_ROAD, road_coordinates
from app.sandbox.street.scene import Street
from app.sandbox.street.solids import Convex, Ellipsoid, ball, box, column, limb
from app.sandbox.street.trace import trace

PLAN = StreetPlan(frames=1, beams=48, azimuth_steps=720, image_size=(640, 360), sharpness=0.5)
SIZE = (1280, 720)


@pytest.fixture(scope="module")
def street():
    return Street(PLAN.seed, shadow_cell=0.5)


@pytest.fixture(scope="module")
def moment(street):
    return street.at(1.0)


@pytest.fixture(scope="module")
def labels(street):
    return Labels.of(street.things)


@pytest.fixture(scope="module")
def scan(street, moment, labels):
    return sweep(rig.lidar_rays(PLAN), moment, street.noise, labels, seed=(1, 2))


@pytest.fixture(scope="module")
def in_world(scan, moment):
    return moment.world_from_lidar.apply(scan.xyz.astype(np.float64))


def _inside(solid, points, *, margin):
    if isinstance(solid, Convex):
        return (points @ solid.normals.T <= solid.offsets + margin).all(axis=1)
    shrunk = (points - solid.center) @ solid.shrink.T
    grown = 1 + margin * np.linalg.norm(solid.shrink, ord=2)
    return np.linalg.norm(shrunk, axis=1) <= grown


def test_points_of_an_instance_lie_in_its_own_parts(scan, in_world, moment, labels):
    checked = 0
    for thing in {placed.thing for placed in moment.placed if placed.thing.number}:
        points = in_world[scan.label_keys == labels.key(thing)]
        parts = [placed.solid for placed in moment.placed if placed.thing is thing]
        near = np.zeros(len(points), bool)
        for solid in parts:
            near |= _inside(solid, points, margin=0.12)
        assert near.all()
        checked += len(points)
    assert checked > 1000


def test_road_points_lie_between_the_kerbs_and_on_the_ground(scan, in_world):
    road = in_world[np.isin(scan.label_keys, [STUFF.index("Road") + 1, STUFF.index("Lane Marking") + 1])]
    along, across = road_coordinates(road[:, 0], road[:, 1])
    away = np.abs(along - SIDE_ROAD) > 6
    assert len(road) > 3000
    assert np.abs(across[away]).max() < KERB + 0.15
    assert np.abs(road[:, 2]).max() < 0.25


def test_pavement_lies_a_kerb_above_the_gutter(scan, in_world):
    pavement = in_world[scan.label_keys == STUFF.index("Pavement") + 1]
    gutter = in_world[scan.label_keys == STUFF.index("Road") + 1]
    _, across = road_coordinates(gutter[:, 0], gutter[:, 1])
    gutter = gutter[(np.abs(across) > KERB - 0.6) & (np.abs(across) < KERB - 0.1)]
    assert 0.10 < np.median(pavement[:, 2]) - np.median(gutter[:, 2]) < 0.22


def test_nothing_returns_from_behind_a_wall(scan, moment):
    walls = [placed.solid for placed in moment.placed if placed.thing.label == "Building" and _is_house(placed.solid)]
    distance = np.linalg.norm(scan.xyz, axis=1)
    directions = moment.world_from_lidar.rotation @ (scan.xyz / distance[:, None]).T
    assert len(walls) > 10
    for wall in walls:
        inverse = wall.inverse_distance(directions.astype(np.float32), moment.world_from_lidar.position)
        met = inverse > 0
        assert (distance[met] < 1 / inverse[met] + 0.15).all()


def _is_house(solid):
    return isinstance(solid, Convex) and solid.radius > 6


def test_far_and_weak_surfaces_return_less_often_than_near_ones(scan):
    assert scan.intensity.dtype == np.float32
    marking, road = (scan.intensity[scan.label_keys == STUFF.index(name) + 1] for name in ("Lane Marking", "Road"))
    assert np.median(marking) > 2 * np.median(road)


@pytest.mark.parametrize("name", ["front", "left", "right", "rear"])
def test_points_of_an_instance_fall_into_its_box(name, street, moment, scan):
    picture = take_picture(
        rig.camera_rays(name, PLAN), moment.world_from_lidar @ rig.lidar_from_camera(name), moment, street.noise
    )
    names = {thing.number: thing.label for thing in street.things if thing.number}
    boxes = visible_boxes(part_numbers(picture, moment), names, size=PLAN.image_size)
    uv, valid = project(
        rig.lidar_from_camera(name).inverse().apply(scan.xyz.astype(np.float64)),
        rig.intrinsics(name, PLAN.image_size),
    )
    seen = in_image(uv, valid, size=PLAN.image_size)
    inside = total = 0
    for number, drawn in boxes.items():
        points = uv[seen & (scan.label_keys == FIRST_INSTANCE + number)]
        within = (points >= [drawn.x - 2, drawn.y - 2]) & (
            points <= [drawn.x + drawn.width + 2, drawn.y + drawn.height + 2]
        )
        inside += np.count_nonzero(within.all(axis=1))
        total += len(points)
    assert len(boxes) >= 2
    assert total > 50
    assert inside / total > 0.9


def test_pictures_and_scan_agree_on_what_is_where(street, moment, scan, labels):
    picture = take_picture(
        rig.camera_rays("front", PLAN), moment.world_from_lidar @ rig.lidar_from_camera("front"), moment, street.noise
    )
    uv, valid = project(
        rig.lidar_from_camera("front").inverse().apply(scan.xyz.astype(np.float64)),
        rig.intrinsics("front", PLAN.image_size),
    )
    seen = in_image(uv, valid, size=PLAN.image_size)
    column_, row = np.floor((uv[seen] + 0.5) * 0.5).astype(int).T
    parts = picture.part[np.clip(row, 0, 179), np.clip(column_, 0, 319)]
    table = np.array([labels.key(placed.thing) for placed in moment.placed])
    keys = scan.label_keys[seen]
    solid = (parts >= 0) & (keys > 0)
    assert (table[parts[solid]] == keys[solid]).mean() > 0.85


@pytest.mark.parametrize("name", ["front", "left", "right", "rear"])
def test_every_pixel_of_a_camera_has_a_ray(name):
    width, height = SIZE
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], dtype=np.float64)
    lens = rig.intrinsics(name, SIZE)
    assert any(lens.distortion)
    again, valid = project(unproject(corners, lens) * 10, lens)
    assert valid.all()
    assert np.abs(again - corners).max() < 1e-3


@pytest.mark.parametrize(
    "solid",
    [
        box((2, -1, -1), (4, 1, 2)),
        column(0.8, -1, 2, x=5),
        ball((6, 1, 0), (1, 2, 0.5)),
        limb((4, 0, 0), (5, 2, 1), 0.3),
    ],
)
def test_rays_stop_at_the_surface_of_a_solid(solid):
    directions = _fan()
    inverse = solid.inverse_distance(directions, np.zeros(3))
    met = inverse > 0
    points = (directions[:, met] / inverse[met]).T.astype(np.float64)
    assert met.sum() > 50
    assert _inside(solid, points, margin=1e-3).all()
    assert not _inside(solid, points * 0.99, margin=-1e-4).any(), "nothing of it lies nearer"
    facing = np.einsum("cn,cn->n", solid.surface_normals(points.T.astype(np.float32)), directions[:, met])
    assert (facing < 1e-3).all()
    missed = directions[:, ~met]
    for distance in np.linspace(0.5, 9, 40):
        assert not _inside(solid, (missed * distance).T, margin=-2e-3).any()


def _fan():
    y, z = np.meshgrid(np.linspace(-0.7, 0.7, 90), np.linspace(-0.7, 0.7, 90))
    rays = np.stack([np.ones_like(y), y, z]).reshape(3, -1)
    return (rays / np.linalg.norm(rays, axis=0)).astype(np.float32)


def test_tiles_find_the_same_hits_as_testing_every_ray():
    random = np.random.default_rng(4)
    solids = [_random_solid(random) for _ in range(60)]
    v, u = np.meshgrid(np.linspace(-0.8, 0.8, 70), np.linspace(-1.2, 1.2, 101), indexing="ij")
    grid = RayGrid.of(np.stack([u, v, np.ones_like(u)], axis=2), tile=(16, 16))
    rays = grid.seen_from(Pose.from_quaternion((1.0, 2.0, 3.0), w=0.9, x=0.1, y=0.3, z=-0.2))
    hits = Hits.none(rays)
    cast(rays, solids, hits)
    flat = rays.directions.reshape(3, -1)
    every = np.stack([solid.inverse_distance(flat, rays.origin) for solid in solids])
    assert np.allclose(hits.inverse.reshape(-1), every.max(axis=0), rtol=1e-4)
    wanted = np.where(every.max(axis=0) > 0, every.argmax(axis=0), SKY)
    assert (hits.part.reshape(-1) == wanted).mean() > 0.999
    assert (wanted != SKY).mean() > 0.1


def _random_solid(random):
    turn = Pose.from_quaternion(tuple(random.uniform(-15, 15, 3)), w=1.0, x=random.normal(), y=random.normal(), z=0.2)
    size = random.uniform(0.5, 3, 3)
    return (box(tuple(-size), tuple(size)) if random.random() < 0.5 else ball((0, 0, 0), size)).moved(turn)


def test_the_shadow_of_a_box_lies_where_the_sun_does_not_reach(street, moment):
    house = next(
        placed.solid for placed in moment.placed if placed.thing.label == "Building" and _is_house(placed.solid)
    )
    assert isinstance(house, Convex)
    inside = house.center.astype(np.float32)[:, None]
    assert moment.shadows.lit(inside)[0] == 0
    above = inside + np.array([[0], [0], [60]], dtype=np.float32)
    assert moment.shadows.lit(above)[0] == 1


def test_the_ego_path_bends_and_stays_on_the_ground_plane(street):
    poses = [street.at(time).world_from_lidar for time in (0.0, 1.5, 3.0)]
    ahead = np.array([pose.rotation[:2, 0] for pose in poses])
    turned = np.arctan2(ahead[:, 1], ahead[:, 0])
    assert turned[2] - turned[0] > 0.1
    assert {round(float(pose.position[2]), 6) for pose in poses} == {round(float(poses[0].position[2]), 6)}


def test_a_quaternion_leads_back_to_its_rotation():
    for name in rig.MOUNTS:
        pose = rig.lidar_from_camera(name)
        w, x, y, z = quaternion(pose)
        assert np.allclose(Pose.from_quaternion((0, 0, 0), w=w, x=x, y=y, z=z).rotation, pose.rotation, atol=1e-12)


def test_crowns_of_trees_have_holes(street, moment):
    crown = next(s.solid for s in moment.placed if isinstance(s.solid, Ellipsoid) and s.solid.leafy is not None)
    assert isinstance(crown, Ellipsoid)
    smooth = Ellipsoid(crown.shrink, crown.center)
    grid = RayGrid.of(_looking_at(crown), tile=(8, 8))
    directions = grid.directions.reshape(3, -1)
    leafy = np.count_nonzero(crown.inverse_distance(directions, moment.world_from_lidar.position))
    whole = np.count_nonzero(smooth.inverse_distance(directions, moment.world_from_lidar.position))
    del street
    assert 0.5 * whole < leafy < 0.97 * whole


def _looking_at(solid):
    origin = Street(PLAN.seed, shadow_cell=2.0).at(1.0).world_from_lidar.position
    forward = solid.center - origin
    distance = np.linalg.norm(forward)
    across = np.cross(forward, [0, 0, 1.0])
    across /= np.linalg.norm(across)
    up = np.cross(across, forward / distance)
    reach = np.linspace(-1, 1, 64) * solid.radius * 1.2
    return forward + reach[:, None, None] * up + reach[None, :, None] * across


def test_the_sky_is_not_part_of_any_surface(street, moment):
    rays = rig.lidar_rays(PLAN).seen_from(moment.world_from_lidar)
    hits, surfaces = trace(rays, moment, street.noise)
    assert len(surfaces.rays) == np.count_nonzero(hits.part != SKY)
    assert np.allclose(np.linalg.norm(surfaces.normals, axis=0), 1, atol=0.06)


def test_tracks_keep_their_id_and_outlive_a_miss_by_the_grace():
    tracker = Tracker()
    moving = [Box(100.0 + 10 * step, 50.0, 80.0, 60.0, "Car", score=0.9) for step in range(4)]
    for box_ in moving:
        [found] = tracker.step([box_], size=SIZE)
        assert found.track_id == 0
    for _ in range(KEEP_GRACE):
        [ghost] = tracker.step([], size=SIZE)
        assert (ghost.track_id, ghost.label) == (0, "Car")
    assert ghost.x > moving[-1].x, "it keeps its speed"
    assert tracker.step([], size=SIZE) == ()
    [new] = tracker.step([moving[0]], size=SIZE)
    assert new.track_id == 1, "ids are never used twice"


def test_detections_differ_a_little_from_what_is_visible():
    visible = {number: Box(20.0 * number, 100.0, 90.0, 70.0, "Car") for number in range(60)}
    found = detect(visible, np.random.default_rng(0), size=SIZE)
    assert 45 <= len(found) < 60
    assert all(box.track_id is None and 0.3 < (box.score or 0) < 1 for box in found)
    assert any(box.width != 90.0 for box in found)


def test_the_false_alarm_shows_in_two_frames():
    counts = [len(boxes) for boxes in with_false_alarm([()] * 6, size=SIZE)]
    assert counts == [0, 0, 0, 1, 1, 0]


def test_boxes_span_the_visible_pixels():
    numbers = np.zeros((36, 64), np.int32)
    numbers[10:20, 5:30] = 7
    numbers[12:14, 40] = 8
    boxes = visible_boxes(numbers, {7: "Car", 8: "Van"}, size=SIZE)
    assert boxes == {7: Box(100.0, 200.0, 500.0, 200.0, "Car"), 8: Box(800.0, 240.0, 20.0, 40.0, "Van")}
