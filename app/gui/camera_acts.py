"""The buttons over a camera image: what can be done about boxes that are missing or stale."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QToolButton, QWidget

from app.gui.camera_note import CameraAct
from app.gui.keys import keeps_space
from app.gui.text import plain
from app.gui.theme import STEP

_FACES = {
    CameraAct.LOG: ("Show log", "Show the log of the job on Edge Impulse's side (Space)"),
    CameraAct.CLASSIFY: ("Classify…", "Have Edge Impulse make the results; asks before it uses compute time (Space)"),
    CameraAct.REFRESH: ("Refresh", "Ask Edge Impulse again for boxes and pictures of this camera (Space)"),
}


class ActButton(QToolButton):
    """A chip over the picture that keeps the space bar for itself."""

    def __init__(self, act: CameraAct, camera: str, parent: QWidget) -> None:
        super().__init__(parent)
        text, tip = _FACES[act]
        self.act = act
        self.setText(text)
        self.setToolTip(plain(tip))
        self.setAccessibleName(f"{text.rstrip('…')}, camera {camera}")
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Space presses the button that has the focus."""
        return keeps_space(event) or super().event(event)


class CameraActs(QWidget):
    """Side by side, or one above the other where the picture is narrow."""

    asked = Signal(object)  # CameraAct

    def __init__(self, camera: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(STEP)
        self.buttons = {act: ActButton(act, camera, self) for act in CameraAct}
        for button in self.buttons.values():
            self._row.addWidget(button)
            button.clicked.connect(lambda _checked=False, act=button.act: self.asked.emit(act))
        self.offer(())

    def offer(self, acts: Collection[CameraAct]) -> None:
        """Show the buttons of these acts alone."""
        for act, button in self.buttons.items():
            button.setVisible(act in acts)
        self.setVisible(bool(acts))

    def fitted(self, width: int) -> QSize:
        """The size that the buttons take in a view of ``width`` pixels."""
        shown = [button.sizeHint() for button in self.buttons.values() if not button.isHidden()]
        side_by_side = sum(hint.width() for hint in shown) + STEP * max(0, len(shown) - 1)
        row, column = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(row if side_by_side <= width else column)
        if side_by_side <= width:
            return QSize(side_by_side, max((hint.height() for hint in shown), default=0))
        high = sum(hint.height() for hint in shown) + STEP * max(0, len(shown) - 1)
        return QSize(max(hint.width() for hint in shown), high)
