import numpy as np
import pytest

from app.domain.point_colors import ramp_colors, seen_colors

RAMP = np.stack([np.arange(256), 255 - np.arange(256), np.full(256, 7)], axis=1).astype(np.uint8)
GREY = (9, 9, 9)


@pytest.mark.parametrize(
    ("value", "step"), [(-5.0, 0), (0.0, 0), (10.0, 255), (99.0, 255), (5.0, 128), (np.inf, 255), (-np.inf, 0)]
)
def test_numbers_go_along_the_ramp_and_end_with_it(value, step):
    colors = ramp_colors(np.array([value], dtype=np.float32), RAMP, value_range=(0.0, 10.0), no_color=GREY)
    assert colors.tolist() == [[step, 255 - step, 7]]


def test_no_number_has_no_colour_and_a_range_of_one_number_is_taken():
    values = np.array([np.nan, 3.0, 2.0, 4.0], dtype=np.float32)
    colors = ramp_colors(values, RAMP, value_range=(3.0, 3.0), no_color=GREY)
    assert colors.tolist() == [list(GREY), RAMP[0].tolist(), RAMP[0].tolist(), RAMP[255].tolist()]
    assert ramp_colors(values[:0], RAMP, value_range=(0, 1), no_color=GREY).shape == (0, 3)


def test_what_no_camera_sees_has_no_colour():
    colors = np.array([[1, 2, 3, 255], [4, 5, 6, 0]], dtype=np.uint8)
    assert seen_colors(colors, no_color=GREY).tolist() == [[1, 2, 3], list(GREY)]
