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
NAMES = "Track"
NAME = COLUMNS[0]


class TracksHead(QWidget):
    """Titles where the numbers stand; a click sorts, another one turns the order round."""

    chosen = Signal(object)  # Column

    def __init__(self, rows: TrackRows, view: QAbstractItemView) -> None:
        super().__init__()
        self._rows = rows
        self._view = view
        self.texts: tuple[str, ...] = ()  # the longest of each column
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click to sort, again to turn the order round")
        self.setAccessibleName("Titles of the list of tracks")

    def sizeHint(self) -> QSize:
        """One line of captions."""
        return QSize(120, round(QFontMetricsF(caption_font(self.font())).height()) + STEP)

    def column_at(self, at: QPointF) -> Column:
        """The column whose title is under a point; left of all of them that is the name."""
        return next((cell.column for cell in self._cells() if cell.rect.left() <= at.x() <= cell.rect.right()), NAME)

    def place_of(self, column: Column) -> QRectF:
        """Where a title stands."""
        return next((cell.rect for cell in self._cells() if cell.column is column), QRectF(self.rect()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The titles, an arrow at the one that counts."""
        painter, tokens = QPainter(self), current()
        painter.setFont(caption_font(self.font()))
        by, descending = self._rows.sorting
        arrow = DOWN if descending else UP
        for cell in self._cells():
            sorted_by = by is cell.column
            painter.setPen(tokens.color("text" if sorted_by else "secondary"))
            painter.drawText(cell.rect, RIGHT, f"{cell.column.title} {arrow}" if sorted_by else cell.column.title)
        untitled = by is not None and not by.title
        painter.setPen(tokens.color("text" if untitled else "secondary"))
        room = QRectF(self.rect()).adjusted(SIDE, 0, 0, 0)
        painter.drawText(room, LEFT, f"{by.name} {arrow}" if by is not None and untitled else NAMES)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Sort."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self.column_at(event.position()))

    def _cells(self) -> tuple[Cell, ...]:
        line = QRectF(0, 0, self._view.viewport().width(), self.height()).adjusted(SIDE, 0, -SIDE, 0)
        return cells(line, self.font(), self.texts)


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
