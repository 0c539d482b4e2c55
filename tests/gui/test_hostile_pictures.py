"""Pictures that mean harm, are broken or are unusual: each tile says why, or shows the pixels its boxes refer to."""

import io
import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPixmap

from app.gui import frames as loading
from app.gui import scaled_picture
from app.gui.camera_view import CameraView
from tests.builders import IMAGE_SIZE, small_delivery
from tests.formats.test_images import huge_png
from tests.gui.opened_viewer import opened_viewer

RED, BLUE = (220, 20, 20), (20, 20, 220)
CAR = (20, 50, 60, 30)  # x, y, width, height: where the first frame has its car
ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY host SYSTEM "file:///etc/hostname">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><text>&host;</text></svg>'
)
ROTATED = 6  # EXIF: to be turned by a quarter for looking at it


def car_picture():
    """Blue, and red where the box of the car is."""
    x, y, width, height = CAR
    pixels = np.full((IMAGE_SIZE[1], IMAGE_SIZE[0], 3), BLUE, np.uint8)
    pixels[y : y + height, x : x + width] = RED
    return Image.fromarray(pixels)


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def rotated():
    exif = Image.Exif()
    exif[0x0112] = ROTATED
    return encoded(car_picture(), "JPEG", quality=95, subsampling=0, exif=exif)


def with_picture(tmp_path, raw):
    delivery = small_delivery(tmp_path / "delivery", frames=1)
    (delivery / "files" / "cameras" / "front" / "000000.jpg").write_bytes(raw)
    return delivery


def shown(qtbot, viewer):
    view = CameraView(viewer, "front")
    qtbot.addWidget(view)
    view.resize(2 * IMAGE_SIZE[0], 2 * IMAGE_SIZE[1])
    view.show()
    return view


def color_at(view, at):
    return np.array(view.grab().toImage().pixelColor(at.toPoint()).getRgb()[:3], dtype=int)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (huge_png(50_000, 50_000), "The image is too large: 50000 x 50000 pixels"),
        (encoded(car_picture(), "JPEG")[:900], "damaged or cut short"),
        (ENTITY, "a text such as SVG or HTML"),
        (encoded(car_picture(), "GIF"), "a GIF, not a JPEG or PNG image"),
        (b"", "The image file is empty"),
    ],
    ids=["50000 x 50000", "cut short", "SVG with an entity", "another kind under this name", "empty"],
)
def test_a_picture_that_cannot_be_shown_leaves_its_reason_on_the_tile(qtbot, tmp_path, monkeypatch, raw, reason):
    painted = []
    monkeypatch.setattr("app.gui.camera_view.paint_reason", lambda _painter, told: painted.append(told.text))
    with opened_viewer(qtbot, with_picture(tmp_path, raw)) as viewer:
        view = shown(qtbot, viewer)
        view.grab()
        assert reason in painted[-1]
        assert reason in view.tooltip_at(QPointF(160, 120))
        assert view.marks == () or view.shot.on_empty_plane
        assert len(viewer.shown.frame.cloud) == 500  # the points are there all the same


@pytest.mark.parametrize(
    "raw",
    [
        encoded(car_picture(), "PNG"),
        encoded(car_picture().convert("CMYK"), "JPEG", quality=95, subsampling=0),
        rotated(),
    ],
    ids=["PNG under the name of a JPEG", "CMYK", "rotated by EXIF"],
)
def test_boxes_lie_on_the_pixels_they_refer_to_however_the_picture_is_stored(qtbot, tmp_path, raw):
    with opened_viewer(qtbot, with_picture(tmp_path, raw)) as viewer:
        view = shown(qtbot, viewer)
        car = next(mark for mark in view.marks if mark.box.label == "Car" and mark.box.track_id is not None)
        x, y, width, height = CAR
        inside = view.placement.rect.topLeft() + QPointF(x + width / 2, y + height * 0.8) * view.placement.scale
        assert car.rect.contains(inside)
        assert np.abs(color_at(view, inside) - RED).max() < 60
        below = QPointF(car.rect.center().x(), car.rect.bottom() + 12)
        assert np.abs(color_at(view, below) - BLUE).max() < 60


def test_a_picture_of_16_bits_is_shown_in_its_greys(qtbot, tmp_path):
    ramp = np.linspace(0, 65_535, IMAGE_SIZE[0]).astype(np.uint16)
    raw = encoded(Image.fromarray(np.tile(ramp, (IMAGE_SIZE[1], 1))), "PNG")
    with opened_viewer(qtbot, with_picture(tmp_path, raw)) as viewer:
        image = viewer.shown.pictures["front"].image
        greys = [image.pixelColor(column, 60).getRgb()[:3] for column in (0, IMAGE_SIZE[0] - 1)]
        assert greys == [(0, 0, 0), (255, 255, 255)]


def test_pictures_are_decoded_on_other_threads_and_pixmaps_are_made_on_that_of_the_window(qtbot, tmp_path, monkeypatch):
    decoding, making = set(), set()
    load = loading.load_frame

    def watched_load(*arguments):
        decoding.add(threading.current_thread())
        return load(*arguments)

    class WatchedPixmap:
        @staticmethod
        def fromImage(image):
            making.add(threading.current_thread())
            return QPixmap.fromImage(image)

    monkeypatch.setattr(loading, "load_frame", watched_load)
    monkeypatch.setattr(scaled_picture, "QPixmap", WatchedPixmap)
    with opened_viewer(qtbot, small_delivery(tmp_path / "delivery", frames=1)) as viewer:
        view = shown(qtbot, viewer)
        view.resize(IMAGE_SIZE[0] // 2 + 40, IMAGE_SIZE[1] // 2)  # reduced pictures are kept as pixmaps
        view.grab()
    assert making == {threading.main_thread()}
    assert decoding
    assert threading.main_thread() not in decoding
