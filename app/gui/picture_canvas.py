"""A picture that is looked at: wheel, drag and keys move it, and the cursor's place in it is told."""

from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from app.gui.picture_placement import Placement
from app.gui.theme import current

ZOOM_PER_NOTCH = 1.25
NOTCH = 120  # eighths of a degree, as Qt counts the wheel
ZOOMS = {Qt.Key.Key_Plus: ZOOM_PER_NOTCH, Qt.Key.Key_Equal: ZOOM_PER_NOTCH, Qt.Key.Key_Minus: 1 / ZOOM_PER_NOTCH}
KEYS = frozenset((*ZOOMS, Qt.Key.Key_0, Qt.Key.Key_Return, Qt.Key.Key_Enter))
LINE = 3  # pixels, below the picture in front
TABBED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class PictureCanvas(QWidget):
    """Where the picture lies and what the mouse does to it; what is painted is the subclass's."""

    hovered = Signal(object)  # QPointF in pixels of the picture as shown, None where the cursor is not in it
    clicked = Signal(QPointF, object)  # the same, and Qt.KeyboardModifier
    double_clicked = Signal()
    moved = Signal()  # by the user: zoomed or panned

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placement = Placement(QSizeF(), QSizeF(self.size()))
        self._cursor_at: QPointF | None = None
        self._pressed_at: QPointF | None = None
        self._dragged = False
        self._focus_shown = self._marked = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def placement(self) -> Placement:
        """Where the picture lies."""
        return self._placement

    @property
    def cursor_at(self) -> QPointF | None:
        """The cursor in pixels of the view, None outside it."""
        return self._cursor_at

    def set_marked(self, *, marked: bool) -> None:
        """Mark it as the one in front of others."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def set_placement(self, placement: Placement) -> None:
        """Show the picture elsewhere."""
        self._placement = placement
        self._on_placed()
        self.update()

    def reset_zoom(self) -> None:
        """The whole picture again."""
        self._move(self._placement.reset())

    def show_pixels(self) -> None:
        """One pixel of the picture on one of the screen, around what is in the middle."""
        self.zoom(1.0 / (self._placement.scale * self.devicePixelRatioF()), at=self._cursor_at)

    def zoom(self, factor: float, *, at: QPointF | None = None) -> None:
        """Nearer or farther around a point of the view, its middle by default."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        self._move(self._placement.zoomed(factor, at=middle if at is None else at))

    def _move(self, placement: Placement) -> None:
        self.set_placement(placement)
        self.moved.emit()

    # -- for the subclass -----------------------------------------------------------------------------------------

    def _on_placed(self) -> None:
        """The picture lies elsewhere."""

    def _on_pointed(self) -> None:
        """The cursor is elsewhere, or gone."""

    def _on_clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """A click at a point of the view."""
        if self._placement.visible.contains(at):
            self.clicked.emit(self._placement.to_picture(at), modifiers)

    def _paint_state(self, painter: QPainter) -> None:
        """A line below the one in front, and a frame for those who came by keyboard."""
        if self._marked:
            painter.fillRect(0, self.height() - LINE, self.width(), LINE, current().color("accent"))
        if self._focus_shown:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(current().color("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # -- input ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is looked at."""
        super().resizeEvent(event)
        self.set_placement(self._placement.resized(self._placement.picture, QSizeF(self.size())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        notches = event.angleDelta().y() / NOTCH
        if notches:
            self.zoom(ZOOM_PER_NOTCH**notches, at=event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start of a drag, or of a click."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while a button is down, else follow the cursor."""
        at = event.position()
        if self._pressed_at is not None:
            self._drag(at)
        self._point_at(at)

    def _point_at(self, at: QPointF | None) -> None:
        self._cursor_at = at
        self._on_pointed()
        self.update()
        inside = at is not None and self._placement.visible.contains(at)
        self.hovered.emit(self._placement.to_picture(at) if at is not None and inside else None)

    def _drag(self, at: QPointF) -> None:
        start = self._pressed_at or at
        if not self._dragged and (at - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged = True
        self._pressed_at = at
        self._move(self._placement.moved(at - start))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not drag is a click."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._pressed_at = None
        if not self._dragged:
            self._on_clicked(event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first of its two clicks counted already."""
        self._pressed_at = None
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._point_at(None)

    def event(self, event: QEvent) -> bool:
        """The keys of the picture are not the window's while it has them."""
        if event.type() is QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom, 0 shows the whole picture, Enter does what a double click does."""
        factor = ZOOMS.get(Qt.Key(event.key()))
        if factor is not None:
            self.zoom(factor)
        elif event.key() == Qt.Key.Key_0:
            self.reset_zoom()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.double_clicked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by keyboard."""
        super().focusInEvent(event)
        self._focus_shown = event.reason() in TABBED
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus frame."""
        super().focusOutEvent(event)
        self._focus_shown = False
        self.update()
