"""The scale over the 3D view: which colour stands for which value."""

from dataclasses import dataclass
from math import floor, log10

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.arrays import Bytes
from app.domain.legend import UNMAPPED_COLOR, Rgb
from app.gui.icons import draw_icon
from app.gui.keys import keeps_space
from app.gui.text import plain, visible, with_minus
from app.gui.theme import CHIP, CHIP_SECONDARY, CHIP_TEXT, CORNER, STEP, current, tabular_font

BAR_WIDTH, BAR_HEIGHT = 168, 8
SWATCH = 8
CHEVRON = 12


@dataclass(frozen=True)
class Scale:
    """What a chip says: values from ``low`` to ``high`` over ``colors`` (256, 3) uint8.

    ``without`` points have no value and are ``no_color``. Without ``colors`` the chip is the title alone.
    """

    title: str
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    colors: Bytes | None = None
    without: int = 0
    no_color: Rgb = UNMAPPED_COLOR
    by_hand: bool = False


class ScaleChip(QAbstractButton):
    """Title, colour bar and its ends; a click opens what changes them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.scale = Scale("")
        self._bar = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_scale(self, scale: Scale | None) -> None:
        """Say what the colours mean; None hides the chip."""
        self.setVisible(scale is not None)
        if scale is None:
            return
        self.scale = scale
        self._bar = stripe(scale.colors) if scale.colors is not None else QImage()
        self.setEnabled(scale.colors is not None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.spoken)
        self.setToolTip(plain("Choose the range of values and the colours") if self.isEnabled() else "")
        self.resize(self.sizeHint())
        self.update()

    @property
    def spoken(self) -> str:
        """The whole scale in words."""
        scale = self.scale
        if scale.colors is None:
            return scale.title
        ends = f"{value_text(scale.low, scale.high)} to {value_text(scale.high, scale.low)}"
        return f"{scale.title}, {ends} {scale.unit}".strip()

    def sizeHint(self) -> QSize:
        """Room for title, bar and ends."""
        metrics = QFontMetricsF(tabular_font(self.font()))
        air, line = 4 * STEP, round(metrics.height())
        if self.scale.colors is None:
            return QSize(round(metrics.horizontalAdvance(visible(self.scale.title))) + air + 2, line + 6)
        wide = max(BAR_WIDTH, round(metrics.horizontalAdvance(f"{self._head}   {self._tail}")) + 2 * CHEVRON)
        return QSize(wide + air, 2 * line + BAR_HEIGHT + 4 * STEP)

    @property
    def _head(self) -> str:
        scale = self.scale
        return visible(f"{scale.title}, {scale.unit}" if scale.unit else scale.title, limit=40)

    @property
    def _tail(self) -> str:
        return f"{self.scale.without:,} without" if self.scale.without else ""

    # -- Qt -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Space presses the chip that has the focus."""
        return keeps_space(event) or super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Quiet again."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A chip like the others over the view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = current().color("accent") if self.hasFocus() else QColor(0, 0, 0, 0)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(QColor("#2b333e") if self.underMouse() and self.isEnabled() else QColor(CHIP))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.setFont(tabular_font(self.font()))
        inner = QRectF(self.rect()).adjusted(2 * STEP, STEP, -2 * STEP, -STEP)
        if self.scale.colors is None:
            painter.setPen(QColor(CHIP_TEXT))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), visible(self.scale.title))
        else:
            self._paint_scale(painter, inner)

    def _paint_scale(self, painter: QPainter, inner: QRectF) -> None:
        line = QFontMetricsF(painter.font()).height()
        head = QRectF(inner.left(), inner.top(), inner.width(), line)
        bar = QRectF(inner.left(), head.bottom() + STEP, inner.width(), BAR_HEIGHT)
        feet = QRectF(inner.left(), bar.bottom() + STEP / 2, inner.width(), line)
        painter.setPen(QColor(CHIP_TEXT))
        painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft), self._head)
        arrow = QRectF(head.right() - CHEVRON, head.center().y() - CHEVRON / 2, CHEVRON, CHEVRON)
        draw_icon(painter, "chevron-down", arrow, QColor(CHIP_SECONDARY))
        self._paint_without(painter, head.adjusted(0, 0, -CHEVRON - STEP, 0))
        painter.drawImage(bar, self._bar)
        painter.setPen(QColor(CHIP_SECONDARY))
        low, high = self.scale.low, self.scale.high
        painter.drawText(feet, int(Qt.AlignmentFlag.AlignLeft), value_text(low, high))
        painter.drawText(feet, int(Qt.AlignmentFlag.AlignRight), value_text(high, low))
        if self.scale.by_hand:
            painter.drawText(feet, int(Qt.AlignmentFlag.AlignHCenter), "range set")

    def _paint_without(self, painter: QPainter, room: QRectF) -> None:
        """A swatch in the colour of points that have no value, and how many they are."""
        if not self._tail:
            return
        painter.setPen(QColor(CHIP_SECONDARY))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight), self._tail)
        wide = QFontMetricsF(painter.font()).horizontalAdvance(self._tail)
        left = room.right() - wide - SWATCH - STEP
        painter.fillRect(QRectF(left, room.center().y() - SWATCH / 2, SWATCH, SWATCH), QColor(*self.scale.no_color))


def value_text(value: float, other: float) -> str:
    """A value with as many digits as it takes to tell it from the ``other`` end of its range."""
    span = abs(value - other) or abs(value)
    if span == 0:
        return "0"
    if not 1e-4 < max(abs(value), abs(other)) < 1e7:
        return with_minus(f"{value:.3g}")
    digits = max(0, min(6, 2 - floor(log10(span))))
    text = f"{value:,.{digits}f}"
    return with_minus(text.rstrip("0").rstrip(".") if "." in text else text)


def stripe(colors: Bytes) -> QImage:
    """A picture one pixel high of a colour map."""
    row = colors.tobytes()
    return QImage(row, len(colors), 1, 3 * len(colors), QImage.Format.Format_RGB888).copy()
