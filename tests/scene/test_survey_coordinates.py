"""A cloud with coordinates of millions of metres stands as still as any while the camera creeps past it."""

import io

import numpy as np
import pytest

from app.domain.point_look import PointLook
from app.formats.npy import read_npy
from app.scene.prepared import prepare_cloud
from app.scene.views import CameraPlacement
from tests.scene.offscreen_scene import offscreen_scene

SIZE = (300, 200)
SURVEY = np.array([5e5, 5e6, 210.0])
STEP, STEPS = 0.00025, 40  # metres, each about an eighth of a pixel from where the camera is
ASIDE = np.array([0.0, 0.0, 0.5])
RASTER = 0.55  # pixels that the middle of a drawn square may be from its point: half of one, and rounding
WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def drawing():
    with offscreen_scene(SIZE) as made:
        yield made


def opened(survey):
    """What reading (N, 3) float64 coordinates from a file gives."""
    content = io.BytesIO()
    np.save(content, survey)
    content.seek(0)
    return read_npy(content)


def middle_of_white(pixels):
    rows, columns = np.nonzero((pixels > 250).all(axis=2))
    return np.array([columns.mean() + 0.5, rows.mean() + 0.5])


def test_points_glide_while_the_camera_creeps(drawing):
    random = np.random.default_rng(2)
    far_apart = SURVEY + random.uniform(-700, 700, size=(500, 3)) * [1, 1, 0.01]
    cloud = opened(far_apart)
    point = far_apart[7] - cloud.origin  # hundreds of metres from the origin that was taken off
    drawing.scene.show(prepare_cloud(cloud, None), np.zeros((0, 4), dtype=np.uint8))
    drawing.scene.set_point_look(PointLook(size=5.0))
    drawing.scene.layer.set_unlabelled(WHITE)
    seen, expected = [], []
    for step in range(STEPS):
        shift = np.array([step * STEP, 0.3 * step * STEP, 0.0])
        placement = CameraPlacement(
            tuple((point + shift + ASIDE).tolist()), tuple((point + shift).tolist()), (0.0, 1.0, 0.0)
        )
        drawing.scene.set_placement(placement)
        seen.append(middle_of_white(drawing.pixels()))
        expected.append(placement.project(point[np.newaxis], SIZE)[0][0])
    seen, expected = np.array(seen), np.array(expected)
    assert np.ptp(expected[:, 0]) > 4
    assert np.abs(seen - expected).max() < RASTER
    assert (np.diff(seen[:, 0]) <= 0).all()


def test_a_millimetre_of_the_camera_changes_little_of_the_picture_and_ten_times_as_much_more(drawing):
    random = np.random.default_rng(3)
    survey = SURVEY + random.uniform(-3, 3, size=(4000, 3))
    cloud = opened(survey)
    drawing.scene.show(prepare_cloud(cloud, None), np.zeros((0, 4), dtype=np.uint8))
    start = SURVEY - cloud.origin

    def picture(millimetres):
        shift = start + np.array([millimetres / 1000, 0.0, 0.0])
        above = tuple((shift + 24 * ASIDE).tolist())
        drawing.scene.set_placement(CameraPlacement(above, tuple(shift.tolist()), (0.0, 1.0, 0.0)))
        return drawing.pixels().astype(int)

    still = picture(0)
    changed = [np.abs(picture(by) - still).mean() for by in (0, 1, 10, 100)]
    assert changed[0] == 0
    assert changed[1] < changed[2] < changed[3]
    assert changed[1] < changed[3] / 10
