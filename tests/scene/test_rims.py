"""Points of what is chosen stand out by a rim, from every side and in every colouring."""

import numpy as np
import pytest

from app.scene.look import DARK
from app.scene.scene import RIM
from app.scene.views import CameraPlacement
from tests.clouds import prepared_of
from tests.scene.offscreen_scene import offscreen_scene

SIZE = (400, 300)
BLUE, RED = (0, 0, 255, 255), (255, 0, 0, 255)
TABLE = np.array([BLUE, RED], dtype=np.uint8)
LOOKS = {
    "perspective": CameraPlacement((-20.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "parallel": CameraPlacement((-20.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), half_height=6.0),
}


@pytest.fixture(scope="module")
def studio():
    with offscreen_scene(SIZE) as made:
        yield made


def grid(x, *, half, step=0.25):
    across, up = np.meshgrid(np.arange(-half, half + step, step), np.arange(-half, half + step, step))
    return np.column_stack([np.full(across.size, x), across.ravel(), up.ravel()])


@pytest.fixture(params=LOOKS)
def shown(request, studio):
    """A red thing of 9 x 9 points before a blue wall, looked at from before."""
    thing, back = grid(0.0, half=1.0), grid(9.0, half=3.0)
    keys = np.repeat([1, 0], [len(thing), len(back)])
    prepared = prepared_of(np.concatenate([thing, back]), keys)
    studio.scene.show(prepared, TABLE)
    studio.scene.set_placement(LOOKS[request.param])
    return np.arange(len(thing), dtype=np.int32)


def count(studio, color):
    return int((np.abs(studio.pixels().astype(int) - color[:3]) < 4).all(axis=2).sum())


def test_a_rim_surrounds_the_points_and_covers_none_of_them(studio, shown):
    red, rims = count(studio, RED), count(studio, DARK.chosen)
    studio.scene.set_kept(shown)
    assert count(studio, RED) == red
    assert count(studio, DARK.chosen) > rims + 4 * 9 * RIM / 2
    studio.scene.set_kept(None)
    assert count(studio, DARK.chosen) == rims


def test_what_stands_before_a_chosen_thing_hides_its_rim(studio, shown):
    studio.scene.set_kept(shown)
    free = count(studio, DARK.chosen)
    before = grid(-6.0, half=2.0, step=0.04)
    thing = grid(0.0, half=1.0)
    prepared = prepared_of(np.concatenate([thing, before]), np.repeat([1, 0], [len(thing), len(before)]))
    studio.scene.show(prepared, TABLE)
    studio.scene.set_kept(shown)
    assert count(studio, DARK.chosen) < free / 10


def test_a_hidden_thing_has_no_rim(studio, shown):
    rims = count(studio, DARK.chosen)
    studio.scene.set_kept(shown)
    studio.scene.set_color_table(np.array([BLUE, (255, 0, 0, 0)], dtype=np.uint8))
    assert count(studio, DARK.chosen) == rims
