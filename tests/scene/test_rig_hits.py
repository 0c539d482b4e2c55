from itertools import pairwise

import numpy as np
import pytest

from app.domain.camera import CameraModel, Intrinsics
from app.domain.geometry import Pose
from app.domain.placed_camera import PlacedCamera
from app.domain.sensor_rig import frustum
from app.scene.rig import CLICK_PIXELS, camera_at, frustum_lines
from app.scene.views import CameraPlacement

SIZE = (800, 600)
LENS = Intrinsics(CameraModel.BROWN_CONRADY, fx=640.0, fy=640.0, cx=639.5, cy=359.5)
OPTICAL = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])
FRUSTA = tuple(
    frustum(PlacedCamera(name, LENS, Pose(turn @ OPTICAL, np.array([shift, 0.0, 0.0])), (1280, 720))).at_length(2.0)
    for name, turn, shift in (("front", np.eye(3), 0.3), ("back", np.diag([-1.0, -1, 1]), -0.3))
)
VIEWS = (
    CameraPlacement((-9.0, 3, 6), (0.0, 0, 0), (0.0, 0, 1)),
    CameraPlacement((0.0, 0, 30), (0.0, 0, 0), (1.0, 0, 0), half_height=5.0),
)


def drawn(placement, frustum_):
    """Pixels densely along every line."""
    dense = []
    for line in frustum_lines(frustum_):
        for start, end in pairwise(line):
            dense.append(start + (end - start) * np.linspace(0, 1, 80)[:, np.newaxis])
    return placement.project(np.concatenate(dense), SIZE)[0]


@pytest.mark.parametrize("placement", VIEWS, ids=["perspective", "parallel"])
def test_the_nearest_drawn_line_within_reach_is_hit_as_dense_points_say(placement):
    random = np.random.default_rng(5)
    lines = {each.camera: drawn(placement, each) for each in FRUSTA}
    hits = 0
    for at in random.uniform([200, 150], [600, 450], size=(400, 2)):
        distances = {name: np.linalg.norm(uv - at, axis=1).min() for name, uv in lines.items()}
        nearest = min(distances, key=distances.get)
        found = camera_at(FRUSTA, tuple(at), placement, SIZE)
        if distances[nearest] < CLICK_PIXELS - 0.5 and abs(np.diff(list(distances.values()))[0]) > 1:
            assert found == nearest
            hits += 1
        elif distances[nearest] > CLICK_PIXELS + 0.5:
            assert found == ""
    assert hits > 20


def test_lines_behind_the_viewer_are_not_hit_and_harm_nothing():
    inside = CameraPlacement((1.0, 0, 0), (2.0, 0, 0), (0.0, 0, 1))
    assert camera_at(FRUSTA[1:], (400, 300), inside, SIZE) == ""
    assert camera_at((), (400, 300), inside, SIZE) == ""
