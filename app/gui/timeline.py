"""Moving in time: buttons, the frame's number and id, what is kept in memory, the scrubber and the track lanes."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.gui.download_queue import QueueRunner
from app.gui.frame_marks import FrameMarks
from app.gui.frame_memory import FrameMemory
from app.gui.jump_field import JumpField
from app.gui.play_controls import PlayControls
from app.gui.scrubber import Scrubber
from app.gui.text import ElidingLabel
from app.gui.theme import STEP, tabular_font
from app.gui.track_lanes import TrackLanes
from app.gui.viewer import Viewer

NO_FRAMES = "No frames"
SHORTEST_ID = 64  # pixels of a frame's id: with less it says nothing


class Timeline(QWidget):
    """The bar below the pictures; with a queue it also knows which frames are on their way."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None, *, queue: QueueRunner | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.marks = FrameMarks(viewer, self, queue=queue)
        self.controls = PlayControls(viewer)
        self.jump = JumpField(viewer)
        self.memory = FrameMemory(viewer.frames)
        self.scrubber = Scrubber(viewer, self.marks)
        self.lanes = TrackLanes(viewer)
        self._build()
        viewer.job_changed.connect(self._refresh)
        viewer.wanted_changed.connect(self._refresh)
        self.marks.marks_changed.connect(self._refresh_caption)
        viewer.frames.cache_changed.connect(self._give_room)
        self._refresh()
        self._refresh_caption()

    def _build(self) -> None:
        self._before, self._of = ElidingLabel(), ElidingLabel()
        for label in (self._before, self._of):
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._of.setFont(tabular_font(self.font()))
        self._frame_id = ElidingLabel()
        self._frame_id.setProperty("role", "caption")
        self._frame_id.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # what the others leave
        self._caption = ElidingLabel()
        self._caption.setProperty("role", "caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP, 0, STEP)
        column.setSpacing(0)
        column.addLayout(self._row())
        column.addWidget(self.scrubber)
        column.addWidget(self.lanes, 1)
        column.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Timeline")
        self.setAutoFillBackground(True)

    def _row(self) -> QHBoxLayout:
        self._line = row = QHBoxLayout()
        row.setContentsMargins(2 * STEP, 0, 4 * STEP, 0)
        row.setSpacing(STEP)
        row.addWidget(self.controls)
        row.addSpacing(STEP)
        for widget in (self._before, self.jump, self._of):
            row.addWidget(widget)
        row.addSpacing(STEP)
        row.addWidget(self._frame_id, 1)
        row.addSpacerItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding))  # where there is no id
        row.addWidget(self._caption)
        row.addWidget(self.memory)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short, what is said elsewhere too goes."""
        super().resizeEvent(event)
        self._give_room()

    def minimumSizeHint(self) -> QSize:
        """As narrow as what always stays, whatever is shown besides: a window must not refuse a width that it would
        have room for."""
        return QSize(self._least_width(), super().minimumSizeHint().height())

    def _least_width(self) -> int:
        margins, gap = self._line.contentsMargins(), self._line.spacing()
        lasting = sum(widget.sizeHint().width() + gap for widget in (self.controls, self._of))
        beside = margins.left() + margins.right() + 5 * gap
        return lasting + self.jump.maximumWidth() + beside + self.memory.short_width

    def _give_room(self) -> None:
        gap = self._line.spacing()
        room = self.width() - self._least_width()
        for label, least in ((self._before, None), (self._frame_id, SHORTEST_ID), (self._caption, None)):
            whole = label.sizeHint().width()
            needed = gap + (whole if least is None else min(whole, least))
            label.setVisible(bool(label.text()) and room >= needed)
            room -= needed if room >= needed else 0
        self.memory.shorten(short=room < self.memory.whole_width - self.memory.short_width)

    def _refresh(self) -> None:
        viewer, count = self._viewer, len(self._viewer.sequence)
        self._before.setText("frame" if count else NO_FRAMES)
        self._before.setEnabled(count > 0)
        self._of.setText(f"of {count:,}")
        self._of.setVisible(count > 0)
        self._frame_id.setText(viewer.sequence.frames[viewer.wanted].frame_id if count else "")
        self._give_room()

    def _refresh_caption(self) -> None:
        caption = self.marks.caption
        if caption != self._caption.text():
            self._caption.setText(caption)
            self._give_room()
