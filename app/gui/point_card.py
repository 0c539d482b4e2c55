"""A small card with names and values, for a chosen point or a measurement; everything on it can be copied."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.keys import give_back_keys
from app.gui.text import ElidingLabel, plain, visible, with_minus
from app.gui.theme import CORNER, STEP, strong_font, tabular_font

VALUE = Qt.ItemDataRole.UserRole  # as it is copied: spreadsheets want a hyphen where print has a minus sign
WIDTH = 300
HEAD = 60  # pixels of the card besides its rows
LEAST_ROWS = 4  # in sight at once, if there are so many


class PointCard(QFrame):
    """Hidden while it has no title."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._room = 10 * HEAD
        self.setStyleSheet(
            f"PointCard {{ background: palette(window); border: 1px solid palette(mid); border-radius: {CORNER}px; }}"
        )
        self.title = ElidingLabel("")
        self.title.setFont(strong_font(self.font()))
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip(plain("Copy everything on this card"))
        self.copy_button.clicked.connect(self.copy_all)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setProperty("role", "quiet")
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip(plain("Close (Esc)"))
        self.close_button.clicked.connect(self.closed)
        self.rows = _rows(self)
        self._lay_out()
        self.hide()

    def say(self, title: str, rows: tuple[tuple[str, str], ...], *, text: str) -> None:
        """Show other rows of (name, value); ``text`` is what "Copy" gives. Without a title the card goes."""
        self._text = text
        self.title.setText(title)
        self.rows.clear()
        for name, value in rows:
            item = QTreeWidgetItem(self.rows, [visible(name), with_minus(visible(value))])
            item.setData(1, VALUE, value)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(1, plain(value))
        self.rows.setVisible(bool(rows))
        self.copy_button.setVisible(bool(text))
        self.fit(self._room)
        self.setVisible(bool(title))

    def fit(self, room: int) -> None:
        """Take at most ``room`` pixels of height: what does not fit is scrolled to."""
        self._room = room
        row, count = max(1, self.rows.sizeHintForRow(0)), self.rows.topLevelItemCount()
        fitting = max(LEAST_ROWS, (room - HEAD) // row)
        self.rows.setFixedHeight(row * min(count, fitting) + STEP)
        self.adjustSize()

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001 - Qt's own
        """Closing gives the keys back to the view."""
        if not visible:
            give_back_keys(self)
        super().setVisible(visible)

    def copy_all(self) -> None:
        """Everything on the card to the clipboard."""
        QGuiApplication.clipboard().setText(self._text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected lines, or everything where none is."""
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(self.rows.selectedItems(), key=self.rows.indexOfTopLevelItem)
            lines = [f"{item.text(0).strip()}\t{item.data(1, VALUE)}" for item in chosen]
            QGuiApplication.clipboard().setText("\n".join(lines) or self._text)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Always as wide, as tall as the rows need."""
        return QSize(WIDTH, super().sizeHint().height())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addLayout(head)
        column.addWidget(self.rows)


def _rows(parent: QWidget) -> QTreeWidget:
    rows = QTreeWidget(parent)
    rows.setColumnCount(2)
    rows.setHeaderHidden(True)
    rows.setRootIsDecorated(False)
    rows.setUniformRowHeights(True)
    rows.setProperty("role", "table")
    rows.setFont(tabular_font(rows.font()))
    rows.setAccessibleName("What is known about the point")
    rows.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    rows.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    rows.header().setStretchLastSection(True)
    return rows
