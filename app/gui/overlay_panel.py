"""Panels that lie over the 3D view while they are needed: nothing modal, the view stays in reach beside them."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.gui.icons import IconButton
from app.gui.keys import give_back_keys
from app.gui.theme import STEP, caption_font

WIDTH = 288  # pixels
MORE = "↓ scroll for more"
TURNED_BY_WHEEL: tuple[type[QWidget], ...] = (QSlider, QAbstractSpinBox, QComboBox)
# what sliders, boxes and fields of a panel use although the window has commands on them
KEPT = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Space,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Escape,
    }
)


class OverlayPanel(QFrame):
    """A titled panel that closes by its button or by Escape; fill ``column``. It starts hidden."""

    visibility_changed = Signal(bool)
    height_changed = Signal()  # of what is in it

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "overlay")
        self.setFixedWidth(WIDTH)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._title = QLabel(title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("role", "title")
        self.close_button = IconButton("close", "Close", key="Esc")
        self.close_button.clicked.connect(lambda _checked=False: self.hide())
        self._head = head = QHBoxLayout()
        head.setContentsMargins(3 * STEP, 0, STEP, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(3 * STEP, 0, 3 * STEP, 0)
        self.column.setSpacing(2 * STEP)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, STEP, 0, 3 * STEP)
        self._outer.setSpacing(STEP)
        self._outer.addLayout(head)
        self._outer.addWidget(self._scroll)
        self._more = QLabel(MORE, self)
        self._more.setFont(caption_font(self.font()))
        self._more.setProperty("role", "secondary")
        self._more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(self._hint)
        bar.rangeChanged.connect(self._hint)
        self._hint()
        self.hide()

    def add_to_head(self, widget: QWidget) -> None:
        """Put something beside the title, where it never scrolls away."""
        self._head.insertWidget(1, widget)

    def fit(self, room: int) -> None:
        """Take the height that the content needs, at most ``room`` pixels; then it scrolls."""
        inner, margins = self.column, self._outer.contentsMargins()
        wanted = inner.heightForWidth(WIDTH - 2) if inner.hasHeightForWidth() else inner.sizeHint().height()
        around = margins.top() + margins.bottom() + self._head.sizeHint().height() + self._outer.spacing() + 2
        self.setFixedHeight(max(0, min(room, wanted + around)))

    def _hint(self) -> None:
        """Say in the margin at the foot that there is more, while there is."""
        bar = self._scroll.verticalScrollBar()
        self._more.setVisible(bar.value() < bar.maximum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint at the foot."""
        super().resizeEvent(event)
        foot = self._outer.contentsMargins().bottom()
        self._more.setGeometry(0, self.height() - foot - 1, self.width(), foot)

    def set_title(self, title: str) -> None:
        """Name what the panel is about now."""
        self._title.setText(title)

    def toggle(self) -> None:
        """Open it and give it the keys, or close it."""
        if self.isHidden():
            self.show()
            self.raise_()
            self.setFocus()
        else:
            self.hide()

    def event(self, event: QEvent) -> bool:
        """The keys of what is in the panel are not the window's."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.height_changed.emit()
        if event.type() is QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() in KEPT:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the panel: only what has the keys is turned by it."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001 - Qt's own
        """Closing gives the keys back to the view: Qt would hand them to the next button."""
        if not visible:
            give_back_keys(self)
        super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the button that opened it."""
        super().showEvent(event)
        for kind in TURNED_BY_WHEEL:
            for widget in self.findChildren(kind):
                widget.installEventFilter(self)  # once each, however often this is asked for
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell the button that opened it."""
        super().hideEvent(event)
        if self.isHidden():  # not when the window was merely minimised
            self.visibility_changed.emit(False)
