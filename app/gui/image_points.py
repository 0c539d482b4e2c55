"""The points of the shown frame over a camera's picture, in the colours that they have in the 3D view."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from app.domain.arrays import Bytes, Float64
from app.domain.point_look import ImagePoints
from app.domain.point_splats import Packed, packed, splat
from app.domain.sight import PIXEL_MIDDLE, CameraSight
from app.gui.drawn_colors import colors_of
from app.gui.image_layer import ImageLayer
from app.gui.picture_placement import Placement
from app.gui.viewer import Viewer

THINNEST_RIMMED = 2  # device pixels: a spot less wide has no rim
DARK = 90  # of 255: what is darker has a light rim, all else a dark one
LIGHT_RIM, DARK_RIM = 0xC0C0C0C0, 0x70000000  # 0xAARRGGBB, premultiplied
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of red, green and blue, ITU-R BT.709
USUAL_WIDTH = 640.0  # pixels of a view in which points have the chosen size; in a narrower one they are smaller


@dataclass(frozen=True, eq=False)
class Raster:
    """A part of a view in device pixels: ``image`` with its pixel ratio set, and where its upper left corner lies."""

    image: QImage
    corner: QPointF


@dataclass(frozen=True)
class _Asked:
    """What a raster was made for."""

    placement: Placement
    ratio: float
    size: float
    occlusion: bool


class PointsLayer(ImageLayer):
    """Projects nothing itself: what the camera sees comes from ``viewer.sights``, and only colours are looked up anew
    when they change. What is painted is kept until it would be another."""

    above_boxes = False

    def __init__(self, viewer: Viewer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._sight: CameraSight | None = None
        self._colors: Bytes | None = None
        self._stale = True  # the colours, or they are not those of the sight
        self._raster: tuple[_Asked, Raster] | None = None
        painter, appearance = viewer.painter, viewer.appearance
        colours = (viewer.colours_changed, painter.changed, painter.ramp_changed, appearance.cuts_changed)
        for fact in (*colours, viewer.neighbours.stack_changed):
            fact.connect(self._on_colours_changed)
        appearance.image_points_changed.connect(self.changed)
        viewer.sights.changed.connect(self._on_sights_changed)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """One image of all points in view; nothing while what the camera sees is being worked out."""
        settings = self._viewer.appearance.image_points
        if not settings.shown or not self._is_ready():
            return
        raster = self._rastered(placement, settings, ratio=painter.device().devicePixelRatioF())
        if raster is not None:
            painter.setOpacity(settings.opacity)
            painter.drawImage(raster.corner, raster.image)

    def _on_colours_changed(self) -> None:
        self._stale = True
        self._repaint()

    def _on_sights_changed(self) -> None:
        if self._sight is None:
            self._repaint()

    def _repaint(self) -> None:
        if self._viewer.appearance.image_points.shown:
            self.changed.emit()

    def _is_ready(self) -> bool:
        """Take up another sight and other colours; colours that are still being made leave the last ones."""
        sight = self._viewer.sights.of(self.placed)
        if sight is not self._sight:
            self._sight, self._colors, self._stale = sight, None, True
        if sight is not None and self._stale:
            colors = colors_of(self._viewer, sight.rows)
            if colors is not None:
                self._colors, self._stale, self._raster = colors, False, None
        return self._colors is not None

    def _rastered(self, placement: Placement, settings: ImagePoints, *, ratio: float) -> Raster | None:
        asked = _Asked(placement, ratio, settings.size, settings.occlusion)
        if self._raster is None or self._raster[0] != asked:
            made = self._made(asked)
            self._raster = None if made is None else (asked, made)
        return None if self._raster is None else self._raster[1]

    def _made(self, asked: _Asked) -> Raster | None:
        sight, colors = self._sight, self._colors
        if sight is None or colors is None:
            return None
        shown = (colors[:, 3] > 0) & sight.visible if asked.occlusion else colors[:, 3] > 0
        chosen = sight.far_to_near[shown.take(sight.far_to_near)]
        share = min(1.0, asked.placement.view.width() / USUAL_WIDTH)
        diameter = max(1, round(asked.size * share * asked.ratio))
        uv, colors = sight.uv.take(chosen, axis=0), colors.take(chosen, axis=0)
        return raster_of(uv, colors, asked.placement, ratio=asked.ratio, diameter=diameter)


def raster_of(uv: Float64, colors: Bytes, placement: Placement, *, ratio: float, diameter: int) -> Raster | None:
    """Spots of ``diameter`` device pixels on pixels (M, 2) of the picture, the last on top, in what of it is in view,
    with a rim below all spots that keeps them apart from bright and from dark pictures; None where nothing of the
    picture is in view. ``ratio``: device pixels per pixel of the view."""
    part = _device_pixels(placement.visible, ratio)
    if part.isEmpty():
        return None
    left, top, width, height = (round(value) for value in (part.left(), part.top(), part.width(), part.height()))
    at = on_screen(uv, placement, ratio=ratio) - np.array([left, top])
    pixels = splat(at, packed(colors[:, :3]), diameter=diameter, size=(width, height))
    if diameter >= THINNEST_RIMMED:
        rims = splat(at, rims_of(colors), diameter=diameter + 2, size=(width, height))
        pixels = np.where(pixels == 0, rims, pixels)
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return Raster(image, QPointF(left / ratio, top / ratio))


def rims_of(colors: Bytes) -> Packed:
    """(M,) premultiplied colours of the rims around spots of colours (M, 3 or 4) uint8: light around dark ones."""
    dark = colors[:, :3] @ LUMINANCE < DARK
    rims: Packed = np.where(dark, LIGHT_RIM, DARK_RIM).astype(np.uint32)
    return rims


def on_screen(uv: Float64, placement: Placement, *, ratio: float) -> Float64:
    """(M, 2) device pixels of the view on which pixels of the picture lie: whole numbers are the middles of pixels
    there, as in OpenCV, and their corners on the screen."""
    scale, corner = placement.scale * ratio, placement.rect.topLeft() * ratio
    offset = np.array([corner.x(), corner.y()])
    if scale < 1:
        offset = np.rint(offset)  # as the picture itself where it is reduced
    placed: Float64 = (uv + PIXEL_MIDDLE) * scale + offset
    return placed


def _device_pixels(rect: QRectF, ratio: float) -> QRectF:
    """All whole device pixels that a part of the view touches."""
    left, top = math.floor(rect.left() * ratio), math.floor(rect.top() * ratio)
    return QRectF(left, top, math.ceil(rect.right() * ratio) - left, math.ceil(rect.bottom() * ratio) - top)
