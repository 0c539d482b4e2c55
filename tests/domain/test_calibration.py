import math

import numpy as np
import pytest

from app.domain.calibration import Calibration, ShownPicture
from app.domain.camera import Camera, CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.pose_convention import PoseConvention, PoseDirection
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame

LENS = Intrinsics(CameraModel.BROWN_CONRADY, 500, 500, 320, 240)
SIZE = (641, 481)
ALONG_MINUS_Y = Pose.from_quaternion((1.0, 2.0, 3.0), w=0.5, x=0.5, y=0.0, z=0.0)  # where its optical axis looks


def calibration(convention=None, **poses):
    images = tuple(CameraImageRef(name, "", pose) for name, pose in poses.items())
    cameras = tuple(Camera(name, name, None if name == "blind" else LENS) for name in poses)
    sequence = Sequence((SequenceFrame("0", "", "", images),), cameras)
    return Calibration(sequence) if convention is None else Calibration(sequence, convention)


def test_the_front_camera_says_where_forward_is():
    axis = ALONG_MINUS_Y.apply(np.array([[0.0, 0.0, 1.0]]))[0] - ALONG_MINUS_Y.position
    assert axis == pytest.approx([0, -1, 0], abs=1e-9)
    assert calibration(left=None, Front_wide=ALONG_MINUS_Y).heading(0) == pytest.approx(-math.pi / 2)


def test_a_front_camera_that_would_look_at_the_sky_is_not_believed():
    assert calibration(front=Pose.identity()).heading(0) == 0.0


def test_a_pose_is_read_in_the_convention_in_force():
    inverse = PoseConvention(PoseDirection.INVERSE)
    pose = calibration(inverse, front=ALONG_MINUS_Y.inverse()).pose(0, "front")
    np.testing.assert_allclose(pose.position, ALONG_MINUS_Y.position, atol=1e-12)
    assert calibration(inverse, front=ALONG_MINUS_Y.inverse()).heading(0) == pytest.approx(-math.pi / 2)


def test_a_camera_is_placed_for_the_size_of_its_picture():
    cameras = calibration(front=ALONG_MINUS_Y, blind=ALONG_MINUS_Y, lost=None)
    assert cameras.placed(0, "front", ShownPicture(SIZE)).intrinsics == LENS
    half = ShownPicture((321, 241), elsewhere=True, own_size=SIZE)
    assert cameras.placed(0, "front", half).intrinsics.fx == pytest.approx(250, rel=0.01)
    assert cameras.placed(0, "front", ShownPicture((300, 300), elsewhere=True)) is None
    assert [cameras.placed(0, name, ShownPicture(SIZE)) for name in ("blind", "lost", "another")] == [None] * 3


def test_the_rig_has_every_camera_with_pose_and_lens_whether_its_picture_fits_or_not():
    cameras = calibration(front=ALONG_MINUS_Y, blind=ALONG_MINUS_Y, lost=None, rear=ALONG_MINUS_Y)
    square = ShownPicture((300, 300), elsewhere=True)
    rig = cameras.rig(0, {"front": ShownPicture(SIZE), "rear": square})
    assert [(camera.name, camera.size) for camera in rig] == [("front", SIZE), ("rear", (640, 480))]
