from itertools import product

import numpy as np
import pytest

from app.domain.geometry import Pose
from app.domain.pose_convention import (
    DOCUMENTED,
    CameraAxes,
    PoseConvention,
    PoseDirection,
    PoseSpace,
    lidar_from_camera,
)

FORWARD = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])  # optical axes of a camera that looks along x
TURN = Pose.from_quaternion((0, 0, 0), w=0.9, x=0.02, y=-0.03, z=0.4).rotation
WANTED = Pose(TURN @ FORWARD, np.array([1.5, -0.3, 1.7]))
EGO = Pose.from_quaternion((400.0, -80.0, 3.0), w=0.6, x=0, y=0.1, z=0.7)
CONVENTIONS = [PoseConvention(*each) for each in product(PoseDirection, CameraAxes, PoseSpace)]


def given(pose, convention):
    """The pose of a camera as a document in this convention gives it, by what the words mean."""
    if convention.space is PoseSpace.EGO:
        pose = EGO.inverse() @ pose
    elif convention.space is PoseSpace.WORLD:
        pose = EGO @ pose
    right, down, forward = pose.rotation.T
    if convention.axes is CameraAxes.BODY:
        pose = Pose(np.stack([forward, -right, -down], axis=1), pose.position)
    return pose if convention.direction is PoseDirection.POSE else pose.inverse()


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda each: each.words)
def test_the_camera_is_the_same_however_its_pose_is_given(convention):
    read = lidar_from_camera(given(WANTED, convention), convention, world_from_ego=EGO)
    np.testing.assert_allclose(read.rotation, WANTED.rotation, atol=1e-12)
    np.testing.assert_allclose(read.position, WANTED.position, atol=1e-9)


def test_without_the_pose_of_the_ego_nothing_goes_between_its_space_and_the_worlds():
    for convention in CONVENTIONS:
        known = lidar_from_camera(WANTED, convention) is not None
        assert known == (convention.space is PoseSpace.POINTS)


def test_conventions_have_words_of_their_own():
    assert DOCUMENTED.words == "camera to points, optical axes"
    assert len({each.words for each in CONVENTIONS}) == len(CONVENTIONS)
