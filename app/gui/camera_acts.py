"""The buttons over a camera image: what can be done about boxes that are missing or stale."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QToolButton, QWidget

from app.gui.camera_note import CameraAct
from app.gui.icons import icon_over_picture
from app.gui.keys import keeps_space
from app.gui.text import plain
from app.gui.theme import STEP

_FACES = {  # text, the short one for narrow pictures, tooltip
    CameraAct.LOG: ("Show log", "Log", "Show the log of the job on Edge Impulse's side (Space)"),
    CameraAct.CLASSIFY: (
        "Classify…",
        "Classify…",
        "Have Edge Impulse make the results; asks before it uses compute time (Space)",
    ),
    CameraAct.REFRESH: ("Refresh", "", "Ask Edge Impulse again for boxes and pictures of this camera (Space)"),
}


class ActButton(QToolButton):
    """A chip over the picture that keeps the space bar for itself."""

    def __init__(self, act: CameraAct, camera: str, parent: QWidget) -> None:
        super().__init__(parent)
        text, _, tip = _FACES[act]
        self.act = act
        if act is CameraAct.REFRESH:
            self.setIcon(icon_over_picture("refresh"))
        self.set_short(short=False)
        self.setToolTip(plain(tip))
        self.setAccessibleName(f"{text.rstrip('…')}, camera {camera}")
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_short(self, *, short: bool) -> None:
        """Say it in fewer words, or by the icon alone."""
        text = _FACES[self.act][1 if short else 0]
        self.setText(text)
        only, beside = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.setToolButtonStyle(beside if text else only)

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
        """The size that the buttons take in a view of ``width`` pixels; their texts are short where it is narrow."""
        for short in (False, True):
            for button in self.buttons.values():
                button.set_short(short=short)
            hints = [button.sizeHint() for button in self.buttons.values() if not button.isHidden()]
            gaps = STEP * max(0, len(hints) - 1)
            side_by_side = sum(hint.width() for hint in hints) + gaps
            if side_by_side <= width:
                self._row.setDirection(QBoxLayout.Direction.LeftToRight)
                return QSize(side_by_side, max((hint.height() for hint in hints), default=0))
        self._row.setDirection(QBoxLayout.Direction.TopToBottom)
        return QSize(max((hint.width() for hint in hints), default=0), sum(hint.height() for hint in hints) + gaps)
