"""The chip that says and chooses how many frames are drawn together."""

from functools import partial

from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.gui.neighbours import Neighbours
from app.gui.text import plain

REACHES = (0, 1, 2, 5, 10)
TIP = "Frames before and after this one, placed with the ego poses ([ and ])"
MOTION = "Move instances along their tracks"


class FramesChip(QToolButton):
    """A menu of how many frames either way; disabled with the reason where none can be placed."""

    def __init__(self, neighbours: Neighbours, parent: QWidget) -> None:
        super().__init__(parent)
        self._neighbours = neighbours
        self.setProperty("role", "chip")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(partial(self._fill, menu))
        self.setMenu(menu)
        neighbours.changed.connect(self._refresh)
        neighbours.stack_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        reach, stack, reason = self._neighbours.reach, self._neighbours.stack, self._neighbours.reason
        self.setText(f"Frames ±{reach}" if reach else "One frame")
        self.setEnabled(not reason)
        self.setToolTip(plain(reason or TIP, *([stack.sentence] if stack is not None else [])))
        self.resize(self.sizeHint())

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for reach in REACHES:
            action = menu.addAction(f"±{reach} frames" if reach else "This frame alone")
            action.setCheckable(True)
            action.setChecked(reach == self._neighbours.reach)
            action.triggered.connect(lambda _checked=False, reach=reach: self._neighbours.set_reach(reach))
        menu.addSeparator()
        motion = menu.addAction(MOTION)
        motion.setCheckable(True)
        motion.setChecked(self._neighbours.with_motion)
        motion.toggled.connect(self._neighbours.set_with_motion)
