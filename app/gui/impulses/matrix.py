"""A confusion matrix as a heat map: names stay in sight while it scrolls, and every cell can be read."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.domain.arrays import Float64
from app.domain.finding import quoted
from app.domain.impulse.confusion import Confusion
from app.domain.impulse.values import NOT_SAID
from app.domain.oklab import oklab, rgb_of
from app.gui.text import plain, visible
from app.gui.theme import STEP, caption_font, current, tabular_font

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

NARROWEST, WIDEST = 34, 116  # pixels of a cell
LOW, HIGH = 22, 38  # pixels: rows with one and with two lines of text
TWO_LINES = 56  # pixels of width from which a cell shows its count and its share
NAMES = 112  # pixels that names of rows take at most
BLACK, WHITE = QColor("#000000"), QColor("#ffffff")
# One hue whose lightness alone rises, which every kind of colour vision sees; the first is the panel's own colour.
RAMPS = {"dark": ("#191e25", "#1f5c99", "#a6d8ff"), "light": ("#f7f8fa", "#6aa7de", "#08386b")}


def heat_color(share: float, theme: str) -> QColor:
    """The colour of a share in 0..1, evenly rising between the colours of a theme's ramp."""
    colors = map(QColor, RAMPS[theme])
    ramp = oklab([(color.red(), color.green(), color.blue()) for color in colors])
    places = np.linspace(0.0, 1.0, len(ramp))
    mixed = [np.interp(min(max(share, 0.0), 1.0), places, ramp[:, channel]) for channel in range(3)]
    red, green, blue = rgb_of([mixed])[0].tolist()
    return QColor(red, green, blue)


def text_on(color: QColor) -> QColor:
    """Black or white, whichever stands out more; one of them always does so by 4.5 to 1 (WCAG 2, 1.4.3)."""
    light = luminance(color)
    return WHITE if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else BLACK


def luminance(color: QColor) -> float:
    """Relative luminance in 0..1 (WCAG 2)."""
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def count_text(count: float) -> str:
    """Whole counts in full, others with three digits that matter; a dash for none."""
    if np.isnan(count):
        return NOT_SAID
    return f"{count:,.0f}" if count == round(count) else f"{count:.3g}"


def share_text(share: float) -> str:
    """In percent; small shares are not said to be nothing."""
    if np.isnan(share):
        return ""
    return "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


class MatrixModel(QAbstractTableModel):
    """Rows are true classes, columns predicted ones; ``by_share`` shows and colours by the share of the row."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.confusion: Confusion | None = None
        self.by_share = True
        self._most = 1.0

    def show_confusion(self, confusion: Confusion | None) -> None:
        """Show another one."""
        self.beginResetModel()
        self.confusion = confusion
        found = confusion.counts[~np.isnan(confusion.counts)] if confusion else np.empty(0)
        self._most = float(found.max(initial=0.0)) or 1.0
        self.endResetModel()

    def set_by_share(self, by_share: bool) -> None:  # noqa: FBT001  # connected to a signal
        """Colour by shares or by counts."""
        self.by_share = by_share
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """True classes."""
        inside = parent is not None and parent.isValid()
        return 0 if inside or self.confusion is None else len(self.confusion.names)

    def columnCount(self, parent: Index | None = None) -> int:
        """Predicted classes, the same."""
        return self.rowCount(parent)

    def headerData(self, section: int, _orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Names of the classes."""
        if self.confusion is None or not 0 <= section < len(self.confusion.names):
            return None
        name = self.confusion.names[section]
        if role == Role.DisplayRole:
            return visible(name)
        return plain(name) if role == Role.ToolTipRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What a cell says, in short and in a sentence."""
        if self.confusion is None or not index.isValid():
            return None
        if role == Role.DisplayRole:
            return "\n".join(filter(None, self.lines(index)))
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            sentence = self._sentence(self.confusion, index.row(), index.column())
            return plain(*sentence) if role == Role.ToolTipRole else " ".join(sentence)
        return None

    def lines(self, index: Index) -> tuple[str, str]:
        """The figure that colours the cell, and the other one."""
        if self.confusion is None:
            return "", ""
        at = index.row(), index.column()
        count, share = count_text(self.confusion.counts[at]), share_text(self.confusion.shares[at])
        return (share or count, count if share else "") if self.by_share else (count, share)

    def heat(self, index: Index) -> float | None:
        """How hot a cell is, 0..1; None for cells without a count. Counts by their root: errors are few and matter."""
        if self.confusion is None:
            return None
        values: Float64 = self.confusion.shares if self.by_share else self.confusion.counts
        value = float(values[index.row(), index.column()])
        if np.isnan(value):
            return None if np.isnan(self.confusion.counts[index.row(), index.column()]) else 0.0
        return value if self.by_share else float(np.sqrt(value / self._most))

    @staticmethod
    def _sentence(confusion: Confusion, row: int, column: int) -> tuple[str, ...]:
        truth, taken = quoted(confusion.names[row]), quoted(confusion.names[column])
        count, share = confusion.counts[row, column], confusion.shares[row, column]
        if np.isnan(count):
            return (f"{truth} taken for {taken}: the document has no count.",)
        told = f"{truth} found as such" if row == column else f"{truth} taken for {taken}"
        part = "" if np.isnan(share) else f", {100 * share:.2f} % of all {truth}"
        return (f"{told}: {count:,.6g}{part}.",)


class HeatDelegate(QStyledItemDelegate):
    """Paints a cell in the colour of its heat; right answers have a frame, so that the diagonal is found."""

    def __init__(self, parent: QTableView, model: MatrixModel) -> None:
        super().__init__(parent)
        self._model = model
        self._colors: dict[str, list[QColor]] = {}

    def color(self, heat: float | None) -> QColor:
        """Of a cell, in one of 256 steps."""
        theme = current().name
        if theme not in self._colors:
            self._colors[theme] = [heat_color(step / 255, theme) for step in range(256)]
        return self._colors[theme][round((heat or 0.0) * 255)]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line of text where the cell is small, else two."""
        tokens, rect = current(), QRectF(option.rect)
        heat = self._model.heat(index)
        fill = self.color(heat)
        painter.fillRect(option.rect, fill)
        if index.row() == index.column():
            painter.setPen(QPen(tokens.color("text"), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -1.5, -1.5))
        if option.state & (QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected):
            painter.setPen(QPen(tokens.color("accent"), 3))
            painter.drawRect(rect.adjusted(1.5, 1.5, -2.5, -2.5))
        color = text_on(fill) if heat else tokens.color("secondary")  # nothing happened here: say so quietly
        self._paint_text(painter, rect, self._model.lines(index), color)

    def _paint_text(self, painter: QPainter, rect: QRectF, lines: tuple[str, str], color: QColor) -> None:
        view = self.parent()
        base = view.font() if isinstance(view, QTableView) else painter.font()
        painter.setPen(color)
        first, second = lines
        roomy = bool(second) and rect.width() >= TWO_LINES and rect.height() >= HIGH
        upper = rect.adjusted(0, STEP / 2, 0, -rect.height() / 2 + 2) if roomy else rect
        font = tabular_font(base) if rect.width() >= TWO_LINES else caption_font(tabular_font(base))
        painter.setFont(font)
        shown = QFontMetricsF(font).elidedText(first, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, shown)
        if roomy:
            painter.setFont(caption_font(tabular_font(base)))
            lower = rect.adjusted(0, rect.height() / 2 - 2, 0, -STEP / 2)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, second)


class NameHeader(QHeaderView):
    """Names over columns, turned upright where a column is narrower than its name."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    def sizeHint(self) -> QSize:
        """As high as the longest upright name, within reason."""
        return QSize(super().sizeHint().width(), self._height())

    @property
    def turned(self) -> bool:
        """Whether names stand upright."""
        return self._longest() + 2 * STEP > self.defaultSectionSize()

    def _longest(self) -> float:
        metrics = QFontMetricsF(caption_font(self.font()))
        model = self.model()
        names = (str(model.headerData(place, self.orientation()) or "") for place in range(min(self.count(), 500)))
        return max((metrics.horizontalAdvance(name) for name in names), default=0.0)

    def _height(self) -> int:
        line = 2 * STEP + self.fontMetrics().height()
        return round(min(NAMES, self._longest() + 3 * STEP)) if self.turned else line

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One name."""
        painter.save()
        font = caption_font(self.font())
        painter.fillRect(rect, current().color("panel"))
        painter.setFont(font)
        painter.setPen(current().color("text"))
        name = str(self.model().headerData(section, self.orientation()) or "")
        turned = self.turned
        room = (rect.height() if turned else rect.width()) - STEP
        shown = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        if turned:
            painter.translate(rect.left(), rect.bottom())
            painter.rotate(-90)
            box = QRectF(STEP, 0, room, rect.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        else:
            painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


class MatrixView(QTableView):
    """Cells share the width that there is, between bounds; beyond, it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.heat = HeatDelegate(self, self.matrix)
        self.setItemDelegate(self.heat)
        self.setHorizontalHeader(NameHeader(self))
        self.setAccessibleName("Confusion matrix")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(LOW)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMaximumWidth(NAMES)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_confusion(self, confusion: Confusion | None) -> None:
        """Show another one."""
        self.matrix.show_confusion(confusion)
        self._fit()

    @property
    def wanted_height(self) -> int:
        """Pixels that all of it needs."""
        bar = self.horizontalScrollBar().sizeHint().height()
        return self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + bar

    def width_of(self, cell: int) -> int:
        """Pixels that all of it needs with cells so wide."""
        return self._beside() + cell * self.matrix.columnCount()

    def point_at(self, row: int) -> None:
        """Bring the cell of a class's right answers into sight and choose it."""
        index = self.matrix.index(row, row)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells share the new width."""
        super().resizeEvent(event)
        self._fit()

    def _beside(self) -> int:
        """Pixels of width for the names of rows and for the scroll bar."""
        names = min(NAMES, self.verticalHeader().sizeHint().width())
        return names + self.verticalScrollBar().sizeHint().width()

    def _fit(self) -> None:
        count = self.matrix.columnCount()
        width = max(NARROWEST, min(WIDEST, (self.width() - self._beside()) // max(1, count)))
        if width != self.horizontalHeader().defaultSectionSize():
            self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(HIGH if width >= TWO_LINES else LOW)
        self.updateGeometries()
