"""The number of the frame, which can be typed over to go elsewhere."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from app.domain.sequence import Sequence
from app.gui.text import plain
from app.gui.theme import keep_room, set_look, tabular_font
from app.gui.viewer import Viewer

TIP = "Go to a frame by its number, its id or a part of the id (Ctrl+G)"
NOT_FOUND = "No frame has this number or this id"
WIDEST = "00,000"


class JumpField(QLineEdit):
    """Shows the number of the frame asked for; Return goes to what was typed, Escape leaves everything as it is."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.setFont(tabular_font(self.font()))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        keep_room(self)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(WIDEST) + 16)
        self.setAccessibleName("Go to frame")
        self.setToolTip(plain(TIP))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.returnPressed.connect(self._jump)
        self.textEdited.connect(lambda _text: self._complain(about=False))
        viewer.job_changed.connect(self._follow)
        viewer.wanted_changed.connect(self._follow)
        self._follow()

    def start(self) -> None:
        """Let the user type over the number."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed without Return is given up too."""
        super().focusOutEvent(event)
        self._show_number()

    def _follow(self) -> None:
        if not (self.hasFocus() and self.isModified()):
            self._show_number()

    def _show_number(self) -> None:
        count = len(self._viewer.sequence)
        self.setVisible(count > 0)
        self.setText(f"{self._viewer.wanted + 1:,}" if count else "")
        self._complain(about=False)

    def _jump(self) -> None:
        index = find_frame(self.text(), self._viewer.sequence, after=self._viewer.wanted)
        self._complain(about=index is None)
        if index is None:
            self.selectAll()
            return
        self._viewer.playback.set_playing(False)
        self._viewer.show_frame(index)
        self._leave()

    def _leave(self) -> None:
        self._show_number()
        self.clearFocus()

    def _complain(self, *, about: bool) -> None:
        if self.property("invalid") is not about:
            set_look(self, invalid=about)
            self.setToolTip(plain(NOT_FOUND if about else TIP))
        if about:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), plain(NOT_FOUND), self)


def find_frame(text: str, sequence: Sequence, *, after: int) -> int | None:
    """The frame that a text means: its number from 1, else its id, else the next after ``after`` whose id contains it.

    A number with leading zeros is taken for an id first, as ids are often written so. None where nothing fits.
    """
    text = text.strip().replace(",", "")
    ids = [frame.frame_id for frame in sequence.frames]
    number = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) < 10 else -1
    if text.startswith("0") and text in ids:
        return ids.index(text)
    if 0 <= number < len(ids):
        return number
    if text in ids:
        return ids.index(text)
    ahead = (*range(after + 1, len(ids)), *range(min(after + 1, len(ids))))
    return next((index for index in ahead if text and text.casefold() in ids[index].casefold()), None)
