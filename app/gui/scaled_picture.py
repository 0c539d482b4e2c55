"""A picture painted at any scale and in any tones, what was made of it kept so that repainting costs nothing."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.domain.tones import Tones
from app.gui.picture_pixels import pixels_of, writable
from app.gui.picture_placement import Placement


class ScaledPicture:
    """Holds one image, its last reduced version and the last part that was magnified in other tones; used on the GUI
    thread alone, as pixmaps must be. Never more pixels are toned than there are on screen."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._half: QImage | None = None
        self._tones = Tones()
        self._reduced: tuple[int, QSize, QPixmap] | None = None
        self._part: tuple[int, QRect, QImage] | None = None

    @property
    def image(self) -> QImage | None:
        """The picture in its own size."""
        return self._image

    def set_image(self, image: QImage | None, half: QImage | None = None) -> None:
        """Show another picture; ``half`` is the same at half its width and height, from which less is left to do."""
        self._image, self._half = image, half
        if image is None:
            self._reduced = self._part = None

    def set_tones(self, tones: Tones) -> None:
        """Draw it in other tones."""
        if tones != self._tones:
            self._tones = tones
            self._reduced = self._part = None

    def paint(self, painter: QPainter, placement: Placement, *, ratio: float) -> None:
        """Draw smoothly where reduced, as plain squares where magnified; ``ratio`` is device per logical pixels."""
        image = self._image
        if image is None:
            return
        scale = placement.scale * ratio
        if scale >= 1:
            source = QRectF(
                placement.to_picture(placement.visible.topLeft()), placement.visible.size() / placement.scale
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            self._paint_magnified(painter, image, source, placement.visible)
            return
        size = QSize(max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))
        reduced = self._at(self._half if self._half is not None and scale <= 0.5 else image, size)
        reduced.setDevicePixelRatio(ratio)
        corner = placement.rect.topLeft()
        # on whole device pixels, or drawing would blur what was just scaled with care
        painter.drawPixmap(QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), reduced)

    def _paint_magnified(self, painter: QPainter, image: QImage, source: QRectF, target: QRectF) -> None:
        if self._tones.neutral:
            painter.drawImage(target, image, source)
            return
        part = source.toAlignedRect().intersected(image.rect())
        if self._part is None or self._part[:2] != (image.cacheKey(), part):
            self._part = (image.cacheKey(), part, toned(image.copy(part), self._tones))
        painter.drawImage(target, self._part[2], source.translated(-part.x(), -part.y()))

    def _at(self, image: QImage, size: QSize) -> QPixmap:
        kept = self._reduced
        if kept is None or kept[:2] != (image.cacheKey(), size):
            aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            scaled = image.scaled(size, aspect, smooth)
            kept = (image.cacheKey(), size, QPixmap.fromImage(toned(scaled, self._tones)))
            self._reduced = kept
        return kept[2]


def toned(image: QImage, tones: Tones) -> QImage:
    """A copy of a picture of 32 bits per pixel in other tones, what it does not cover left as it is."""
    if tones.neutral:
        return image
    given = pixels_of(image)
    copy = QImage(image.size(), image.format())
    made = writable(copy)
    made[...] = np.frombuffer(given.tobytes().translate(tones.table), dtype=np.uint8).reshape(given.shape)
    made[..., 3] = given[..., 3]
    made[given[..., 3] == 0] = 0  # colours of what covers nothing must stay none
    return copy
