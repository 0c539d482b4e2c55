"""The line at the foot of the window: the last act, why the workspace cannot be written, and what draws."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStatusBar, QWidget

from app.gui.text import ElidingLabel


class StatusLine(QStatusBar):
    """Sentences give up their middle where room is short; the notice stays until it no longer holds.

    What holds has the room it needs before the last act has.
    """

    def __init__(self, renderer: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._news = ElidingLabel("")
        self._note = ""
        self._notice = ElidingLabel("")
        self._notice.setProperty("role", "attention")
        self._notice.setAccessibleName("Notice about the workspace")
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._notice.hide()
        self._cuts = ElidingLabel("")
        self._cuts.setProperty("role", "attention")
        self._cuts.setAccessibleName("What is cut away")
        self._cuts.hide()
        self._renderer = ElidingLabel(renderer)
        self._renderer.setProperty("role", "caption")
        self.setSizeGripEnabled(False)
        self.addWidget(self._news, 1)
        self.addPermanentWidget(self._notice)
        self.addPermanentWidget(self._cuts)
        self.addPermanentWidget(self._renderer)

    @property
    def news(self) -> str:
        """The last act."""
        return self._news.text()

    @property
    def notice(self) -> str:
        """What holds until further notice."""
        return self._notice.text()

    def say(self, sentence: str) -> None:
        """Tell what was done."""
        self._news.setText(sentence)

    def set_note(self, sentence: str) -> None:
        """Tell something about what is chosen; an empty sentence takes it back, unless something was told since."""
        if sentence or self.news == self._note:
            self.say(sentence)
        self._note = sentence

    def set_notice(self, sentence: str) -> None:
        """Keep a sentence in sight; an empty one takes it away."""
        self._notice.setText(sentence)
        self._notice.setVisible(bool(sentence))

    @property
    def cuts(self) -> str:
        """What is cut away."""
        return self._cuts.text()

    def set_cuts(self, sentence: str) -> None:
        """Keep in sight what is cut away; nothing where the sentence is empty."""
        self._cuts.setText(sentence)
        self._cuts.setVisible(bool(sentence))

    def set_renderer(self, text: str) -> None:
        """Tell what draws."""
        self._renderer.setText(text)
