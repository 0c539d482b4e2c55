"""How a row of the legend looks: swatch, name, points, a bar for the share, and an eye that shows or hides."""

import math
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from app.domain.legend_table import ClassRow, InstanceRow
from app.gui.icons import draw_icon
from app.gui.panels.legend_model import ROW, SHARE
from app.gui.text import plain
from app.gui.theme import CORNER, current, tabular_font

CLASS_AIR = 15  # pixels added to the text's height
INSTANCE_AIR = 8
SWATCH = 12
EYE = 16
GAP = 8
BAR = 2
EYES = {
    Qt.CheckState.Checked: "eye",
    Qt.CheckState.PartiallyChecked: "eye-half",
    Qt.CheckState.Unchecked: "eye-off",
}
DIM = 0.5

Index = QModelIndex | QPersistentModelIndex


class LegendDelegate(QStyledItemDelegate):
    """Paints rows and switches them by a click on the eye or by Space."""

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
        self._paint_background(painter, option)
        dimmed = row.points == 0 or state is Qt.CheckState.Unchecked
        painter.setOpacity(DIM if dimmed else 1.0)
        self._paint_swatch(painter, option.rect, row, hidden=state is Qt.CheckState.Unchecked)
        self._paint_text(painter, option, row, name=index.data())
        if isinstance(row, ClassRow):
            self._paint_bar(painter, option.rect, row, share=float(index.data(SHARE)))
        painter.setOpacity(1.0)
        token = "secondary" if state is Qt.CheckState.Checked else "text"
        eye = QRectF(eye_rect(option.rect))
        eye.moveTop(_text_middle(option.rect, row) - EYE / 2)
        draw_icon(painter, EYES[state], eye, current().color(token))
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

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens = current()
        rect = QRectF(option.rect).adjusted(-2, 0, -2, 0)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.color("hover"))
            painter.drawRoundedRect(rect, CORNER, CORNER)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("accent"), 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)

    def _paint_swatch(self, painter: QPainter, rect: QRect, row: ClassRow | InstanceRow, *, hidden: bool) -> None:
        """Full where drawn, hollow where hidden."""
        size = SWATCH if isinstance(row, ClassRow) else SWATCH - 4
        swatch = QRectF(rect.left() + 4 + (SWATCH - size) / 2, _text_middle(rect, row) - size / 2, size, size)
        color = QColor(*row.color)
        edge = current().color("secondary")
        edge.setAlphaF(0.6)  # colours close to the background still show where they are
        painter.setPen(QPen(color, 1.5) if hidden else QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if hidden else color)
        painter.drawRoundedRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, row: ClassRow | InstanceRow, *, name: str
    ) -> None:
        tokens = current()
        numbers = tabular_font(option.font)
        count = f"{row.points:,}"
        count_width = QFontMetricsF(numbers).horizontalAdvance(count)
        height = _metrics(option).height()
        middle = _text_middle(option.rect, row)
        line = QRectF(_text_left(option.rect), middle - height / 2, _text_width(option.rect), height)
        name = QFontMetricsF(option.font).elidedText(
            name, Qt.TextElideMode.ElideMiddle, line.width() - count_width - GAP
        )
        painter.setFont(option.font)
        painter.setPen(tokens.color("text"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        painter.setFont(numbers)
        painter.setPen(tokens.color("secondary"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)

    def _paint_bar(self, painter: QPainter, rect: QRect, row: ClassRow, *, share: float) -> None:
        track = QRectF(_text_left(rect), rect.bottom() - 4, _text_width(rect), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("line"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        if row.points:
            painter.setBrush(QColor(*row.color))
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


def _text_width(row: QRect) -> int:
    return eye_rect(row).left() - GAP - _text_left(row)


def _text_middle(rect: QRect, row: ClassRow | InstanceRow) -> float:
    return rect.center().y() + 0.5 - (BAR + 1 if isinstance(row, ClassRow) else 0)
