"""The buttons that move in time, the playing speed and whether playing starts over at the end."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.gui.icons import IconButton
from app.gui.keys import keeps_space
from app.gui.playback import SPEEDS
from app.gui.text import plain
from app.gui.theme import STEP
from app.gui.viewer import Viewer


class PlayControls(QWidget):
    """First, back, play, on, last; speed and loop; and what keeps playing from being as fast as wanted."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        playback = viewer.playback
        self.first = _button("go-first", "First frame", "Home", lambda: viewer.show_frame(0))
        self.back = _button("step-back", "Previous frame", "←", lambda: viewer.step(-1))
        self.play = _button("play", "Play", "Space", playback.toggle)
        self.forward = _button("step-forward", "Next frame", "→", lambda: viewer.step(1))
        self.last = _button("go-last", "Last frame", "End", lambda: viewer.show_frame(len(viewer.sequence) - 1))
        self.speed = SpeedButton(viewer)
        self.loop = _button("play-once", "Loop", "Ctrl+Shift+L", playback.toggle_loop)
        self.pace = QLabel()
        self.pace.setProperty("role", "attention")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        for button in (self.first, self.back, self.play, self.forward, self.last, self.speed, self.pace, self.loop):
            row.addWidget(button)
        for fact in (viewer.job_changed, viewer.wanted_changed, viewer.frame_changed, playback.changed):
            fact.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        playback, wanted, count = self._viewer.playback, self._viewer.wanted, len(self._viewer.sequence)
        self.play.set_face(*(("pause", "Pause") if playback.playing else ("play", "Play")))
        self.play.setEnabled(count > 1)
        self.loop.set_face(*_loop_face(loop=playback.loop))
        for button, possible in (
            (self.first, wanted > 0),
            (self.back, wanted > 0),
            (self.forward, wanted < count - 1),
            (self.last, wanted < count - 1),
        ):
            button.setEnabled(possible)
        self.pace.setText("" if playback.reached is None else f"{playback.reached:.1f}× reached")
        self.pace.setToolTip(plain(pace_text(playback.speed, playback.reached)))
        self.pace.setVisible(playback.reached is not None)


class SpeedButton(QToolButton):
    """Says the playing speed and offers the others."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self._viewer = viewer
        self.setProperty("role", "quiet")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._choices = QActionGroup(self)
        menu = QMenu(self)
        menu.addActions([self._choice(speed) for speed in SPEEDS])
        self.setMenu(menu)
        viewer.job_changed.connect(self._refresh)
        viewer.playback.changed.connect(self._refresh)
        self._refresh()

    def event(self, event: QEvent) -> bool:
        """Space opens the menu of the button that has the focus, instead of being the window's key for playing."""
        return keeps_space(event) or super().event(event)

    def _choice(self, speed: float) -> QAction:
        action = QAction(speed_text(speed), self._choices)
        action.setCheckable(True)
        action.setData(speed)
        action.triggered.connect(lambda _checked=False: self._viewer.playback.set_speed(speed))
        return action

    def _refresh(self) -> None:
        playback = self._viewer.playback
        self.setText(speed_text(playback.speed))
        self.setAccessibleName(f"Playing speed {speed_text(playback.speed)}")
        known = self._viewer.sequence.frame_seconds is not None
        rate = f"{1 / playback.seconds:.3g} frames a second"
        one = f"1× is the recording's own rate, {rate}" if known else f"The recording has no times: 1× is {rate}"
        self.setToolTip(plain("Playing speed (< slower, > faster)", one))
        for action in self._choices.actions():
            action.setChecked(action.data() == playback.speed)


def speed_text(speed: float) -> str:
    """``0.25×``, ``8×``."""
    return f"{speed:g}×"


def pace_text(wanted: float, reached: float | None) -> str:
    """What is to be said where decoding or drawing is slower than playing was to be."""
    if reached is None:
        return ""
    return f"{speed_text(wanted)} wanted, {reached:.1f}× reached: reading or drawing the frames takes longer"


def _button(icon: str, title: str, key: str, act: Callable[[], None]) -> IconButton:
    button = IconButton(icon, title, key=key)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _loop_face(*, loop: bool) -> tuple[str, str]:
    return ("loop", "Plays in a loop: stop at the end") if loop else ("play-once", "Stops at the end: play in a loop")
