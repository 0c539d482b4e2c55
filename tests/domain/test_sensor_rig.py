import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics, in_image, project
from app.domain.ego_poses import EgoPoses, ego_poses
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from app.domain.sensor_rig import EDGE_STEPS, frustum, sensor_rig
from app.domain.sequence import Sequence, SequenceFrame
from app.sandbox.street import rig

SIZE = (1280, 720)
PLAIN = Intrinsics(CameraModel.BROWN_CONRADY, fx=640.0, fy=640.0, cx=639.5, cy=359.5)
NOWHERE = Intrinsics(CameraModel.BROWN_CONRADY, fx=1.0, fy=1.0, cx=0.0, cy=0.0, distortion=(-0.3,))


@pytest.mark.parametrize("name", ["front", "left", "right", "rear"])
def test_the_outline_falls_onto_the_edge_of_the_picture(name):
    lens, pose = rig.intrinsics(name, SIZE), rig.lidar_from_camera(name)
    seen = frustum(PlacedCamera(name, lens, pose, SIZE))
    uv, valid = project(pose.inverse().apply(seen.at_length(5.0).outline), lens)
    aside = np.minimum(np.abs(uv - [-0.5, -0.5]), np.abs(uv - [1279.5, 719.5])).min(axis=1)
    assert valid.all()
    assert aside.max() < 0.01


def test_a_plain_lens_has_straight_edges_through_the_corners_of_its_picture():
    seen = frustum(PlacedCamera("front", PLAIN, Pose.identity(), SIZE))
    np.testing.assert_allclose(seen.apex, np.zeros(3))
    np.testing.assert_allclose(
        seen.corners, [[-1, -0.5625, 1], [1, -0.5625, 1], [1, 0.5625, 1], [-1, 0.5625, 1]], atol=1e-9
    )
    np.testing.assert_allclose(np.diff(seen.outline[:EDGE_STEPS], n=2, axis=0), 0, atol=1e-9)
    bent = frustum(PlacedCamera("front", rig.intrinsics("front", SIZE), Pose.identity(), SIZE))
    assert np.abs(np.diff(bent.outline[:EDGE_STEPS], n=2, axis=0)).max() > 1e-4


def test_corners_outside_of_a_fisheye_lens_are_taken_as_far_as_the_lens_sees():
    lens = Intrinsics(CameraModel.FISHEYE, fx=300.0, fy=300.0, cx=639.5, cy=359.5, distortion=(-0.05, 0, 0, 0))
    seen = frustum(PlacedCamera("rear", lens, Pose.identity(), SIZE))
    assert np.isfinite(seen.outline).all()
    uv, valid = project(seen.at_length(10.0).outline, lens)
    assert in_image(uv, valid, size=(1282, 722)).mean() > 0.9


def test_a_lens_without_rays_has_no_frustum():
    assert frustum(PlacedCamera("front", NOWHERE, Pose.identity(), SIZE)) is None


def test_the_rig_has_its_cameras_and_where_the_world_lies():
    turn = Pose.from_quaternion((30, 0, 0), w=1, x=0, y=0, z=1)  # a quarter turn to the left
    frames = tuple(SequenceFrame(str(index), "", "", world_from_ego=pose) for index, pose in enumerate((turn, None)))
    cameras = [
        PlacedCamera("front", PLAIN, Pose.identity(), SIZE),
        PlacedCamera("blind", NOWHERE, Pose.identity(), SIZE),
    ]
    sensors = sensor_rig(cameras, 0, poses=ego_poses(Sequence(frames)), jumps=frozenset())
    assert [each.camera for each in sensors.cameras] == ["front"]
    np.testing.assert_allclose(sensors.lidar_from_world @ [0, 1, 0], [1, 0, 0], atol=1e-12)  # world y lies ahead
    assert len(sensors.path.xyz) == 1
    without = sensor_rig(cameras, 1, poses=EgoPoses((turn, None)), jumps=frozenset())
    assert without.lidar_from_world is None
    assert without.path is None
