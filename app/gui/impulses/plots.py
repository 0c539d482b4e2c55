"""Curves over the steps of a training, drawn by pyqtgraph; to be imported only where there is something to draw."""

import html
from collections.abc import Iterator, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.domain.arrays import Float64
from app.domain.finding import counted
from app.domain.impulse.curves import Curve, CurveSheet, thinned
from app.domain.impulse.values import NOT_SAID
from app.gui.fields import make_label
from app.gui.text import ElidingLabel, plain, visible
from app.gui.theme import STEP, current, tabular_font, track_color

HEIGHT = 200  # pixels of a plot
LEGEND = 208  # pixels of width
MOST_POINTS = 4000  # of one curve: more than a screen is wide


class ValueAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Even ticks; where the view has logarithms of values, they are named by the values."""

    logarithmic = False

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """What stands at the ticks."""
        if self.logarithmic:
            return [f"{10.0**value:.3g}" for value in values]
        named: list[str] = super().tickStrings(values, scale, spacing)
        return named


class CurveCanvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """The plot itself: dragging moves it, Ctrl and the wheel zoom, a double click shows all, arrow keys walk."""

    step_pointed = Signal(object)  # int from one, or None

    def __init__(self) -> None:
        super().__init__()
        self._step: int | None = None
        self._last = 0
        self.logarithmic = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.view = pg.ViewBox(enableMenu=False)
        self.axes = {"left": ValueAxis("left"), "bottom": pg.AxisItem("bottom")}
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        layout = pg.GraphicsLayout(border=None)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addItem(self.axes["left"], row=0, col=0)
        layout.addItem(self.view, row=0, col=1)
        layout.addItem(self.axes["bottom"], row=1, col=1)
        for axis in self.axes.values():
            axis.linkToView(self.view)
            axis.enableAutoSIPrefix(False)
        self.setCentralItem(layout)
        self.dress()

    @property
    def step(self) -> int | None:
        """The step that is pointed at, counted from one."""
        return self._step

    def dress(self) -> None:
        """Take the colours of the theme."""
        tokens = current()
        self.setBackground(tokens.panel)
        for axis in self.axes.values():
            axis.setPen(tokens.line)
            axis.setTextPen(tokens.secondary)
            axis.setGrid(60)
        self.cursor_line.setPen(pg.mkPen(tokens.secondary, width=1, style=Qt.PenStyle.DashLine))

    def name_axes(self, x_label: str, y_label: str) -> None:
        """What the axes count; pyqtgraph reads markup there, so none is left."""
        for side, text in (("bottom", x_label or "step"), ("left", y_label)):
            self.axes[side].setLabel(html.escape(visible(text, limit=40)) if text else None)
            self.axes[side].showLabel(bool(text))

    def show_lines(self, curves: Sequence[tuple[Float64, Float64, str]], *, last: int) -> None:
        """Draw curves of (steps, values, colour) over ``last`` steps."""
        self.view.clear()
        self.axes["left"].logarithmic = self.logarithmic
        self._last = last
        for steps, values, color in curves:
            known = np.isfinite(values)
            if known.any():
                pen = pg.mkPen(color, width=1.5)
                line = pg.PlotCurveItem(steps, values, pen=pen, connect="finite", antialias=True)
                self.view.addItem(line)
                self._mark_lonely(steps, values, known, color)
        self.view.addItem(self.cursor_line, ignoreBounds=True)
        self.view.enableAutoRange()
        self.point_at(None)

    def point_at(self, step: int | None) -> None:
        """Put the line at a step."""
        self._step = step
        self.cursor_line.setVisible(step is not None)
        if step is not None:
            self.cursor_line.setPos(step)
        self.step_pointed.emit(step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest step."""
        super().mouseMoveEvent(event)
        if self._last:
            at = self.view.mapSceneToView(self.mapToScene(event.position().toPoint())).x()
            self.point_at(int(min(max(round(at), 1), self._last)))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show all."""
        self.view.enableAutoRange()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self.point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; without it the page scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right, Home and End go through the steps."""
        here = self._step or 0
        targets = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 1,
            Qt.Key.Key_End: self._last,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is None or not self._last:
            event.ignore()
        else:
            self.point_at(min(max(target, 1), self._last))

    def _mark_lonely(self, steps: Float64, values: Float64, known: np.ndarray, color: str) -> None:
        """Points with gaps on both sides have no line: they get a dot."""
        padded = np.concatenate(([False], known, [False]))
        lonely = known & ~padded[:-2] & ~padded[2:]
        if lonely.any():
            self.view.addItem(pg.ScatterPlotItem(steps[lonely], values[lonely], size=5, brush=color, pen=None))


class CurvePlot(QWidget):
    """One graph with its title, and beside it its series: what they are at the pointed step, ticked or hidden."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet = CurveSheet("", ())
        self.title = ElidingLabel()
        self.title.setProperty("role", "heading")
        self.note = make_label("caption")
        self.canvas = CurveCanvas()
        self.canvas.step_pointed.connect(self._on_step)
        self.series = QTreeWidget()
        self.series.setProperty("role", "table")
        self.series.setFrameShape(QFrame.Shape.NoFrame)
        self.series.setRootIsDecorated(False)
        self.series.setUniformRowHeights(True)
        self.series.setFixedSize(LEGEND, HEIGHT)
        self.series.setColumnCount(2)
        self.series.header().setStretchLastSection(False)
        self.series.header().setSectionResizeMode(0, self.series.header().ResizeMode.Stretch)
        self.series.header().setSectionResizeMode(1, self.series.header().ResizeMode.ResizeToContents)
        head = self.series.headerItem()
        if head is not None:
            head.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.series.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.series.itemChanged.connect(self._on_ticked)
        self._lay_out()

    def _lay_out(self) -> None:
        side = QHBoxLayout()
        side.setSpacing(2 * STEP)
        side.addWidget(self.canvas, 1)
        side.addWidget(self.series, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 2 * STEP)
        lines.setSpacing(STEP)
        lines.addWidget(self.title)
        lines.addWidget(self.note)
        lines.addLayout(side)

    @property
    def sheet(self) -> CurveSheet:
        """What is drawn."""
        return self._sheet

    def show_sheet(self, sheet: CurveSheet, *, logarithmic: bool) -> None:
        """Draw other curves."""
        self._sheet = sheet
        self.title.setText(f"{sheet.title} (hidden by the service)" if sheet.hidden else sheet.title)
        self.canvas.setAccessibleName(visible(sheet.title))
        self.series.setAccessibleName(visible(f"Series of {sheet.title}"))
        self.canvas.name_axes(sheet.x_label, sheet.y_label)
        self.canvas.logarithmic = logarithmic
        self._list_series()
        self._draw()

    def set_logarithmic(self, logarithmic: bool) -> None:  # noqa: FBT001  # connected to a signal
        """Draw by the logarithm of the values, or by the values."""
        self.canvas.logarithmic = logarithmic
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.canvas.dress()

    def _list_series(self) -> None:
        self.series.blockSignals(True)
        self.series.clear()
        for number, curve in enumerate(self._sheet.curves):
            item = QTreeWidgetItem([visible(curve.title), ""])
            item.setToolTip(0, plain(curve.title))
            item.setData(0, Qt.ItemDataRole.DecorationRole, track_color(number))
            item.setCheckState(0, Qt.CheckState.Checked)
            item.setFont(1, tabular_font(self.font()))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.series.addTopLevelItem(item)
        self.series.blockSignals(False)

    def _draw(self) -> None:
        """The ticked curves, and a word on what cannot be drawn."""
        ticked = [(number, self._sheet.curves[number]) for number, item in self._items() if _is_ticked(item)]
        lines = [(*self._points(curve), track_color(number).name()) for number, curve in ticked]
        last = max((len(curve.values) for curve in self._sheet.curves), default=0)
        self.canvas.show_lines(lines, last=last)
        text = ". ".join(filter(None, (self._sheet.description.rstrip("."), self._missing())))
        self.note.setText(visible(text, limit=500))
        self.note.setVisible(bool(text))

    def _items(self) -> Iterator[tuple[int, QTreeWidgetItem]]:
        for number in range(self.series.topLevelItemCount()):
            item = self.series.topLevelItem(number)
            if item is not None:
                yield number, item

    def _points(self, curve: Curve) -> tuple[Float64, Float64]:
        steps, values = thinned(curve.values, MOST_POINTS)
        if not self.canvas.logarithmic:
            return steps, values
        positive = np.where(values > 0, values, np.nan)
        return steps, np.log10(positive)

    def _missing(self) -> str:
        values = [curve.values for curve in self._sheet.curves]
        gaps = sum(int((~np.isfinite(each)).sum()) for each in values)
        low = sum(int((each <= 0).sum()) for each in values) if self.canvas.logarithmic else 0
        told = []
        if gaps:
            told.append(f"{counted(gaps, 'value')} missing or not finite")
        if low:
            told.append(f"{counted(low, 'value')} not above zero, without a logarithm")
        return ", ".join(told)

    def _on_step(self, step: int | None) -> None:
        title = f"{self._sheet.x_label or 'step'} {step:,}" if step is not None else "last"
        self.series.setHeaderLabels(["Series", visible(title, limit=24)])
        self.series.blockSignals(True)
        for number, item in self._items():
            item.setText(1, _value(self._sheet.curves[number].values, step))
        self.series.blockSignals(False)

    def _on_ticked(self, _item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            self._draw()


def _is_ticked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) is Qt.CheckState.Checked


def _value(values: Float64, step: int | None) -> str:
    """At a step counted from one, the last for None."""
    place = len(values) - 1 if step is None else step - 1
    if not 0 <= place < len(values) or np.isnan(values[place]):
        return NOT_SAID
    return f"{values[place]:.4g}"
