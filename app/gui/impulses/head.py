"""What an impulse is called, in which state it is, and where it comes from."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.finding import Severity
from app.domain.impulse import Impulse
from app.domain.impulse.state import origin_sentences, state_notes
from app.gui.fields import make_label
from app.gui.text import ElidingLabel, visible
from app.gui.theme import STEP, set_look

TONES = {Severity.INFO: "", Severity.WARNING: "attention", Severity.ERROR: "wrong"}
MOST_SENTENCES = 3  # of a project where nothing works there would be a page of them; the graph tells of each block


class ImpulseHead(QWidget):
    """The name in one line with its tags, then a sentence for everything that is not as it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidingLabel()
        self.title.setProperty("role", "title")
        self.tags = ElidingLabel()
        self.tags.setProperty("role", "secondary")
        self.origin = ElidingLabel()
        self.origin.setProperty("role", "caption")
        self._notes: list[QLabel] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, STEP)
        self._lines.setSpacing(STEP // 2)
        name = QHBoxLayout()
        name.setSpacing(2 * STEP)
        name.addWidget(self.title, 0)
        name.addWidget(self.tags, 1)
        self._lines.addLayout(name)
        self._lines.addWidget(self.origin)

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that are shown."""
        return tuple(label.text() for label in self._notes if not label.isHidden())

    def show_impulse(self, impulse: Impulse) -> None:
        """Say what is known of it."""
        self.title.setText(impulse.name)
        kind = f"{impulse.design.type}, " if impulse.design.type not in ("", "default") else ""
        tags = "  ".join(f"#{tag}" for tag in impulse.tags)
        self.tags.setText(f"{kind}id {impulse.impulse_id}  {tags}".strip())
        origin = " \N{MIDDLE DOT} ".join(origin_sentences(impulse))
        self.origin.setText(origin)
        self.origin.setVisible(bool(origin))
        self._show_notes(impulse)

    def _show_notes(self, impulse: Impulse) -> None:
        notes = state_notes(impulse)
        shown = [
            (f"{note.word.capitalize()}. {note.sentence}", TONES[note.severity]) for note in notes[:MOST_SENTENCES]
        ]
        if len(notes) > MOST_SENTENCES:
            shown.append((f"And {len(notes) - MOST_SENTENCES} more: see the blocks below.", "attention"))
        while len(self._notes) < len(shown):
            self._notes.append(make_label("secondary"))
            self._lines.addWidget(self._notes[-1])
        for place, label in enumerate(self._notes):
            text, tone = shown[place] if place < len(shown) else ("", "")
            label.setText(visible(text, limit=180))
            label.setVisible(bool(text))
            set_look(label, role=tone or "secondary")
