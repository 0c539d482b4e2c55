"""The line of frames that is dragged to move in time."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from app.domain.finding import Severity
from app.gui.frame_axis import LABELS, TIGHT, FrameAxis, runs
from app.gui.frame_marks import FrameMarks
from app.gui.text import plain
from app.gui.theme import Tokens, caption_font, current
from app.gui.viewer import Viewer

HEIGHT = 32
BAR_TOP = 15
BAR_HEIGHT = 7
TEN = 10


class Scrubber(QSlider):
    """A slider over the frames: full bars are on disk, hollow ones are not; a triangle is an error, a dot a warning.

    A slider, so that keys and assistive tools know it; painted here, because a style cannot show frames.
    """

    def __init__(self, viewer: Viewer, marks: FrameMarks, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._viewer = viewer
        self._marks = marks
        self.setAccessibleName("Frame")
        self.setPageStep(TEN)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        viewer.job_changed.connect(self._refresh)
        viewer.wanted_changed.connect(self._refresh)
        viewer.frame_changed.connect(self._refresh)
        marks.marks_changed.connect(self.update)
        self.valueChanged.connect(viewer.show_frame)
        self._refresh()

    @property
    def axis(self) -> FrameAxis:
        """Where the frames lie."""
        return FrameAxis.across(self.width(), count=len(self._viewer.sequence))

    def sizeHint(self) -> QSize:
        """Room for bars and marks."""
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """As high as usual, as narrow as can be."""
        return QSize(LABELS + 40, HEIGHT)

    def _refresh(self) -> None:
        blocker = QSignalBlocker(self)  # a new range would clip the value and so ask for another frame
        self.setRange(0, max(0, len(self._viewer.sequence) - 1))
        self.setValue(self._viewer.wanted)
        blocker.unblock()
        self.setEnabled(len(self._viewer.sequence) > 0)
        self.update()

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, marks, then where we are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, axis = current(), self.axis
        painter.setFont(caption_font(self.font()))
        painter.setPen(tokens.color("secondary"))
        label = QRectF(12, BAR_TOP - 6, LABELS - 16, BAR_HEIGHT + 12)
        painter.drawText(label, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), "Frames")
        if not axis.count:
            return
        self._paint_bars(painter, axis, tokens)
        self._paint_findings(painter, axis, tokens)
        self._paint_position(painter, axis, tokens)

    def _paint_bars(self, painter: QPainter, axis: FrameAxis, tokens: Tokens) -> None:
        local = self._marks.local
        painter.setPen(QPen(tokens.color("disabled"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for first, last in self._stretches(tuple(not flag for flag in local), axis):
            painter.drawRect(self._bar(axis, first, last).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("disabled"))
        for first, last in self._stretches(local, axis):
            painter.drawRect(self._bar(axis, first, last))

    def _stretches(self, flags: tuple[bool, ...], axis: FrameAxis) -> list[tuple[int, int]]:
        if axis.cell < TIGHT:
            return runs(flags)
        return [(index, index) for index, flag in enumerate(flags) if flag]

    def _bar(self, axis: FrameAxis, first: int, last: int) -> QRectF:
        gap = min(1.0, axis.cell / 8)
        left, right = axis.start(first) + gap, axis.start(last + 1) - gap
        return QRectF(left, BAR_TOP, max(right - left, 1.0), BAR_HEIGHT)

    def _paint_findings(self, painter: QPainter, axis: FrameAxis, tokens: Tokens) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index, severity in self._marks.worst.items():
            at = QPointF(axis.middle(index), BAR_TOP - 7)
            if severity is Severity.ERROR:
                painter.setBrush(tokens.color("wrong"))
                corners = [at + QPointF(0, -4), at + QPointF(4.5, 4), at + QPointF(-4.5, 4)]
                painter.drawPolygon(QPolygonF(corners))
            else:
                painter.setBrush(tokens.color("attention"))
                painter.drawEllipse(at, 3, 3)

    def _paint_position(self, painter: QPainter, axis: FrameAxis, tokens: Tokens) -> None:
        wanted, shown = self.value(), self._viewer.shown
        if shown is not None and shown.index != wanted:  # still on its way: mark what the window shows
            painter.setPen(QPen(tokens.color("secondary"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(axis.middle(shown.index), 2), QPointF(axis.middle(shown.index), HEIGHT))
        accent = QColor(tokens.accent)
        bar = self._bar(axis, wanted, wanted)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        if axis.cell >= TIGHT:
            painter.drawRect(bar)
        x = axis.middle(wanted)
        painter.drawRect(QRectF(x - 0.75, BAR_TOP - 3, 1.5, HEIGHT - BAR_TOP + 3))
        painter.drawRoundedRect(QRectF(x - 5, BAR_TOP - 3, 10, BAR_HEIGHT + 6), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.color("text"), 1.5))
            painter.drawRoundedRect(QRectF(x - 6.5, BAR_TOP - 4.5, 13, BAR_HEIGHT + 9), 4, 4)

    # -- input ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the button goes down."""
        if event.button() is Qt.MouseButton.LeftButton and self.axis.count:
            self._viewer.playback.set_playing(False)
            self.setSliderDown(True)
            self.setValue(self.axis.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the drag."""
        if self.isSliderDown():
            self.setValue(self.axis.index_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of the drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One frame a notch."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        if delta:
            self.setValue(self.value() + (1 if delta < 0 else -1))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """The tooltip tells the frame under the cursor."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def tooltip_at(self, x: float) -> str:
        """Number and id of the frame at a position, whether it is here, and whether something was found."""
        axis = self.axis
        if not axis.count or x < axis.left:
            return ""
        index = axis.index_at(x)
        lines = [f"Frame {index + 1} of {axis.count}", self._viewer.sequence.frames[index].frame_id]
        if not self._viewer.is_local(index):
            lines.append("Not on this machine yet")
        severity = self._marks.worst.get(index)
        return plain(*lines, *([f"Findings up to severity {severity}"] if severity else []))
