"""Docks of the main window: made once, put back where the user left them."""

import base64
import binascii
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

LAYOUT_VERSION = 1  # raised whenever docks are added or renamed


@dataclass(frozen=True)
class Layout:
    """Geometry and dock state as text, for the settings file."""

    geometry: str = ""
    state: str = ""


def add_dock(
    window: QMainWindow, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea, *, bare: bool = False
) -> QDockWidget:
    """A side panel that can be closed, moved and resized; never floated, a floating one loses its GL neighbours.

    A ``bare`` one has no title bar: its tabs say what it is, and the View menu closes it.
    """
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setWidget(widget)
    dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable)
    if bare:
        dock.setTitleBarWidget(QWidget())
    window.addDockWidget(area, dock)
    return dock


def tabs(*pages: tuple[str, QWidget]) -> QTabWidget:
    """Pages under tabs, in one panel."""
    widget = QTabWidget()
    widget.setDocumentMode(True)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # the strip behind the tabs belongs to the panel
    for title, page in pages:
        widget.addTab(page, title)
    return widget


def save_layout(window: QMainWindow) -> Layout:
    """What to remember of a window."""
    return Layout(as_text(window.saveGeometry()), as_text(window.saveState(LAYOUT_VERSION)))


def restore_layout(window: QMainWindow, layout: Layout) -> bool:
    """Put a window back; anything unreadable or of another version leaves it as it is."""
    geometry, state = from_text(layout.geometry), from_text(layout.state)
    if geometry is None or state is None:
        return False
    return window.restoreGeometry(geometry) and window.restoreState(state, LAYOUT_VERSION)


def as_text(blob: QByteArray) -> str:
    """Qt's own bytes for the settings file."""
    return base64.b64encode(blob.data()).decode("ascii")


def from_text(text: str) -> QByteArray | None:
    """The same back; None for no text, or any other."""
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except (binascii.Error, ValueError):
        return None
