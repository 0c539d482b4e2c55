"""The strip below a saved picture of the view: what it shows, the classes in it and, without perspective, a scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from app.domain.legend import Rgb
from app.gui.theme import STEP, THEMES

LINE = 6 * STEP  # pixels of the window; two lines make the strip
HEIGHT = 2 * LINE + 2 * STEP
TEXT_PIXELS = 12
LONGEST_BAR = 160  # pixels of the window
_SWATCH = 3 * STEP
_GAP = 4 * STEP
_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Strip:
    """``classes``: (name, colour), the most points first; ``metres_per_pixel`` of the window, 0 in perspective."""

    title: str
    classes: tuple[tuple[str, Rgb], ...]
    metres_per_pixel: float = 0.0


def with_strip(image: QImage, strip: Strip, *, theme: str, ratio: float) -> QImage:
    """The picture with a strip below it; ``ratio`` device pixels make a pixel of the window."""
    tokens = THEMES[theme]
    height = round(HEIGHT * ratio)
    whole = QImage(image.width(), image.height() + height, QImage.Format.Format_RGB32)
    whole.fill(tokens.color("panel"))
    painter = QPainter(whole)
    painter.drawImage(QPoint(0, 0), image)
    painter.translate(0, image.height())
    painter.scale(ratio, ratio)
    font = QFont()
    font.setPixelSize(TEXT_PIXELS)
    painter.setFont(font)
    row = QRect(_GAP, STEP, round(image.width() / ratio) - 2 * _GAP, LINE)
    painter.setPen(tokens.color("text"))
    _paint_title(painter, strip, row)
    painter.setPen(tokens.color("secondary"))
    _paint_classes(painter, strip.classes, row.translated(0, LINE), painter.fontMetrics())
    painter.end()
    return whole


def scale_bar(metres_per_pixel: float) -> tuple[float, float]:
    """(metres, pixels of the window) of the longest bar of 1, 2 or 5 times a power of ten metres that has room."""
    room = LONGEST_BAR * metres_per_pixel
    power = 10.0 ** (len(f"{int(room)}") - 1) if room >= 1 else 0.001
    lengths = [power * step * ten for ten in (1.0, 10.0, 100.0, 1000.0) for step in _STEPS]
    metres = max((length for length in lengths if length <= room), default=power)
    return metres, metres / metres_per_pixel


def _paint_title(painter: QPainter, strip: Strip, row: QRect) -> None:
    """What is shown, and at the right the scale."""
    metrics, room = painter.fontMetrics(), row.width()
    if strip.metres_per_pixel > 0:
        room = _paint_scale(painter, strip.metres_per_pixel, row, metrics) - _GAP - row.left()
    title = metrics.elidedText(strip.title, Qt.TextElideMode.ElideMiddle, room)
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, title)


def _paint_classes(painter: QPainter, classes: Iterable[tuple[str, Rgb]], row: QRect, metrics: QFontMetrics) -> None:
    """As many as there is room for; the number of those left out is said."""
    left = list(classes)
    while left:
        name, color = left.pop(0)
        more = f"and {len(left)} more" if left else ""
        width = _SWATCH + STEP + metrics.horizontalAdvance(name)
        if row.left() + width + _GAP + metrics.horizontalAdvance(more) > row.right():
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, f"and {len(left) + 1} more")
            return
        painter.fillRect(row.left(), row.top() + (LINE - _SWATCH) // 2, _SWATCH, _SWATCH, QColor(*color))
        painter.drawText(row.adjusted(_SWATCH + STEP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        row.setLeft(row.left() + width + _GAP)


def _paint_scale(painter: QPainter, metres_per_pixel: float, row: QRect, metrics: QFontMetrics) -> int:
    """A bar with its length at the right end; returns where it begins."""
    metres, pixels = scale_bar(metres_per_pixel)
    words = f"{metres:g} m"
    begin = row.right() - round(pixels)
    painter.fillRect(begin, row.center().y(), round(pixels), 2, painter.pen().color())
    start = begin - STEP - metrics.horizontalAdvance(words)
    painter.drawText(QRect(start, row.top(), begin - start, LINE), Qt.AlignmentFlag.AlignVCenter, words)
    return start
