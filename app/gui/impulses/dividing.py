"""How the page of impulses is divided between the table and what is by it, until the person divides it otherwise."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter

from app.gui.impulses.table_view import ImpulseTableView

BESIDE = 1700  # pixels of width from which on there is room for both side by side
SHARE_BESIDE = 0.55  # of the width, for the table
SHARE_ABOVE = 0.34  # of the height at most, for the table
MOST_ROWS = 9  # of the table above the detail


class TableDivider(QObject):
    """Table beside the detail where there is room, else above it: its columns need the width."""

    moved = Signal()  # by hand

    def __init__(self, splitter: QSplitter, table: ImpulseTableView) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._table = table
        self.height, self.width = 0, 0  # pixels of the table that the person chose above and beside; 0: none
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._on_moved)

    def fit(self) -> None:
        """Divide the room that there is."""
        size, splitter = self._splitter.size(), self._splitter
        wide = size.width() >= BESIDE
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if splitter.orientation() is not orientation:
            splitter.setOrientation(orientation)
        room = size.width() if wide else size.height()
        table = self._beside(room) if wide else self._above(room)
        splitter.setSizes([table, max(0, room - table - splitter.handleWidth())])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The room has changed."""
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def _beside(self, room: int) -> int:
        return self.width or round(room * SHARE_BESIDE)

    def _above(self, room: int) -> int:
        return self.height or min(self._table.height_of(MOST_ROWS), round(room * SHARE_ABOVE))

    def _on_moved(self, _place: int, _handle: int) -> None:
        table = self._splitter.sizes()[0]
        if self._splitter.orientation() is Qt.Orientation.Horizontal:
            self.width = table
        else:
            self.height = table
        self.moved.emit()
