"""How the tree of jobs looks: states on the right with their marks, a thin bar under the counts of a batch."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.gui.icons import draw_icon
from app.gui.panels.jobs_model import DAMAGED, FLAGS, ON_DISK, PARTLY, PINNED, SHARE
from app.gui.row_paint import paint_share
from app.gui.theme import CORNER, STEP, current, tabular_font

ICON = 12
GAP = 4
BAR = 2
MARGIN = 6
ICONS = {  # icon, token
    DAMAGED: ("warning", "wrong"),
    PARTLY: ("download", "attention"),
    ON_DISK: ("check", "fine"),
    PINNED: ("pin", "text"),
}
PLAIN_ROWS = """QTreeView::item:selected, QTreeView::item:hover, QTreeView::branch:selected, QTreeView::branch:hover {
    background: transparent;
}"""
Index = QModelIndex | QPersistentModelIndex


class StateDelegate(QStyledItemDelegate):
    """Marks and words, aligned to the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for marks and words."""
        width = QFontMetricsF(tabular_font(option.font)).horizontalAdvance(index.data() or "")
        height = super().sizeHint(option, index).height()
        return QSize(round(width + len(index.data(FLAGS) or ()) * (ICON + GAP)) + 2 * MARGIN, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One state."""
        text, brush = index.data() or "", index.data(Qt.ItemDataRole.ForegroundRole)
        rect = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(tabular_font(option.font))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # only plain text is readable on that
        painter.setPen(current().color("text") if selected or brush is None else brush.color())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        left = rect.right() - QFontMetricsF(painter.font()).horizontalAdvance(text)
        self._paint_flags(painter, index, left=left, middle=rect.center().y())
        share = index.data(SHARE)
        if share is not None:
            bar = QRectF(left, rect.bottom() - BAR, rect.right() - left, BAR)
            paint_share(painter, bar, share, token="fine" if share >= 1 else "accent")
        painter.restore()

    def _paint_flags(self, painter: QPainter, index: Index, *, left: float, middle: float) -> None:
        for flag in index.data(FLAGS) or ():
            name, token = ICONS[flag]
            left -= ICON + GAP
            draw_icon(painter, name, QRectF(left, middle - ICON / 2, ICON, ICON), current().color(token))


class JobsTree(QTreeView):
    """The tree without headings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIndentation(3 * STEP)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setStyleSheet(PLAIN_ROWS)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(Qt.GlobalColor.transparent))  # drawRow paints it
        self.setPalette(palette)
        self.setItemDelegateForColumn(1, StateDelegate(self))
        self.setAccessibleName("Projects, batches and jobs")

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One background behind both columns and the branches."""
        selected = self.selectionModel().isSelected(index)
        hovered = self.indexAt(self.viewport().mapFromGlobal(QCursor.pos())) if self.underMouse() else QModelIndex()
        if selected or (hovered.row(), hovered.parent()) == (index.row(), index.parent()):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().color("selection" if selected else "hover"))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), CORNER, CORNER)
            painter.restore()
        super().drawRow(painter, option, index)

    def fit_columns(self) -> None:
        """Names take what states leave; to be called once there is a model."""
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
