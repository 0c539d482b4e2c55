"""What the checks say about the open job and the shown frame, in plain words."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import Finding, Severity, counted, merge_findings
from app.gui.icons import draw_icon
from app.gui.panels.empty import EmptyPage
from app.gui.row_paint import paint_row_background
from app.gui.text import plain, visible
from app.gui.theme import STEP, caption_font, current
from app.gui.viewer import Viewer
from app.gui.wrapped_text import paint_wrapped, wrapped_height
from app.gui.wrapping_list import WrappingList, row_width

FINDING = Qt.ItemDataRole.UserRole
NO_FINDINGS = "No findings."
NO_JOB = "Findings of the open job appear here."
ICON = 16
GAP = 8
LONGEST = 600  # characters of a message; longer ones lose their middle
LOOKS = {  # icon, token, word
    Severity.ERROR: ("error", "wrong", "Error"),
    Severity.WARNING: ("warning", "attention", "Warning"),
    Severity.INFO: ("info", "secondary", "Note"),
}
Index = QModelIndex | QPersistentModelIndex


class FindingsModel(QAbstractListModel):
    """Findings, the worst first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self.frame_names: dict[str, str] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is listed."""
        return self._findings

    def set_findings(self, findings: tuple[Finding, ...]) -> None:
        """List other findings."""
        ordered = tuple(sorted(findings, key=lambda finding: list(LOOKS).index(finding.severity)))
        if ordered != self._findings:
            self.beginResetModel()
            self._findings = ordered
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of findings."""
        return 0 if parent.isValid() else len(self._findings)

    def place(self, finding: Finding) -> str:
        """Which frame, or the whole job."""
        if not finding.frame_id:
            return "whole job"
        return self.frame_names.get(finding.frame_id, f"frame {visible(finding.frame_id, limit=24)}")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Message, spoken form, and the finding for the delegate."""
        finding = self._findings[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(finding.message, limit=LONGEST)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = LOOKS[finding.severity][2]
            return f"{word}, {self.place(finding)}: {visible(finding.message, limit=LONGEST)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(f"Rule {finding.rule}", *(["Double click to go to the frame"] if finding.frame_id else []))
        return finding if role == FINDING else None


class FindingDelegate(QStyledItemDelegate):
    """Icon and word of the severity, the frame, and below them the whole message."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped message needs at the width of the list."""
        metrics = QFontMetricsF(option.font)
        height = wrapped_height(index.data(), font=option.font, width=row_width(option) - 3 * GAP - ICON)
        return QSize(120, round(height + metrics.height()) + 4 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One finding."""
        finding: Finding = index.data(FINDING)
        icon, token, word = LOOKS[finding.severity]
        tokens = current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        paint_row_background(painter, option, rect)
        line = QFontMetricsF(option.font).height()
        top = rect.top() + STEP + 1
        color = tokens.color(token)
        draw_icon(painter, icon, QRectF(rect.left() + GAP, top + (line - ICON) / 2, ICON, ICON), color)
        text = rect.adjusted(2 * GAP + ICON, 0, -GAP, 0)
        head = QRectF(text.left(), top, text.width(), line)
        painter.setFont(option.font)
        painter.setPen(color)
        painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft), word)
        self._paint_place(
            painter, head.adjusted(QFontMetricsF(option.font).horizontalAdvance(word) + GAP, 0, 0, 0), index
        )
        painter.setFont(option.font)
        painter.setPen(tokens.color("text"))
        paint_wrapped(painter, index.data(), QRectF(text.left(), top + line + 2, text.width(), 0))
        painter.restore()

    def _paint_place(self, painter: QPainter, room: QRectF, index: Index) -> None:
        model = index.model()
        assert isinstance(model, FindingsModel)
        painter.setFont(caption_font(painter.font()))
        painter.setPen(current().color("secondary"))
        text = QFontMetricsF(painter.font()).elidedText(
            model.place(index.data(FINDING)), Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)


class FindingsPanel(QWidget):
    """Counts by severity and the list."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.model = FindingsModel(self)
        self.list = WrappingList(FindingDelegate(), "Findings")
        self.list.setModel(self.model)
        self.list.activated.connect(self._on_chosen)
        self._counts = QLabel()
        self._counts.setProperty("role", "caption")
        self._counts.setTextFormat(Qt.TextFormat.PlainText)
        self._empty = EmptyPage()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(self._counts)
        column.addWidget(self._empty, 1)
        column.addWidget(self.list, 1)
        viewer.job_changed.connect(self._on_job_changed)
        viewer.frame_changed.connect(self._refresh)
        viewer.tracking_changed.connect(self._refresh)
        viewer.rig.judged.connect(self._refresh)
        viewer.alignment.changed.connect(self._refresh)
        self._on_job_changed()

    @property
    def summary(self) -> str:
        """How many of each severity."""
        return self._counts.text()

    def _on_job_changed(self) -> None:
        frames = self._viewer.sequence.frames
        self._index_of = {frame.frame_id: index for index, frame in enumerate(frames)}
        self.model.frame_names = {frame_id: f"frame {index + 1:,}" for frame_id, index in self._index_of.items()}
        self._refresh()

    def _refresh(self) -> None:
        findings = merge_findings(self._viewer.findings())
        self.model.set_findings(findings)
        counts = {severity: sum(finding.severity is severity for finding in findings) for severity in LOOKS}
        words = [counted(count, LOOKS[severity][2].lower()) for severity, count in counts.items() if count]
        self._counts.setText(" · ".join(words))
        self._counts.setVisible(bool(findings))
        self.list.setVisible(bool(findings))
        self._empty.setVisible(not findings)
        self._empty.setText(NO_FINDINGS if self._viewer.job is not None else NO_JOB)

    def _on_chosen(self, index: QModelIndex) -> None:
        frame = self._index_of.get(index.data(FINDING).frame_id)
        if frame is not None:
            self._viewer.show_frame(frame)
