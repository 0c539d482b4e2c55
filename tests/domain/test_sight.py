import numpy as np
import pytest

from app.domain.camera import Intrinsics
from app.domain.sight import sight_of
from tests.domain.sight_parts import BROWN, LENSES, SIZE, cloud_of, placed, wall


def everything(rows):
    return np.ones(len(rows), dtype=bool)


def scattered(count=4000, *, seed=5):
    random = np.random.default_rng(seed)
    return random.uniform([2, -25, -8], [50, 25, 8], (count, 3))


@pytest.mark.parametrize("name", LENSES)
@pytest.mark.parametrize("origin", [(0.0, 0.0, 0.0), (500_000.0, 5_400_000.0, 300.0)])
def test_from_a_pixel_along_its_ray_to_a_point_and_back_is_within_half_a_pixel(name, origin):
    camera = placed(LENSES[name], at=np.add(origin, (0.3, -0.2, 1.5)))
    cloud = cloud_of(scattered() + origin, origin=origin)
    sight = sight_of(camera, cloud)
    assert len(sight.rows) > 200
    rays = camera.relative_to(cloud.origin).rays(sight.uv)
    offset = cloud.xyz[sight.rows] - (camera.lidar_from_camera.position - cloud.origin)
    beside = np.linalg.norm(np.cross(offset, rays), axis=1)
    assert (beside < 0.5 / LENSES[name].fx * np.linalg.norm(offset, axis=1)).all()
    for place in np.flatnonzero(sight.visible)[::7]:
        row = sight.nearest(tuple(sight.uv[place]), radius=6, accepts=everything)
        again = sight.uv[sight.place_of(row)]
        assert np.abs(again - sight.uv[place]).max() <= 0.5


def test_a_sight_has_the_pixels_and_depths_of_the_points_in_the_picture_and_no_others():
    camera, cloud = placed(LENSES["brown 5"], at=(1.0, 2.0, 0.5)), cloud_of(scattered())
    sight, whole = sight_of(camera, cloud), camera.project(cloud.xyz.astype(float))
    np.testing.assert_array_equal(sight.rows, np.flatnonzero(whole.seen))
    np.testing.assert_allclose(sight.uv, whole.uv[whole.seen], atol=1e-9)
    np.testing.assert_allclose(sight.depth, whole.depth[whole.seen])
    assert sight.place_of(int(sight.rows[17])) == 17
    outside = int(np.flatnonzero(~whole.seen)[0])
    assert sight.place_of(outside) is None


def test_the_nearest_pixel_is_the_one_that_a_look_at_every_visible_point_finds():
    sight = sight_of(placed(LENSES["pinhole"]), cloud_of(scattered()))
    visible = np.flatnonzero(sight.visible)
    random = np.random.default_rng(9)
    for at in random.uniform((-20, -20), (SIZE[0] + 20, SIZE[1] + 20), (300, 2)):
        distance = np.hypot(*(sight.uv[visible] - at).T)
        found = sight.nearest(tuple(at), radius=30, accepts=everything)
        wanted = sight.rows[visible[distance.argmin()]] if distance.min() <= 30 else None
        assert found == wanted or np.hypot(*(sight.uv[sight.place_of(found)] - at)) <= 0.5


def test_of_points_in_one_pixel_the_front_most_is_meant():
    camera = placed(Intrinsics(BROWN, 900.0, 900.0, 640.0, 360.0))
    sight = sight_of(camera, cloud_of([[20.0, 0.0, 0.0], [10.0, 0.0, 0.0], [30.0, 0.0, 0.0]]))
    assert sight.visible.all()  # a ray of its own hides nothing
    assert sight.nearest((640.2, 360.0), radius=5, accepts=everything) == 1


def test_points_that_stand_behind_others_or_are_not_accepted_are_never_meant():
    behind, before = wall(30, (-6, 6), (-3, 3)), wall(10, (-1, 1), (-1, 1), step=0.05)
    cloud = cloud_of(np.concatenate([behind, before]))
    sight = sight_of(placed(LENSES["pinhole"]), cloud)
    centre = (640.5, 355.25)
    assert sight.nearest(centre, radius=40, accepts=everything) >= len(behind)
    assert sight.nearest(centre, radius=40, accepts=lambda rows: rows < len(behind)) is None
    assert sight.nearest((640.5 + 150, 355.25), radius=40, accepts=lambda rows: rows < len(behind)) is not None


def test_points_that_are_nowhere_are_in_no_picture():
    sight = sight_of(placed(LENSES["pinhole"]), cloud_of([[np.nan, 0, 0], [np.inf, 0, 0], [-5, 0, 0], [5, 0, 0]]))
    assert sight.rows.tolist() == [3]


def test_a_cloud_without_points_is_seen_nowhere():
    sight = sight_of(placed(LENSES["fisheye"]), cloud_of(np.zeros((0, 3))))
    assert sight.nearest((10, 10), radius=2000, accepts=everything) is None
