"""Frames that advance by themselves."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.gui.frames import FrameLoader

FRAMES_PER_SECOND = 10.0  # usual LiDAR rate; the services give no time stamps


class Playback(QObject):
    """Shows one frame after the other, each when it is ready: a frame that is late is waited for, never skipped."""

    changed = Signal()

    def __init__(self, frames: FrameLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = frames
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 / FRAMES_PER_SECOND))
        self._timer.timeout.connect(self._on_tick)

    @property
    def playing(self) -> bool:
        """Whether frames advance by themselves."""
        return self._timer.isActive()

    def set_playing(self, playing: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Start or stop playing; from the last frame it starts over."""
        count = len(self._frames.sequence)
        if playing == self.playing or (playing and count < 2):
            return
        if playing:
            if self._frames.wanted == count - 1:
                self._frames.show(0)
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        self.set_playing(not self.playing)

    def _on_tick(self) -> None:
        shown, wanted = self._frames.shown, self._frames.wanted
        if shown is None or shown.index != wanted:
            return
        if wanted + 1 >= len(self._frames.sequence):
            self.set_playing(False)
        else:
            self._frames.show(wanted + 1)
