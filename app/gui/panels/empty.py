"""What a panel shows instead of a list while there is nothing to list: one sentence, and one button where it helps."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import STEP


class EmptyPage(QWidget):
    """A sentence in the middle of the panel, above its button."""

    def __init__(self, button: QPushButton | None = None) -> None:
        super().__init__()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setProperty("role", "secondary")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 0, 4 * STEP, 0)
        column.setSpacing(3 * STEP)
        column.addStretch(2)
        column.addWidget(self._label)
        if button is not None:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def setText(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)
