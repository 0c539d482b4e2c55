"""What decoded frames hold of the memory, and how much they may."""

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from app.domain.finding import counted
from app.gui.frame_cache import MB
from app.gui.frames import FrameLoader
from app.gui.keys import keeps_space
from app.gui.preferences import Preferences
from app.gui.services import Services
from app.gui.text import plain
from app.gui.theme import keep_room
from app.gui.viewer import Viewer
from app.memory import Memory, memory_now

AUTOMATIC = 0
LEAST_MB, MOST_MB = 256, 2048
CHOICES_MB = (AUTOMATIC, 256, 512, 1024, 2048, 4096)
SHARE = 8  # of the machine's memory, one part in so many
TIP = "Frames are decoded ahead and kept up to this limit. Click to change it."


class FrameMemory(QToolButton):
    """``prefetch 12 frames · 310 of 768 MB``; clicked it offers other limits."""

    limit_chosen = Signal(int)  # in 10^6 bytes, AUTOMATIC for a share of the machine's memory

    def __init__(self, frames: FrameLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames = frames
        self._line = self._short = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("role", "caption")
        keep_room(self)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._choices = QActionGroup(self)
        menu = QMenu(self)
        menu.addActions([self._choice(megabytes) for megabytes in CHOICES_MB])
        self.setMenu(menu)
        frames.cache_changed.connect(self._refresh)
        frames.availability_changed.connect(self._refresh)
        self._refresh()

    def mark(self, megabytes: int) -> None:
        """Mark the limit that is chosen."""
        for action in self._choices.actions():
            action.setChecked(action.data() == megabytes)

    @property
    def whole_width(self) -> int:
        """Pixels that the whole line takes."""
        return self._width_of(self._line)

    @property
    def short_width(self) -> int:
        """Pixels that what is held and the limit take."""
        return self._width_of(self._short)

    def shorten(self, *, short: bool) -> None:
        """Say only what is held and the limit, or how many frames it is too."""
        self.setText(self._short if short else self._line)
        self.setToolTip(plain(*([self._line] if short else []), TIP))

    def minimumSizeHint(self) -> QSize:
        """Room for the short line, so that a narrow window can be made narrower."""
        return QSize(self.short_width, super().minimumSizeHint().height())

    def _width_of(self, line: str) -> int:
        metrics = self.fontMetrics()
        return super().sizeHint().width() - metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(line)

    def event(self, event: QEvent) -> bool:
        """Space opens the menu of the button that has the focus, instead of being the window's key for playing."""
        return keeps_space(event) or super().event(event)

    def _choice(self, megabytes: int) -> QAction:
        text = "Automatic: a share of the memory" if megabytes == AUTOMATIC else f"{megabytes:,} MB"
        action = QAction(text, self._choices)
        action.setCheckable(True)
        action.setData(megabytes)
        action.triggered.connect(lambda _checked=False: self.limit_chosen.emit(megabytes))
        return action

    def _refresh(self) -> None:
        frames, before = self._frames, self._short
        self._short = held_text(frames.cached_bytes, frames.limit_bytes)
        self._line = memory_text(len(frames.cached), frames.cached_bytes, frames.limit_bytes)
        self.shorten(short=self.text() == before)
        self.setAccessibleName(f"Frames in memory: {self._line}")
        self.setVisible(len(frames.sequence) > 0)


class FrameLimit(QObject):
    """Keeps the limit that the settings ask for; how much memory the machine has is found out in the background."""

    def __init__(self, viewer: Viewer, shown: FrameMemory, services: Services, preferences: Preferences) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._shown = shown
        self._preferences = preferences
        shown.limit_chosen.connect(self._on_chosen)
        self._apply(services.settings.frame_memory_mb)

    def _on_chosen(self, megabytes: int) -> None:
        self._preferences.remember_frame_memory(megabytes)
        self._apply(megabytes)

    def _apply(self, megabytes: int) -> None:
        self._shown.mark(megabytes)
        self._viewer.runner.run(
            lambda _progress: limit_for(megabytes, memory=memory_now()),
            title="Looking how much memory there is",
            key="frame-memory",
            quiet=True,
            on_success=self._viewer.frames.set_limit,
        )


def memory_text(count: int, held: int, limit: int) -> str:
    """``prefetch 12 frames · 310 of 768 MB``."""
    return f"prefetch {counted(count, 'frame')} · {held_text(held, limit)}"


def held_text(held: int, limit: int) -> str:
    """``310 of 768 MB``; what is held is rounded up."""
    return f"{-(-held // MB):,} of {limit // MB:,} MB"


def limit_for(chosen_mb: int, *, memory: Memory | None) -> int:
    """Bytes that kept frames may hold: what was chosen, else an eighth of the machine's memory within bounds."""
    if chosen_mb != AUTOMATIC:
        return max(chosen_mb, LEAST_MB) * MB
    share = memory.total // SHARE if memory is not None else 0
    return max(LEAST_MB * MB, min(share, MOST_MB * MB))
