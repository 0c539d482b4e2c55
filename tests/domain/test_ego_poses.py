import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cloud_space import CloudSpace
from app.domain.ego_poses import EgoPoses, ego_poses
from app.domain.geometry import Pose
from app.domain.sequence import Sequence, SequenceFrame

NUMBER = st.floats(-1e3, 1e3)


@st.composite
def poses(draw):
    parts = draw(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).filter(lambda parts: np.linalg.norm(parts) > 1e-2))
    w, x, y, z = parts
    return Pose.from_quaternion(draw(st.tuples(NUMBER, NUMBER, NUMBER)), w=w, x=x, y=y, z=z)


def matrix(pose):
    whole = np.eye(4)
    whole[:3, :3], whole[:3, 3] = pose.rotation, pose.position
    return whole


def turned(x, y, *, degrees=0.0):
    half = np.radians(degrees) / 2
    return Pose.from_quaternion((x, y, 0.0), w=np.cos(half), x=0.0, y=0.0, z=np.sin(half))


@given(poses(), poses())
def test_placing_a_frame_is_the_product_of_plain_matrices(shown, other):
    placing = EgoPoses((shown, other)).placing(1, at=0)
    np.testing.assert_allclose(matrix(placing), np.linalg.inv(matrix(shown)) @ matrix(other), atol=1e-6)


@given(poses(), poses(), poses())
def test_placing_by_way_of_a_third_frame_comes_to_the_same(one, two, three):
    way = EgoPoses((one, two, three))
    around = way.placing(1, at=0) @ way.placing(2, at=1)
    np.testing.assert_allclose(matrix(around), matrix(way.placing(2, at=0)), atol=1e-6)


def test_a_frame_without_a_pose_is_not_placed_and_has_no_path():
    way = EgoPoses((turned(0, 0), None))
    assert way.placing(1, at=0) is None
    assert way.placing(0, at=1) is None
    assert way.placing(5, at=0) is None
    assert way.path(at=1) is None
    assert way.known == (0,)


def test_the_path_passes_the_shown_frame_at_its_origin_and_what_lay_ahead_lies_ahead():
    way = EgoPoses((turned(10, 0, degrees=90), None, turned(10, 5, degrees=90)))
    path = way.path(at=0)
    np.testing.assert_allclose(path.xyz, [[0, 0, 0], [5, 0, 0]], atol=1e-12)
    assert path.frames.tolist() == [0, 2]


def test_clouds_in_the_world_stay_where_they_are():
    way = EgoPoses((turned(-40, -8, degrees=20), turned(-38, -8)), CloudSpace.WORLD)
    np.testing.assert_array_equal(matrix(way.placing(1, at=0)), np.eye(4))
    np.testing.assert_array_equal(way.path(at=0).xyz, [[-40, -8, 0], [-38, -8, 0]])


def test_a_pose_that_is_not_finite_counts_as_missing():
    broken = Pose(np.eye(3), np.array([np.nan, 0.0, 0.0]))
    frames = tuple(SequenceFrame(str(index), "", "", world_from_ego=pose) for index, pose in enumerate((broken, None)))
    assert ego_poses(Sequence(frames)).known == ()


@pytest.mark.parametrize(
    ("poses", "still"),
    [((turned(1, 2), None, turned(1, 2)), True), ((turned(1, 2), turned(1, 2.001)), False), ((turned(1, 2),), False)],
)
def test_a_way_is_still_when_all_of_several_poses_are_the_same(poses, still):
    assert EgoPoses(poses).still is still
