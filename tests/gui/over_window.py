"""What lies over a window, as panels do, with a window under it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

Panel = TypeVar("Panel", bound=QWidget)


def over_window(qtbot, make: Callable[[QWidget], Panel], *, height: int = 500) -> Panel:
    """What ``make(window)`` gives, shown over a window that goes with the test."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, height)
    made = make(window)
    window.show()
    made.show()
    made.window_kept = window
    return made
