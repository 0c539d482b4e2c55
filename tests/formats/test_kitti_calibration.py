"""Calibration and poses of the KITTI datasets, against the matrices written out."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.camera import project
from app.errors import FormatError
from app.formats.kitti_calibration import KittiCalibration, read_calibration, read_poses, read_times

P2 = "7.18e+02 0 6.07e+02 4.538e+01 0 7.18e+02 1.85e+02 -1.13e-01 0 0 1 3.779e-03"
TR = (
    "4.2768e-04 -9.9996e-01 -8.0844e-03 -1.1984e-02 -7.2106e-03 8.0811e-03 "
    "-9.9994e-01 -5.4039e-02 9.9997e-01 4.8594e-04 -7.2069e-03 -2.9219e-01"
)
CALIB = f"P0: {P2}\nP2: {P2}\nTr: {TR}\n".encode()


def matrix(text: str) -> NDArray[np.float64]:
    return np.array(text.split(), float).reshape(3, 4)


def check_projection(calibration: KittiCalibration, number: int, chain: NDArray[np.float64]) -> None:
    """``chain`` (3, 4) leads from the lidar to homogeneous pixels."""
    xyz = np.random.default_rng(1).uniform([5, -10, -2], [50, 10, 3], (200, 3))
    camera = calibration.cameras[number]
    assert camera.lidar_from_camera is not None
    uv, valid = project(camera.lidar_from_camera.inverse().apply(xyz), camera.intrinsics)
    expected = np.column_stack([xyz, np.ones(len(xyz))]) @ chain.T
    assert valid.all()
    np.testing.assert_allclose(uv, expected[:, :2] / expected[:, 2:], atol=0.05)  # the text has five digits


def test_points_fall_where_the_matrices_say() -> None:
    check_projection(read_calibration(CALIB), 2, matrix(P2) @ np.vstack([matrix(TR), [0, 0, 0, 1]]))


def test_a_recorded_calibration_with_a_rectification_projects_as_its_matrices_do(shared_data: Path) -> None:
    raw = (shared_data / "kitti_tracking" / "calib" / "0001.txt").read_bytes()
    rows = {
        line.split()[0].rstrip(":"): np.array(line.split()[1:], float) for line in raw.decode().splitlines() if line
    }
    rectified = np.eye(4)
    rectified[:3, :3] = rows["R0_rect"].reshape(3, 3)
    chain = rectified @ np.vstack([rows["Tr_velo_to_cam"].reshape(3, 4), [0, 0, 0, 1]])
    for number in range(4):
        check_projection(read_calibration(raw), number, rows[f"P{number}"].reshape(3, 4) @ chain)


def test_projections_of_turned_cameras_are_taken_apart() -> None:
    """Other programs write the whole way from the lidar into P, with Tr the identity."""
    scaled = 2.5 * matrix(P2) @ np.vstack([matrix(TR), [0, 0, 0, 1]])
    text = f"P0: {' '.join(map(repr, scaled.ravel().tolist()))}\nTr: 1 0 0 0 0 1 0 0 0 0 1 0\n"
    calibration = read_calibration(text.encode())
    check_projection(calibration, 0, scaled)
    lens = calibration.cameras[0].intrinsics
    assert (lens.fx, lens.fy, lens.cx, lens.cy) == pytest.approx((718, 718, 607, 185), abs=0.1)


def test_poses_lead_from_the_lidar_to_the_lidar_of_the_first_frame() -> None:
    calibration = read_calibration(CALIB)
    poses = read_poses(b"1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 0 0 1 0 0 0 0 1 5\n\n", calibration=calibration)
    np.testing.assert_allclose(poses[0].position, 0, atol=1e-12)
    tr = np.vstack([matrix(TR), [0, 0, 0, 1]])
    moved = np.eye(4)
    moved[2, 3] = 5
    expected = np.linalg.inv(tr) @ moved @ tr
    np.testing.assert_allclose(poses[1].position, expected[:3, 3], atol=1e-3)
    assert poses[1].position[0] > 4.9  # ahead of the car, along the lidar's x


def test_a_calibration_without_a_lidar_still_gives_the_lenses() -> None:
    camera = read_calibration(f"P2: {P2}\n".encode()).cameras[2]
    assert (camera.intrinsics.fx, camera.intrinsics.cx, camera.lidar_from_camera) == (718, 607, None)
    with pytest.raises(FormatError, match="no calibration leads"):
        read_poses(b"1 0 0 0 0 1 0 0 0 0 1 0\n", calibration=KittiCalibration())


def test_lines_that_are_not_of_interest_are_passed_over() -> None:
    raw = b"calib_time: 09-Jan-2012 13:57:47\n\n# a note\nTr_imu_to_velo: none\n" + CALIB
    assert sorted(read_calibration(raw).cameras) == [0, 2]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (f"P2: {P2} 4\n", "13 numbers"),
        (f"P2: {P2.replace('7.18e+02', 'wide', 1)}\n", "numbers only"),
        (f"P2: {P2.replace('7.18e+02', '-718', 1)}\n", "no projection"),
        (f"Tr: {TR.replace('9.9997e-01', '2')}\n", "no rotation"),
        ("Tr: 1 2 3\n", "3 numbers"),
        ("Tr: 1 0 0 0 0 1 0 0 0 0 nan 0\n", "numbers only"),
    ],
)
def test_a_damaged_calibration_is_named(raw: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_calibration(raw.encode())


def test_times_are_one_number_per_line() -> None:
    assert read_times(b"0.000000e+00\n1.036224e-01\n") == (0, 0.1036224)
    with pytest.raises(FormatError, match="more than one"):
        read_times(b"0 1\n")
