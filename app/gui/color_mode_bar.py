"""The buttons that choose what points are coloured by."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.domain.coloring import ColorBy
from app.gui.actions import Command
from app.gui.color_modes import KEYED, MODES, ColorModes, Mode
from app.gui.text import action_text, plain
from app.gui.theme import STEP

MORE = "More"
WIDEST_TITLE = 14  # characters of a field's name on the button
PEEK_KEYS = frozenset({*(Qt.Key(ord(mode.key)) for mode in MODES), Qt.Key.Key_Tab})


class ColorModeBar(QWidget):
    """One button per mode with a key, and a menu with the rest."""

    def __init__(self, modes: ColorModes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modes = modes
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        for mode in MODES:
            self.buttons[mode.by] = _button(mode.text)
            self.buttons[mode.by].clicked.connect(partial(self._on_clicked, mode))
            row.addWidget(self.buttons[mode.by])
        self.more = _button(MORE)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self._menu)
        row.addWidget(self.more)
        modes.changed.connect(self._refresh)
        self._refresh()

    def _on_clicked(self, mode: Mode, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        self._modes.choose(mode.by)
        self._refresh()  # a click on the mode in force must not switch its button off

    def _refresh(self) -> None:
        now = self._modes.coloring
        for mode in MODES:
            reason = self._modes.missing(mode.by)
            button = self.buttons[mode.by]
            button.setEnabled(not reason)
            button.setChecked(mode.by is now.by)
            lines = [reason[:1].upper() + reason[1:]] if reason else [f"Hold {mode.key} to look and go back"]
            button.setToolTip(plain(f"Colour by {mode.what} ({mode.key})", *lines))
        title = now.field or str(now.by).capitalize()
        self.more.setText(MORE if now.by in KEYED else action_text(title, limit=WIDEST_TITLE))
        self.more.setChecked(now.by not in KEYED)
        self.more.setToolTip(plain("Colour by track, range, time or any other field of the cloud"))

    def _fill_menu(self) -> None:
        self._menu.clear()
        now = self._modes.coloring
        for channel in self._modes.others:
            reason = self._modes.missing(channel.by)
            unit = f", {channel.unit}" if channel.unit else ""
            action = self._menu.addAction(action_text(channel.title + unit, limit=40))
            action.setCheckable(True)
            field = channel.field if channel.by is ColorBy.FIELD else ""
            action.setChecked((channel.by, field) == (now.by, now.field))
            action.setEnabled(not reason)
            if reason:
                action.setText(f"{action.text()} ({reason})")
            action.triggered.connect(partial(self._choose, channel.by, field))

    def _choose(self, by: ColorBy, field: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's
        self._modes.choose(by, field=field)


def mode_commands(modes: ColorModes) -> tuple[Command, ...]:
    """A command with its key for every mode, and one that takes turns."""
    keyed = tuple(
        Command(
            f"color-{mode.by}",
            "&Colour",
            f"By {mode.what}",
            partial(modes.choose, mode.by),
            (mode.key,),
            repeats=False,
        )
        for mode in MODES
    )
    text = "&Next of label, intensity, height, camera"
    return (*keyed, Command("color-next", "&Colour", text, modes.cycle, ("Tab",), repeats=False))


def _button(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
