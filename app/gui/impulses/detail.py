"""One impulse in full."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from app.domain.impulse import Impulse
from app.gui.fields import make_label
from app.gui.impulses.head import ImpulseHead

NOTHING = "Choose an impulse to see its blocks, settings and figures."


class ImpulseDetail(QWidget):
    """Everything about the shown impulse; sections are filled when they are first looked at.

    ``track_requested`` tells the id of a post-processing block and the variant that tracks are to be asked for with.
    """

    track_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._impulse: Impulse | None = None
        self.head = ImpulseHead()
        self.sections = QTabWidget()
        self._page = QWidget()
        lines = QVBoxLayout(self._page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.head)
        lines.addWidget(self.sections, 1)
        self.nothing = make_label("secondary", NOTHING)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._page)

    @property
    def impulse(self) -> Impulse | None:
        """The one that is shown."""
        return self._impulse

    def show_impulse(self, impulse: Impulse | None) -> None:
        """Show another one; None says that there is nothing to show."""
        if impulse is self._impulse:
            return
        self._impulse = impulse
        if impulse is not None:
            self.head.show_impulse(impulse)
        self._stack.setCurrentWidget(self._page if impulse is not None else self.nothing)
