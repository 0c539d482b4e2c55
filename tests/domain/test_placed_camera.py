import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.domain.camera import CameraModel, Intrinsics, in_image, project
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera

SIZE = (640, 480)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, 500, 510, 321, 239, skew=1.5, distortion=(-0.1, 0.01, 0.001, -0.001))
FISHEYE = Intrinsics(CameraModel.FISHEYE, 300, 300, 320, 240, distortion=(0.02, -0.01, 0.0, 0.0))
# optical axes in a lidar with x forward, y left, z up: right is -y, down is -z, forward is x
FORWARD = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


def placed(lens=LENS, position=(0.0, 0.0, 0.0), rotation=FORWARD):
    return PlacedCamera("front", lens, Pose(rotation, np.array(position)), SIZE)


def test_what_lies_ahead_left_and_up_falls_left_and_up_in_the_picture():
    straight = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240)
    seen = placed(straight, (1.0, 0.0, 2.0)).project(np.array([[11.0, 2, 3], [-9, 0, 2], [11, 30, 2]]))
    assert seen.uv[0] == pytest.approx([320 - 100, 240 - 50])
    assert seen.depth == pytest.approx([10, -10, 10])
    assert seen.seen.tolist() == [True, False, False]


@given(
    st.sampled_from([LENS, FISHEYE]),
    arrays(np.float64, 3, elements=st.floats(-100, 100)),
    arrays(np.float64, 4, elements=st.floats(-1, 1)).filter(lambda q: np.linalg.norm(q) > 0.1),
    arrays(np.float64, (20, 2), elements=st.floats(0, 1)),
    st.floats(1, 200),
)
def test_a_point_on_the_ray_of_a_pixel_falls_on_the_pixel(lens, position, quaternion, shares, distance):
    w, x, y, z = quaternion.tolist()
    pose = Pose.from_quaternion(tuple(position.tolist()), w=w, x=x, y=y, z=z)
    camera = PlacedCamera("any", lens, pose, SIZE)
    uv = shares * (np.array(SIZE) - 1.0)
    rays = camera.rays(uv)
    assert np.linalg.norm(rays, axis=1) == pytest.approx(np.ones(20))
    seen = camera.project(position + rays * distance)
    ahead = seen.depth > 0.5
    assert np.abs(seen.uv - uv)[ahead].max(initial=0.0) < 1e-3


@given(
    st.sampled_from(CameraModel),
    arrays(np.float64, 8, elements=st.floats(-1, 1)),
    st.tuples(st.floats(150, 1500), st.floats(150, 1500), st.floats(-100, 740), st.floats(-100, 580)),
    st.integers(0, 2**32 - 1),
)
def test_what_is_left_aside_early_would_not_have_been_in_the_picture(model, k, numbers, seed):
    k = k * (0.4, 0.2, 0.05, 0.05, 0.1, 0.3, 0.2, 0.1)
    lens = Intrinsics(model, *numbers, skew=2.0, distortion=tuple(k.tolist()[: 4 if model == "fisheye" else 8]))
    xyz = np.random.default_rng(seed).normal(size=(400, 3)) * 10
    camera = PlacedCamera("any", lens, Pose.identity(), SIZE)
    quick = camera.project(xyz)
    uv, valid = project(xyz, lens)
    assert (quick.seen == in_image(uv, valid, size=SIZE)).all()
    assert np.array_equal(quick.uv[quick.seen], uv[quick.seen])


def test_counting_from_another_origin_changes_no_pixel():
    origin = np.array([500_000.0, 4_000_000.0, 100.0])
    camera = placed(position=(500_001.0, 4_000_002.0, 101.0))
    xyz = np.random.default_rng(1).uniform(-20, 20, (500, 3)) + np.array([1, 2, 1])
    there, here = camera.project(xyz + origin), camera.relative_to(origin).project(xyz)
    assert there.seen.any()
    assert (there.seen == here.seen).all()
    assert np.abs(there.uv - here.uv)[here.seen].max() < 1e-4


def test_points_that_are_not_finite_are_not_seen():
    seen = placed().project(np.array([[np.nan, 0, 0], [np.inf, 0, 0], [5, 0, 0]]))
    assert seen.seen.tolist() == [False, False, True]
    assert placed().project(np.zeros((0, 3))).uv.shape == (0, 2)
