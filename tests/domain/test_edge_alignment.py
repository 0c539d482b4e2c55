"""How well a scan and a picture agree: given right, turned, in a wrong convention, and where nothing can be told."""

import tracemalloc

import numpy as np
import pytest

from app.domain.arrays import Float32, frozen
from app.domain.camera import CameraModel, Intrinsics
from app.domain.depth_edges import depth_edges
from app.domain.edge_alignment import (
    FEWEST_EDGES,
    EdgeAlignment,
    Untold,
    combined,
    edge_alignment,
    turn,
)
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from tests.domain.posts import CAMERA, SIZE, cloud, picture, placed, scan

HERE = np.zeros(3)


def turned(*, roll: float = 0, pitch: float = 0, yaw: float = 0) -> Pose:
    """The camera's pose where points come to lie clockwise, higher and farther right by degrees."""
    rotation = CAMERA.rotation @ turn(roll, pitch, yaw).T
    return Pose(frozen(rotation), CAMERA.position)


def aligned(pose: Pose = CAMERA, *, xyz: Float32 | None = None) -> EdgeAlignment:
    return edge_alignment(placed(pose), cloud(scan() if xyz is None else xyz), picture(), lidar=HERE)


def score(alignment: EdgeAlignment) -> float:
    assert alignment.score is not None
    return alignment.score


def test_a_right_calibration_scores_near_one_and_asks_for_no_turn() -> None:
    alignment = aligned()
    assert score(alignment) > 0.95
    assert alignment.best.size < 0.25
    assert alignment.edges > 10 * FEWEST_EDGES


@pytest.mark.parametrize("yaw", [-2.0, -1.0, 1.0, 2.0])
def test_a_camera_turned_aside_scores_low_and_is_told_by_how_much(yaw: float) -> None:
    alignment = aligned(turned(yaw=yaw))
    assert score(alignment) < 0.6
    assert alignment.best.right == pytest.approx(-yaw, abs=0.2)
    assert alignment.best.down == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("pitch", [-1.0, 1.0])
def test_a_camera_turned_up_or_down_scores_low_and_is_told_by_how_much(pitch: float) -> None:
    alignment = aligned(turned(pitch=pitch))
    assert score(alignment) < 0.75
    assert alignment.best.down == pytest.approx(pitch, abs=0.3)
    assert alignment.best.right == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("roll", [-2.0, 2.0])
def test_a_camera_turned_about_its_axis_is_told_which_way(roll: float) -> None:
    alignment = aligned(turned(roll=roll))
    assert score(alignment) < score(aligned())
    assert alignment.best.clockwise == -roll / 2  # the search goes no farther


@pytest.mark.parametrize("small", [0.25, 0.5])
def test_the_score_falls_as_the_turn_grows(small: float) -> None:
    assert score(aligned()) > score(aligned(turned(yaw=small))) > score(aligned(turned(yaw=2 * small)))


def test_a_pose_the_wrong_way_round_never_scores_well() -> None:
    for wrong in (CAMERA.inverse(), Pose(frozen(CAMERA.rotation @ np.diag([-1.0, 1.0, -1.0])), CAMERA.position)):
        found = aligned(wrong).score
        assert found is None or found < 0.3


def test_survey_coordinates_change_nothing() -> None:
    origin = (487_000.0, 5_350_000.0, 210.0)
    far = Pose(CAMERA.rotation, frozen(CAMERA.position + origin))
    found = edge_alignment(
        placed(far).relative_to(np.array(origin)), cloud(scan(), origin=origin), picture(), lidar=HERE
    )
    assert found.edges == aligned().edges
    assert score(found) == pytest.approx(score(aligned()), abs=0.02)


def test_the_rim_of_a_wide_view_takes_no_more_room_than_its_middle() -> None:
    """Half a metre ahead and 150 aside a tangent is 300: a raster of tangents would take tens of gigabytes."""
    wide = Intrinsics(CameraModel.FISHEYE, fx=200.0, fy=200.0, cx=319.5, cy=319.5)
    rays = np.random.default_rng(4).normal(size=(50_000, 3))
    around = (rays / np.linalg.norm(rays, axis=1, keepdims=True) * 150).astype(np.float32)
    everywhere = cloud(np.concatenate([scan(), around]))
    tracemalloc.start()
    edges = depth_edges(PlacedCamera("wide", wide, CAMERA, (640, 640)), everywhere, lidar=HERE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(edges) > FEWEST_EDGES
    assert peak < 200e6


def test_points_without_a_position_are_passed_over() -> None:
    xyz = scan()
    broken = np.concatenate([xyz, np.full((500, 3), np.nan, np.float32), np.full((5, 3), np.inf, np.float32)])
    assert score(aligned(xyz=broken)) > 0.95


@pytest.mark.parametrize("xyz", [np.zeros((0, 3), np.float32), np.full((9, 3), np.nan, np.float32), scan(empty=True)])
def test_a_scan_in_which_nothing_stands_out_cannot_tell(xyz: Float32) -> None:
    alignment = aligned(xyz=xyz)
    assert (alignment.score, alignment.untold, alignment.best.size) == (None, Untold.FEW_EDGES, 0.0)
    assert alignment.edges < FEWEST_EDGES


@pytest.mark.parametrize("size", [SIZE, (3, 2)])
def test_an_even_or_tiny_picture_cannot_tell(size: tuple[int, int]) -> None:
    grey = np.full((size[1], size[0], 3), 90, np.uint8)
    alignment = edge_alignment(placed(), cloud(scan()), grey, lidar=HERE)
    assert (alignment.score, alignment.untold) == (None, Untold.EVEN_PICTURE)


def test_a_picture_of_something_else_does_not_score_well() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    assert score(edge_alignment(placed(), cloud(scan()), noise, lidar=HERE)) < 0.5


def test_frames_of_one_camera_count_together_as_much_as_they_have_edges() -> None:
    right, wrong = aligned(), aligned(turned(yaw=1.0))
    unknown = EdgeAlignment(3, untold=Untold.FEW_EDGES)
    assert combined([unknown]).untold is Untold.FEW_EDGES
    assert score(combined([right, unknown])) == pytest.approx(score(right), abs=1e-6)
    assert combined([wrong, wrong, unknown]).best.right == pytest.approx(-1.0, abs=0.2)
    assert score(wrong) < score(combined([right, wrong])) < score(right)
