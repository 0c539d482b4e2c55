"""A field with choices whose names may be longer than its room."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip

from app.gui.text import plain, visible


class ElidingComboBox(QComboBox):
    """The chosen name gives up its middle where room is short; the tooltip then has all of it."""

    def __init__(self, name: str, *, characters: int, tip: str = "") -> None:
        super().__init__()
        self._tip = tip
        self.setAccessibleName(name)
        self.setMinimumContentsLength(characters)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)

    def offer(self, choices: Iterable[tuple[str, object]], *, chosen: object = None) -> None:
        """List these texts with their values instead, and show that of ``chosen``, else the first; emits nothing."""
        with QSignalBlocker(self):
            self.clear()
            for text, value in choices:
                self.addItem(visible(text), value)
            self.choose(chosen)

    def choose(self, value: object) -> None:
        """Show the choice with this value, if it is offered."""
        place = next((place for place in range(self.count()) if self.itemData(place) == value), -1)
        if place >= 0:
            self.setCurrentIndex(place)

    def shown_text(self) -> str:
        """What fits of the chosen name."""
        option = self._option()
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room.width() - 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame as the style has it, with what fits of the name."""
        painter, option = QStylePainter(self), self._option()
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent) -> bool:
        """The tooltip has the whole name, and what the field is for."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            whole = self.currentText() if self.shown_text() != self.currentText() else ""
            lines = [visible(line) for line in (whole, self._tip) if line]
            QToolTip.showText(event.globalPos(), plain(*lines) if lines else "", self)
            return True
        return super().event(event)

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option
