"""A window in the place of the program's, on screen before the most of the program is loaded."""

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.gui.layout import decoded
from app.gui.theme import current

SIZE = (1440, 900)
PATIENCE_MS = 300  # a window that the desktop shows later than this must not hold up the start


class FirstWindow(QWidget):
    """An empty window with the name, the colours and the place of the window that will take over.

    Loading takes most of a second and keeps the GUI thread busy; until then there is nothing that could be done here.
    """

    def __init__(self, geometry: str) -> None:
        super().__init__()
        self._painted = QEventLoop(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle("Pointproof")
        self.resize(*SIZE)
        if (remembered := decoded(geometry)) is not None:
            self.restoreGeometry(remembered)

    def show_now(self) -> None:
        """Show it and return once it is on screen."""
        self.show()
        QTimer.singleShot(PATIENCE_MS, self._painted, self._painted.quit)
        self._painted.exec()

    def give_way_to(self, window: QWidget) -> None:
        """Close as soon as ``window`` has been painted."""
        window.installEventFilter(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill it with the colour of the window to come."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), current().color("window"))
        QTimer.singleShot(0, self._painted, self._painted.quit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the other window's first picture."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.close)
        return False
