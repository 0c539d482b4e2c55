"""The mark of a point, the same over the 3D view and over images."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.gui.theme import CHIP_ATTENTION

RING = 7.0  # pixels from the middle of a mark to its ring
ARM = 11.0  # and to the ends of its cross
CASING, LINE = 3.5, 1.5  # pixels of the dark line under the bright one, so that it is seen on any colour


def pens(*, dashed: bool) -> tuple[QPen, QPen]:
    """The dark one below, the bright one above."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    return QPen(QColor(0, 0, 0, 170), CASING, style), QPen(QColor(CHIP_ATTENTION), LINE, style)


def paint_cross(painter: QPainter, at: QPointF, *, hollow: bool = False) -> None:
    """A ring with four arms; ``hollow`` for a point that something stands before: a dashed ring alone."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in pens(dashed=hollow):
        if hollow:
            pen.setDashPattern([length / pen.widthF() for length in (3.0, 2.5)])  # as long in both lines
        painter.setPen(pen)
        painter.drawEllipse(at, RING, RING)
        for across, down in () if hollow else ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(across, down)
            painter.drawLine(at + way * (RING - 3), at + way * ARM)
