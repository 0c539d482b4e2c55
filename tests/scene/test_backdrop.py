"""A picture behind the points: what the lens saw of a point must be where the point is drawn."""

import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.picture_lattice import picture_lattice
from app.domain.point_cloud import CloudSource, PointCloud
from app.scene.budget import FEWEST, MOTION_MS, PointBudget
from app.scene.camera_picture import CameraPicture
from app.scene.drawing_order import CHUNK
from app.scene.guides import Guides
from app.scene.look import DARK
from app.scene.prepared import prepare_cloud
from app.scene.views import CameraPlacement, camera_placement, place_camera
from tests.scene.offscreen_scene import offscreen_scene

cv2 = pytest.importorskip("cv2")

SOURCE = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
WINDOW, PICTURE = (640, 400), (1280, 720)
POSE = Pose.from_quaternion((1.5, -0.4, 1.9), w=0.52, x=-0.48, y=0.46, z=-0.54)
DISTORTION = (-0.28, 0.09, 0.001, -0.002, -0.01)
LENSES = {
    "uneven pinhole": Intrinsics(CameraModel.BROWN_CONRADY, 820.0, 760.0, 540.0, 420.0),
    "bent and skewed": Intrinsics(CameraModel.BROWN_CONRADY, 820.0, 800.0, 655.0, 350.0, 3.0, DISTORTION),
    "fisheye": Intrinsics(CameraModel.FISHEYE, 420.0, 425.0, 630.0, 350.0, 0.0, (0.05, -0.01, 0.002, 0.0)),
}
# in optical axes, metres
POINTS = np.array([[0.0, 0.0, 10.0], [4.0, 1.0, 9.0], [-5.0, -2.0, 12.0], [3.0, -2.5, 8.0], [-2.0, 2.4, 7.0]])


@pytest.fixture(scope="module")
def studio():
    with offscreen_scene(WINDOW) as made:
        made.scene.set_guides(Guides(rings=False, axes=False))  # their colours would be taken for the picture's
        yield made


def pixel_in_picture(point, lens):
    """Where OpenCV says that the lens puts a point; the skew is added, which OpenCV lacks."""
    still, k = np.zeros((3, 1)), np.array(lens.distortion or (0.0,) * 4)
    if lens.model is CameraModel.FISHEYE:
        seen, _ = cv2.fisheye.projectPoints(point.reshape(1, 1, 3), still, still, np.eye(3), k)
    else:
        seen, _ = cv2.projectPoints(point.reshape(1, 3), still, still, np.eye(3), k)
    x, y = seen.ravel()
    return np.array([lens.fx * x + lens.skew * y + lens.cx, lens.fy * y + lens.cy])


def picture_with_dot(at):
    picture = np.zeros((PICTURE[1], PICTURE[0], 3), dtype=np.uint8)
    u, v = np.round(at).astype(int)
    picture[v - 4 : v + 5, u - 4 : u + 5] = 255
    return picture, at - np.array([u, v])


@pytest.mark.parametrize("name", LENSES)
def test_each_point_is_drawn_on_what_the_lens_saw_of_it(studio, name):
    lens, scene = LENSES[name], studio.scene
    lattice = picture_lattice(lens, PICTURE)
    placement = camera_placement(POSE, lattice, aspect=WINDOW[0] / WINDOW[1])
    scene.set_placement(placement)
    for point in POINTS:
        picture, _ = picture_with_dot(pixel_in_picture(point, lens))
        scene.set_backdrop(CameraPicture(picture, lattice, POSE))
        bright = studio.pixels().sum(axis=2).astype(float) * (studio.pixels().min(axis=2) > 60)
        rows, columns = np.indices(bright.shape)
        seen = np.array([(columns * bright).sum(), (rows * bright).sum()]) / bright.sum() + 0.5
        drawn = placement.project(POSE.apply(point[np.newaxis]), WINDOW)[0][0]
        assert np.abs(seen - drawn).max() < 1.0, point


def test_the_first_row_of_the_picture_is_up_and_its_first_column_left(studio):
    lens, scene = LENSES["uneven pinhole"], studio.scene
    lattice = picture_lattice(lens, PICTURE)
    picture = np.zeros((PICTURE[1], PICTURE[0], 3), dtype=np.uint8)
    picture[:360, :640] = (255, 40, 40)
    scene.set_placement(camera_placement(POSE, lattice, aspect=1.6))
    scene.set_backdrop(CameraPicture(picture, lattice, POSE))
    rows, columns = np.nonzero(studio.pixels()[:, :, 0] > 200)
    assert rows.max() < 240
    assert columns.max() < 400


def test_the_picture_goes_when_the_camera_leaves(studio):
    scene = studio.scene
    lattice = picture_lattice(LENSES["fisheye"], PICTURE)
    white = np.full((PICTURE[1], PICTURE[0], 3), 255, dtype=np.uint8)
    scene.set_placement(camera_placement(POSE, lattice, aspect=1.6))
    scene.set_backdrop(CameraPicture(white, lattice, POSE))
    assert (studio.pixels() == 255).all(axis=2).mean() > 0.5
    scene.set_placement(scene.placement)  # the same place
    assert scene.backdrop is not None
    scene.set_placement(place_camera("top", scene.spread))
    assert scene.backdrop is None
    assert not (studio.pixels() == 255).all(axis=2).any()


def test_steps_that_complete_the_points_leave_the_picture_behind_them(studio):
    scene, lattice = studio.scene, picture_lattice(LENSES["uneven pinhole"], PICTURE)
    white = np.full((PICTURE[1], PICTURE[0], 3), 255, dtype=np.uint8)
    in_camera = np.random.default_rng(3).uniform([-6, -4, 6], [6, 4, 30], size=(4 * CHUNK, 3))
    cloud = PointCloud(POSE.apply(in_camera).astype(np.float32), np.zeros(3), {}, SOURCE)
    scene.show(prepare_cloud(cloud, None), np.zeros((0, 4), dtype=np.uint8))
    scene.set_placement(camera_placement(POSE, lattice, aspect=1.6))
    scene.set_backdrop(CameraPicture(white, lattice, POSE))
    scene.steps.budget = PointBudget(FEWEST * 1000 / MOTION_MS, measured=True)
    studio.draw_step()
    assert not scene.steps.complete
    stepped = studio.pixels()
    assert scene.steps.complete
    scene.steps.at_once = True
    at_once = studio.pixels()
    scene.steps.at_once = False
    scene.show(None, np.zeros((0, 4), dtype=np.uint8))
    assert (stepped != at_once).any(axis=2).mean() < 0.001
    points = (at_once != 255).any(axis=2)
    assert points.mean() > 0.05
    assert (at_once == 255).all(axis=2).any()


@pytest.mark.parametrize("aspect", [0.4, 1.0, 1.6, 3.0])
@pytest.mark.parametrize("name", LENSES)
def test_the_whole_picture_fits_into_a_window_of_any_shape(name, aspect):
    lattice = picture_lattice(LENSES[name], PICTURE)
    placement = camera_placement(POSE, lattice, aspect=aspect)
    reach = np.abs(lattice.tangents[np.unique(lattice.cells)]).max(axis=0).clip(max=2.75)
    corner = POSE.apply(np.array([[reach[0], reach[1], 1.0]]))
    x, y = placement.project(corner, (aspect * 100, 100))[0][0]
    assert x <= aspect * 100 + 1e-6
    assert y <= 100 + 1e-6
    assert x == pytest.approx(aspect * 100) or y == pytest.approx(100)


def test_rings_and_sensors_give_way_to_the_picture_of_a_camera(studio):
    scene, lattice = studio.scene, picture_lattice(LENSES["fisheye"], PICTURE)
    ring = np.array(DARK.ring)
    around = np.random.default_rng(1).uniform(-30, 30, (400, 3)) * (1, 1, 0.05)
    scene.show(
        prepare_cloud(PointCloud(around.astype(np.float32), np.zeros(3), {}, SOURCE), None),
        np.zeros((0, 4), dtype=np.uint8),
    )
    scene.set_guides(Guides(rings=True, axes=False))
    level = CameraPlacement((0.0, 0.0, 12.0), (10.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    scene.set_placement(level)
    assert (studio.pixels() == ring).all(axis=2).sum() > 100
    grey = np.full((PICTURE[1], PICTURE[0], 3), 128, dtype=np.uint8)
    scene.set_backdrop(CameraPicture(grey, lattice, POSE))
    assert (studio.pixels() == ring).all(axis=2).sum() == 0
    scene.set_placement(place_camera("top", scene.spread))
    assert (studio.pixels() == ring).all(axis=2).sum() > 100
    scene.set_guides(Guides(rings=False, axes=False))
    scene.show(None, np.zeros((0, 4), dtype=np.uint8))
