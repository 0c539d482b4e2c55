import threading

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.gui import shown_frame
from app.gui.picture_pixels import BAND, halved, picture_of, pixels_of
from tests.builders import small_delivery
from tests.gui.opened_viewer import opened_viewer
from tests.turns import turns_beside


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def test_a_picture_has_the_colours_of_its_pixels_and_owns_them():
    pixels = noise(5, 7)
    image = picture_of(pixels)
    expected = pixels.copy()
    pixels[:] = 0
    assert image.size() == QSize(7, 5)
    got = [[image.pixelColor(x, y).getRgb()[:3] for x in range(7)] for y in range(5)]
    assert np.array_equal(got, expected)


def test_four_channels_keep_what_does_not_cover():
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = (1, 2, 3, 255)
    image = picture_of(pixels)
    assert image.pixelColor(0, 0).getRgb() == (3, 2, 1, 255)
    assert image.pixelColor(1, 1).alpha() == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 3), (BAND, 8), (BAND + 1, 9), (3 * BAND + 7, 10)])
def test_half_a_picture_made_in_bands_is_that_made_at_once(size):
    height, width = size
    image = picture_of(np.repeat(np.repeat(noise((height + 1) // 2, (width + 1) // 2), 2, 0), 2, 1)[:height, :width])
    half = halved(image)
    assert (half.width(), half.height()) == (max(1, width // 2), max(1, height // 2))
    aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    even = image.copy(0, 0, width, max(1, height // 2 * 2))  # an odd last row is left out
    expected = even.scaled(half.size(), aspect, smooth).convertToFormat(image.format())
    assert np.abs(pixels_of(half).astype(int) - pixels_of(expected)).max() <= 2


def test_other_threads_go_on_while_pictures_are_made():
    pixels = noise(2160, 3840)
    image = QImage(3840, 2160, QImage.Format.Format_RGB32)
    assert turns_beside(lambda: picture_of(pixels)) > 0
    assert turns_beside(lambda: halved(image)) > 0
    kept = pixels.tobytes()
    assert turns_beside(lambda: kept.translate(bytes(range(256)))) == 0  # which is what this test would notice


def test_the_window_s_thread_makes_no_picture(qtbot, tmp_path, monkeypatch):
    makers = set()

    def noted(make):
        return lambda *given: makers.add(threading.current_thread()) or make(*given)

    for name in ("picture_of", "halved"):
        monkeypatch.setattr(shown_frame, name, noted(getattr(shown_frame, name)))
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=2)) as viewer:
        assert viewer.shown.pictures["front"].image is not None
    assert makers
    assert threading.main_thread() not in makers
