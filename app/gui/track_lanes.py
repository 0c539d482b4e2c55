"""Tracks over time: one lane each, a bar where the track has a box and a gap where it has none."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from app.gui.frame_axis import LABELS, FrameAxis
from app.gui.job_counts import JobCounts
from app.gui.text import plain, visible
from app.gui.theme import Tokens, caption_font, current, strong_font
from app.gui.thing_lane import ThingLane
from app.gui.tooltips import shows_tooltip
from app.gui.track_lane import Lane, lanes_of, paint_lane
from app.gui.viewer import Viewer
from app.jobs import TrackSummary

ROW = 22  # pixels
USUAL_ROWS = 4
FEWEST_ROWS = 3
SIDE = 12
LEFT_MIDDLE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT_MIDDLE = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class TrackLanes(QAbstractScrollArea):
    """About four lanes at a time; the selected track is scrolled to the top, at first what is in the shown frame. Their
    order never changes, so that they stand still while frames play."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._lanes: tuple[Lane, ...] = ()
        self._arranged: tuple[TrackSummary, ...] | None = None
        self._hovered: int | None = None
        self.thing: ThingLane | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Tracks over time, in the order in which they begin")
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW)
        viewer.job_changed.connect(self._on_job_changed)
        viewer.tracking_changed.connect(self._on_tracking_changed)
        viewer.selection_changed.connect(self._on_selection_changed)
        viewer.wanted_changed.connect(self.viewport().update)
        viewer.frame_changed.connect(self.viewport().update)
        viewer.box_style.changed.connect(self.viewport().update)
        self._set_lanes(())
        self._on_tracking_changed()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes, the track that begins first before the others."""
        return self._lanes

    @property
    def axis(self) -> FrameAxis:
        """Where the frames lie; the same as in the scrubber above."""
        return FrameAxis.across(self.width(), count=len(self._viewer.sequence))

    def mark_things(self, counts: JobCounts) -> None:
        """Keep a line at the top for a chosen segment that no track stands for, as wide as the lanes."""
        self.thing = ThingLane(self._viewer, counts, self)
        self.thing.shown_changed.connect(self._make_room)

    def _make_room(self) -> None:
        line = self.thing
        if line is not None:
            self.setViewportMargins(0, 0 if line.isHidden() else ROW, 0, 0)
            line.setGeometry(0, 0, self.width(), ROW)

    def sizeHint(self) -> QSize:
        """Up to four lanes."""
        return QSize(320, ROW * max(FEWEST_ROWS, min(len(self._lanes), USUAL_ROWS)))

    def minimumSizeHint(self) -> QSize:
        """Room for a few lanes, kept free until tracks arrive: the pictures above must not jump then."""
        return QSize(LABELS, ROW * FEWEST_ROWS)

    def row_rect(self, row: int) -> QRect:
        """Where a lane lies in the viewport."""
        return QRect(0, row * ROW - self.verticalScrollBar().value(), self.viewport().width(), ROW)

    # -- the viewer's news ----------------------------------------------------------------------------------------

    def _on_job_changed(self) -> None:
        self._arranged = None
        self._set_lanes(())

    def _on_tracking_changed(self) -> None:
        tracks = self._viewer.tracks
        if tracks is not self._arranged:  # else only the state of a camera changed
            self._arranged = tracks
            had = bool(self._lanes)
            self._set_lanes(lanes_of(tracks, frames=len(self._viewer.sequence)))
            if not had and self._selected_row() is None:
                self._scroll_to_shown()

    def _scroll_to_shown(self) -> None:
        shown = self._viewer.wanted
        row = next((row for row, lane in enumerate(self._lanes) if lane.holds(shown)), 0)
        self.verticalScrollBar().setValue(row * ROW)

    def _set_lanes(self, lanes: tuple[Lane, ...]) -> None:
        self._lanes = lanes
        self._rows = {lane.track.key: row for row, lane in enumerate(lanes)}
        self._hovered = None
        self._refresh_range()
        self.updateGeometry()
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        row = self._selected_row()
        if row is not None and not self.viewport().rect().contains(self.row_rect(row)):
            self.verticalScrollBar().setValue(row * ROW)
        self.viewport().update()

    def _selected_row(self) -> int | None:
        chosen = self._viewer.selected_track
        return self._rows.get(chosen) if chosen is not None else None

    def _refresh_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, len(self._lanes) * ROW - self.viewport().height()))

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lanes in sight, and where we are."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, axis = current(), self.axis
        painter.fillRect(self.viewport().rect(), tokens.color("panel"))
        first = self.verticalScrollBar().value() // ROW
        last = min(len(self._lanes), first + self.viewport().height() // ROW + 2)
        several = len({lane.track.camera for lane in self._lanes}) > 1
        for row in range(first, last):
            self._paint_lane(painter, row, axis, tokens, with_camera=several)
        if axis.count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.color("accent"))
            middle = axis.middle(self._viewer.wanted)
            painter.drawRect(QRectF(middle - 0.75, 0, 1.5, self.viewport().height()))

    def _paint_lane(self, painter: QPainter, row: int, axis: FrameAxis, tokens: Tokens, *, with_camera: bool) -> None:
        lane, rect = self._lanes[row], QRectF(self.row_rect(row))
        chosen = row == self._selected_row()
        if chosen or row == self._hovered:
            painter.fillRect(rect, tokens.color("selection" if chosen else "hover"))
        self._paint_label(painter, lane, rect, tokens, chosen=chosen, with_camera=with_camera)
        color = self._viewer.box_style.color(lane.track.label, lane.track.track_id)
        paint_lane(painter, lane, axis, middle=rect.center().y(), color=color, tokens=tokens, chosen=chosen)

    def _paint_label(
        self, painter: QPainter, lane: Lane, rect: QRectF, tokens: Tokens, *, chosen: bool, with_camera: bool
    ) -> None:
        room = QRectF(SIDE, rect.top(), LABELS - SIDE - 8, rect.height())
        if with_camera:
            painter.setFont(caption_font(self.font()))
            painter.setPen(tokens.color("text" if chosen else "secondary"))
            camera = QFontMetricsF(painter.font()).elidedText(
                visible(lane.track.camera), Qt.TextElideMode.ElideMiddle, room.width() * 0.4
            )
            painter.drawText(room, RIGHT_MIDDLE, camera)
            room.setWidth(room.width() - QFontMetricsF(painter.font()).horizontalAdvance(camera) - 8)
        painter.setFont(strong_font(self.font()) if chosen else self.font())
        painter.setPen(tokens.color("text"))
        metrics = QFontMetricsF(painter.font())
        painter.drawText(room, LEFT_MIDDLE, metrics.elidedText(lane.name, Qt.TextElideMode.ElideMiddle, room.width()))

    # -- input ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scroll range depends on the height, the line at the top on the width."""
        super().resizeEvent(event)
        self._make_room()
        self._refresh_range()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Lanes are painted where they belong, not moved."""
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the track of a lane; beside its name, go to the frame under the cursor too."""
        row = self._row_at(event.position().y())
        if row is not None and event.button() is Qt.MouseButton.LeftButton:
            self._select(row)
            if event.position().x() >= LABELS:
                self._viewer.show_frame(self.axis.index_at(event.position().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the name, go to the track's first frame; the first click selected it."""
        row = self._row_at(event.position().y())
        if row is not None and event.position().x() < LABELS:
            self._viewer.show_frame(self._lanes[row].track.first)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the lane under the cursor."""
        self._hovered = self._row_at(event.position().y())
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """No lane is under the cursor any more."""
        super().leaveEvent(event)
        self._hovered = None
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down select the neighbouring lane, Return goes to its first frame."""
        row = self._selected_row()
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        move = moves.get(Qt.Key(event.key()))
        if move is not None and self._lanes:
            self._select(max(0, min((-1 if row is None else row) + move, len(self._lanes) - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._viewer.show_frame(self._lanes[row].track.first)
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip tells the track under the cursor."""
        return shows_tooltip(event, self.viewport(), self.tooltip_at) or super().viewportEvent(event)

    def tooltip_at(self, at: QPointF) -> str:
        """The track at a height, and what it does in the frame under the cursor."""
        row = self._row_at(at.y())
        if row is None:
            return ""
        lane, inside = self._lanes[row], at.x() >= LABELS and self.axis.count > 0
        return plain(*((lane.told(self.axis.index_at(at.x())),) if inside else ()), *lane.lines())

    def _row_at(self, y: float) -> int | None:
        row = int(y + self.verticalScrollBar().value()) // ROW
        return row if 0 <= row < len(self._lanes) else None

    def _select(self, row: int) -> None:
        track = self._lanes[row].track
        self._viewer.select_track((track.camera, track.track_id))
