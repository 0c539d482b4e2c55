import numpy as np
import pytest

from app.domain.color_maps import COLOR_MAPS, color_map
from app.domain.oklab import oklab

matplotlib = pytest.importorskip("matplotlib")


@pytest.mark.parametrize("name", ["viridis", "cividis", "magma", "inferno", "plasma", "turbo"])
def test_a_map_is_the_published_one_to_the_nearest_level(name):
    published = matplotlib.colormaps[name](np.arange(256))[:, :3] * 255
    assert np.abs(color_map(name) - published).max() <= 0.5


@pytest.mark.parametrize("name", COLOR_MAPS)
def test_a_map_has_256_colours_that_nobody_can_change(name):
    colors = color_map(name)
    assert (colors.shape, colors.dtype) == ((256, 3), np.uint8)
    assert not colors.flags.writeable


@pytest.mark.parametrize("name", [name for name in COLOR_MAPS if name != "turbo"])
def test_larger_numbers_are_lighter_on_grey_paper(name):
    lightness = oklab(color_map(name)[::8])[:, 0]
    assert (np.diff(lightness) > 0).all()


def test_a_map_of_no_name_is_refused():
    with pytest.raises(ValueError, match="jet"):
        color_map("jet")
