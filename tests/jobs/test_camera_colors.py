import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.placed_camera import CHUNK, PlacedCamera
from app.domain.point_cloud import CloudSource, PointCloud
from app.domain.sequence import Frame, SequenceFrame
from app.jobs import open_path
from app.jobs.camera_colors import camera_colors
from tests.builders import small_delivery

cv2 = pytest.importorskip("cv2")

WIDTH, HEIGHT = 240, 180
PLAIN = Intrinsics(CameraModel.BROWN_CONRADY, 120.0, 120.0, WIDTH / 2, HEIGHT / 2)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, 150.0, 140.0, 121.5, 88.25, distortion=(-0.2, 0.05, 0.002, -0.001, 0.01))
AHEAD = Pose.from_quaternion((0.2, -0.1, 0.4), w=0.5, x=-0.5, y=0.5, z=-0.5)  # optical axes, looking along x
TILTED = Pose.from_quaternion((0.2, -0.1, 0.4), w=0.55, x=-0.45, y=0.5, z=-0.52)
NOWHERE = [0, 0, 0, 0]

# red says the column and green the row, so that a colour says which pixel it was taken from
MAP = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
MAP[..., 0], MAP[..., 1], MAP[..., 2] = np.arange(WIDTH), np.arange(HEIGHT)[:, None], 77


def camera(name="front", pose=AHEAD, lens=PLAIN):
    return PlacedCamera(name, lens, pose, (WIDTH, HEIGHT))


def frame(xyz, origin=(0, 0, 0)):
    cloud = None
    if xyz is not None:
        points = np.asarray(xyz, dtype=np.float32).reshape(-1, 3)
        cloud = PointCloud(points, np.array(origin, dtype=np.float64), {}, CloudSource("pcd", "", "", 0, 1, None, ()))
    return Frame(0, SequenceFrame("0", "", ""), cloud, None)


def painted(color):
    return np.full((HEIGHT, WIDTH, 3), color, dtype=np.uint8)


def shot(depth, up, left=0.0):
    """Where a point lies at this depth along AHEAD, at tangents up and left of its axis."""
    return [0.2 + depth, -0.1 + left * depth, 0.4 + up * depth]


def wall(depth, *, up=(-0.3, 0.3), left=(-0.3, 0.3), rows=100, columns=100):
    return [shot(depth, rise, turn) for rise in np.linspace(*up, rows) for turn in np.linspace(*left, columns)]


@pytest.mark.parametrize("origin", [(0, 0, 0), (512_345.25, 5_403_210.5, 410.0)])
def test_a_point_takes_the_colour_of_the_pixel_that_opencv_finds(origin):
    along_a_wall = np.random.default_rng(1).uniform([20, -30, -20], [20.2, 30, 20], (CHUNK + 500, 3))
    xyz = along_a_wall.astype(np.float32)  # none stands before another
    lidar_from_camera = Pose(TILTED.rotation, TILTED.position + origin)
    front = camera(pose=lidar_from_camera, lens=LENS)
    colors = camera_colors(frame(xyz, origin), {"front": MAP}, [front])
    in_camera = (xyz.astype(np.float64) - TILTED.position) @ TILTED.rotation
    matrix = np.array([[LENS.fx, 0, LENS.cx], [0, LENS.fy, LENS.cy], [0, 0, 1]])
    uv = cv2.projectPoints(in_camera, np.zeros(3), np.zeros(3), matrix, np.array(LENS.distortion))[0].reshape(-1, 2)
    clear = (in_camera[:, 2] > 0.6) & (np.hypot(*in_camera[:, :2].T) < 1.1 * in_camera[:, 2])  # within the lens
    clear &= (uv > 1).all(axis=1) & (uv < [WIDTH - 2, HEIGHT - 2]).all(axis=1)
    clear &= (np.abs(uv - np.floor(uv) - 0.5) > 1e-3).all(axis=1)  # no rounding decides
    assert clear.sum() > 2000
    assert (colors[clear, 3] == 255).all()
    assert np.array_equal(colors[clear, :2], np.rint(uv[clear]).astype(int))
    assert not colors[in_camera[:, 2] < 0, 3].any()
    assert colors.dtype == np.uint8
    assert not colors.flags.writeable


def test_where_two_cameras_see_a_point_the_one_that_looks_at_it_wins():
    turned = Pose.from_quaternion((0.2, -0.1, 0.4), w=0.653, x=-0.653, y=0.271, z=-0.271)  # 45 degrees to the left
    xyz = [shot(10, 0), shot(10, 0, left=0.3), shot(10, 0, left=0.7), shot(10, 0, left=-0.7)]
    images = {"front": painted((200, 0, 0)), "left": painted((0, 200, 0))}
    cameras = [camera(), camera("left", turned)]
    for given in (cameras, cameras[::-1]):
        colors = camera_colors(frame(xyz), images, given)
        assert colors[:, :2].tolist() == [[200, 0], [200, 0], [0, 200], [200, 0]]


def test_a_point_behind_a_wall_does_not_take_its_colour():
    xyz = [*wall(8), shot(15, 0.0), shot(15, 0.0, left=0.6)]
    given = frame(xyz), {"front": painted((9, 9, 9))}, [camera()]
    assert camera_colors(*given)[:-2, 3].all()
    assert camera_colors(*given)[-2:].tolist() == [NOWHERE, [9, 9, 9, 255]]


def test_a_point_behind_a_wall_takes_the_colour_that_another_camera_sees_there():
    beside = Pose(AHEAD.rotation, AHEAD.position + np.array([0, 6, 0]))
    xyz = [*wall(8), shot(15, 0.0)]
    images = {"front": painted((9, 9, 9)), "beside": painted((50, 60, 70))}
    cameras = [camera(), camera("beside", beside)]
    colors = camera_colors(frame(xyz), images, cameras)
    assert colors[-1].tolist() == [50, 60, 70, 255]


def test_the_ground_does_not_hide_itself():
    ground = [[x, y, -1.6] for x in np.arange(3, 70, 0.5) for y in np.linspace(-2, 2, 41)]
    colors = camera_colors(frame(ground), {"front": MAP}, [camera()])
    in_the_picture = camera().project(np.array(ground)).seen
    assert in_the_picture.sum() > 1000
    assert np.array_equal(colors[:, 3] == 255, in_the_picture)


def test_points_that_lie_nowhere_or_behind_or_beside_have_no_colour():
    xyz = [[np.nan, 0, 0], [np.inf, 0, 0], [3e38, 3e38, -3e38], [-5, 0, 0], [0.3, 0, 0.4], shot(5, 3.0), shot(5, 0.1)]
    colors = camera_colors(frame(xyz), {"front": MAP}, [camera()])
    assert colors[:, 3].tolist() == [0, 0, 0, 0, 0, 0, 255]
    assert colors[0].tolist() == NOWHERE


def test_a_camera_without_a_picture_of_its_size_is_left_out():
    images = {"empty": MAP[:0], "other": MAP[:-1], "unknown": MAP}
    cameras = [camera("no picture"), camera("empty"), camera("other")]
    assert camera_colors(frame([shot(5, 0)]), images, cameras).tolist() == [NOWHERE]


def test_without_points_there_are_no_colours():
    cameras = [camera()]
    for none in (frame(None), frame(np.zeros((0, 3)))):
        assert camera_colors(none, {"front": MAP}, cameras).shape == (0, 4)


def test_all_points_that_a_job_counts_in_its_pictures_are_coloured(tmp_path):
    job = open_path(small_delivery(tmp_path, cameras=("front", "left")))
    opened = job.load_frame(1)
    for name in job.cameras:
        images = {name: job.load_image(1, name)}
        colors = camera_colors(opened, images, [job.placed_camera(1, name)])
        assert np.count_nonzero(colors[:, 3]) == job.points_in_image(opened, name)[0] > 0
    job.close()
