"""One sentence of a dialog that changes while it is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.gui.theme import set_look


class NoteLabel(QLabel):
    """Wrapped plain text, in the colour of what went wrong where it says so."""

    def __init__(self, text: str = "", *, role: str = "secondary") -> None:
        super().__init__(text)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", role)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show another sentence."""
        self.setText(text)
        set_look(self, role="problem" if wrong else self._role)
