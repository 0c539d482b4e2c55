import numpy as np
import pytest

from app.domain.camera import Camera, CameraModel, Intrinsics
from app.domain.convention_guess import Evidence, heading_in_name, suggest_convention
from app.domain.geometry import Pose
from app.domain.pose_convention import DOCUMENTED, CameraAxes, PoseConvention, PoseDirection, PoseSpace
from app.domain.sequence import CameraImageRef, Sequence, SequenceFrame
from tests.domain.test_pose_convention import CONVENTIONS, EGO, FORWARD, given

LENS = Intrinsics(CameraModel.BROWN_CONRADY, 640, 640, 640, 360)
NAMES = {"front": 0.0, "left": np.pi / 2, "right": -np.pi / 2, "rear": np.pi}


def looking(turn, tilt=0.05):
    around = Pose.from_quaternion((0, 0, 0), w=np.cos(turn / 2), x=0, y=0, z=np.sin(turn / 2)).rotation
    down = Pose.from_quaternion((0, 0, 0), w=np.cos(tilt / 2), x=0, y=np.sin(tilt / 2), z=0).rotation
    return Pose(around @ down @ FORWARD, around @ np.array([0.8, 0.0, -0.2]))


def job(poses, *, ego=EGO):
    images = tuple(CameraImageRef(name, "", pose) for name, pose in poses.items())
    cameras = tuple(Camera(name, name, LENS) for name in poses)
    return Sequence((SequenceFrame("0", "", "", images, world_from_ego=ego),), cameras)


def around(count=1500):
    """Points on the ground and on walls around a lidar."""
    random = np.random.default_rng(4)
    angle, reach = random.uniform(-np.pi, np.pi, count), random.uniform(4, 50, count)
    return np.stack([reach * np.cos(angle), reach * np.sin(angle), random.uniform(-1.8, 3, count)], axis=1)


def delivered(convention, names=NAMES):
    """Four cameras of a vehicle as a document in a convention gives them, with points in the space that it implies."""
    lidar = EGO if convention.space is PoseSpace.EGO else Pose.identity()
    poses = {name: given(lidar @ looking(turn), convention) for name, turn in names.items()}
    return job(poses), [Evidence(0, lidar.apply(around()))]


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda each: each.words)
def test_each_convention_is_recognised(convention):
    suggestion = suggest_convention(*delivered(convention), {})
    assert suggestion.convention == convention
    assert suggestion.sure
    assert convention.words in suggestion.reason
    assert "4 of 4 cameras upright, 4 beside the lidar" in suggestion.reason


def test_where_the_data_cannot_tell_the_documented_convention_stays_and_the_tie_is_said():
    sideways = {"a": -np.pi / 2}  # a level camera that looks right has the same rotation either way
    rig = job({name: looking(turn, tilt=0.0) for name, turn in sideways.items()}, ego=None)
    inverse = job({name: looking(turn, tilt=0.0).inverse() for name, turn in sideways.items()}, ego=None)
    for each in (rig, inverse):
        suggestion = suggest_convention(each, [Evidence(0, around())], {})
        assert suggestion.convention == DOCUMENTED
        assert not suggestion.sure
        assert "nearly as well" in suggestion.reason


def test_cameras_that_stand_upright_in_no_convention_tell_nothing():
    odd = Pose.from_quaternion((0, 0, 1.0), w=1.0, x=0.5, y=0.8, z=0.1)
    suggestion = suggest_convention(job({"a": odd}, ego=None), [Evidence(0, around())], {})
    assert (suggestion.convention, suggestion.sure) == (DOCUMENTED, False)
    assert "does not tell" in suggestion.reason


def test_poses_at_the_end_of_the_number_range_speak_for_nothing_and_stop_nothing():
    far = Pose(FORWARD, np.array([1e308, -1e308, 1e308]))
    for ego in (None, EGO, far):
        for pose in (far, far.inverse()):
            suggestion = suggest_convention(job({"front": pose, "rear": far}, ego=ego), [Evidence(0, around())], {})
            assert suggestion is None or not suggestion.sure or suggestion.convention == DOCUMENTED


def test_without_poses_there_is_no_suggestion():
    assert suggest_convention(job({"a": None}), [], {}) is None
    assert suggest_convention(Sequence(()), [], {}) is None


def quaternion(w, x, y, z, position=(0.0, 0.0, 0.0)):
    return Pose.from_quaternion(position, w=w, x=x, y=y, z=z)


def test_the_public_examples_are_read_as_their_numbers_mean():
    """Poses of three public examples, none of which says what they are."""
    sdk = {
        "camera_1": quaternion(-0.45123, 0.55201, -0.54253, 0.44423),
        "camera_2": quaternion(-0.70298, 0.69978, 0.10453, -0.0721),
    }
    extrinsic = {"camera": quaternion(0.6867, 0.6677, -0.2116, 0.1942, (-0.814, 1.650, -1.523))}
    page = quaternion(0.98, 0, -0.05, 0.189, (-40.0, -8.0, -1.0))
    ego = quaternion(0.979, 0, -0.02, 0.202, (-40.0, -8.0, -1.0))
    assert suggest_convention(job(sdk, ego=None), [], {}).convention == DOCUMENTED
    assert suggest_convention(job(extrinsic, ego=None), [], {}).convention == PoseConvention(PoseDirection.INVERSE)
    body = suggest_convention(job({"front_center_rgb": page}, ego=ego), [], {})
    assert body.convention == PoseConvention(axes=CameraAxes.BODY)
    assert body.sure


@pytest.mark.parametrize(
    ("name", "degrees"),
    [
        ("front", 0),
        ("CAM_FRONT_LEFT", 45),
        ("rear right", -135),
        ("left", 90),
        ("front_center_rgb", 0),
        ("image_02", None),
        ("backup", None),
        ("left right", None),
    ],
)
def test_names_say_where_cameras_look(name, degrees):
    heading = heading_in_name(name)
    assert (heading is None) == (degrees is None)
    assert degrees is None or np.degrees(heading) == pytest.approx(degrees, abs=1e-3)
