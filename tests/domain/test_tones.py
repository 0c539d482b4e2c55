import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.tones import BRIGHTNESS, CONTRAST, GAMMA, Tones


def table(**values: float) -> list[int]:
    return list(Tones(**values).table)


def test_without_a_change_every_value_stays():
    assert table() == list(range(256))
    assert Tones().neutral
    assert not Tones(gamma=1.1).neutral


def test_brightness_adds_contrast_stretches_around_the_middle_gamma_lightens_the_dark():
    assert table(brightness=0.2)[:2] == [51, 52]
    assert table(brightness=0.2)[204:] == [255] * 52
    assert table(contrast=2.0)[:64] == [0] * 64
    assert table(contrast=2.0)[128] - table(contrast=2.0)[127] == 2
    for value in (16, 100, 200):  # the formula of OpenCV's tutorial on gamma correction
        assert table(gamma=2.2)[value] == round(255 * (value / 255) ** (1 / 2.2))


@given(st.floats(*BRIGHTNESS), st.floats(*CONTRAST), st.floats(*GAMMA))
def test_a_lighter_pixel_is_never_drawn_darker(brightness, contrast, gamma):
    made = np.array(table(brightness=brightness, contrast=contrast, gamma=gamma))
    assert len(made) == 256
    assert (np.diff(made) >= 0).all()


@pytest.mark.parametrize("brightness", BRIGHTNESS)
def test_the_ends_of_brightness_are_black_and_white(brightness):
    assert set(table(brightness=brightness)) <= set(range(256))
    assert table(brightness=brightness)[0 if brightness > 0 else 255] == (255 if brightness > 0 else 0)
