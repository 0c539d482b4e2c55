"""A window in the place of the program's, on screen before the most of the program is loaded.

It imports little on purpose: the namespace ``Qt`` alone takes PySide6 longer to make than this window to show.
"""

import importlib
import sys

from PySide6.QtCore import QByteArray, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

import app

SIZE = (1440, 900)
PATIENCE_MS = 300  # a window that the desktop shows later than this must not hold up the start


class FirstWindow(QWidget):
    """An empty window with the name, the colours and the place of the window that will take over.

    Loading takes most of a second and keeps the GUI thread busy; until then there is nothing that could be done here.
    ``geometry`` is that of the settings file: base64, Qt's own format.
    """

    def __init__(self, application: QApplication, *, theme: str, geometry: str) -> None:
        super().__init__()
        self._application = application  # lives as long as its windows
        self._theme = theme
        self._painted = QEventLoop(self)
        self.setWindowTitle("Pointproof")
        self.resize(*SIZE)
        self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))  # leaves it where that is unreadable

    def give_way_to(self, window: QWidget) -> None:
        """Close as soon as ``window`` has been painted."""
        window.installEventFilter(self)

    def show_now(self) -> None:
        """Show it and return once it is on screen."""
        self.show()
        importlib.import_module("app.gui.theme")  # painting needs it: loaded while the desktop makes the window

        QTimer.singleShot(PATIENCE_MS, self._painted, self._painted.quit)
        self._painted.exec()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it with the colour of the window to come."""
        from app.gui.theme import tokens_for

        with QPainter(self) as painter:
            painter.fillRect(event.rect(), tokens_for(self._application, self._theme).color("window"))
        QTimer.singleShot(0, self._painted, self._painted.quit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the other window's first picture."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.close)
        return False


def the_application() -> QApplication:
    """The one QApplication of this process, made when there is none yet."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Pointproof")
    application.setApplicationVersion(app.__version__)
    application.setDesktopFileName("pointproof")
    return application


def show_first(theme: str, geometry: str) -> FirstWindow:
    """That window on screen."""
    first = FirstWindow(the_application(), theme=theme, geometry=geometry)
    first.show_now()
    return first
