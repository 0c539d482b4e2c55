"""The lines of a box that may be cut at the picture's edges."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, qGray

ARROW = 5.0  # half the side of the mark on a cut edge, pixels
SHADE, GLOW = "#a0000000", "#c0ffffff"
DARKEST = 80  # of 255; darker lines would be lost on a dark shade: legends have such colours


def edge_of(color: QColor) -> QColor:
    """What lies around a line so that it shows on any picture: dark around light lines, light around dark ones."""
    return QColor(GLOW if qGray(color.rgb()) < DARKEST else SHADE)


def outline(rect: QRectF, cut: Qt.Edge) -> list[QPolygonF]:
    """The edges that are the box's own: a cut edge stays open."""
    edge = Qt.Edge
    corners = {
        edge.TopEdge: (rect.topLeft(), rect.topRight()),
        edge.RightEdge: (rect.topRight(), rect.bottomRight()),
        edge.BottomEdge: (rect.bottomRight(), rect.bottomLeft()),
        edge.LeftEdge: (rect.bottomLeft(), rect.topLeft()),
    }
    if not cut:
        return [QPolygonF([*(start for start, _end in corners.values()), rect.topLeft()])]
    return [QPolygonF(list(ends)) for side, ends in corners.items() if not cut & side]


def paint_cuts(painter: QPainter, rect: QRectF, cut: Qt.Edge, *, fill: QColor, edge: QColor) -> None:
    """An arrow on every cut edge, pointing to where the box goes on."""
    sides, size, middle = Qt.Edge, ARROW, rect.center()
    tips = {
        sides.LeftEdge: (QPointF(rect.left(), middle.y()), QPointF(1, 0)),
        sides.RightEdge: (QPointF(rect.right(), middle.y()), QPointF(-1, 0)),
        sides.TopEdge: (QPointF(middle.x(), rect.top()), QPointF(0, 1)),
        sides.BottomEdge: (QPointF(middle.x(), rect.bottom()), QPointF(0, -1)),
    }
    if not cut:
        return
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    for side, (tip, inward) in tips.items():
        if cut & side:
            across = QPointF(inward.y(), inward.x()) * size
            painter.drawPolygon(QPolygonF([tip, tip + inward * size + across, tip + inward * size - across]))
