import numpy as np
import pytest

from app.domain.color_maps import COLOR_MAPS, color_map, shown_color_map
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


def contrast(colors, background):
    """Of each colour to a background by WCAG 2, the formula of https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    share = np.vstack([colors, [background]]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance = linear @ (0.2126, 0.7152, 0.0722) + 0.05
    return np.maximum(luminance[:-1], luminance[-1]) / np.minimum(luminance[:-1], luminance[-1])


@pytest.mark.parametrize("name", COLOR_MAPS)
def test_on_a_dark_background_even_the_ends_of_a_map_are_seen(name):
    shown = shown_color_map(name, on_dark=True)
    assert contrast(shown, (16, 19, 24)).min() > 2
    assert contrast(color_map(name), (16, 19, 24)).min() < 2, "the test can fail"


@pytest.mark.parametrize("name", COLOR_MAPS)
def test_the_part_that_is_shown_keeps_its_colours_and_their_order(name):
    for on_dark in (True, False):
        shown = shown_color_map(name, on_dark=on_dark)
        assert (shown.shape, shown.dtype, shown.flags.writeable) == ((256, 3), np.uint8, False)
        places = [np.flatnonzero((color_map(name) == color).all(axis=1))[0] for color in shown]
        assert (np.diff(places) >= 0).all()
        assert len(np.unique(places)) > 128
