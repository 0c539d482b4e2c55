"""How a track looks in the list: two lines, the second with its numbers under each other."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.gui.panels.tracks_columns import cells
from app.gui.panels.tracks_model import TRACK, Index
from app.gui.row_paint import paint_row_background
from app.gui.text import visible
from app.gui.theme import STEP, Tokens, caption_font, current, tabular_font
from app.gui.track_lane import track_name
from app.jobs import TrackSummary

SWATCH = 10.0
SIDE = 6.0  # pixels at both ends of a line
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class TrackDelegate(QStyledItemDelegate):
    """``color_of`` gives a track its colour, ``is_here`` says whether it has a box in the frame that is looked at: only
    then its swatch is filled. The camera is named where there are ``several``."""

    def __init__(
        self, parent: QObject, *, color_of: Callable[[TrackSummary], QColor], is_here: Callable[[TrackSummary], bool]
    ) -> None:
        super().__init__(parent)
        self._color_of = color_of
        self._is_here = is_here
        self.several = False
        self.texts: tuple[str, ...] = ()  # the longest of each column

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room for both lines."""
        captions = QFontMetricsF(caption_font(option.font))
        return QSize(120, round(QFontMetricsF(option.font).height() + captions.height()) + 3 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One track."""
        track: TrackSummary = index.data(TRACK)
        tokens = current()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_background(painter, option, rect, selection="selection")
        upper = QRectF(rect.left() + SIDE, rect.top() + STEP, rect.width() - 2 * SIDE, rect.height() / 2 - STEP + 2)
        lower = QRectF(upper.left(), upper.bottom(), upper.width(), rect.bottom() - STEP - upper.bottom())
        self._paint_swatch(painter, track, upper)
        upper.setLeft(upper.left() + SWATCH + SIDE)
        faint = tokens.color("text" if selected else "secondary")
        if self.several:
            painter.setFont(caption_font(option.font))
            painter.setPen(faint)
            upper.setRight(upper.right() - _paint_camera(painter, upper, visible(track.camera)))
        painter.setFont(option.font)
        painter.setPen(tokens.color("text"))
        name = QFontMetricsF(option.font).elidedText(track_name(track), Qt.TextElideMode.ElideMiddle, upper.width())
        painter.drawText(upper, LEFT, name)
        self._paint_numbers(painter, track, lower, option, tokens, faint=faint)
        painter.restore()

    def _paint_swatch(self, painter: QPainter, track: TrackSummary, line: QRectF) -> None:
        color = self._color_of(track)
        place = QRectF(line.left() + 0.5, line.center().y() - SWATCH / 2, SWATCH, SWATCH)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(color if self._is_here(track) else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, 3, 3)

    def _paint_numbers(
        self,
        painter: QPainter,
        track: TrackSummary,
        line: QRectF,
        option: QStyleOptionViewItem,
        tokens: Tokens,
        *,
        faint: QColor,
    ) -> None:
        painter.setFont(tabular_font(caption_font(option.font)))
        for cell in cells(line, option.font, self.texts):
            text = cell.column.text(track)
            loud = bool(cell.column.usual) and text != cell.column.usual
            painter.setPen(tokens.color("text") if loud else faint)
            painter.drawText(cell.rect, RIGHT, text)


def _paint_camera(painter: QPainter, line: QRectF, camera: str) -> float:
    """The camera at the right end; returns the room that it took."""
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(camera, Qt.TextElideMode.ElideMiddle, line.width() * 0.4)
    painter.drawText(line, RIGHT, shown)
    return metrics.horizontalAdvance(shown) + SIDE
