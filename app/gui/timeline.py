"""Moving in time: buttons, the frame's number and id, the scrubber and the track lanes."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.gui.frame_marks import FrameMarks
from app.gui.icons import IconButton
from app.gui.scrubber import Scrubber
from app.gui.text import ElidingLabel
from app.gui.theme import STEP, tabular_font
from app.gui.track_lanes import TrackLanes
from app.gui.viewer import Viewer

NO_FRAMES = "No frames"
SPEED = "1×"
SPEED_TIP = "Playing speed: ten frames a second, each one when it is ready"


class Timeline(QWidget):
    """The bar below the pictures."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.marks = FrameMarks(viewer, self)
        self.scrubber = Scrubber(viewer, self.marks)
        self.lanes = TrackLanes(viewer)
        self._build()
        viewer.job_changed.connect(self._refresh)
        viewer.wanted_changed.connect(self._refresh)
        viewer.frame_changed.connect(self._refresh)
        viewer.playback.changed.connect(self._refresh)
        self.marks.marks_changed.connect(self._refresh_caption)
        self._refresh()
        self._refresh_caption()

    def _build(self) -> None:
        viewer = self._viewer
        self._first = self._button("go-first", "First frame", "Home", lambda: viewer.show_frame(0))
        self._back = self._button("step-back", "Previous frame", "←", lambda: viewer.step(-1))
        self._play = self._button("play", "Play", "Space", viewer.playback.toggle)
        self._forward = self._button("step-forward", "Next frame", "→", lambda: viewer.step(1))
        self._last = self._button("go-last", "Last frame", "End", lambda: viewer.show_frame(len(viewer.sequence) - 1))
        self._speed = QLabel(SPEED)
        self._speed.setProperty("role", "caption")
        self._speed.setToolTip(SPEED_TIP)
        self._number = QLabel()
        self._number.setTextFormat(Qt.TextFormat.PlainText)
        self._number.setFont(tabular_font(self.font()))
        self._frame_id = ElidingLabel()
        self._frame_id.setProperty("role", "caption")
        self._caption = ElidingLabel()
        self._caption.setProperty("role", "caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()

    def _button(self, icon: str, title: str, key: str, act: Callable[[], None]) -> IconButton:
        button = IconButton(icon, title, key=key)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(2 * STEP, 0, 4 * STEP, 0)
        row.setSpacing(STEP)
        for button in (self._first, self._back, self._play, self._forward, self._last):
            row.addWidget(button)
        row.addWidget(self._speed)
        row.addSpacing(STEP)
        row.addWidget(self._number)
        row.addSpacing(STEP)
        row.addWidget(self._frame_id, 1)
        row.addWidget(self._caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP, 0, STEP)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.scrubber)
        column.addWidget(self.lanes, 1)
        column.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Timeline")
        self.setAutoFillBackground(True)

    def _refresh(self) -> None:
        viewer, count = self._viewer, len(self._viewer.sequence)
        self._number.setText(f"frame {viewer.wanted + 1:,} of {count:,}" if count else NO_FRAMES)
        self._number.setEnabled(count > 0)
        self._speed.setVisible(count > 0)
        self._frame_id.setText(viewer.sequence.frames[viewer.wanted].frame_id if count else "")
        icon, title = ("pause", "Pause") if viewer.playback.playing else ("play", "Play")
        self._play.set_face(icon, title)
        self._play.setEnabled(count > 1)
        for button, possible in (
            (self._first, viewer.wanted > 0),
            (self._back, viewer.wanted > 0),
            (self._forward, viewer.wanted < count - 1),
            (self._last, viewer.wanted < count - 1),
        ):
            button.setEnabled(possible)

    def _refresh_caption(self) -> None:
        self._caption.setText(self.marks.caption)
