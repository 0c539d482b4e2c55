"""Frames that advance by themselves, at a multiple of the recording's own rate."""

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.gui.frames import FrameLoader
from app.gui.play_order import PlayOrder

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
USUAL_SECONDS = 0.1  # between frames: the usual LiDAR rate, for recordings without times
CHECK_MS = 200  # between two looks whether what is not drawn yet is still in sight
LONGEST_DRAWING = 10.0  # seconds after which playing goes on in any case
REPORT_MS = 500
WINDOW_SECONDS = 3.0  # over which the reached speed is measured
FEWEST = 4  # steps that tell a speed
STUCK_SECONDS = 1.0  # after which waiting for a frame tells too
SLOWER = 0.9  # reached speeds below this share of the wanted one are told


class Playback(QObject):
    """Shows one frame after the other, each when it is ready: one that is late is waited for, never skipped.

    The next one comes once this one was drawn, as long as there is somebody who draws and is in sight, and once all
    that will be drawn with it is there.
    """

    changed = Signal()  # playing, speed, loop or the reached speed

    def __init__(self, frames: FrameLoader, parent: QObject, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._frames = frames
        self._clock = clock
        self._playing = self._loop = self._late = False
        self._speed = 1.0
        self._due = 0.0
        self._in_sight: Callable[[], bool] = lambda: False  # whether what is shown will be drawn
        self._has_all: Callable[[int], bool] = lambda _index: True  # whether what is drawn with a frame is there
        self._undrawn, self._shown_at = -1, 0.0
        self._advances: deque[float] = deque()
        self._reached: float | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_due)
        self._report = QTimer(self, interval=REPORT_MS)
        self._report.timeout.connect(self._on_report)
        frames.shown_changed.connect(self._on_shown)
        frames.failed.connect(self._on_failed)

    @property
    def playing(self) -> bool:
        """Whether frames advance by themselves."""
        return self._playing

    @property
    def speed(self) -> float:
        """How many times faster than recorded."""
        return self._speed

    @property
    def loop(self) -> bool:
        """Whether the first frame follows the last."""
        return self._loop

    @property
    def reached(self) -> float | None:
        """The speed that is reached where it is clearly less than the wanted one, else None."""
        return self._reached

    @property
    def seconds(self) -> float:
        """From one frame to the next, as recorded."""
        return self._frames.sequence.frame_seconds or USUAL_SECONDS

    def set_playing(self, playing: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Start or stop playing; from the last frame it starts over."""
        count = len(self._frames.sequence)
        if playing == self._playing or (playing and count < 2):
            return
        self._playing = playing
        self._tell_order()
        if playing:
            if self._frames.wanted == count - 1:
                self._frames.show(0)
            self._restart()
            self._report.start()
        else:
            self._timer.stop()
            self._report.stop()
            self._reached = None
        self.changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        self.set_playing(not self._playing)

    def set_speed(self, speed: float) -> None:
        """Play so many times faster than recorded, within what SPEEDS spans."""
        speed = max(SPEEDS[0], min(speed, SPEEDS[-1]))
        if speed != self._speed:
            self._speed = speed
            if self._playing:
                self._restart()
            self.changed.emit()

    def faster(self) -> None:
        """The next higher speed."""
        self.set_speed(min((speed for speed in SPEEDS if speed > self._speed), default=SPEEDS[-1]))

    def slower(self) -> None:
        """The next lower speed."""
        self.set_speed(max((speed for speed in SPEEDS if speed < self._speed), default=SPEEDS[0]))

    def set_loop(self, loop: bool) -> None:  # noqa: FBT001 - slot of a toggled signal
        """Go on with the first frame after the last, or stop there."""
        if loop != self._loop:
            self._loop = loop
            self._tell_order()
            self.changed.emit()

    def toggle_loop(self) -> None:
        """Loop, or not."""
        self.set_loop(not self._loop)

    def wait_for_drawing(self, in_sight: Callable[[], bool]) -> None:
        """Have every frame wait for ``note_drawn``, while ``in_sight`` says that it will be drawn."""
        self._in_sight = in_sight

    def wait_for_all(self, has_all: Callable[[int], bool]) -> None:
        """Have every frame wait until ``has_all`` says of its index that what is drawn with it is there;
        ``note_arrival`` tells that it may say so now."""
        self._has_all = has_all

    def note_arrival(self) -> None:
        """Something that is drawn with a frame is there."""
        self._catch_up()

    def note_drawn(self, index: int) -> None:
        """The frame is on screen."""
        if index == self._undrawn:
            self._undrawn = -1
            self._catch_up()

    # -- advancing ----------------------------------------------------------------------------------------------

    def _tell_order(self) -> None:
        self._frames.set_order(PlayOrder(loop=self._loop, playing=self._playing))

    def _restart(self) -> None:
        self._advances.clear()
        self._reached = None
        self._due = self._clock()
        self._wait_for_next()

    def _wait_for_next(self) -> None:
        """The next frame is due one period after this one was; more than that is not made up for by hurrying."""
        now, period = self._clock(), self.seconds / self._speed
        self._due = (now if now - self._due > period else self._due) + period
        self._late = False
        self._timer.start(max(0, round(1000 * (self._due - now))))

    @property
    def _is_ready(self) -> bool:
        shown = self._frames.shown
        if shown is None or shown.index != self._frames.wanted:
            return False
        long_ago = self._clock() - self._shown_at > LONGEST_DRAWING
        drawn = self._undrawn < 0 or not self._in_sight()
        following = self._following
        return long_ago or (drawn and (following is None or self._has_all(following)))

    @property
    def _following(self) -> int | None:
        """The frame that comes next; None at the end."""
        following = (self._frames.wanted + 1) % len(self._frames.sequence)
        return following if following or self._loop else None

    def _on_shown(self) -> None:
        shown = self._frames.shown
        self._undrawn, self._shown_at = -1 if shown is None else shown.index, self._clock()
        self._catch_up()

    def _catch_up(self) -> None:
        """From the event loop: whoever hears of a frame must not find the next one in its place."""
        if self._late and self._is_ready:
            self._timer.start(0)

    def _on_failed(self) -> None:
        self.set_playing(False)

    def _on_due(self) -> None:
        if self._is_ready:
            self._advance()
        else:
            self._late = True
            self._timer.start(CHECK_MS)

    def _advance(self) -> None:
        following = self._following
        if following is None:
            self.set_playing(False)
            return
        self._advances.append(self._clock())
        self._wait_for_next()
        self._frames.show(following)

    # -- the reached speed --------------------------------------------------------------------------------------

    def _on_report(self) -> None:
        reached = self._measured()
        slow = reached is not None and reached < SLOWER * self._speed
        told = reached if slow else None
        if told != self._reached:
            self._reached = told
            self.changed.emit()

    def _measured(self) -> float | None:
        now = self._clock()
        while len(self._advances) > FEWEST + 1 and self._advances[0] < now - WINDOW_SECONDS:
            self._advances.popleft()
        stuck = self._late and now - self._due > STUCK_SECONDS
        steps = len(self._advances) - 1
        if steps < 1 or (steps < FEWEST and not stuck):
            return None
        end = now if stuck else self._advances[-1]
        return steps * self.seconds / max(end - self._advances[0], 1e-3)
