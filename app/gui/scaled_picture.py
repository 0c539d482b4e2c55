"""A picture painted at any scale, the reduced version kept so that repainting costs nothing."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.gui.picture_placement import Placement


class ScaledPicture:
    """Holds one image and its last reduced version; used on the GUI thread alone, as pixmaps must be."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._half: QImage | None = None
        self._reduced: tuple[int, QSize, QPixmap] | None = None

    @property
    def image(self) -> QImage | None:
        """The picture in its own size."""
        return self._image

    def set_image(self, image: QImage | None, half: QImage | None = None) -> None:
        """Show another picture; ``half`` is the same at half its width and height, from which less is left to do."""
        self._image, self._half = image, half
        if image is None:
            self._reduced = None

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
            painter.drawImage(placement.visible, image, source)
            return
        size = QSize(max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))
        reduced = self._at(self._half if self._half is not None and scale <= 0.5 else image, size)
        reduced.setDevicePixelRatio(ratio)
        corner = placement.rect.topLeft()
        # on whole device pixels, or drawing would blur what was just scaled with care
        painter.drawPixmap(QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), reduced)

    def _at(self, image: QImage, size: QSize) -> QPixmap:
        kept = self._reduced
        if kept is None or kept[:2] != (image.cacheKey(), size):
            aspect, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            kept = (image.cacheKey(), size, QPixmap.fromImage(image.scaled(size, aspect, smooth)))
            self._reduced = kept
        return kept[2]
