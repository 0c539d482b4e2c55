"""How a row of the legend looks: swatch, name, points, a bar for the share, and an eye that shows or hides."""

import math
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from app.domain.legend import Rgb
from app.domain.legend_table import ClassRow, InstanceRow
from app.gui.icons import draw_icon
from app.gui.panels.legend_columns import LegendColumns
from app.gui.panels.legend_model import CHOSEN, COLORS, DIMMED, JOB_POINTS, ROW, SHARE
from app.gui.text import plain
from app.gui.theme import CORNER, caption_font, current, tabular_font

CLASS_AIR = 15  # pixels added to the text's height
INSTANCE_AIR = 8
SWATCH = 12
EYE = 16
GAP = 8
BAR = 2
MARK = 3  # pixels wide, at the left of the row that what is chosen belongs to
EYES = {
    Qt.CheckState.Checked: "eye",
    Qt.CheckState.PartiallyChecked: "eye-half",
    Qt.CheckState.Unchecked: "eye-off",
}
DIM_EYE = "eye-dim"
DIM = 0.5

Index = QModelIndex | QPersistentModelIndex


class LegendDelegate(QStyledItemDelegate):
    """Paints rows and switches them by a click on the eye or by Space; ``columns`` says how wide numbers are."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns = LegendColumns()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Classes are higher than instances: they carry the bar."""
        air = CLASS_AIR if isinstance(index.data(ROW).row, ClassRow) else INSTANCE_AIR
        return QSize(120, round(_metrics(option).height()) + air)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row: ClassRow | InstanceRow = index.data(ROW).row
        state = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, option, chosen=index.data(CHOSEN))
        colors, hidden = index.data(COLORS), state is Qt.CheckState.Unchecked
        painter.setOpacity(DIM if hidden else 1.0)
        self._paint_swatch(painter, option.rect, row, colors, hidden=hidden)
        if isinstance(row, ClassRow):
            self._paint_bar(painter, option.rect, row, colors[0], share=float(index.data(SHARE)))
        painter.setOpacity(1.0)
        self._paint_text(painter, option, index, pale=hidden or row.points == 0)
        token = "secondary" if state is Qt.CheckState.Checked else "text"
        eye = QRectF(eye_rect(option.rect))
        eye.moveTop(_text_middle(option.rect, row) - EYE / 2)
        dimmed = index.data(DIMMED) and state is Qt.CheckState.Checked
        draw_icon(painter, DIM_EYE if dimmed else EYES[state], eye, current().color(token))
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the eye, or Space."""
        if not self._switches(event, option):
            return False
        hidden = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Unchecked
        state = Qt.CheckState.Checked if hidden else Qt.CheckState.Unchecked
        return model.setData(index, state, Qt.ItemDataRole.CheckStateRole)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The eye explains itself; elsewhere the row does."""
        if index.isValid() and eye_rect(option.rect).adjusted(-GAP, -GAP, GAP, GAP).contains(event.pos()):
            QToolTip.showText(event.globalPos(), plain("Show or hide (Space)"), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _switches(self, event: QEvent, option: QStyleOptionViewItem) -> bool:
        if event.type() is QEvent.Type.MouseButtonRelease:
            mouse = cast(QMouseEvent, event)
            return mouse.button() is Qt.MouseButton.LeftButton and on_eye(option.rect, mouse.position().toPoint().x())
        return event.type() is QEvent.Type.KeyPress and cast(QKeyEvent, event).key() == Qt.Key.Key_Space

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem, *, chosen: bool) -> None:
        """With a mark at its left where what is chosen belongs to the row."""
        tokens = current()
        rect = QRectF(option.rect).adjusted(-2, 0, -2, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(tokens.color("selection" if chosen else "hover"))
            painter.drawRoundedRect(rect, CORNER, CORNER)
        if chosen:
            painter.setBrush(tokens.color("accent"))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 3, MARK, rect.height() - 6), MARK / 2, MARK / 2)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("accent"), 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)

    def _paint_swatch(
        self, painter: QPainter, rect: QRect, row: ClassRow | InstanceRow, colors: tuple[Rgb, ...], *, hidden: bool
    ) -> None:
        """Full where drawn, hollow where hidden; in stripes where a class has several colours."""
        size = SWATCH if isinstance(row, ClassRow) else SWATCH - 4
        swatch = QRectF(rect.left() + 4 + (SWATCH - size) / 2, _text_middle(rect, row) - size / 2, size, size)
        edge = current().color("secondary")
        edge.setAlphaF(0.6)  # colours close to the background still show where they are
        painter.setPen(QPen(QColor(*colors[0]), 1.5) if hidden else QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if hidden else _stripes(swatch, colors))
        painter.drawRoundedRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, *, pale: bool) -> None:
        tokens, row, job = current(), index.data(ROW).row, index.data(JOB_POINTS)
        numbers = tabular_font(option.font)
        height = _metrics(option).height()
        top = _text_middle(option.rect, row) - height / 2
        columns = self.columns.at(_text_left(option.rect), _text_right(option.rect), option.font)
        name = QRectF(columns.name_left, top, columns.name_right - columns.name_left, height)
        text = QFontMetricsF(option.font).elidedText(index.data(), Qt.TextElideMode.ElideMiddle, name.width())
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(option.font)
        painter.setPen(tokens.color("secondary" if pale else "text"))
        painter.drawText(name, int(left | middle), text)
        painter.setFont(numbers)
        painter.drawText(QRectF(0, top, columns.frame_right, height), int(right | middle), f"{row.points:,}")
        if job is not None and columns.job_right:
            painter.setFont(tabular_font(caption_font(option.font)))
            painter.setPen(tokens.color("secondary"))
            painter.drawText(QRectF(0, top, columns.job_right, height), int(right | middle), f"{job:,}")

    def _paint_bar(self, painter: QPainter, rect: QRect, row: ClassRow, color: Rgb, *, share: float) -> None:
        track = QRectF(_text_left(rect), rect.bottom() - 4, _text_right(rect) - _text_left(rect), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("line"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        if row.points:
            painter.setBrush(QColor(*color))
            track.setWidth(max(track.width() * math.sqrt(share), 2 * BAR))  # linear, all but the ground would vanish
            painter.drawRoundedRect(track, BAR / 2, BAR / 2)


def eye_rect(row: QRect) -> QRect:
    """Where the eye of a row is."""
    return QRect(row.right() - EYE - GAP, row.center().y() - EYE // 2, EYE, EYE)


def on_eye(row: QRect, x: int) -> bool:
    """Whether a position belongs to the eye, generously."""
    return x >= eye_rect(row).left() - GAP // 2


def _metrics(option: QStyleOptionViewItem) -> QFontMetricsF:
    return QFontMetricsF(option.font)


def _text_left(row: QRect) -> int:
    return row.left() + 4 + SWATCH + GAP


def _text_right(row: QRect) -> int:
    return eye_rect(row).left() - GAP


def _stripes(swatch: QRectF, colors: tuple[Rgb, ...]) -> QBrush:
    """One colour, or several beside each other with sharp edges."""
    if len(colors) == 1:
        return QBrush(QColor(*colors[0]))
    gradient = QLinearGradient(swatch.topLeft(), swatch.topRight())
    for number, color in enumerate(colors):
        for place in (number / len(colors) + 1e-4, (number + 1) / len(colors)):
            gradient.setColorAt(min(1.0, place), QColor(*color))
    return QBrush(gradient)


def _text_middle(rect: QRect, row: ClassRow | InstanceRow) -> float:
    return rect.center().y() + 0.5 - (BAR + 1 if isinstance(row, ClassRow) else 0)
