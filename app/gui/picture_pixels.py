"""Pixels of numpy as pictures of Qt and smaller ones of these, made on worker threads.

Qt's own calls keep the interpreter's lock to their end, so that what takes long is done in bands or by numpy, which
lets the window's thread go on meanwhile.
"""

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.domain.arrays import Bytes

BAND = 128  # rows, an even number: about a millisecond of Qt's time for a picture of the widest cameras


def picture_of(pixels: Bytes) -> QImage:
    """An image that owns its pixels and paints fast, from (H, W, 3) RGB or (H, W, 4) in Qt's own order of bytes."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB32 if channels == 3 else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(width, height, kind)
    target = writable(image)
    if channels == 4:
        target[...] = pixels
        return image
    for channel in range(3):
        target[..., 2 - channel] = pixels[..., channel]
    target[..., 3] = 255
    return image


def halved(image: QImage) -> QImage:
    """A picture at half its width and height, smoothly; never without a pixel."""
    width, height = max(1, image.width() // 2), max(1, image.height() // 2)
    half = QImage(width, height, image.format())
    target = writable(half)
    for top in range(0, height, BAND // 2):
        rows = min(BAND // 2, height - top)
        band = image.copy(0, 2 * top, image.width(), min(2 * rows, image.height()))
        aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = band.scaled(QSize(width, rows), aspect, smooth).convertToFormat(image.format())
        target[top : top + rows] = pixels_of(small)
    return half


def pixels_of(image: QImage) -> Bytes:
    """(H, W, 4) uint8 in Qt's order of bytes, of an image of 32 bits per pixel; valid as long as the image lives."""
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)


def rgb_of(image: QImage) -> Bytes:
    """(H, W, 3) uint8 RGB of the same, a view without a copy."""
    rgb: Bytes = pixels_of(image)[..., 2::-1]
    return rgb


def writable(image: QImage) -> Bytes:
    """The same to write to."""
    return np.frombuffer(image.bits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
