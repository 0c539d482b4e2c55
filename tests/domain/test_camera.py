import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.domain.camera import CameraModel, Intrinsics, fold_radii, in_image, project, unproject, valid_radius
from app.domain.geometry import Pose

cv2 = pytest.importorskip("cv2")


def _cloud(random, count=2000, spread=0.6):
    depth = random.uniform(1, 60, count)
    return np.stack(
        [depth * random.uniform(-spread, spread, count), depth * random.uniform(-spread, spread, count), depth], 1
    )


def _brown(random, count):
    k = np.zeros(8)
    k[:count] = (random.uniform(-1, 1, 8) * (0.3, 0.1, 0.005, 0.005, 0.02, 0.05, 0.02, 0.01))[:count]
    fx, fy = random.uniform(400, 1500, 2)
    return Intrinsics(
        CameraModel.BROWN_CONRADY, fx, fy, 640.5, 355.25, skew=random.uniform(-3, 3), distortion=tuple(k[:count])
    )


def _fisheye(random):
    k = tuple(random.uniform(-1, 1, 4) * (0.08, 0.02, 0.005, 0.001))
    fx, fy = random.uniform(300, 800, 2)
    return Intrinsics(CameraModel.FISHEYE, fx, fy, 630.0, 350.0, skew=random.uniform(-3, 3), distortion=k)


def _skewed(normalised, lens):
    x, y = normalised.reshape(-1, 2).T
    return np.stack([lens.fx * x + lens.skew * y + lens.cx, lens.fy * y + lens.cy], 1)


@pytest.mark.parametrize("count", [0, 4, 5, 8])
@pytest.mark.parametrize("seed", range(12))
def test_brown_conrady_agrees_with_opencv(count, seed):
    random = np.random.default_rng(seed)
    lens, xyz = _brown(random, count), _cloud(random)
    uv, valid = project(xyz, lens)
    wanted, _ = cv2.projectPoints(xyz, np.zeros(3), np.zeros(3), np.eye(3), np.array(lens.distortion or (0.0,) * 4))
    assert valid.mean() > 0.5
    assert np.abs(uv - _skewed(wanted, lens))[valid].max() < 0.01


@pytest.mark.parametrize("seed", range(12))
def test_fisheye_agrees_with_opencv(seed):
    random = np.random.default_rng(seed)
    lens, xyz = _fisheye(random), _cloud(random, spread=2.0)
    uv, valid = project(xyz, lens)
    matrix = np.array([[lens.fx, 0, lens.cx], [0, lens.fy, lens.cy], [0, 0, 1]])
    wanted, _ = cv2.fisheye.projectPoints(
        xyz[:, None], np.zeros((3, 1)), np.zeros((3, 1)), matrix, np.array(lens.distortion), alpha=lens.skew / lens.fx
    )
    assert valid.mean() > 0.5
    assert np.abs(uv - wanted.reshape(-1, 2))[valid].max() < 0.01


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("make", [lambda r: _brown(r, 0), lambda r: _brown(r, 5), lambda r: _brown(r, 8), _fisheye])
def test_unproject_undoes_project(make, seed):
    random = np.random.default_rng(seed)
    lens = make(random)
    rays = np.column_stack([random.uniform(-0.45, 0.45, (500, 2)), np.ones(500)])
    uv, valid = project(rays, lens)
    assert valid.mean() > 0.5
    back = unproject(uv[valid], lens)
    again, _ = project(back, lens)
    assert np.abs(again - uv[valid]).max() < 1e-3
    assert np.abs(back - rays[valid]).max() < 1e-5


lengths = st.floats(200, 3000)
coefficients = st.floats(-1, 1)


@given(
    st.sampled_from([4, 5, 8]),
    arrays(np.float64, 8, elements=coefficients),
    st.tuples(lengths, lengths, st.floats(0, 2000), st.floats(0, 2000), st.floats(-20, 20)),
    arrays(np.float64, (40, 2), elements=st.floats(-1.5, 1.5)),
    st.floats(0.6, 300),
)
def test_any_brown_conrady_lens_agrees_with_opencv_where_it_does_not_fold(count, k, numbers, tangents, depth):
    k = np.where(np.arange(8) < count, k * (0.5, 0.3, 0.02, 0.02, 0.1, 0.3, 0.2, 0.1), 0.0)
    fx, fy, cx, cy, skew = numbers
    lens = Intrinsics(CameraModel.BROWN_CONRADY, fx, fy, cx, cy, skew=skew, distortion=tuple(k[:count].tolist()))
    xyz = np.column_stack([tangents * depth, np.full(40, depth)])
    uv, valid = project(xyz, lens)
    wanted, _ = cv2.projectPoints(xyz, np.zeros(3), np.zeros(3), np.eye(3), k[:count])
    assert np.abs(uv - _skewed(wanted, lens))[valid].max(initial=0.0) < 0.01


@given(
    arrays(np.float64, 4, elements=coefficients),
    st.tuples(lengths, lengths, st.floats(0, 2000), st.floats(0, 2000), st.floats(-20, 20)),
    arrays(np.float64, (40, 2), elements=st.floats(-8, 8)),
    st.floats(0.6, 300),
)
def test_any_fisheye_lens_agrees_with_opencv_where_it_does_not_fold(k, numbers, tangents, depth):
    k = k * (0.3, 0.1, 0.03, 0.01)
    fx, fy, cx, cy, skew = numbers
    lens = Intrinsics(CameraModel.FISHEYE, fx, fy, cx, cy, skew=skew, distortion=tuple(k.tolist()))
    xyz = np.column_stack([tangents * depth, np.full(40, depth)])
    uv, valid = project(xyz, lens)
    matrix = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]])
    wanted, _ = cv2.fisheye.projectPoints(xyz[:, None], np.zeros((3, 1)), np.zeros((3, 1)), matrix, k, alpha=skew / fx)
    assert np.abs(uv - wanted.reshape(-1, 2))[valid].max(initial=0.0) < 0.01


def _determinants(rays, k):
    """Of the lens's Jacobian by OpenCV: how pixels move with a shift of the camera."""
    _, jacobian = cv2.projectPoints(rays, np.zeros(3), np.zeros(3), np.eye(3), np.array(k))
    shift = jacobian[:, 3:5].reshape(-1, 2, 2)
    return np.linalg.det(shift)


@given(st.sampled_from([4, 5, 8]), arrays(np.float64, 8, elements=coefficients))
def test_points_folded_by_tangential_distortion_are_not_seen(count, k):
    k = (k * (0.3, 0.1, 0.3, 0.3, 0.05, 0.2, 0.1, 0.05))[:count]
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 1, 1, 0, 0, distortion=tuple(k.tolist()))
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False) + 0.003
    radii = np.linspace(0, 2, 201)[1:]
    x, y = radii * np.cos(angles)[:, None], radii * np.sin(angles)[:, None]
    rays = np.stack([x, y, np.ones_like(x)], axis=-1).reshape(-1, 3)
    _, valid = project(rays, lens)
    with np.errstate(all="ignore"):
        upright = _determinants(rays, k) > 0
    assert upright[valid].all()
    beyond = np.logical_or.accumulate(~upright.reshape(64, 200), axis=1)
    assert not (valid.reshape(64, 200) & beyond).any(), "once folded, nothing farther out comes back"
    # what is lost for safety is a sector of half a degree and a step of the search
    farther = np.minimum(np.arange(200) + 8, 199)
    unfolded_nearby = ~beyond & ~np.roll(beyond, 1, axis=0) & ~np.roll(beyond, -1, axis=0)
    surely = unfolded_nearby[:, farther] & (radii < valid_radius(lens))
    assert valid.reshape(64, 200)[surely].all()


def test_a_strong_tangential_lens_shows_no_pixel_twice():
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240, distortion=(-0.05, 0.0, 0.12, -0.08))
    assert fold_radii(lens).min() < valid_radius(lens)
    grid = np.stack(np.meshgrid(np.linspace(-3, 3, 400), np.linspace(-3, 3, 400)), axis=-1).reshape(-1, 2)
    uv, valid = project(np.column_stack([grid, np.ones(len(grid))]), lens)
    assert 0.05 < valid.mean() < 0.9
    back = unproject(uv[valid], lens)[:, :2]
    found = np.isfinite(back[:, 0])
    assert found.mean() > 0.95
    assert np.abs(back - grid[valid])[found].max() < 1e-4


def test_points_behind_near_or_not_finite_are_not_seen():
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240)
    near = [[0, 0, 0.5], [0, 0, 0.51], [0, 0, -3], [0, 0, 0]]
    wild = [[np.nan, 0, 3], [0, np.inf, 3], [0, 0, np.inf], [0, 0, np.nan], [1e308, 0, 0.51]]
    _, valid = project(np.array([*near, *wild]), lens)
    assert valid.tolist() == [False, True, False, False, False, False, False, False, False]


@pytest.mark.parametrize(
    ("model", "distortion"),
    [
        (CameraModel.BROWN_CONRADY, (-0.3, 0.0, 0.0, 0.0)),
        (CameraModel.BROWN_CONRADY, (0.1, -0.2, 0.0, 0.0, 0.02)),
        (CameraModel.BROWN_CONRADY, (0.2, 0.0, 0.0, 0.0, 0.0, 0.4, 0.3, 0.1)),
        (CameraModel.FISHEYE, (-0.2, 0.01, 0.0, 0.0)),
    ],
)
def test_points_beyond_the_fold_of_the_lens_are_not_seen(model, distortion):
    lens = Intrinsics(model, 500, 500, 320, 240, distortion=distortion)
    radius = valid_radius(lens)
    assert 0.5 < radius < 10
    steps = np.linspace(0, 2 * radius, 4001)[1:]
    uv, valid = project(np.column_stack([steps * 0, steps, np.ones(4000)]), lens)
    assert np.array_equal(valid, steps < radius)
    growth = np.diff(uv[valid, 1])
    assert (growth > 0).all(), "inside the radius the picture never turns back"
    assert growth[-1] < 0.02 * growth[0], "it stands still right at the radius"


def test_a_lens_with_a_pole_ends_there():
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 0, 0, distortion=(0, 0, 0, 0, 0, -0.25, 0, 0))
    assert valid_radius(lens) == pytest.approx(2.0)


def test_a_straight_lens_reaches_to_infinity():
    assert valid_radius(Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 0, 0)) == np.inf
    assert valid_radius(Intrinsics(CameraModel.FISHEYE, 500, 500, 0, 0)) == np.inf


def test_pixels_that_no_ray_reaches_are_nan():
    folded = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240, distortion=(-0.3,))
    rays = unproject(np.array([[320.0, 240.0], [320.0, 5000.0]]), folded)
    assert np.isnan(rays[1]).all()
    assert rays[0] == pytest.approx([0, 0, 1])


def test_in_image_counts_the_edges_as_the_sensor_does():
    uv = np.array([[0, 0], [639.999, 479.999], [640, 10], [10, 480], [-1e-9, 3], [5, 5], [np.nan, 5]])
    valid = np.array([True, True, True, True, True, False, True])
    assert in_image(uv, valid, size=(640, 480)).tolist() == [True, True, False, False, False, False, False]


def test_a_million_points_project_fast():
    random = np.random.default_rng(0)
    xyz = random.normal(size=(1_000_000, 3)) * 20
    lens = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240, distortion=(-0.1, 0.01, 0.001, 0.001, 0.0))
    started = time.thread_time()
    project(xyz, lens)
    assert time.thread_time() - started < 1.0


def test_the_real_street_falls_into_its_images_as_counted_independently(shared_data):
    folder = Path(shared_data) / "deliveries" / "street"
    truth = json.loads((folder / "truth.json").read_text())["frames"]
    sensors = json.loads((folder / "result.json").read_text())["sensor_data"]
    lenses = {meta["name"]: _lens_of(meta) for meta in sensors["sensor_meta"] if meta["modality"] == "camera"}
    for frame in sensors["frames"]:
        xyz = _read_xyz(folder / "files" / "lidar" / f"{frame['frame_id']}.pcd")
        for sensor in frame["sensors"]:
            if sensor["sensor_id"] in lenses:
                wanted = truth[frame["frame_id"]]["cameras"][sensor["sensor_id"]]
                uv, valid = project(_camera_from_lidar(sensor).apply(xyz), lenses[sensor["sensor_id"]])
                seen = in_image(uv, valid, size=(2048, 1536))
                assert np.count_nonzero(seen) == wanted["points_in_image"]
                assert uv[seen].mean(axis=0).round(2).tolist() == wanted["mean_uv"]


def _lens_of(meta):
    numbers = meta["intrinsics"]
    names = ("k1", "k2", "p1", "p2", "k3", "k4")
    return Intrinsics(
        CameraModel(meta["camera_model"]),
        *(numbers[name] for name in ("fx", "fy", "cx", "cy", "skew")),
        distortion=tuple(float(numbers[name]) for name in names),
    )


def _camera_from_lidar(sensor):
    position = sensor["sensor_pose"]["position"]
    return Pose.from_quaternion(
        (position["x"], position["y"], position["z"]), **sensor["sensor_pose"]["heading"]
    ).inverse()


def _read_xyz(path):
    raw = path.read_bytes()
    start = raw.index(b"DATA binary\n") + len(b"DATA binary\n")
    return np.frombuffer(raw, "<f4", offset=start).reshape(-1, 4)[:, :3].astype(np.float64)
