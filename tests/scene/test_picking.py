"""A picked point against the picture that OpenGL draws, and against looking at every point in float64."""

import numpy as np
import pytest
from picked_oracle import Projected, numbered_cloud, numbers_as_colors, numbers_in

from app.domain.point_look import PointLook
from app.scene.guides import Guides
from app.scene.picking import CHUNK, RADIUS, Drawn, PointPicker
from app.scene.prepared import prepare_cloud, spread_of
from app.scene.views import VIEWS, CameraPlacement, place_camera
from tests.scene.offscreen_scene import offscreen_scene

SIZE = (640, 400)
CLICKS = 1000
AWAY = (5e5, 5e6, 0.0)  # from the lidar: no rings are drawn, which would hide points


def street(count, seed=3):
    """Dense near the ego, sparse far away, with walls behind each other."""
    random = np.random.default_rng(seed)
    ground = random.normal(size=(count, 3)) * [18, 18, 0.05]
    ground[::3, 2] = random.uniform(0, 4, len(ground[::3]))
    return ground.astype(np.float32)


@pytest.fixture(scope="module")
def drawing():
    with offscreen_scene(SIZE) as made:
        # their colours would read as numbers of points
        made.scene.set_guides(Guides(rings=False, axes=False, north=False, ego_path=False, rig=False))
        yield made


def placements(xyz):
    """The named views and three from among the points."""
    spread = spread_of(xyz, ego=np.zeros(3))
    close = [
        ((1.0, 0.5, 1.0), (6.0, 2.0, 0.5)),
        ((-9.0, 4.0, 0.3), (0.0, 4.5, 0.2)),
        ((3.0, 3.0, 30.0), (3.2, 3.0, 0.0)),
    ]
    named = [place_camera(view, spread, aspect=SIZE[0] / SIZE[1]) for view in VIEWS]
    return [*named, *(CameraPlacement(position, focal, (0.0, 0.0, 1.0)) for position, focal in close)]


@pytest.mark.parametrize(
    ("pixel_ratio", "look"),
    [(1.0, PointLook()), (1.5, PointLook()), (2.0, PointLook()), (1.0, PointLook(size=0.2, unit="m"))],
)
def test_a_thousand_clicks_pick_the_point_that_the_picture_shows(drawing, pixel_ratio, look):
    cloud, mask = numbered_cloud(street(40_000), origin=AWAY)
    prepared = prepare_cloud(cloud, mask)
    scene = drawing.scene
    scene.set_pixel_ratio(pixel_ratio)
    scene.set_point_look(look)
    scene.show(prepared, numbers_as_colors(len(prepared.label_keys)))
    picker = PointPicker(prepared.xyz, prepared.order)
    views = placements(cloud.xyz)
    random = np.random.default_rng(7)
    on_points = ties = 0
    for placement in views:
        scene.set_placement(placement)
        shown = numbers_in(drawing.pixels())
        projected = Projected(drawing.renderer.GetActiveCamera(), cloud.xyz, SIZE)
        drawn = scene.drawn
        for pixel in random.integers([4, 4], [SIZE[0] - 4, SIZE[1] - 4], size=(CLICKS // len(views), 2)):
            at = (pixel + random.uniform(0, 0.999, 2)) / pixel_ratio
            picked = picker.nearest(tuple(at), placement, size=SIZE, drawn=drawn, pixel_ratio=pixel_ratio)
            found = -1 if picked is None else picked.row
            expected = int(shown[pixel[1], pixel[0]])
            on_points += expected >= 0
            if expected < 0:
                expected = projected.nearest(pixel, RADIUS * pixel_ratio)
            if found != expected:
                assert projected.is_tie(found, expected, pixel, drawn), (placement, pixel, found, expected)
                ties += 1
    assert on_points > 200
    assert ties < CLICKS // 50


AHEAD = CameraPlacement((0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (0.0, 0.0, 1.0))
MIDDLE = (SIZE[0] / 2, SIZE[1] / 2)


def all_of(count, **changes):
    return Drawn(count, None, np.ones(1, dtype=bool), **changes)


def pick(xyz, at=MIDDLE, placement=AHEAD, drawn=None, order=None, **options):
    xyz = np.array(xyz, dtype=np.float32).reshape(-1, 3)
    return PointPicker(xyz, np.arange(len(xyz)) if order is None else order).nearest(
        at, placement, size=SIZE, drawn=drawn or all_of(len(xyz)), **options
    )


def test_of_points_behind_each_other_the_front_one_is_picked_and_of_equal_ones_the_last():
    assert pick([[30, 0, 0], [10, 0, 0], [20, 0, 0]]).row == 1
    equal = pick(np.full((2 * CHUNK + 5, 3), 7.0), placement=CameraPlacement((0, 0, 7), (7, 7, 7), (0, 0, 1)))
    assert equal.row == 2 * CHUNK + 4


def test_of_equal_points_the_one_drawn_last_is_picked_and_of_a_part_only_what_is_drawn():
    xyz = [[9, 0, 0], [10, 0, 0], [10, 0, 0], [10, 0, 0]]
    order = np.array([1, 3, 2, 0])
    assert [pick(xyz, order=order, drawn=all_of(count)).row for count in (1, 2, 3, 4)] == [1, 3, 2, 0]
    assert pick(xyz[1:], order=order[:3] - 1).row == 1


def test_a_point_under_the_cursor_wins_over_one_that_is_nearer_to_the_camera_but_beside_it():
    picked = pick([[5, 0.05, 0], [50, 0, 0]])
    assert (picked.row, picked.is_under) == (1, True)
    assert picked.position == (50.0, 0.0, 0.0)
    assert picked.depth == pytest.approx(50.0)


def test_beside_all_points_the_nearest_within_the_radius_is_picked_and_nothing_beyond():
    metre = SIZE[1] / 2 / np.tan(np.radians(20)) / 10  # pixels of one at a depth of 10
    xyz = [[10, 8 / metre, 0], [10, -6 / metre, 0], [10, 0, 7 / metre]]
    assert pick(xyz).row == 1
    assert pick(xyz, radius=5.0) is None
    assert pick(xyz, pixel_ratio=0.5, at=(SIZE[0], SIZE[1]), radius=13.0).row == 1


def test_points_that_are_hidden_cut_away_not_yet_drawn_or_outside_what_the_camera_sees_are_not_picked():
    xyz = [[10 + number, 0, 0] for number in range(6)]
    rows = np.array([0, 1, 1, 1, 1, 1], dtype=np.float32)
    drawn = Drawn(
        5,
        rows,
        np.array([False, True]),
        keeps=lambda points: points[:, 0] > 11.5,
        near=13.5,
    )
    assert pick(xyz, drawn=drawn).row == 4
    assert pick(xyz, drawn=all_of(6, near=20.0)) is None
    assert pick(xyz, drawn=all_of(6, far=9.0)) is None
    assert pick([[-10, 0, 0]]) is None


@pytest.mark.parametrize(("off", "is_under"), [(5.4, True), (5.6, False)])
def test_a_point_that_is_sized_in_metres_covers_what_it_covers_on_the_picture(off, is_under):
    metre = SIZE[1] / 2 / np.tan(np.radians(20))
    far_and_near = [[100, 0, 1.2 * off / metre * 100], [1, off / metre, 0]]
    picked = pick(
        far_and_near, at=(MIDDLE[0] - 0.5, MIDDLE[1] - 0.5), drawn=all_of(2, pixels=1.0, pixels_at_one_metre=10.0)
    )
    assert picked.row == 1
    assert picked.is_under == is_under


@pytest.mark.parametrize("xyz", [[], [[1e30, 0, 0]], [[3e38, -3e38, 3e38]], [[0, 0, 0]]], ids=str)
def test_a_cloud_without_anything_in_front_of_the_camera_is_searched_in_vain(xyz):
    picked = pick(xyz)
    assert picked is None or picked.position[0] > 1e29


@pytest.mark.parametrize("placement", placements(street(1000)))
def test_the_first_look_in_float32_loses_nothing_far_from_the_origin(placement):
    """Clouds whose file has no origin taken off are the hard case: the camera is far from zero."""
    xyz = street(30_000) + np.float32(4000.0)
    moved = [np.array(place) + 4000.0 for place in (placement.position, placement.focal_point)]
    placement = CameraPlacement(*(tuple(place.tolist()) for place in moved), placement.up, placement.half_height)
    drawn = all_of(len(xyz), pixels=3.0)
    pixels, depth = placement.project(xyz.astype(np.float64), SIZE)
    pixels[((pixels < 0) | (pixels > SIZE)).any(axis=1)] = np.nan  # not drawn
    for at in np.random.default_rng(5).uniform([0, 0], SIZE, size=(40, 2)):
        off = np.abs(pixels - np.floor(at) - 0.5)
        under = np.flatnonzero(off.max(axis=1) <= 1.5)
        picked = PointPicker(xyz, np.arange(len(xyz))).nearest(tuple(at), placement, size=SIZE, drawn=drawn)
        if len(under):
            assert picked.row == under[::-1][depth[under[::-1]].argmin()]
        elif np.nanmin(np.hypot(*off.T)) <= RADIUS:
            assert picked.row == np.nanargmin(np.hypot(*off.T))
        else:
            assert picked is None
