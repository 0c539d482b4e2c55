"""Labels, lines and rows of forms as every panel and dialog makes them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from app.gui.theme import STEP


def make_label(role: str, text: str = "") -> QLabel:
    """Plain text in the look of a role, wrapped where it needs more than a line."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


def make_line(hint: str, name: str) -> QLineEdit:
    """A line to type into, with what belongs there while it is empty and a name for assistive tools."""
    line = QLineEdit()
    line.setPlaceholderText(hint)
    line.setAccessibleName(name)
    return line


def make_form() -> QFormLayout:
    """An empty form with the usual gaps."""
    form = QFormLayout()
    form.setVerticalSpacing(2 * STEP)
    form.setHorizontalSpacing(4 * STEP)
    return form


def add_row(form: QFormLayout, name: str, field: QWidget) -> None:
    """A field behind its name, both level; an ampersand in the name makes a key that leads to the field."""
    label = QLabel(name)
    label.setMinimumHeight(field.sizeHint().height())
    label.setBuddy(field)
    form.addRow(label, field)
