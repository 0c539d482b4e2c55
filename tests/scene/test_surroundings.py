"""What is drawn around the points, counted in pixels of its own colour and found where it belongs."""

import numpy as np
import pytest

from app.domain.arrays import frozen
from app.domain.camera import CameraModel, Intrinsics
from app.domain.ego_poses import EgoPath
from app.domain.geometry import Pose
from app.domain.mask import Mask
from app.domain.placed_camera import PlacedCamera
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sensor_rig import SensorRig, frustum
from app.scene.ego_path import stretches
from app.scene.guides import Guides
from app.scene.look import DARK, LIGHT
from app.scene.prepared import prepare_cloud
from app.scene.views import CameraPlacement
from tests.scene.offscreen_scene import offscreen_scene

SIZE = (400, 300)
NONE = Guides(rings=False, grid=False, axes=False, north=False, ego_path=False, rig=False)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, fx=640.0, fy=640.0, cx=639.5, cy=359.5)
OPTICAL = Pose(np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]]), np.zeros(3))  # looks along x
FRONT = frustum(PlacedCamera("front", LENS, OPTICAL, (1280, 720)))
TURNED = Pose(np.diag([-1.0, -1, 1]) @ OPTICAL.rotation, np.zeros(3))
BACK = frustum(PlacedCamera("back", LENS, TURNED, (1280, 720)))
AHEAD = frozen(np.eye(3))


class Studio:
    """A scene in memory with one cloud whose points are hidden, so that only the rest shows."""

    def __init__(self, drawing):
        self.drawing, self.scene = drawing, drawing.scene

    def show(self, guides=NONE, sensors=SensorRig(), *, origin=(0, 0, 0), view="top"):  # noqa: B008 - frozen
        around = np.random.default_rng(4).uniform([-40, -40, -1], [40, 40, 1], size=(3000, 3)).astype(np.float32)
        source = CloudSource("pcd", "0.7", "binary", 0, 1, None, ())
        mask = Mask(np.zeros(3000, dtype=np.uint16))
        prepared = prepare_cloud(PointCloud(around, np.array(origin, dtype=float), {}, source), mask)
        self.scene.show(prepared, np.zeros((1, 4), dtype=np.uint8))
        self.scene.set_guides(guides)
        self.scene.set_rig(sensors)
        self.scene.set_view(view)

    def where(self, color, *, near=2):
        """Pixels (P, 2) of a colour, x to the right and y down."""
        rows, columns = np.nonzero((np.abs(self.drawing.pixels().astype(int) - np.array(color)) <= near).all(axis=2))
        return np.column_stack([columns, rows])

    def count(self, color):
        return len(self.where(color))


@pytest.fixture(scope="module")
def studio():
    with offscreen_scene(SIZE) as drawing:
        yield Studio(drawing)


@pytest.mark.parametrize(
    ("name", "color"),
    [("rings", DARK.ring), ("grid", DARK.grid), ("axes", DARK.axis_x), ("north", DARK.caption), ("rig", DARK.rig),
     ("ego_path", DARK.path)],
)  # fmt: skip
def test_each_guide_is_drawn_when_on_and_only_then(studio, name, color):
    way = EgoPath(frozen(np.array([[-20.0, 0, 2], [0, 0, 2], [20, 5, 2]])), frozen(np.arange(3)), 1)
    sensors = SensorRig((FRONT, BACK), way, lidar_from_world=AHEAD)
    studio.show(NONE, sensors)
    assert studio.count(color) == 0
    studio.show(NONE.toggled(name), sensors)
    assert studio.count(color) > 8


def test_what_a_job_lacks_is_not_drawn(studio):
    studio.show(Guides())
    assert studio.count(DARK.path) == 0
    assert studio.count(DARK.rig) == 0
    with_captions = studio.count(DARK.caption)
    studio.show(Guides(north=False))
    assert studio.count(DARK.caption) == with_captions


def test_grid_lines_stand_five_metres_apart_where_the_picture_says_so(studio):
    studio.show(NONE.toggled("grid"))
    placement = studio.scene.placement
    column = np.unique(studio.where(DARK.grid)[:, 1][studio.where(DARK.grid)[:, 0] == 151])
    expected, _ = placement.project(np.array([[x, 0.0, -1.0] for x in range(-45, 50, 5)]), SIZE)
    inside = expected[(expected[:, 1] > 0) & (expected[:, 1] < SIZE[1]), 1]
    assert len(inside) >= 12
    assert all(np.abs(column - row).min() <= 1 for row in inside)
    assert len(column) <= len(inside) + 2


def test_the_grid_gets_finer_with_the_camera_nearer_and_stays_in_its_place(studio):
    from app.scene.grid import grid_step

    def looking(half_height):
        return CameraPlacement((0.0, 0, 100), (0.0, 0, 0), (1.0, 0, 0), half_height=half_height)

    assert [grid_step(looking(half)) for half in (3, 12, 40, 100, 400, 9000)] == [1, 1, 5, 10, 50, 50]
    studio.show(NONE.toggled("grid"))
    coarse = studio.count(DARK.grid)
    studio.scene.set_placement(CameraPlacement((7.3, 2.2, 100), (7.3, 2.2, 0), (1.0, 0, 0), half_height=6.0))
    line, _ = studio.scene.placement.project(np.array([[5.0, 2.2, -1.0], [8.0, 2.2, -1.0]]), SIZE)
    rows = set(studio.where(DARK.grid)[:, 1].tolist())
    assert all(min(abs(row - at) for row in rows) <= 1 for at in line[:, 1])
    assert studio.count(DARK.grid) > coarse / 4


def test_the_axes_follow_the_camera(studio):
    studio.show(NONE.toggled("axes"))
    middle = np.array([SIZE[0] - 48, 88])
    x, y = (np.median(studio.where(color), axis=0) - middle for color in (DARK.axis_x, DARK.axis_y))
    assert x[1] < -5  # forward is up
    assert abs(x[0]) < 3
    assert y[0] < -5  # left is left
    assert abs(y[1]) < 3
    studio.scene.set_view("left")
    z = np.median(studio.where(DARK.axis_z), axis=0) - middle
    assert z[1] < -5
    assert studio.count(DARK.axis_y) < 60  # end on: its letter only


@pytest.mark.parametrize(("turn", "side"), [(0.0, "left"), (90.0, "ahead")])
def test_the_worlds_y_is_named_y_and_only_a_user_makes_it_north(studio, turn, side):
    angle = np.radians(-turn)
    world = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    sensors = SensorRig(lidar_from_world=frozen(world))
    studio.show(NONE.toggled("north"), sensors)
    both = studio.where(DARK.caption)
    studio.show(NONE.toggled("north").toggled("north_is_y"), sensors)
    north = studio.where(DARK.caption) - np.array(SIZE) / 2
    assert 10 < len(north) < len(both)
    along, beside = (0, 1) if side == "left" else (1, 0)
    assert (north[:, along] < -40).all()
    assert np.abs(north[:, beside]).max() < 25


def test_the_frusta_stand_where_the_cameras_are(studio):
    studio.show(NONE.toggled("rig"), SensorRig((FRONT, BACK)))
    studio.scene.set_placement(CameraPlacement((0.0, 0, 50), (0.0, 0, 0), (1.0, 0, 0), half_height=4.0))
    both = studio.where(DARK.rig)
    assert (both[:, 1] < SIZE[1] / 2).mean() == pytest.approx(0.5, abs=0.1)
    studio.scene.set_rig(SensorRig((FRONT,)))
    front = studio.where(DARK.rig)
    assert 0.3 * len(both) < len(front) < 0.7 * len(both)
    assert (front[:, 1] < SIZE[1] / 2 + 3).all()


def test_the_name_of_a_camera_is_one_short_line_whatever_it_holds(studio):
    hostile = PlacedCamera("<b>right</b>\u202e txt \n" + "x" * 120, LENS, OPTICAL, (1280, 720))
    heights = []
    for camera in (FRONT, frustum(hostile)):
        studio.show(NONE.toggled("rig"), SensorRig((camera,)))
        studio.scene.set_placement(CameraPlacement((0.0, 0, 50), (0.0, 0, 0), (1.0, 0, 0), half_height=40.0))
        letters = studio.where(DARK.caption, near=30)  # thin strokes are mixed with their plate
        heights.append(np.ptp(letters[:, 1]))
    assert np.ptp(letters[:, 0]) < SIZE[0] / 2
    assert heights[1] <= heights[0] + 4  # descenders


def test_survey_coordinates_put_everything_around_the_far_ego(studio):
    way = EgoPath(frozen(np.array([[-20.0, 0, 2], [20, 0, 2]])), frozen(np.arange(2)), 0)
    studio.show(NONE.toggled("rig").toggled("ego_path"), SensorRig((FRONT,), way))
    here = studio.count(DARK.path), studio.count(DARK.rig)
    studio.show(NONE.toggled("rig").toggled("ego_path"), SensorRig((FRONT,), way), origin=(20.0, 5.0, 0.0))
    there = studio.where(DARK.path)
    expected, _ = studio.scene.placement.project(np.array([[-40.0, -5, 0], [0, -5, 0]]), SIZE)
    assert there[:, 0].mean() == pytest.approx(expected[:, 0].mean(), abs=2)
    assert len(there) == pytest.approx(here[0], rel=0.2)


def test_a_leap_is_drawn_in_its_own_colour_and_named(studio):
    xyz = np.array([[-30.0, 0, 0], [-20, 0, 0], [10, 0, 0], [20, 0, 0]])
    way = EgoPath(frozen(xyz), frozen(np.arange(4)), 0)
    studio.show(NONE.toggled("ego_path"), SensorRig(path=way, jumps=frozenset({2})))
    leaping, usual = studio.where(DARK.attention), studio.where(DARK.path)
    rows, _ = studio.scene.placement.project(xyz, SIZE)
    between = (leaping[:, 1] < rows[1, 1] - 2) & (leaping[:, 1] > rows[2, 1] + 2)
    assert between.sum() > 50
    assert not ((usual[:, 1] < rows[1, 1] - 2) & (usual[:, 1] > rows[2, 1] + 2)).any()
    studio.show(NONE.toggled("ego_path"), SensorRig(path=way))
    assert studio.count(DARK.attention) == 0


def test_both_themes_dress_every_guide(studio):
    way = EgoPath(frozen(np.array([[-20.0, 0, 2], [20, 0, 2]])), frozen(np.arange(2)), 0)
    studio.scene.set_look(LIGHT)
    studio.show(Guides(grid=True), SensorRig((FRONT,), way, lidar_from_world=AHEAD))
    for color in (LIGHT.ring, LIGHT.grid, LIGHT.rig, LIGHT.path, LIGHT.axis_x, LIGHT.axis_y):
        assert studio.count(color) > 10
    studio.scene.set_look(DARK)


@pytest.mark.parametrize(
    ("wanted", "lengths"),
    [([True, True, True], [4]), ([True, False, True], [2, 2]), ([False, False, False], []), ([False, True, True], [3])],
)
def test_a_way_is_cut_into_the_stretches_that_are_wanted(wanted, lengths):
    xyz = np.arange(12.0).reshape(4, 3)
    assert [len(stretch) for stretch in stretches(xyz, np.array(wanted))] == lengths
    assert stretches(xyz[:1], np.zeros(0, dtype=bool)) == []
