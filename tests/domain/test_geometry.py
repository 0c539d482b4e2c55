import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.geometry import Pose

PART = st.floats(-1e6, 1e6)


def quaternions():
    return st.tuples(PART, PART, PART, PART).filter(lambda parts: math.hypot(*parts) > 1e-3)


@given(quaternions(), st.floats(1e-120, 1e120))
def test_a_quaternion_of_any_length_gives_the_same_rotation(parts, length):
    w, x, y, z = parts
    pose = Pose.from_quaternion((1, 2, 3), w=w, x=x, y=y, z=z)
    scaled = Pose.from_quaternion((1, 2, 3), w=w * length, x=x * length, y=y * length, z=z * length)
    np.testing.assert_allclose(scaled.rotation, pose.rotation, atol=1e-9)


@given(quaternions())
def test_the_rotation_is_orthonormal_and_its_opposite_quaternion_means_the_same(parts):
    w, x, y, z = parts
    rotation = Pose.from_quaternion((0, 0, 0), w=w, x=x, y=y, z=z).rotation
    opposite = Pose.from_quaternion((0, 0, 0), w=-w, x=-x, y=-y, z=-z).rotation
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)
    np.testing.assert_allclose(opposite, rotation, atol=1e-12)


def test_a_quarter_turn_about_z_takes_x_to_y():
    half = math.sqrt(0.5)
    pose = Pose.from_quaternion((10, 0, 0), w=half, x=0, y=0, z=half)
    np.testing.assert_allclose(pose.apply(np.array([[1.0, 0, 0]])), [[10, 1, 0]], atol=1e-12)


@given(quaternions(), st.tuples(PART, PART, PART))
def test_the_inverse_leads_back(parts, position):
    assume(all(map(math.isfinite, position)))
    w, x, y, z = parts
    pose = Pose.from_quaternion(position, w=w, x=x, y=y, z=z)
    points = np.array([[1.0, 2, 3], [-4, 5, 6]])
    np.testing.assert_allclose((pose.inverse() @ pose).apply(points), points, atol=1e-6)


@pytest.mark.parametrize("parts", [(0, 0, 0, 0), (math.nan, 0, 0, 1), (math.inf, 0, 0, 1)])
def test_a_heading_without_a_length_is_refused(parts):
    w, x, y, z = parts
    with pytest.raises(ValueError, match="quaternion"):
        Pose.from_quaternion((0, 0, 0), w=w, x=x, y=y, z=z)


def test_a_position_that_is_nowhere_is_refused():
    with pytest.raises(ValueError, match="quaternion"):
        Pose.from_quaternion((math.nan, 0, 0), w=1, x=0, y=0, z=0)


def test_poses_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        Pose.identity().rotation[0, 0] = 2
