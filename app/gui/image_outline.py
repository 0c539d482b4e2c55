"""A line around the points of what is chosen, in each picture that they fall into."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from app.domain.arrays import Float64, Integers
from app.domain.outline import Outline, outline_of
from app.domain.sight import PIXEL_MIDDLE, CameraSight
from app.gui.image_layer import ImageLayer
from app.gui.picture_placement import Placement
from app.gui.viewer import Viewer
from app.progress import Progress

GAP, LINE, EDGE = 3.0, 2.0, 1.0  # pixels: points to line, the line, and the dark edge on both its sides
BRIGHT, DARK = QColor(255, 255, 255), QColor(0, 0, 0, 170)
HIDDEN_SHARE = 0.5  # of the opacity, where something stands before the points
DOT = 1e-3  # pixels: a line of no length would not be drawn


@dataclass(frozen=True, eq=False)
class Outlines:
    """Of what is chosen in one picture: ``whole``, and ``visible`` alone where something stands before the rest."""

    whole: QPainterPath
    visible: QPainterPath


class OutlineLayer(ImageLayer):
    """The shape is worked out on a worker thread once for each frame, camera and choice; the line is a few pixels wide
    at every zoom."""

    def __init__(self, viewer: Viewer, camera: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._key = f"outline {camera!r} {id(self)}"  # a camera may be shown twice
        self._made_of: tuple[CameraSight | None, Integers] = (None, viewer.selection.rows[:0])
        self.outlines: Outlines | None = None  # what is drawn; also None while it is being worked out
        self._painted: tuple[tuple[Placement, float], QImage] | None = None
        viewer.selection.rows_changed.connect(self.changed)
        viewer.sights.changed.connect(self._on_sights_changed)

    def paint(self, painter: QPainter, placement: Placement) -> None:
        """The line of the choice; nothing while it is being worked out."""
        self._take_up()
        if self.outlines is not None:
            painter.drawImage(QPointF(0, 0), self._image(placement, painter.device().devicePixelRatioF()))

    def _on_sights_changed(self) -> None:
        if self._made_of[0] is None and len(self._viewer.selection.rows):
            self.changed.emit()

    def _take_up(self) -> None:
        """Another choice, or the same seen otherwise."""
        rows = self._viewer.selection.rows
        sight = self._viewer.sights.of(self.placed) if len(rows) else None
        if sight is self._made_of[0] and rows is self._made_of[1]:
            return
        self._made_of, self.outlines, self._painted = (sight, rows), None, None
        self._viewer.runner.cancel_key(self._key)
        if sight is not None:
            self._viewer.runner.run(
                partial(_outlined, sight, rows),
                title="Drawing a line around points",
                key=self._key,
                quiet=True,
                on_success=self._on_outlined,
            )

    def _on_outlined(self, shapes: tuple[Outline, Outline]) -> None:
        self.outlines = Outlines(*map(path_of, shapes)) if shapes[0] else None
        self.changed.emit()

    def _image(self, placement: Placement, ratio: float) -> QImage:
        """Kept, as hovering repaints the view and the line stays."""
        if self._painted is None or self._painted[0] != (placement, ratio):
            assert self.outlines is not None
            self._painted = (placement, ratio), line_around(self.outlines, placement, ratio=ratio)
        return self._painted[1]


def _outlined(sight: CameraSight, rows: Integers, _progress: Progress) -> tuple[Outline, Outline]:
    places = sight.places_of(rows)
    return outline_of(sight.uv[places]), outline_of(sight.uv[places[sight.visible[places]]])


def path_of(outline: Outline) -> QPainterPath:
    """An outline in pixels of the picture, whose middles have whole numbers, as a path in which their corners have."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for loop in outline.loops:
        path.addPolygon(_polygon(loop))
        path.closeSubpath()
    for step in outline.steps:
        path.addPolygon(_polygon(step))
    for dot in outline.dots:
        path.addPolygon(_polygon(np.array([dot, dot + DOT])))
    return path


def _polygon(points: Float64) -> QPolygonF:
    return QPolygonF([QPointF(x + PIXEL_MIDDLE, y + PIXEL_MIDDLE) for x, y in points.tolist()])


def line_around(outlines: Outlines, placement: Placement, *, ratio: float) -> QImage:
    """The view, transparent but for the line, which is faint where no visible points are near."""
    corner, scale = placement.rect.topLeft(), placement.scale
    to_view = QTransform(scale, 0, 0, scale, corner.x(), corner.y())
    image = _nothing(placement, ratio)
    painter = _replacing(image)
    _draw_around(painter, to_view.map(outlines.whole))
    painter.end()
    painter = _replacing(shares := _nothing(placement, ratio))
    painter.fillRect(QRectF(QPointF(0, 0), placement.view), _opaque(HIDDEN_SHARE))
    _cover(painter, to_view.map(outlines.visible), GAP + LINE + 3 * EDGE, _opaque(1.0))
    painter.end()
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(QPointF(0, 0), shares)
    painter.end()
    return image


def _nothing(placement: Placement, ratio: float) -> QImage:
    size = (placement.view * ratio).toSize().expandedTo(QSize(1, 1))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _replacing(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    return painter


def _draw_around(painter: QPainter, path: QPainterPath) -> None:
    """Wide strokes one over the other, the last of which takes away what lies within: a line at a steady distance."""
    for reach, color in (
        (GAP + LINE + 2 * EDGE, DARK),
        (GAP + LINE + EDGE, BRIGHT),
        (GAP + EDGE, DARK),
        (GAP, _opaque(0.0)),
    ):
        _cover(painter, path, reach, color)


def _cover(painter: QPainter, path: QPainterPath, reach: float, color: QColor) -> None:
    """A path and what is no farther from it."""
    pen = QPen(color, 2 * reach)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(color)
    painter.drawPath(path)


def _opaque(share: float) -> QColor:
    return QColor.fromRgbF(0, 0, 0, share)
