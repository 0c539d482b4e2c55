"""The titles over the list of tracks, and the choice of what to sort by."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QSizePolicy, QToolButton, QWidget

from app.gui.icons import IconButton
from app.gui.panels.tracks_columns import COLUMNS, Cell, Column, cells
from app.gui.panels.tracks_delegate import LEFT, RIGHT, SIDE
from app.gui.panels.tracks_model import TrackRows
from app.gui.text import action_text
from app.gui.theme import STEP, caption_font, current

UP, DOWN = "▲", "▼"
ARROW_ROOM = 14.0  # pixels
LABEL, CAMERA = (next(column for column in COLUMNS if column.name == name) for name in ("Label", "Camera"))


class TracksHead(QWidget):
    """Titles in two lines as the rows have them; a click sorts, another one turns the order round."""

    chosen = Signal(object)  # Column

    def __init__(self, rows: TrackRows, view: QAbstractItemView) -> None:
        super().__init__()
        self._rows = rows
        self._view = view
        self.texts: tuple[str, ...] = ()  # the longest of each column
        self.several = False  # cameras
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click to sort, again to turn the order round")
        self.setAccessibleName("Titles of the list of tracks")

    def sizeHint(self) -> QSize:
        """Two lines of captions."""
        return QSize(120, 2 * round(QFontMetricsF(caption_font(self.font())).height()) + STEP)

    def column_at(self, at: QPointF) -> Column | None:
        """The column whose title is under a point."""
        return next((title.column for title in self._titles() if title.rect.contains(at)), None)

    def place_of(self, column: Column) -> QRectF:
        """Where a title stands; nowhere for a column without one."""
        return next((title.rect for title in self._titles() if title.column is column), QRectF())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The titles, an arrow at the one that counts."""
        painter, tokens = QPainter(self), current()
        painter.setFont(caption_font(self.font()))
        by, descending = self._rows.sorting
        for title in self._titles():
            arrow = (DOWN if descending else UP) if by is title.column else ""
            painter.setPen(tokens.color("text" if arrow else "secondary"))
            text = title.column.title or title.column.name
            if title.column is LABEL:
                painter.drawText(title.rect, LEFT, text + arrow)
            else:
                painter.drawText(title.rect.adjusted(-ARROW_ROOM, 0, 0, 0), RIGHT, arrow + text)  # into the gap

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Sort."""
        column = self.column_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and column is not None:
            self.chosen.emit(column)

    def _titles(self) -> tuple[Cell, ...]:
        half = (self.height() - STEP) / 2
        upper = QRectF(SIDE, 0, self._view.viewport().width() - 2 * SIDE, half)
        middle = upper.center().x()
        label, camera = QRectF(upper), QRectF(upper)
        label.setRight(middle)
        camera.setLeft(middle)
        cameras = (Cell(CAMERA, camera),) if self.several else ()
        return (Cell(LABEL, label), *cameras, *cells(upper.translated(0, half), self.font(), self.texts))


class SortButton(IconButton):
    """A menu with everything that tracks can be sorted by, for the keyboard and for what has no title."""

    chosen = Signal(object)  # Column
    turned = Signal()

    def __init__(self, rows: TrackRows) -> None:
        super().__init__("sort", "Sort tracks")
        self._rows = rows
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        group = QActionGroup(menu)
        self._actions = {column.name: group.addAction(menu.addAction(action_text(column.name))) for column in COLUMNS}
        for column in COLUMNS:
            action = self._actions[column.name]
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, column=column: self.chosen.emit(column))
        menu.addSeparator()
        self._descending = menu.addAction("Largest first")
        self._descending.setCheckable(True)
        self._descending.triggered.connect(lambda _checked=False: self.turned.emit())
        menu.aboutToShow.connect(self._check)
        self.setMenu(menu)

    def _check(self) -> None:
        by, descending = self._rows.sorting
        for column in COLUMNS:
            self._actions[column.name].setChecked(by is column)
        self._descending.setChecked(descending)
        self._descending.setEnabled(by is not None)
