"""The jobs of the download queue as rows: name, state, bar, numbers, and of a failed one the whole reason."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.amounts import size_text, speed_text
from app.domain.finding import counted
from app.gui.keys import keeps_space
from app.gui.row_paint import paint_row_background, paint_share
from app.gui.text import plain, visible
from app.gui.theme import STEP, caption_font, current, tabular_font
from app.gui.wrapped_text import paint_wrapped, wrapped_height
from app.gui.wrapping_list import WrappingList, row_width
from app.sync import ItemState, QueueItem

ITEM, NUMBERS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
GAP = 8
BAR = 4
LONGEST = 400  # characters of a reason
LOOKS = {  # word, token of the word, token of the bar
    ItemState.WAITING: ("Waiting", "secondary", "secondary"),
    ItemState.RUNNING: ("Downloading", "accent", "accent"),
    ItemState.PAUSED: ("Paused", "attention", "attention"),
    ItemState.DONE: ("On disk", "fine", "fine"),
    ItemState.FAILED: ("Failed", "wrong", "wrong"),
}
Index = QModelIndex | QPersistentModelIndex


class DownloadsModel(QAbstractListModel):
    """The queue in its order; rows keep their identity while only their numbers change."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._items: tuple[QueueItem, ...] = ()
        self._speed = 0.0  # bytes a second, of the job that runs

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """What is listed."""
        return self._items

    def set_items(self, items: tuple[QueueItem, ...], *, speed: float = 0.0) -> None:
        """List other jobs, or the same with other numbers; ``speed`` in bytes a second."""
        self._speed = speed
        if [item.job_id for item in items] != [item.job_id for item in self._items]:
            self.beginResetModel()
            self._items = items
            self.endResetModel()
            return
        earlier, self._items = self._items, items
        changed = [row for row, before in enumerate(earlier) if before != items[row]]
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))
        if any(reason(earlier[row]) != reason(items[row]) for row in changed):
            self.layoutChanged.emit()  # their height is another

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of jobs."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, spoken form, the item for the delegate."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(item.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{visible(item.title)}, {LOOKS[item.state][0]}, {self._numbers(item)} {reason(item)}".strip()
        if role == NUMBERS:
            return self._numbers(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(item.title, f"Job {item.job_id}", "Enter opens it")
        return item if role == ITEM else None

    def _numbers(self, item: QueueItem) -> str:
        runs = item.state is ItemState.RUNNING and self._speed > 0
        return f"{numbers(item)} · {speed_text(self._speed)}" if runs else numbers(item)


class DownloadDelegate(QStyledItemDelegate):
    """Three lines and a bar, more where a reason needs them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped reason needs at the width of the list."""
        item: QueueItem = index.data(ITEM)
        line, caption = QFontMetricsF(option.font).height(), caption_font(option.font)
        height = line + BAR + QFontMetricsF(caption).height() + 5 * STEP
        if reason(item):
            height += STEP + wrapped_height(reason(item), font=caption, width=row_width(option) - 2 * GAP)
        return QSize(120, round(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One job."""
        item: QueueItem = index.data(ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        paint_row_background(painter, option, rect)
        text = rect.adjusted(GAP, STEP, -GAP, 0)
        line = QFontMetricsF(option.font).height()
        _paint_head(painter, option, QRectF(text.left(), text.top(), text.width(), line), item)
        top = text.top() + line + STEP
        paint_share(
            painter, QRectF(text.left(), top, text.width(), BAR), item.fraction or 0.0, token=LOOKS[item.state][2]
        )
        painter.setFont(tabular_font(caption_font(option.font)))
        painter.setPen(current().color("secondary"))
        top += BAR + STEP
        below = QRectF(text.left(), top, text.width(), QFontMetricsF(painter.font()).height())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), index.data(NUMBERS))
        if reason(item):
            painter.setPen(current().color("wrong" if item.state is ItemState.FAILED else "attention"))
            paint_wrapped(painter, reason(item), QRectF(text.left(), below.bottom() + STEP, text.width(), 0))
        painter.restore()


class DownloadsList(WrappingList):
    """A list in which the space bar pauses and resumes."""

    space_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(DownloadDelegate(), "Downloads", parent)

    def event(self, event: Any) -> bool:
        """The space bar belongs to this list while it has the focus."""
        return keeps_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pauses or resumes the current job."""
        if event.key() == Qt.Key.Key_Space:
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)


def numbers(item: QueueItem) -> str:
    """Files and bytes of a job in a few words."""
    if item.total_files is None:
        return {ItemState.RUNNING: "Asking for the result", ItemState.FAILED: "Nothing came"}.get(
            item.state, "Not begun"
        )
    files = f"{item.files:,} of {counted(item.total_files, 'file')}"
    return f"{files} · {size_text(item.received)}" if item.received else files


def reason(item: QueueItem) -> str:
    """Why a job does not go on."""
    return visible(item.message, limit=LONGEST) if item.state in (ItemState.FAILED, ItemState.PAUSED) else ""


def _paint_head(painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, item: QueueItem) -> None:
    word, token, _ = LOOKS[item.state]
    caption = caption_font(option.font)
    painter.setFont(caption)
    painter.setPen(current().color(token))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), word)
    room = rect.width() - QFontMetricsF(caption).horizontalAdvance(word) - GAP
    painter.setFont(option.font)
    painter.setPen(current().color("text"))
    name = QFontMetricsF(option.font).elidedText(visible(item.title), Qt.TextElideMode.ElideMiddle, room)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
