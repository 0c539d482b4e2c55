"""What rows of lists that paint themselves have in common."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.gui.theme import CORNER, current


def paint_row_background(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, *, selection: str = "raised"
) -> None:
    """Selected (in the colour of that name), hovered, and a frame around the row that has the keys."""
    tokens = current()
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color(selection if selected else "hover"))
        painter.drawRoundedRect(rect, CORNER, CORNER)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(tokens.color("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)


def paint_share(painter: QPainter, rect: QRectF, share: float, *, token: str = "accent") -> None:
    """A thin bar of which ``share`` in 0..1 is filled."""
    tokens, radius = current(), rect.height() / 2
    part = QRectF(rect)
    part.setWidth(rect.width() * max(0.0, min(1.0, share)))
    painter.setPen(Qt.PenStyle.NoPen)
    for bar, color in ((rect, "line"), (part, token)):
        painter.setBrush(tokens.color(color))
        painter.drawRoundedRect(bar, radius, radius)
