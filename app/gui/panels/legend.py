"""The legend of the shown frame: what is drawn in which colour, how many points, and what is hidden."""

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
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
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
from app.gui.keys import keeps_space
from app.gui.panels.empty import EmptyPage
from app.gui.panels.legend_delegate import LegendDelegate, on_eye
from app.gui.panels.legend_model import ROW, LegendModel, LegendNode
from app.gui.text import ElidingLabel, action_text
from app.gui.theme import STEP, current, tabular_font
from app.gui.viewer import Viewer

NO_JOB = "The legend of the open job appears here."
NO_MATCH = "No class matches the filter."
NO_MASK = "This frame has no mask, so nothing is labelled."
CHEVRON = 12


class LegendTree(QTreeView):
    """A tree without headings whose branch marks follow the theme."""

    name_clicked = Signal(QModelIndex)  # by mouse beside the eye, or by Return

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(4 * STEP)
        self.setItemDelegate(LegendDelegate(self))
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
        """Return does what a click on the name does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.name_clicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Space belongs to the row that has the focus, not to playing."""
        return keeps_space(event) or super().event(event)


class LegendPanel(QWidget):
    """Filter, tree and a total."""

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._expanded: set[str | int] = set()
        self.model = LegendModel(viewer, self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filtered.setRecursiveFilteringEnabled(True)
        self._filtered.setAutoAcceptChildRows(True)
        self.filter = QLineEdit()
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
        column.addWidget(self._empty, 1)
        column.addWidget(self.tree, 1)
        column.addLayout(foot)
        policy = self._show_all.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the rows above must not jump
        self._show_all.setSizePolicy(policy)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._on_filter_changed)
        self.tree.name_clicked.connect(self._on_name_clicked)
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
        self._total.setText(f"{counted(points, 'point')} · {rest}")
        self._total.setVisible(bool(rows))
        self._show_all.setVisible(self._anything_hidden(rows))
        self._refresh_empty()

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
        self.filter.setVisible(self.model.rowCount() > 0)

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
        menu = QMenu(self)
        name = action_text(node.row.text, limit=40)
        class_name = node.class_name
        menu.addAction("Show only " + action_text(class_name or node.row.text, limit=40)).triggered.connect(
            lambda: self._show_only(class_name)
        )
        drawn = self.model.is_visible(node) is not Qt.CheckState.Unchecked
        menu.addAction(f"{'Hide' if drawn else 'Show'} {name}").triggered.connect(
            lambda: self.model.set_visible(node, visible=not drawn)
        )
        menu.addSeparator()
        menu.addAction("Show all").triggered.connect(self._viewer.appearance.show_all)
        return menu

    def _show_only(self, class_name: str) -> None:
        self._viewer.appearance.show_all()  # isolating what is alone already would show all
        self._viewer.appearance.isolate_class(class_name)

    def _node(self, index: QModelIndex) -> LegendNode:
        node: LegendNode = index.data(ROW)
        return node
