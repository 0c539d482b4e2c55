"""What a camera view says over its picture: name and state, the cursor's place, or why there is no picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

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
    current,
    strong_font,
    tabular_font,
)
from app.gui.wrapped_text import height_of, paint_centered, paint_wrapped, wrapped, wrapped_height

SIDE = 8  # pixels left and right of a chip's text
GAP = 8
MARK = 14  # pixels of the icon before a note that wants attention
PADDING = 4  # pixels above and below a message on a plate
PLATE_LINES = 2
SHORTEST_MESSAGE = 24  # characters
LONGEST_MESSAGE = 600
DOT = " · "  # between details

_PLACES = re.compile(r"[^\s(]*/\S*/")  # of an address or a path, all but its last part
_ASIDE = re.compile(r" \([^()]*(?:\([^()]*\)[^()]*)*\)")
_SENTENCE_END = re.compile(r"(?<=\w\w)[.!?](?= )")


@dataclass(frozen=True)
class Header:
    """The chip at the top left: the camera's name, half bold, and a state in secondary colour."""

    name: str
    state: str
    rect: QRectF
    name_width: float
    shortened: bool

    @staticmethod
    def fitted(name: str, details: Sequence[str], *, room: QRectF, font: QFont) -> "Header":
        """As wide as the texts need, at most as ``room``: the name, then as many details as fit whole, the first ones
        first. Only a name that is longer than the room gives up its middle."""
        bold, normal = QFontMetricsF(strong_font(font)), QFontMetricsF(font)
        most = max(room.width() - 2 * SIDE, 0.0)
        shown = bold.elidedText(name, Qt.TextElideMode.ElideMiddle, most)
        name_width = bold.horizontalAdvance(shown)
        states = (DOT.join(details[:count]) for count in range(len(details), 0, -1))
        state = next((words for words in states if name_width + GAP + normal.horizontalAdvance(words) <= most), "")
        state_width = GAP + normal.horizontalAdvance(state) if state else 0.0
        rect = QRectF(room.topLeft(), QSizeF(name_width + state_width + 2 * SIDE, room.height()))
        return Header(shown, state, rect, name_width, (shown, state) != (name, DOT.join(details)))


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
    def fitted(briefs: Sequence[str], *, warns: bool, room: QRectF, font: QFont) -> "NoteChip":
        """As wide as the texts need, at most as ``room``: as many as fit whole, the first ones first, then a mark that
        there are more. Only the first one gives up its middle."""
        mark = MARK + GAP / 2 if warns else 0.0
        metrics = QFontMetricsF(font)
        most = max(room.width() - 2 * SIDE - mark, 0.0)
        more = (DOT.join((*briefs[:count], "…")) for count in range(len(briefs) - 1, 0, -1))
        fits = (text for text in (DOT.join(briefs), *more) if metrics.horizontalAdvance(text) <= most)
        shown = next(fits, None) or metrics.elidedText(briefs[0], Qt.TextElideMode.ElideMiddle, most)
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


@dataclass(frozen=True)
class Reason:
    """Why there is no image: in the middle of its room, or on a chip at its foot where boxes are drawn all the same."""

    text: str
    rect: QRectF
    on_plate: bool

    @staticmethod
    def fitted(text: str, *, room: QRectF, on_plate: bool, font: QFont) -> "Reason":
        """In all of ``room``; a plate is as large as its text in ``PLATE_LINES``, and empty without room for a line."""
        inside = room.adjusted(SIDE, PADDING, -SIDE, -PADDING)
        if not on_plate:
            return Reason(fitting(text, room=inside, font=font), room, on_plate)
        line = wrapped_height("x", font=font, width=inside.width())
        inside.setTop(max(inside.top(), inside.bottom() - PLATE_LINES * line))
        if inside.height() < line:
            return Reason("", QRectF(), on_plate)
        shown = fitting(text, room=inside, font=font)
        layout = wrapped(shown, font=font, width=inside.width())
        widest = max(layout.lineAt(at).naturalTextWidth() for at in range(layout.lineCount()))
        inside.setWidth(min(ceil(widest) + 1.0, inside.width()))  # a whole pixel more, or it would wrap elsewhere
        inside.setTop(inside.bottom() - height_of(layout))
        return Reason(shown, inside.adjusted(-SIDE, -PADDING, SIDE, PADDING), on_plate)


def paint_reason(painter: QPainter, reason: Reason) -> None:
    """Draw it with the painter's font."""
    inside = reason.rect.adjusted(SIDE, PADDING, -SIDE, -PADDING)
    if not reason.on_plate:
        painter.setPen(current().color("secondary"))
        paint_centered(painter, reason.text, inside)
    elif reason.text:
        _paint_chip(painter, reason.rect)
        painter.setPen(QColor(CHIP_TEXT))
        paint_wrapped(painter, reason.text, inside)


def fitting(text: str, *, room: QRectF, font: QFont) -> str:
    """The text as it fits into ``room`` when wrapped, such that it still reads well: addresses lose all but their last
    part, what is in parentheses goes, then whole sentences, the last ones first, then the end of the first one."""

    def fits(words: str) -> bool:
        return wrapped_height(words, font=font, width=room.width()) <= room.height()

    *_, shortest = versions = _shorter_and_shorter(visible(text, limit=LONGEST_MESSAGE))
    shown = next(filter(fits, versions), shortest)
    while len(shown) > SHORTEST_MESSAGE and not fits(shown):
        kept = max(SHORTEST_MESSAGE, len(shown) - 8) - 1
        shown = f"{shown[:kept].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return shown


def _shorter_and_shorter(text: str) -> list[str]:
    brief = _PLACES.sub("\N{HORIZONTAL ELLIPSIS}/", text)
    plain = _ASIDE.sub("", brief)
    return [text, brief, plain, *(plain[: end.end()] for end in reversed(list(_SENTENCE_END.finditer(plain))))]


def _paint_chip(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(CHIP))
    painter.drawRoundedRect(rect, CORNER, CORNER)
