"""The legend of the shown frame: what is drawn in which colour, how many points, and what is hidden."""

from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSortFilterProxyModel,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import counted
from app.domain.legend_table import ClassRow
from app.gui.icons import draw_icon
from app.gui.job_counts import JobCounts
from app.gui.keys import keeps_space
from app.gui.panels.empty import EmptyPage
from app.gui.panels.legend_columns import LegendColumns
from app.gui.panels.legend_delegate import EYE, GAP, LegendDelegate, on_eye
from app.gui.panels.legend_head import LegendHead
from app.gui.panels.legend_menu import flash, legend_menu
from app.gui.panels.legend_model import ROW, LegendModel, LegendNode
from app.gui.text import ElidingLabel, plain
from app.gui.theme import STEP, current, tabular_font
from app.gui.viewer import Viewer

NO_JOB = "The legend of the open job appears here."
NO_MATCH = "No class matches the filter."
NO_MASK = "This frame has no mask, so nothing is labelled."
NO_POINTS = "No point of this frame has a label."
CHEVRON = 12
ROW_KEYS = (Qt.Key.Key_D, Qt.Key.Key_B)  # dim, flash


class LegendTree(QTreeView):
    """A tree without headings whose branch marks follow the theme."""

    name_clicked = Signal(QModelIndex)  # by mouse beside the eye, or by Return
    dim_requested = Signal(QModelIndex)
    flash_requested = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(4 * STEP)
        self._delegate = LegendDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QTreeView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys of the whole window away
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Legend")
        self._pressed_x = 0
        self.clicked.connect(self._on_clicked)

    def set_columns(self, columns: LegendColumns) -> None:
        """Make room for the largest numbers."""
        if columns != self._delegate.columns:
            self._delegate.columns = columns
            self.viewport().update()

    def drawBranches(self, painter: QPainter, _rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """A chevron where there is something below."""
        if not self.model().hasChildren(index):
            return
        row = self.visualRect(index)
        left = row.left() - self.indentation() + 2
        name = "chevron-down" if self.isExpanded(index) else "chevron-right"
        square = QRectF(left, row.center().y() - CHEVRON / 2 - 2, CHEVRON, CHEVRON)
        draw_icon(painter, name, square, current().color("secondary"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember which part of a row was meant."""
        self._pressed_x = event.position().toPoint().x()
        super().mousePressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        if not on_eye(self.visualRect(index), self._pressed_x):
            self.name_clicked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does what a click on the name does; D dims and B flashes the class of the row."""
        told = self._told_by(event.key()) if self.currentIndex().isValid() else None
        if told is not None:
            told.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _told_by(self, key: int) -> SignalInstance | None:
        return {
            int(Qt.Key.Key_Return): self.name_clicked,
            int(Qt.Key.Key_Enter): self.name_clicked,
            int(Qt.Key.Key_D): self.dim_requested,
            int(Qt.Key.Key_B): self.flash_requested,
        }.get(key)

    def event(self, event: QEvent) -> bool:
        """Space and the letters for rows belong to the row that has the focus, not to the window's commands."""
        if event.type() is QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() in ROW_KEYS:
            event.accept()
            return True
        return keeps_space(event) or super().event(event)


class LegendPanel(QWidget):
    """Colours, filter, tree and a total."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._expanded: set[str | int] = set()
        self.counts = JobCounts(viewer, self)
        self.model = LegendModel(viewer, self.counts, self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filtered.setRecursiveFilteringEnabled(True)
        self._filtered.setAutoAcceptChildRows(True)
        self.head = LegendHead(viewer)
        self.filter = QLineEdit()
        self._spans = QLabel()
        self.tree = LegendTree()
        self.tree.setModel(self._filtered)
        self._empty = EmptyPage()
        self._total = ElidingLabel()
        self._show_all = QToolButton()
        self._build()
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter classes")
        self.filter.setAccessibleName("Filter classes")
        self.filter.setClearButtonEnabled(True)
        self._spans.setProperty("role", "caption")
        self._spans.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._spans.setContentsMargins(0, 0, EYE + 2 * GAP, 0)  # above the numbers
        self._total.setProperty("role", "caption")
        self._total.setFont(tabular_font(self.font()))
        self._show_all.setText("Show all")
        self._show_all.setToolTip("Draw every class again (Alt+H)")
        foot = QHBoxLayout()
        foot.addWidget(self._total, 1)
        foot.addWidget(self._show_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(self.filter)
        column.addWidget(self.head)
        column.addWidget(self._spans)
        column.addWidget(self._empty, 1)
        column.addWidget(self.tree, 1)
        column.addLayout(foot)
        policy = self._show_all.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the rows above must not jump
        self._show_all.setSizePolicy(policy)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._on_filter_changed)
        self.tree.name_clicked.connect(self._on_name_clicked)
        self.tree.dim_requested.connect(self._on_dim_requested)
        self.tree.flash_requested.connect(lambda index: flash(self._viewer.appearance, self._node(index).class_name))
        self.head.theme_chosen.connect(self._on_theme_chosen)
        self.counts.changed.connect(self._refresh_counts)
        self.tree.expanded.connect(lambda index: self._expanded.add(self._node(index).key))
        self.tree.collapsed.connect(self._on_collapsed)
        self.tree.customContextMenuRequested.connect(self._on_menu_requested)
        self._show_all.clicked.connect(lambda _checked=False: self._viewer.appearance.show_all())
        for signal in (self._viewer.frame_changed, self._viewer.job_changed, self._viewer.colours_changed):
            signal.connect(self._refresh)

    # -- the viewer's news ----------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._restore_expanded()
        rows = self.model.classes
        points = sum(row.points for row in rows)
        present = sum(row.points > 0 for row in rows)
        hidden = sum(not self._viewer.appearance.is_class_visible(row.class_name) for row in rows)
        rest = f"{hidden} hidden" if hidden else counted(present, "class", "classes")
        self._total.setText(f"{counted(points, 'point')} · {rest}" if points else NO_POINTS)
        self._total.setVisible(bool(rows))
        self._show_all.setVisible(self._anything_hidden(rows))
        self.head.refresh()
        self._refresh_counts()
        self._refresh_empty()

    def _refresh_counts(self) -> None:
        rows, job = self.model.classes, self.model.most_job_points
        self.tree.set_columns(LegendColumns(max((row.points for row in rows), default=0), job))
        self._spans.setText(f"this frame · {self.model.frames_text}" if job is not None else "")
        totals = self.counts.totals
        lines = [f"{counted(totals.points, 'point')} in {self.model.frames_text}"]
        if totals.unreadable:
            lines.append(f"The masks of {counted(len(totals.unreadable), 'frame')} cannot be read.")
        self._spans.setToolTip(plain(*lines))

    def _anything_hidden(self, rows: tuple[ClassRow, ...]) -> bool:
        keys = (instance.label_key for row in rows for instance in row.instances)
        classes_drawn = all(self._viewer.appearance.is_class_visible(row.class_name) for row in rows)
        return not classes_drawn or not all(self._viewer.appearance.is_key_visible(key) for key in keys)

    def _refresh_empty(self) -> None:
        nothing = self._filtered.rowCount() == 0
        sentence = NO_MATCH if self.model.rowCount() else NO_MASK if self._viewer.shown else NO_JOB
        self._empty.setText(sentence)
        self._empty.setVisible(nothing)
        self.tree.setVisible(not nothing)
        for widget in (self.filter, self.head):
            widget.setVisible(self.model.rowCount() > 0)
        self._spans.setVisible(not nothing and bool(self._spans.text()))

    def _restore_expanded(self) -> None:
        for row in range(self._filtered.rowCount()):
            index = self._filtered.index(row, 0)
            if self._node(index).key in self._expanded and not self.tree.isExpanded(index):
                self.tree.expand(index)

    # -- intentions -----------------------------------------------------------------------------------------------

    def _on_filter_changed(self, text: str) -> None:
        self._filtered.setFilterFixedString(text)
        self._restore_expanded()
        self._refresh_empty()

    def _on_name_clicked(self, index: QModelIndex) -> None:
        self._viewer.appearance.isolate_class(self._node(index).class_name)

    def _on_collapsed(self, index: QModelIndex) -> None:
        if self._filtered.hasChildren(index):  # Qt also reports rows that merely lost their instances
            self._expanded.discard(self._node(index).key)

    def _on_menu_requested(self, at: QPoint) -> None:
        index = self.tree.indexAt(at)
        if index.isValid():
            menu = self.menu_for(self._node(index))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.tree.viewport().mapToGlobal(at))

    def menu_for(self, node: LegendNode) -> QMenu:
        """What can be done with a row."""
        return legend_menu(node, self.model, self._viewer.appearance, self)

    def _on_dim_requested(self, index: QModelIndex) -> None:
        appearance, class_name = self._viewer.appearance, self._node(index).class_name
        appearance.set_class_dimmed(class_name, dimmed=not appearance.visibility.dims_class(class_name))

    def _on_theme_chosen(self, theme: str) -> None:
        self._viewer.appearance.set_theme(theme)

    def _node(self, index: QModelIndex) -> LegendNode:
        node: LegendNode = index.data(ROW)
        return node
