"""The strip below a picture, in pixels."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.gui.picture_strip import HEIGHT, Strip, scale_bar, with_strip
from app.gui.theme import THEMES

CLASSES = (("Car", (250, 10, 10)), ("Ground", (10, 240, 10)), ("Pole", (10, 10, 250)))


def painted(strip, *, width=600, ratio=1.0, theme="dark"):
    """(H, W, 3) of the strip alone."""
    image = QImage(width, 40, QImage.Format.Format_RGB32)
    image.fill(0)
    whole = with_strip(image, strip, theme=theme, ratio=ratio).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(whole.constBits(), np.uint8).reshape(whole.height(), whole.bytesPerLine())
    return rows[40:, : 3 * width].reshape(-1, width, 3).astype(int)


def count(pixels, color):
    return int((np.abs(pixels - color).max(axis=2) <= 2).sum())


@pytest.mark.usefixtures("qapp")
class TestStrip:
    @pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
    def test_every_class_has_a_swatch_as_large_as_the_ratio_asks(self, ratio):
        pixels = painted(Strip("a job", CLASSES), width=round(600 * ratio), ratio=ratio)
        assert pixels.shape[0] == round(HEIGHT * ratio)
        for _, color in CLASSES:
            assert count(pixels, color) == pytest.approx((12 * ratio) ** 2, rel=0.1)

    def test_classes_without_room_are_left_out_and_not_cut(self):
        many = tuple((f"A class with a long name {number}", (5 * number, 200, 90)) for number in range(20))
        pixels = painted(Strip("a job", many), width=500)
        shown = [count(pixels, color) for _, color in many]
        assert shown[0] > 100
        assert shown[-1] == 0
        assert sum(0 < number < 100 for number in shown) == 0

    def test_a_scale_is_drawn_as_long_as_it_says(self):
        metres_per_pixel = 0.05
        without, with_scale = (painted(Strip("", (), scale)) for scale in (0.0, metres_per_pixel))
        bar = (np.abs(with_scale - without).max(axis=2) > 20).sum(axis=1).max()
        metres, pixels = scale_bar(metres_per_pixel)
        assert metres == 5
        assert pixels == pytest.approx(100)
        assert bar == pytest.approx(pixels, abs=40)  # with the words in the same row

    def test_themes_have_their_own_background(self):
        for theme in ("dark", "light"):
            color = THEMES[theme].color("panel")
            pixels = painted(Strip("", ()), theme=theme)
            assert count(pixels, (color.red(), color.green(), color.blue())) == pixels[..., 0].size


@pytest.mark.parametrize(
    ("metres_per_pixel", "metres"),
    [(0.05, 5), (0.07, 10), (1.0, 100), (0.0001, 0.01), (12.0, 1000), (0.006, 0.5), (0.0626, 10)],
)
def test_a_scale_is_one_two_or_five_and_has_room(metres_per_pixel, metres):
    found, pixels = scale_bar(metres_per_pixel)
    assert found == pytest.approx(metres)
    assert 60 < pixels <= 160
