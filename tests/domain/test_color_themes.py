import numpy as np
import pytest

from app.domain.color_themes import (
    COLOUR_BLIND_SAFE,
    DISTINCT,
    FILE,
    HIGH_CONTRAST,
    OKABE_ITO,
    distinct_color,
    theme_color,
)
from app.domain.legend import UNMAPPED_COLOR
from app.domain.oklab import oklab

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def seen_with(matrix, colors):
    share = np.array(colors) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    dull = np.clip(linear @ np.array(matrix).T, 0, 1)
    return 255 * np.where(dull <= 0.0031308, 12.92 * dull, 1.055 * dull ** (1 / 2.4) - 0.055)


def closest_pair(colors):
    lab = oklab(colors)
    distances = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    return distances[np.triu_indices(len(lab), 1)].min()


@pytest.mark.parametrize("kind", BLINDNESS)
def test_seven_classes_are_told_apart_without_red_and_green(kind):
    colors = [theme_color(COLOUR_BLIND_SAFE, position) for position in range(7)]
    assert closest_pair(seen_with(BLINDNESS[kind], colors)) > 0.07
    assert closest_pair(seen_with(BLINDNESS[kind], [(200, 60, 60), (120, 110, 50), *colors])) < 0.07, (
        "the test can fail"
    )


def test_more_classes_than_hues_differ_in_lightness():
    colors = [theme_color(COLOUR_BLIND_SAFE, position) for position in range(21)]
    assert colors[:7] == list(OKABE_ITO)
    assert len(set(colors)) == 21
    for first in range(7):
        lightness = np.sort(oklab(colors[first::7])[:, 0])
        assert np.diff(lightness).min() > 0.02


def test_high_contrast_keeps_any_two_of_twenty_far_apart():
    colors = [theme_color(HIGH_CONTRAST, position) for position in range(20)]
    assert closest_pair([*colors, UNMAPPED_COLOR]) > 0.1
    assert closest_pair(colors) > closest_pair([theme_color(COLOUR_BLIND_SAFE, position) for position in range(20)])


def test_the_first_distinct_colours_are_farther_apart_than_the_later_ones():
    colors = [distinct_color(position) for position in range(DISTINCT)]
    assert closest_pair(colors[:10]) > closest_pair(colors[:40]) > closest_pair(colors) > 0.05
    assert distinct_color(DISTINCT + 3) == colors[3]


def test_distinct_colours_are_bright_enough_for_points_on_the_dark_background_and_dark_enough_on_the_light_one():
    share = np.array([distinct_color(position) for position in range(DISTINCT)] + [(23, 28, 36)]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance = linear @ (0.2126, 0.7152, 0.0722) + 0.05
    assert (luminance[:-1] / luminance[-1]).min() > 3  # WCAG 2, what is not text
    assert (oklab([distinct_color(position) for position in range(DISTINCT)])[:, 0] < 0.8).all()


def test_a_theme_of_the_file_or_of_no_name_has_no_colours():
    for theme in (FILE, "neon"):
        with pytest.raises(ValueError, match=theme):
            theme_color(theme, 0)
