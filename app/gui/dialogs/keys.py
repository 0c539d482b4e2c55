"""The sheet of keys, made from the table of commands."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.gui.actions import Command, key_sheet

MOUSE = (
    ("3D view", "Turn", "drag"),
    ("3D view", "Move", "middle drag or Shift+drag"),
    ("3D view", "Closer, farther", "wheel"),
    ("Camera image", "Closer, farther · move · whole image", "wheel · drag · double click"),
    ("Legend", "Show only this class · show or hide · more", "click · eye · right click"),
    ("Legend", "Show only · show or hide · dim · flash", "Return · Space · D · B"),
    ("Colour", "Look at another mode and go back", "hold its key"),
    ("Colour", "Range of values · automatic range", "click on the scale · double click"),
)


class KeySheet(QDialog):
    """All keys and mouse gestures at a glance."""

    def __init__(self, commands: Iterable[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for row, (where, what, keys) in enumerate((*key_sheet(commands), *MOUSE)):
            for column, (text, role) in enumerate(((where, "caption"), (what, ""), (keys, "secondary"))):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("role", role)
                grid.addWidget(label, row, column)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(24, 16, 24, 16)
        column_layout.addLayout(grid)
