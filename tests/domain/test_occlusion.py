import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.occlusion import visible_rows
from app.domain.placed_camera import PlacedCamera
from app.sandbox.street import StreetPlan, rig
from app.sandbox.street.labels import Labels
from app.sandbox.street.lidar import sweep
from app.sandbox.street.rays import RayGrid
from app.sandbox.street.scene import Street
from app.sandbox.street.trace import trace

SIZE = (800, 600)
PLAIN = Intrinsics(CameraModel.BROWN_CONRADY, 500.0, 500.0, 399.5, 299.5)
CAMERA = PlacedCamera("front", PLAIN, Pose.identity(), SIZE)  # x right, y down, z forward
EYE_HEIGHT = 1.6


def visible(xyz, camera=CAMERA):
    found = camera.project(np.asarray(xyz, dtype=np.float64).reshape(-1, 3))
    return visible_rows(found.uv, found.depth, found.seen, camera.intrinsics, camera.size)


def scanned(surface, *, beams, step=0.0035, spread=0.6):
    """Where the rays of a lidar in the camera's own place meet ``surface(directions) -> distances``."""
    azimuth, elevation = (part.ravel() for part in np.meshgrid(np.arange(-spread, spread, step), beams))
    along = np.cos(elevation)
    rays = np.stack([along * np.sin(azimuth), -np.sin(elevation), along * np.cos(azimuth)], axis=1)
    return rays * surface(rays)[:, np.newaxis]


def wall(depth, *, beams):
    return scanned(lambda rays: depth / rays[:, 2], beams=beams)


def inside(points):
    """Away from the edges of the picture and of the rays."""
    return (np.abs(points[:, 0] / points[:, 2]) < 0.5) & (np.abs(points[:, 1] / points[:, 2]) < 0.25)


def test_a_wall_hides_what_is_behind_it_and_not_itself():
    beams = np.radians(np.arange(-25, 25, 0.4))
    near, far = wall(8.0, beams=beams), wall(20.0, beams=beams + np.radians(0.13))
    seen = visible([*near, *far])
    assert seen[: len(near)].all() == CAMERA.project(near).seen.all()
    assert seen[: len(near)][inside(near)].all()
    assert not seen[len(near) :][inside(far)].any()


@pytest.mark.parametrize("spacing", [0.33, 0.8, 1.33])
def test_gaps_between_the_rays_of_a_lidar_are_bridged(spacing):
    near = wall(6.0, beams=np.radians(np.arange(-30, 30, spacing)))
    between = wall(25.0, beams=np.radians(np.arange(-30, 30, spacing) + spacing / 2))
    seen = visible([*near, *between])[len(near) :]
    assert np.count_nonzero(seen[inside(between)]) == 0
    assert inside(between).sum() > 1000


def test_ground_that_rises_away_from_the_camera_hides_nothing():
    beams = np.radians(np.arange(-30, -1.2, 0.3))
    ground = scanned(lambda rays: EYE_HEIGHT / rays[:, 1], beams=beams)
    in_picture = CAMERA.project(ground).seen
    assert in_picture.sum() > 5000
    assert np.array_equal(visible(ground), in_picture)


def test_the_ground_in_front_of_a_wall_and_a_thing_on_it_stay_in_sight():
    beams = np.radians(np.arange(-25, 10, 0.4))
    ground = scanned(lambda rays: EYE_HEIGHT / np.maximum(rays[:, 1], 1e-9), beams=beams[beams < np.radians(-6)])
    back = wall(15.0, beams=beams[beams > np.radians(-5.5)])
    post = [[0.0, y, 10.0] for y in np.linspace(-0.5, EYE_HEIGHT, 12)]
    points = np.array([*ground, *back, *post])
    assert visible(points)[-len(post) :].all()
    assert np.array_equal(visible([*ground, *back]), CAMERA.project(points[: len(ground) + len(back)]).seen)


def test_points_outside_the_picture_are_not_visible_and_hide_nothing():
    away = [[0, 0, -5], [np.nan, 0, 5], [np.inf, 1, 1], [50, 0, 5], [0, 0, 0.1]]
    assert visible([*away, [0, 0, 9]]).tolist() == [False] * 5 + [True]
    assert visible(np.zeros((0, 3))).shape == (0,)


def test_the_order_of_the_points_does_not_matter():
    random = np.random.default_rng(4)
    points = random.uniform([-6, -4, 1], [6, 4, 30], (3000, 3))
    shuffled = random.permutation(len(points))
    assert 0 < visible(points).sum() < CAMERA.project(points).seen.sum()
    assert np.array_equal(visible(points)[shuffled], visible(points[shuffled]))


def test_a_tiny_picture_and_a_lens_of_any_length_are_taken():
    for focal in (1e-3, 1.0, 1e7):
        lens = Intrinsics(CameraModel.BROWN_CONRADY, focal, focal, 0.0, 0.0)
        camera = PlacedCamera("front", lens, Pose.identity(), (1, 1))
        assert visible([[0, 0, 5.0]], camera).tolist() == [True]


@pytest.fixture(scope="module")
def street_view():
    """A sweep over the synthetic street, and what a camera truly sees of it: its rays end where the points are."""
    plan = StreetPlan(frames=1, beams=64, azimuth_steps=1080)
    street = Street(plan.seed, shadow_cell=0.5)
    moment = street.at(1.0)
    scan = sweep(rig.lidar_rays(plan), moment, street.noise, Labels.of(street.things), seed=(1, 2))
    pose, size = rig.lidar_from_camera("front"), plan.image_size
    camera = PlacedCamera("front", rig.intrinsics("front", size), pose, size)
    found = camera.project(scan.xyz.astype(np.float64))
    rows = np.flatnonzero(found.seen)
    in_camera = pose.inverse().apply(scan.xyz[rows].astype(np.float64))
    distance = np.linalg.norm(in_camera, axis=1)
    rays = RayGrid.of(in_camera[np.newaxis] / distance[np.newaxis, :, np.newaxis], tile=(1, 32))
    hits, _ = trace(rays.seen_from(moment.world_from_lidar @ pose), moment, street.noise)
    with np.errstate(divide="ignore"):
        met = 1 / rays.untiled(hits.inverse)[0]
    return camera, found, rows, met > 0.98 * distance - 0.3


def test_on_the_street_nearly_all_that_is_in_sight_stays_and_hardly_anything_else(street_view):
    camera, found, rows, truly_seen = street_view
    seen = visible_rows(found.uv, found.depth, found.seen, camera.intrinsics, camera.size)[rows]
    assert (~truly_seen).sum() > 500
    assert seen[truly_seen].mean() > 0.97
    assert (~seen)[~truly_seen].mean() > 0.4
    assert truly_seen[seen].mean() > max(0.97, float(truly_seen.mean()))
