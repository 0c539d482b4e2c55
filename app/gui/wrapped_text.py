"""Plain text wrapped between words, and inside them only where one is wider than the room."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption


def wrapped(
    text: str, *, font: QFont, width: float, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> QTextLayout:
    """The text laid out in lines of at most ``width`` pixels; markup is not read."""
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0))
        line.setPosition(QPointF(0.0, top))
        top += line.height()
    layout.endLayout()
    return layout


def wrapped_height(text: str, *, font: QFont, width: float) -> float:
    """Height in pixels that the wrapped text needs."""
    return height_of(wrapped(text, font=font, width=width))


def height_of(layout: QTextLayout) -> float:
    """Height of all lines in pixels."""
    return sum(layout.lineAt(number).height() for number in range(layout.lineCount()))


def paint_wrapped(painter: QPainter, text: str, rect: QRectF) -> None:
    """Draw with the painter's font and pen, from the top left of ``rect``."""
    wrapped(text, font=painter.font(), width=rect.width()).draw(painter, rect.topLeft())


def paint_centered(painter: QPainter, text: str, rect: QRectF) -> None:
    """Draw with the painter's font and pen in the middle of ``rect``."""
    layout = wrapped(text, font=painter.font(), width=rect.width(), align=Qt.AlignmentFlag.AlignHCenter)
    layout.draw(painter, rect.topLeft() + QPointF(0.0, max(0.0, (rect.height() - height_of(layout)) / 2)))
