"""Speed of drawing, for comparing two states of the program: ``pytest tests/benchmarks --benchmark-enable``."""

import itertools
from typing import Any

import pytest

from app.bench.clouds import CLASSES, cloud_of, mask_of, random_colors, synthetic_cloud
from app.bench.drawing import scene_of
from app.errors import AppError
from app.scene.motion import orbit
from app.scene.prepared import prepare_cloud

pytestmark = pytest.mark.gl
POINTS = 200_000


@pytest.fixture(scope="module")
def drawing():
    try:
        made = scene_of(POINTS)
    except AppError as error:
        pytest.skip(str(error))
    yield made
    made.close()


def test_colours_are_changed_and_drawn(benchmark: Any, drawing) -> None:
    colors = random_colors(CLASSES)
    tables = itertools.cycle([colors, colors[::-1].copy()])

    def recolour():
        drawing.scene.set_color_table(next(tables))
        drawing.draw()

    benchmark(recolour)
    assert drawing.scene.steps.complete


def test_a_picture_is_drawn_in_motion(benchmark: Any, drawing) -> None:
    def move():
        drawing.scene.set_placement(orbit(drawing.scene.placement, turn=0.02, tilt=0.0))
        drawing.draw_step()

    benchmark(move)
    assert drawing.scene.steps.drawn > 0


def test_another_frame_is_swapped_in(benchmark: Any, drawing) -> None:
    frames, colors = itertools.cycle([synthetic_cloud(POINTS - less) for less in (0, 1000)]), random_colors(CLASSES)
    benchmark(lambda: drawing.scene.show(next(frames), colors))
    assert len(drawing.scene.prepared) in (POINTS, POINTS - 1000)


def test_a_frame_is_made_ready_to_draw(benchmark: Any) -> None:
    cloud, mask = cloud_of(POINTS), mask_of(POINTS)
    assert len(benchmark(lambda: prepare_cloud(cloud, mask))) == POINTS
