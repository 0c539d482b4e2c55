"""The sheet of keys, made from the table of commands."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.gui.actions import Command, KeyRow, key_sheet
from app.gui.theme import STEP

MOUSE = (
    ("3D view", "Turn", "drag"),
    ("3D view", "Move", "middle drag or Shift+drag"),
    ("3D view", "Closer, farther", "wheel"),
    ("Camera image", "Closer, farther · move · whole image", "wheel · drag · double click"),
    ("Legend", "Show only this class · show or hide · more", "click · eye · right click"),
    ("Legend", "Show only · show or hide · dim · flash", "Return · Space · D · B"),
    ("Impulses", "Pin to the top · compare · use for cameras", "P · C · U"),
    ("Colour", "Look at another mode and go back", "hold its key"),
    ("Colour", "Range of values · automatic range", "click on the scale · double click"),
)
MARGIN = 6 * STEP
NARROWEST = 400  # pixels of a column
MOST_COLUMNS = 3
AROUND = 12 * STEP  # pixels that the window is larger than the sheet

Section = tuple[str, list[tuple[str, str]]]


class KeySheet(QDialog):
    """All keys and mouse gestures at a glance: in columns beside each other, never larger than the window."""

    def __init__(self, commands: Iterable[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = parent.size() - QSize(AROUND, AROUND)
        many = min(MOST_COLUMNS, max(1, (room.width() - 2 * MARGIN) // NARROWEST))
        self.sheet = QWidget()
        row = QHBoxLayout(self.sheet)
        row.setContentsMargins(MARGIN, 4 * STEP, MARGIN, 4 * STEP)
        row.setSpacing(2 * MARGIN)
        for sections in in_columns(sections_of((*key_sheet(commands), *MOUSE)), many):
            row.addLayout(_column(sections), 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.sheet)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        bar = scroll.verticalScrollBar().sizeHint().width()
        self.resize((self.sheet.sizeHint() + QSize(bar, 0)).boundedTo(room))


def sections_of(rows: Iterable[KeyRow]) -> tuple[Section, ...]:
    """What belongs together under its heading, in order of appearance."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for heading, what, keys in rows:
        sections.setdefault(heading, []).append((what, keys))
    return tuple(sections.items())


def in_columns(sections: Sequence[Section], many: int) -> tuple[tuple[Section, ...], ...]:
    """At most so many columns of about the same height, in order; a section stays whole."""
    lines = [len(rows) + 2 for _, rows in sections]  # with the heading and the gap over it
    columns: list[list[Section]] = [[] for _ in range(many)]
    done, total = 0.0, sum(lines)
    for section, tall in zip(sections, lines, strict=True):
        columns[min(many - 1, int((done + tall / 2) * many / total))].append(section)
        done += tall
    return tuple(tuple(column) for column in columns if column)


def _column(sections: Iterable[Section]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(4 * STEP)
    grid.setVerticalSpacing(STEP)
    grid.setColumnStretch(0, 1)
    line = 0
    for heading, rows in sections:
        if line:
            grid.setRowMinimumHeight(line, 2 * STEP)
        grid.addWidget(_label(heading, "title"), line + 1, 0, 1, 2)
        line += 2
        for what, keys in rows:
            grid.addWidget(_label(what, ""), line, 0)
            grid.addWidget(_label(keys, "secondary"), line, 1)
            line += 1
    grid.setRowStretch(line, 1)
    return grid


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label
