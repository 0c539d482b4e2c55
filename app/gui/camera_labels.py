"""What a camera view says over its picture: name and state, the cursor's place, or why there is no picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.gui.icons import draw_icon
from app.gui.text import visible
from app.gui.theme import (
    CHIP,
    CHIP_ATTENTION,
    CHIP_SECONDARY,
    CHIP_TEXT,
    CORNER,
    caption_font,
    strong_font,
    tabular_font,
)
from app.gui.wrapped_text import paint_centered, wrapped_height

SIDE = 8  # pixels left and right of a chip's text
GAP = 8
MARK = 14  # pixels of the icon before a note that wants attention
SHORTEST_MESSAGE = 24  # characters
SHORTEST_STATE = 5  # characters, what is shorter says nothing


@dataclass(frozen=True)
class Header:
    """The chip at the top left: the camera's name, half bold, and a state in secondary colour."""

    name: str
    state: str
    rect: QRectF
    name_width: float
    shortened: bool

    @staticmethod
    def fitted(name: str, state: str, *, room: QRectF, font: QFont) -> "Header":
        """As wide as the texts need, at most as ``room``. Where it is short the state gives up its middle for the name;
        a name that does not fit even alone leaves the state its room and gives up its own."""
        bold, normal = QFontMetricsF(strong_font(font)), QFontMetricsF(font)
        text_room = max(room.width() - 2 * SIDE, 0.0)
        middle = Qt.TextElideMode.ElideMiddle
        fits = not state or bold.horizontalAdvance(name) <= text_room
        beside = max(text_room * 0.4, text_room - GAP - normal.horizontalAdvance(state))
        shown_name = bold.elidedText(name, middle, text_room if fits else beside)
        name_width = bold.horizontalAdvance(shown_name)
        shown_state = normal.elidedText(state, middle, max(text_room - name_width - GAP, 0.0)) if state else ""
        if len(shown_state) < min(len(state), SHORTEST_STATE):
            shown_state = ""
        state_width = GAP + normal.horizontalAdvance(shown_state) if shown_state else 0.0
        rect = QRectF(room.topLeft(), QSizeF(name_width + state_width + 2 * SIDE, room.height()))
        return Header(shown_name, shown_state, rect, name_width, (shown_name, shown_state) != (name, state))


def paint_header(painter: QPainter, header: Header) -> None:
    """Draw the chip with the painter's font."""
    _paint_chip(painter, header.rect)
    text = header.rect.adjusted(SIDE, 0, 0, 0)
    font = QFont(painter.font())
    left = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
    painter.setPen(QColor(CHIP_TEXT))
    painter.setFont(strong_font(font))
    painter.drawText(text, left, header.name)
    painter.setPen(QColor(CHIP_SECONDARY))
    painter.setFont(font)
    painter.drawText(text.adjusted(header.name_width + GAP, 0, 0, 0), left, header.state)


@dataclass(frozen=True)
class NoteChip:
    """The chip below the header: what the boxes wait for or why they are not to be trusted, then with a mark."""

    text: str
    warns: bool
    rect: QRectF

    @staticmethod
    def fitted(text: str, *, warns: bool, room: QRectF, font: QFont) -> "NoteChip":
        """As wide as the text needs, at most as ``room``; its middle goes where that is short."""
        mark = MARK + GAP / 2 if warns else 0.0
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(room.width() - 2 * SIDE - mark, 0.0))
        size = QSizeF(metrics.horizontalAdvance(shown) + mark + 2 * SIDE, room.height())
        return NoteChip(shown, warns, QRectF(room.topLeft(), size))


def paint_note(painter: QPainter, note: NoteChip) -> None:
    """Draw the chip with the painter's font."""
    _paint_chip(painter, note.rect)
    text = note.rect.adjusted(SIDE, 0, 0, 0)
    if note.warns:
        icon = QRectF(text.left(), text.center().y() - MARK / 2, MARK, MARK)
        draw_icon(painter, "warning", icon, QColor(CHIP_ATTENTION))
        text.setLeft(icon.right() + GAP / 2)
    painter.setPen(QColor(CHIP_TEXT))
    painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine), note.text)


def paint_readout(painter: QPainter, texts: Sequence[str], *, corner: QPointF, width: float) -> None:
    """A small chip whose bottom right corner is ``corner``: the first text that fits ``width``, else the last."""
    painter.setFont(tabular_font(caption_font(painter.font())))
    metrics = QFontMetricsF(painter.font())
    text = next((text for text in texts if metrics.horizontalAdvance(text) + 2 * SIDE <= width), texts[-1])
    size = QSizeF(metrics.horizontalAdvance(text) + 2 * SIDE, metrics.height() + 6)
    rect = QRectF(QPointF(corner.x() - size.width(), corner.y() - size.height()), size)
    _paint_chip(painter, rect)
    painter.setPen(QColor(CHIP_SECONDARY))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def paint_message(painter: QPainter, text: str, *, room: QRectF, color: QColor) -> None:
    """A wrapped sentence in the middle of ``room``; what cannot fit loses its middle, never a line."""
    painter.setPen(color)
    paint_centered(painter, fitting(text, room=room, font=painter.font()), room)


def fitting(text: str, *, room: QRectF, font: QFont) -> str:
    """The text, or its beginning and end, such that it fits into ``room`` when wrapped."""
    shown = visible(text)
    while len(shown) > SHORTEST_MESSAGE and wrapped_height(shown, font=font, width=room.width()) > room.height():
        shown = visible(shown, limit=max(SHORTEST_MESSAGE, len(shown) - 8))
    return shown


def _paint_chip(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(CHIP))
    painter.drawRoundedRect(rect, CORNER, CORNER)
