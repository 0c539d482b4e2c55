"""Cuts that come and go while a cloud is on screen, in pixels."""

from collections.abc import Iterator

import numpy as np
import pytest

from app.domain.color_maps import color_map
from app.domain.coloring import Coloring, key_colors
from app.domain.cuts import Cuts
from app.domain.visibility import Visibility
from app.scene.offscreen import OffscreenScene
from app.scene.prepared import prepare_cloud
from tests.scene.offscreen_scene import offscreen_scene
from tests.scene.test_render import small_frame

HALF = Cuts(ceiling=1.0)  # of a cloud that is five metres high


@pytest.fixture
def drawing() -> Iterator[OffscreenScene]:
    """Points that were drawn once without cuts."""
    frame = small_frame()
    assert frame.cloud is not None
    prepared = prepare_cloud(frame.cloud, frame.mask)
    colors = key_colors(prepared.label_keys, frame.legend, Visibility(), Coloring())
    with offscreen_scene((320, 240)) as drawing:
        drawing.scene.show(prepared, colors)
        drawing.scene.set_view("ego")
        drawing.draw()
        yield drawing


def drawn(drawing: OffscreenScene) -> int:
    """Pixels that are points."""
    return int((drawing.pixels().max(axis=2) > 120).sum())


@pytest.mark.parametrize("by_number", [False, True])
def test_a_cut_takes_points_away_and_its_end_brings_them_back(drawing: OffscreenScene, by_number: bool) -> None:
    if by_number:
        cloud = small_frame().cloud
        assert cloud is not None
        drawing.scene.color_by_values(np.abs(cloud.xyz[:, 0]), color_map("viridis"), (-60.0, 30.0))
    whole = drawn(drawing)
    drawing.scene.set_cuts(HALF)
    assert drawn(drawing) < 0.5 * whole
    drawing.scene.set_cuts(Cuts())
    assert drawn(drawing) == whole
