"""What every section of an impulse's page has: a place for what it shows, or a sentence where there is nothing."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.domain.impulse import Impulse
from app.domain.impulse.blocks import Block, LearnBlock
from app.domain.impulse.training import LearnBlockConfig
from app.gui.fields import make_label
from app.gui.theme import STEP

NO_MODEL = "This impulse has no learn block, so there is no model to tell of."


@dataclass(frozen=True, eq=False)
class Subject:
    """What a section is about: an impulse, the block that is chosen in it, and the model whose figures are shown."""

    impulse: Impulse
    block: Block | None
    learn: LearnBlock | None

    @property
    def config(self) -> LearnBlockConfig | None:
        """Settings and figures of the model."""
        return self.impulse.learn_config(self.learn) if self.learn else None


class Section(QWidget):
    """``page`` takes the widgets of a section.

    Each section has a ``fill`` for them, which tells the sentence to say where a subject has nothing to fill them with.
    """

    height_changed = Signal()  # that it needs at least

    def __init__(self) -> None:
        super().__init__()
        body = QWidget()
        self.page = QVBoxLayout(body)
        self.page.setContentsMargins(3 * STEP, STEP, 3 * STEP, 2 * STEP)
        self.page.setSpacing(2 * STEP)
        self.sentence = make_label("secondary")
        self.sentence.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(body)
        self._stack.addWidget(self.sentence)

    @property
    def least_height(self) -> int:
        """Pixels below which its page would have to scroll within the page around it."""
        if self._stack.currentIndex() == 1:
            return 0
        page = self.page
        return page.minimumHeightForWidth(self.width()) if page.hasHeightForWidth() else page.minimumSize().height()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the page; the page where it is empty."""
        self.sentence.setText(sentence)
        self._stack.setCurrentIndex(1 if sentence else 0)


def scrolled(body: QWidget) -> QScrollArea:
    """A body that scrolls where there is less room than it needs; keys go to what is in it."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(body)
    return area
