"""Files of SemanticKITTI, byte by byte as its description has them."""

import struct

import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.mask import Mask
from app.errors import InputError
from app.formats.semantic_kitti_write import calibration_text, label_words, poses_text, projection, velodyne_points

TURNED = Pose.from_quaternion((1.5, -2.0, 0.25), w=1.0, x=0.0, y=0.0, z=1.0)  # a quarter turn to the left


def test_a_scan_is_x_y_z_and_remission_as_little_endian_floats() -> None:
    xyz = np.array([[1.5, -2.0, 3.25], [np.nan, 0.0, np.inf]], np.float32)
    points = velodyne_points(xyz, np.array([255, 7], np.uint8))
    assert points.tobytes()[:16] == struct.pack("<4f", 1.5, -2.0, 3.25, 255.0)
    np.testing.assert_array_equal(points[1], np.array([np.nan, 0, np.inf, 7], np.float32))


def test_a_remission_beyond_float32_becomes_infinite_without_a_warning() -> None:
    assert np.isinf(velodyne_points(np.zeros((1, 3), np.float32), np.array([1e300]))[0, 3])


def test_a_label_is_the_key_in_the_lower_half_of_a_word() -> None:
    words = label_words(Mask(np.array([0, 11, 65_535], np.int64)))
    assert words.tobytes() == struct.pack("<3I", 0, 11, 65_535)


def test_every_key_that_does_not_fit_is_named() -> None:
    with pytest.raises(InputError, match=r"-3, 65536 and 70000\."):
        label_words(Mask(np.array([-3, 1, 70_000, 65_536], np.int32)))


def test_poses_are_rows_of_rotation_and_position() -> None:
    rows = np.array([line.split() for line in poses_text([Pose.identity(), TURNED]).splitlines()], float)
    np.testing.assert_array_equal(rows[0], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    np.testing.assert_allclose(rows[1], [0, -1, 0, 1.5, 1, 0, 0, -2.0, 0, 0, 1, 0.25], atol=1e-15)


def test_a_projection_puts_a_point_where_the_pinhole_puts_it() -> None:
    lens = Intrinsics(CameraModel.BROWN_CONRADY, fx=500.0, fy=400.0, cx=320.0, cy=240.0, skew=2.0)
    matrix = projection(lens, Pose.identity())
    assert matrix is not None
    text = calibration_text({"P0": matrix})
    read = np.array(text.splitlines()[0].removeprefix("P0: ").split(), float).reshape(3, 4)
    u, v, depth = read @ [1.0, 2.0, 4.0, 1.0]
    assert (u / depth, v / depth) == (500 * 0.25 + 2 * 0.5 + 320, 400 * 0.5 + 240)
    assert text.splitlines()[1] == "Tr: 1.0 0.0 0.0 0.0 0.0 1.0 0.0 0.0 0.0 0.0 1.0 0.0"


@pytest.mark.parametrize(
    "lens",
    [
        Intrinsics(CameraModel.FISHEYE, 500.0, 500.0, 320.0, 240.0),
        Intrinsics(CameraModel.BROWN_CONRADY, 500.0, 500.0, 320.0, 240.0, distortion=(0.0, 0.1)),
    ],
)
def test_a_lens_that_bends_has_no_projection(lens: Intrinsics) -> None:
    assert projection(lens, Pose.identity()) is None
