"""Where a chosen segment's label is over time, for a segment that no track of a camera stands for."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.finding import counted
from app.domain.label_totals import thing_of
from app.domain.legend import Legend
from app.domain.segment import Segment
from app.domain.track_facts import Span, frames_in, spans_of
from app.gui.frame_axis import LABELS, FrameAxis
from app.gui.job_counts import JobCounts
from app.gui.selection import SegmentChoice
from app.gui.text import plain, visible
from app.gui.theme import current, strong_font
from app.gui.tooltips import shows_tooltip
from app.gui.track_lane import paint_bars
from app.gui.viewer import Viewer

SIDE = 12
MIDDLE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class ThingLane(QWidget):
    """A bar over the frames that have points of the label, as far as they are counted; hidden while a track or nothing
    is chosen. A click goes to the frame under it, on the name to the frame in which the segment was chosen."""

    shown_changed = Signal()  # whether there is something to show

    def __init__(self, viewer: Viewer, counts: JobCounts, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewer, self._counts = viewer, counts
        self.segment: Segment | None = None
        self.spans: tuple[Span, ...] = ()
        self.hide()
        viewer.selection.changed.connect(self.refresh)
        viewer.selection.matched_changed.connect(self.refresh)
        counts.changed.connect(self.refresh)
        for fact in (viewer.wanted_changed, viewer.colours_changed):
            fact.connect(self.update)
        self.refresh()

    @property
    def name(self) -> str:
        """The label by the legend of the segment's frame."""
        return "" if self.segment is None else visible(f"{self._legend.name(self.segment.label_key)} · label")

    @property
    def axis(self) -> FrameAxis:
        """The same as that of the lanes below."""
        return FrameAxis.across(self.width(), count=len(self._viewer.sequence))

    def refresh(self) -> None:
        """Show what is chosen now, in what is counted now."""
        selection = self._viewer.selection
        chosen = selection.chosen
        alone = isinstance(chosen, SegmentChoice) and selection.matched is None
        self.segment = chosen.segment if isinstance(chosen, SegmentChoice) and alone else None
        self.spans = self._found()
        self.setAccessibleName(self.name)
        if self.isHidden() == (self.segment is not None):
            self.setVisible(self.segment is not None)
            self.shown_changed.emit()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Marked as what is chosen, in the colour of the label, and where we are."""
        if self.segment is None:
            return
        painter, tokens, axis = QPainter(self), current(), self.axis
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), tokens.color("panel"))
        painter.fillRect(self.rect(), tokens.color("selection"))
        painter.setFont(strong_font(self.font()))
        painter.setPen(tokens.color("text"))
        room = QRectF(SIDE, 0, LABELS - SIDE - 8, self.height())
        name = QFontMetricsF(painter.font()).elidedText(self.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, MIDDLE, name)
        painter.setBrush(self._color(self.segment))
        paint_bars(painter, self.spans, axis, middle=self.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.color("accent"))
        painter.drawRect(QRectF(axis.middle(self._viewer.wanted) - 0.75, 0, 1.5, self.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if self.segment is not None and event.button() is Qt.MouseButton.LeftButton:
            beside = event.position().x() >= LABELS
            frame = self.axis.index_at(event.position().x()) if beside else self.segment.frame_index
            self._viewer.show_frame(frame)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Taken with the press: not for the lanes below."""
        event.accept()

    def event(self, event: QEvent) -> bool:
        """The tooltip tells in how many frames the label is, and whether in the one under the cursor."""
        return shows_tooltip(event, self, self.tooltip_at) or super().event(event)

    def tooltip_at(self, at: QPointF) -> str:
        """Without a frame over the name."""
        totals, frames = self._counts.totals, len(self._viewer.sequence)
        told = f"In {counted(frames_in(self.spans), 'frame')}, counted in {totals.span(frames)}"
        if at.x() < LABELS or not frames:
            return plain(self.name, told)
        index = self.axis.index_at(at.x())
        state = "not counted yet" if index not in totals.counted else "not there"
        if any(first <= index <= last for first, last in self.spans):
            state = "there"
        return plain(f"Frame {index + 1:,}: {state}", self.name, told)

    @property
    def _legend(self) -> Legend:
        segment = self.segment
        if segment is None:
            return Legend()
        return self._viewer.sequence.frames[segment.frame_index].legend.covering((segment.label_key,))

    def _found(self) -> tuple[Span, ...]:
        if self.segment is None:
            return ()
        key = self.segment.label_key
        return spans_of(self._counts.totals.frames_of(thing_of(self._legend.get(key), key)))

    def _color(self, segment: Segment) -> QColor:
        red, green, blue, _ = self._viewer.appearance.color_table((segment.label_key,), legend=self._legend)[0].tolist()
        return QColor(red, green, blue)
