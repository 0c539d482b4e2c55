"""The bar over everything: what is open, the state of its local copy, and the way to everything else."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from app.domain.finding import counted
from app.gui.color_mode_bar import ColorModeBar
from app.gui.color_modes import ColorModes
from app.gui.text import ElidingLabel
from app.gui.theme import set_look
from app.gui.viewer import Viewer

SHORTEST_PATH = 96  # pixels for the name of the job


class TopBar(QWidget):
    """Name, job path, state of the local copy, the commands used most and the menu."""

    def __init__(self, viewer: Viewer, modes: ColorModes, *, shown_actions: tuple[QAction, ...], menu: QMenu) -> None:
        super().__init__()
        self._viewer = viewer
        self.setObjectName("top_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        name = QLabel("Pointproof")
        name.setProperty("role", "brand")
        self._path = ElidingLabel("")
        self._path.setProperty("role", "secondary")
        self._state = QLabel()
        self._state.setProperty("role", "state")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(name)
        row.addWidget(self._path)
        row.addWidget(self._state)
        row.addStretch(1)
        mode_bar, menu_button = ColorModeBar(modes), _menu_button(menu)
        row.addWidget(mode_bar)
        row.addStretch(1)
        self._actions = [_button(action) for action in shown_actions]
        for button in self._actions:
            row.addWidget(button)
        row.addWidget(menu_button)
        self._fixed = (name, self._state, mode_bar, menu_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        viewer.job_changed.connect(self._refresh)
        viewer.availability_changed.connect(self._refresh)
        viewer.problem_changed.connect(self._refresh)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short the buttons go whose commands the menu has too, the last ones first."""
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        row, margins = self._row, self._row.contentsMargins()
        fixed = sum(widget.sizeHint().width() + row.spacing() for widget in self._fixed)
        room = self.width() - margins.left() - margins.right() - SHORTEST_PATH - fixed - 2 * row.spacing()
        for button in self._actions:
            room -= button.sizeHint().width() + row.spacing()
            button.setVisible(room >= 0)

    def _refresh(self) -> None:
        job = self._viewer.job
        self._path.setText(job.name if job else "")
        total = len(self._viewer.sequence)
        here = sum(self._viewer.is_local(index) for index in range(total))
        self._state.setVisible(job is not None)
        complete = here == total
        frames = counted(total, "frame")
        self._state.setText(f"{frames} · on disk" if complete else f"{here:,} of {frames} on disk")
        set_look(self._state, tone="fine" if complete else "attention")


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button


def _menu_button(menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setText("Menu")
    button.setAccessibleName("Menu")
    button.setToolTip("All commands (Alt+M)")
    button.setShortcut("Alt+M")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
