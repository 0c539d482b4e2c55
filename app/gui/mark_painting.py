"""How the states of frames look on the timeline: each by its shape, the colour only says it again."""

from collections.abc import Iterable
from itertools import product

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.gui.frame_axis import TIGHT, FrameAxis, runs
from app.gui.frame_marks import FrameMarks, FrameState
from app.gui.theme import Tokens

BAR_TOP = 15
BAR_HEIGHT = 7
FINDING = BAR_TOP - 7  # middle of the marks above the bar
CACHED = BAR_TOP + BAR_HEIGHT + 2
CROSS = 3.5
# glyphs for the legend in the tooltip, in the order of painting
GLYPHS = {
    FrameState.LOCAL: "■",
    FrameState.ABSENT: "□",
    FrameState.WAITING: "⊟",
    FrameState.DOWNLOADING: "◧",
    FrameState.FAILED: "╱",
    FrameState.DAMAGED: "✕",
    FrameState.CACHED: "▁",
    FrameState.REVIEWED: "✓",
    FrameState.WARNING: "●",
    FrameState.ERROR: "▲",
}


class MarkPainter:
    """Paints one state after the other along an axis."""

    def __init__(self, painter: QPainter, axis: FrameAxis, tokens: Tokens) -> None:
        self._painter = painter
        self._axis = axis
        self._tokens = tokens

    def paint(self, marks: FrameMarks) -> None:
        """Everything that is known of every frame."""
        for state in (FrameState.ABSENT, FrameState.WAITING, FrameState.DOWNLOADING):
            self._paint_absent(state, marks.having(state))
        self._fill(self._stretches(marks.having(FrameState.LOCAL)), "disabled", BAR_TOP, BAR_HEIGHT)
        kept = runs(self._flags(marks.having(FrameState.CACHED)))
        self._fill(kept, "secondary", CACHED, 1.5)
        damaged = marks.having(FrameState.DAMAGED)
        self._paint_strokes(marks.having(FrameState.FAILED) - damaged, "attention", slopes=(CROSS,))
        self._paint_strokes(damaged, "wrong", slopes=(-CROSS, CROSS))
        self._paint_findings(marks.having(FrameState.WARNING), marks.having(FrameState.ERROR))
        self._paint_ticks(marks.having(FrameState.REVIEWED))

    def bar(self, first: int, last: int) -> QRectF:
        """The bar of a stretch of frames."""
        gap = min(1.0, self._axis.cell / 8)
        left, right = self._axis.start(first) + gap, self._axis.start(last + 1) - gap
        return QRectF(left, BAR_TOP, max(right - left, 1.0), BAR_HEIGHT)

    def _flags(self, indices: frozenset[int]) -> tuple[bool, ...]:
        return tuple(index in indices for index in range(self._axis.count))

    def _stretches(self, indices: frozenset[int]) -> list[tuple[int, int]]:
        if self._axis.cell < TIGHT:
            return runs(self._flags(indices))
        return [(index, index) for index in sorted(indices)]

    def _fill(self, stretches: Iterable[tuple[int, int]], token: str, top: float, height: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._tokens.color(token))
        for first, last in stretches:
            bar = self.bar(first, last)
            self._painter.drawRect(QRectF(bar.left(), top, bar.width(), height))

    def _paint_absent(self, state: FrameState, indices: frozenset[int]) -> None:
        """Hollow; with a line through it while it waits, filling from below while it is fetched."""
        stretches = self._stretches(indices)
        if state is FrameState.DOWNLOADING:
            self._fill(stretches, "accent", BAR_TOP + BAR_HEIGHT - 3, 3)
        elif state is FrameState.WAITING:
            self._fill(stretches, "disabled", BAR_TOP + BAR_HEIGHT / 2 - 0.5, 1)
        self._painter.setPen(QPen(self._tokens.color("disabled"), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for first, last in stretches:
            self._painter.drawRect(self.bar(first, last).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_strokes(self, indices: frozenset[int], token: str, *, slopes: tuple[float, ...]) -> None:
        """Strokes through the bars; with an edge, so that they stand out."""
        middle = BAR_TOP + BAR_HEIGHT / 2
        for edge, width in (("panel", 4.0), (token, 1.8)):
            self._painter.setPen(QPen(self._tokens.color(edge), width, c=Qt.PenCapStyle.RoundCap))
            for index, slope in product(sorted(indices), slopes):
                x = self._axis.middle(index)
                self._painter.drawLine(QPointF(x - CROSS, middle + slope), QPointF(x + CROSS, middle - slope))

    def _paint_findings(self, warnings: frozenset[int], errors: frozenset[int]) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._tokens.color("attention"))
        for index in warnings:
            self._painter.drawEllipse(QPointF(self._axis.middle(index), FINDING), 3, 3)
        self._painter.setBrush(self._tokens.color("wrong"))
        for index in errors:
            at = QPointF(self._axis.middle(index), FINDING)
            corners = [at + QPointF(0, -4), at + QPointF(4.5, 4), at + QPointF(-4.5, 4)]
            self._painter.drawPolygon(QPolygonF(corners))

    def _paint_ticks(self, indices: frozenset[int]) -> None:
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(self._tokens.color("fine"), 1.6))
        for index in indices:
            at = QPointF(self._axis.middle(index), CACHED + 5)
            corners = [at + QPointF(-3.5, 0), at + QPointF(-1, 2.5), at + QPointF(3.5, -2.5)]
            self._painter.drawPolyline(QPolygonF(corners))


def legend_lines(marks: FrameMarks) -> list[str]:
    """What the marks mean, of those that are to be seen."""
    return [f"{glyph}  {state.value}" for state, glyph in GLYPHS.items() if marks.having(state)]
