"""The blocks of an impulse painted as a graph; one of them is chosen, by the mouse or by the arrow keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from app.domain.finding import Severity
from app.domain.impulse.block_graph import BlockGraph, Edge, Node, Stage
from app.domain.impulse.blocks import Block
from app.gui.text import plain, visible
from app.gui.theme import CORNER, STEP, caption_font, current, strong_font

TITLES = {
    Stage.INPUT: "Input",
    Stage.PROCESSING: "Processing",
    Stage.LEARNING: "Learning",
    Stage.AFTER: "Post-processing",
}
MARKS = {Severity.INFO: "", Severity.WARNING: "!", Severity.ERROR: "\N{MULTIPLICATION SIGN}"}
TONES = {Severity.INFO: "secondary", Severity.WARNING: "attention", Severity.ERROR: "wrong"}
MARGIN = 3 * STEP
COLUMN_GAP, ROW_GAP = 8 * STEP, 2 * STEP
NARROWEST, WIDEST = 116, 240  # pixels of a block
HEIGHT = 44  # pixels of a block
TALLEST = 200  # pixels; longer columns scroll
CAPTION = 5 * STEP  # pixels above the blocks


class GraphView(QWidget):
    """Four columns from input to post-processing; gaps are drawn dashed where a block wants what does not exist."""

    block_chosen = Signal(object)  # Block

    def __init__(self) -> None:
        super().__init__()
        self._graph = BlockGraph()
        self._chosen: int | None = None
        self._hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Blocks of the impulse")

    @property
    def chosen(self) -> Block | None:
        """The block that is chosen."""
        return self._graph.nodes[self._chosen].block if self._chosen is not None else None

    def show_graph(self, graph: BlockGraph) -> None:
        """Show another one; nothing is chosen in it yet."""
        self._graph, self._chosen, self._hovered = graph, None, None
        self.setMinimumSize(4 * NARROWEST + 3 * COLUMN_GAP + 2 * MARGIN, self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def choose(self, block: Block | None) -> None:
        """Mark a block; tells nobody."""
        self._chosen = next((place for place, node in enumerate(self._graph.nodes) if node.block is block), None)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longest column."""
        rows = max(1, self._graph.rows)
        return QSize(4 * 180 + 3 * COLUMN_GAP + 2 * MARGIN, CAPTION + rows * (HEIGHT + ROW_GAP) + STEP)

    def node_rect(self, place: int) -> QRectF:
        """Where a node is, in pixels of the widget."""
        node, width = self._graph.nodes[place], self._node_width()
        left = MARGIN + node.stage * (width + COLUMN_GAP)
        return QRectF(left, CAPTION + node.row * (HEIGHT + ROW_GAP), width, HEIGHT)

    def chosen_rect(self) -> QRectF | None:
        """Where the chosen block is."""
        return self.node_rect(self._chosen) if self._chosen is not None else None

    # -- choosing -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the block under the mouse."""
        place = self._at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and place is not None:
            self._take(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Blocks that can be chosen light up."""
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            can = hovered is not None and self._graph.nodes[hovered].block is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go to the next block in their direction; Home and End to the first and the last."""
        target = self._target(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self._take(target)

    def event(self, event: QEvent) -> bool:
        """The tooltip tells of the block under the mouse what its box has no room for."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain(*self._lines(place)) if place is not None else "", self)
            return True
        return super().event(event)

    def _take(self, place: int) -> None:
        block = self._graph.nodes[place].block
        if block is not None and place != self._chosen:
            self._chosen = place
            self._describe()
            self.update()
            self.block_chosen.emit(block)

    def _target(self, key: Qt.Key) -> int | None:
        """The block that a key leads to; None where it leads nowhere."""
        real = [place for place, node in enumerate(self._graph.nodes) if node.block is not None]
        if not real or key not in _DIRECTIONS:
            return None
        if self._chosen is None or key == Qt.Key.Key_Home:
            return real[0]
        if key == Qt.Key.Key_End:
            return real[-1]
        across, down = _DIRECTIONS[key]
        here = self._graph.nodes[self._chosen]
        ahead = [place for place in real if _is_ahead(here, self._graph.nodes[place], across, down)]
        return min(ahead, key=lambda place: _distance(here, self._graph.nodes[place]), default=self._chosen)

    def _at(self, position: QPointF) -> int | None:
        return next((p for p in range(len(self._graph.nodes)) if self.node_rect(p).contains(position)), None)

    def _describe(self) -> None:
        self.setAccessibleDescription(", ".join(self._lines(self._chosen)) if self._chosen is not None else "")

    def _lines(self, place: int) -> tuple[str, ...]:
        node = self._graph.nodes[place]
        kind = f"{node.block.type}, id {node.block_id}" if node.block else ""
        return tuple(filter(None, (node.title, kind, node.state)))

    # -- painting -----------------------------------------------------------------------------------------------

    def _node_width(self) -> float:
        room = (self.width() - 2 * MARGIN - 3 * COLUMN_GAP) / 4
        return max(NARROWEST, min(WIDEST, room))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Captions, edges, blocks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_captions(painter)
        chosen = self._chosen
        for edge in sorted(self._graph.edges, key=lambda each: chosen in (each.start, each.end)):
            self._paint_edge(painter, edge)
        for place, node in enumerate(self._graph.nodes):
            self._paint_node(painter, node, self.node_rect(place), place)

    def _paint_captions(self, painter: QPainter) -> None:
        painter.setFont(caption_font(self.font()))
        painter.setPen(current().color("secondary"))
        width = self._node_width()
        filled = {node.stage for node in self._graph.nodes}
        for stage, title in TITLES.items():
            rect = QRectF(MARGIN + stage * (width + COLUMN_GAP), 0, width, CAPTION - STEP)
            text = title if stage in filled else f"{title}: none"
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_edge(self, painter: QPainter, edge: Edge) -> None:
        start, end = self.node_rect(edge.start), self.node_rect(edge.end)
        first = QPointF(start.right(), start.center().y())
        last = QPointF(end.left(), end.center().y())
        bend = QPointF(COLUMN_GAP / 2, 0)
        path = QPainterPath(first)
        path.cubicTo(first + bend, last - bend, last)
        marked = self._chosen in (edge.start, edge.end)
        color = current().color("attention" if edge.lost else "accent" if marked else "secondary")
        painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine if edge.lost else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon([last, last + QPointF(-6, -3.5), last + QPointF(-6, 3.5)])

    def _paint_node(self, painter: QPainter, node: Node, rect: QRectF, place: int) -> None:
        tokens = current()
        chosen, missing = place == self._chosen, node.block is None
        frame = "attention" if missing else "accent" if chosen else "line"
        style = Qt.PenStyle.DashLine if missing else Qt.PenStyle.SolidLine
        painter.setPen(QPen(tokens.color(frame), 2 if chosen and self.hasFocus() else 1, style))
        fill = "selection" if chosen else "hover" if place == self._hovered and not missing else "raised"
        painter.setBrush(Qt.BrushStyle.NoBrush if missing else tokens.color(fill))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        text = rect.adjusted(2 * STEP, STEP, -2 * STEP, -STEP)
        self._paint_line(painter, QRectF(text.topLeft(), text.center() + QPointF(text.width() / 2, 0)), node.title)
        lower = QRectF(QPointF(text.left(), text.center().y()), text.bottomRight())
        self._paint_state(painter, node, lower, on_selection=chosen)

    def _paint_line(self, painter: QPainter, rect: QRectF, words: str) -> None:
        font = strong_font(self.font())
        painter.setFont(font)
        painter.setPen(current().color("text"))
        shown = QFontMetricsF(font).elidedText(visible(words), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_state(self, painter: QPainter, node: Node, rect: QRectF, *, on_selection: bool) -> None:
        font = caption_font(self.font())
        painter.setFont(font)
        tone = TONES[node.severity]
        painter.setPen(current().color("text" if on_selection and tone == "secondary" else tone))
        words = node.state or (node.block.type if node.block else "")
        line = " ".join(filter(None, (MARKS[node.severity], visible(words))))
        shown = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class GraphArea(QScrollArea):
    """The graph in as much height as it needs, up to a bound."""

    def __init__(self, graph: GraphView) -> None:
        super().__init__()
        self._graph = graph
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(graph)
        graph.block_chosen.connect(self._show_chosen)

    def fit(self) -> None:
        """Take the height of another graph; of one that is too wide also that of the bar below it."""
        bar = self.horizontalScrollBar().sizeHint().height() if self._graph.minimumWidth() > self.width() else 0
        self.setFixedHeight(min(self._graph.sizeHint().height() + bar, TALLEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whether there is a bar depends on the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def _show_chosen(self, _block: Block) -> None:
        rect = self._graph.chosen_rect()
        if rect is not None:
            self.ensureVisible(round(rect.center().x()), round(rect.center().y()), round(rect.width() / 2), HEIGHT)


_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (0, 0),
    Qt.Key.Key_End: (0, 0),
}


def _is_ahead(here: Node, there: Node, across: int, down: int) -> bool:
    if across:
        return (there.stage - here.stage) * across > 0
    return there.stage == here.stage and (there.row - here.row) * down > 0


def _distance(here: Node, there: Node) -> tuple[int, int]:
    return abs(there.stage - here.stage), abs(there.row - here.row)
