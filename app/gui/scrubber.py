"""The line of frames that is dragged to move in time."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.gui.frame_axis import LABELS, TIGHT, FrameAxis
from app.gui.frame_marks import FrameMarks
from app.gui.mark_painting import BAR_HEIGHT, BAR_TOP, MarkPainter, legend_lines
from app.gui.text import plain
from app.gui.theme import Tokens, caption_font, current
from app.gui.tooltips import shows_tooltip
from app.gui.viewer import Viewer

HEIGHT = 32
TEN = 10


class Scrubber(QSlider):
    """A slider over the frames, with marks for what is known of each.

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
        marks.marks_changed.connect(self._on_marks_changed)
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
        self._on_marks_changed()

    def _on_marks_changed(self) -> None:
        self._describe()
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
        marks = MarkPainter(painter, axis, tokens)
        marks.paint(self._marks)
        self._paint_position(painter, axis, tokens, bar=marks.bar(self.value(), self.value()))

    def _paint_position(self, painter: QPainter, axis: FrameAxis, tokens: Tokens, *, bar: QRectF) -> None:
        wanted, shown = self.value(), self._viewer.shown
        if shown is not None and shown.index != wanted:  # still on its way: mark what the window shows
            painter.setPen(QPen(tokens.color("secondary"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(axis.middle(shown.index), 2), QPointF(axis.middle(shown.index), HEIGHT))
        accent = QColor(tokens.accent)
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
        return shows_tooltip(event, self, lambda at: self.tooltip_at(at.x())) or super().event(event)

    def tooltip_at(self, x: float) -> str:
        """Number, id and states of the frame at a position; left of all frames what the marks mean."""
        axis = self.axis
        if not axis.count:
            return ""
        if x < axis.left:
            return plain(*legend_lines(self._marks))
        index = axis.index_at(x)
        lines = [f"Frame {index + 1} of {axis.count}", self._viewer.sequence.frames[index].frame_id]
        return plain(*lines, *(state.value.capitalize() for state in self._marks.states(index)))

    def _describe(self) -> None:
        """The same for assistive tools, of the frame that is asked for."""
        axis = self.axis
        states = self._marks.states(self._viewer.wanted) if axis.count else ()
        said = f"Frame {self._viewer.wanted + 1} of {axis.count}: {', '.join(state.value for state in states)}"
        self.setAccessibleDescription(said if axis.count else "")
