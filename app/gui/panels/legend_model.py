"""The legend as a tree for Qt: classes, and below those with several instances their label keys."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.chosen_rows import most_frequent_key
from app.domain.finding import counted
from app.domain.legend import Rgb
from app.domain.legend_table import UNMAPPED_CLASS, ClassRow, InstanceRow
from app.gui.job_counts import JobCounts
from app.gui.panels.legend_colors import LegendColors
from app.gui.text import plain, visible
from app.gui.viewer import Viewer

ROW = Qt.ItemDataRole.UserRole  # the node itself
SHARE = Qt.ItemDataRole.UserRole + 1  # points as a share of the largest class, 0..1
COLORS = Qt.ItemDataRole.UserRole + 2  # what the row's points are drawn in, one colour or a few
JOB_POINTS = Qt.ItemDataRole.UserRole + 3  # points in the whole job, None where that is the frame
DIMMED = Qt.ItemDataRole.UserRole + 4  # whether the row's class steps back
CHOSEN = Qt.ItemDataRole.UserRole + 5  # whether what is chosen belongs to the row

Index = QModelIndex | QPersistentModelIndex


@dataclass(eq=False)
class LegendNode:
    """One row of the tree; it stays while its content is replaced."""

    row: ClassRow | InstanceRow
    number: int  # what Qt's indices carry instead of an address
    parent: "LegendNode | None" = None
    children: list["LegendNode"] = field(default_factory=list)

    @property
    def key(self) -> str | int:
        """What stays the same from frame to frame: class name or label key."""
        return self.row.class_name if isinstance(self.row, ClassRow) else self.row.label_key

    @property
    def class_name(self) -> str:
        """The class of the row, or of its parent."""
        row = self.row if isinstance(self.row, ClassRow) or self.parent is None else self.parent.row
        return row.class_name if isinstance(row, ClassRow) else UNMAPPED_CLASS


class LegendModel(QAbstractItemModel):
    """Follows the viewer; rows are updated in place, so that a view keeps its scroll position and what is expanded."""

    def __init__(self, viewer: Viewer, counts: JobCounts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer, self._counts = viewer, counts
        self._colors = LegendColors(viewer.appearance)
        self._root: list[LegendNode] = []
        self._numbers = itertools.count(1)
        self._by_number: dict[int, LegendNode] = {}
        self._largest = self._total = 1
        viewer.colours_changed.connect(self._on_colours_changed)
        viewer.frame_changed.connect(self.refresh)
        self._chosen_key: int | None = None  # the label key of most points of what is chosen
        viewer.selection.rows_changed.connect(self._on_chosen)
        viewer.job_changed.connect(self.refresh)
        counts.changed.connect(self._tell_all)
        self.refresh()

    @property
    def classes(self) -> tuple[ClassRow, ...]:
        """The rows of the first level."""
        return tuple(node.row for node in self._root if isinstance(node.row, ClassRow))

    def refresh(self) -> None:
        """Take over the legend of the shown frame; without a frame there are no rows."""
        rows = self._viewer.legend_rows() if self._viewer.shown is not None else ()
        self._largest = max((row.points for row in rows), default=0) or 1
        self._total = sum(row.points for row in rows) or 1
        self._colors.take(rows)
        self._sync(None, list(rows))
        for node in self._root:
            instances = node.row.instances if isinstance(node.row, ClassRow) else ()
            self._sync(node, list(instances) if len(instances) > 1 else [])

    def node(self, index: Index) -> LegendNode | None:
        """The node behind an index."""
        return self._by_number.get(index.internalId()) if index.isValid() else None

    def is_visible(self, node: LegendNode) -> Qt.CheckState:
        """Checked where all of it is drawn, partially where some label keys of a class are hidden."""
        if isinstance(node.row, InstanceRow):
            drawn = self._viewer.appearance.is_key_visible(node.row.label_key)
            return Qt.CheckState.Checked if drawn else Qt.CheckState.Unchecked
        if not self._viewer.appearance.is_class_visible(node.row.class_name):
            return Qt.CheckState.Unchecked
        keys = [instance.label_key for instance in node.row.instances]
        drawn_keys = sum(self._viewer.appearance.is_key_visible(key) for key in keys)
        if keys and drawn_keys == 0:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if drawn_keys == len(keys) else Qt.CheckState.PartiallyChecked

    def set_visible(self, node: LegendNode, *, visible: bool) -> None:
        """Show or hide a class or one label key; a label key of a hidden class brings that class back alone."""
        if isinstance(node.row, ClassRow):
            if visible:
                self._viewer.appearance.set_keys_visible(
                    [instance.label_key for instance in node.row.instances], visible=True
                )
            self._viewer.appearance.set_class_visible(node.row.class_name, visible=visible)
            return
        if visible and not self._viewer.appearance.is_class_visible(node.class_name):
            self._hide_siblings(node)
            self._viewer.appearance.set_class_visible(node.class_name, visible=True)
        self._viewer.appearance.set_keys_visible((node.row.label_key,), visible=visible)

    # -- what Qt asks ---------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's default
        """Index of a row."""
        nodes = self._nodes(self.node(parent))
        if column == 0 and 0 <= row < len(nodes):
            return self.createIndex(row, column, nodes[row].number)
        return QModelIndex()

    def parent(self, index: Index | None = None) -> Any:
        """Index of the class an instance belongs to; without an argument the QObject that owns the model."""
        if index is None:
            return super().parent()
        node = self.node(index)
        return QModelIndex() if node is None or node.parent is None else self._index_of(node.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Classes, or instances of one."""
        return len(self._nodes(self.node(parent)))

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """The delegate paints all parts of a row in one column."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be switched."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, state, and what the delegate paints."""
        node, answer = self.node(index), _ANSWERS.get(int(role))
        return None if node is None or answer is None else answer(self, node)

    def job_points(self, node: LegendNode) -> int | None:
        """Points of a row in the whole job as far as they are counted; None where the job is the frame."""
        if len(self._viewer.sequence) < 2:
            return None
        totals, row = self._counts.totals, node.row
        if isinstance(row, ClassRow):
            return totals.classes.get(row.class_name, 0)
        return totals.keys.get((node.class_name, row.label_key), 0)

    @property
    def most_job_points(self) -> int | None:
        """The largest number of its column; None where there is no such column."""
        return max(self._counts.totals.classes.values(), default=0) if len(self._viewer.sequence) > 1 else None

    @property
    def frames_text(self) -> str:
        """Of which frames the job's points are."""
        return self._counts.totals.span(len(self._viewer.sequence))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Show or hide by a check state."""
        node = self.node(index)
        if node is None or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.set_visible(node, visible=Qt.CheckState(value) is not Qt.CheckState.Unchecked)
        return True

    # -- keeping rows -----------------------------------------------------------------------------------------------

    def colors(self, node: LegendNode) -> tuple[Rgb, ...]:
        """What the points of a row are drawn in: one colour, of a class whose instances differ a few."""
        return self._colors.of(node.row, node.class_name)

    def is_chosen(self, node: LegendNode) -> bool:
        """Whether most points of what is chosen belong to a row."""
        row, key = node.row, self._chosen_key
        if isinstance(row, ClassRow):
            return any(instance.label_key == key for instance in row.instances)
        return row.label_key == key

    def is_dimmed(self, node: LegendNode) -> bool:
        """Whether the class of a row steps back."""
        return self._viewer.appearance.visibility.dims_class(node.class_name)

    def share(self, node: LegendNode) -> float:
        """Points as a share of the largest class, 0..1."""
        return node.row.points / self._largest

    def tooltip(self, node: LegendNode) -> str:
        """All of a row, and what can be done with it."""
        row, job = node.row, self.job_points(node)
        lines = [row.text, f"{counted(row.points, 'point')}, {row.points / self._total:.1%} of the frame"]
        if job is not None:
            lines.append(f"{counted(job, 'point')} in {self.frames_text}")
        if isinstance(row, InstanceRow):
            return plain(*lines, f"Label key {row.label_key}")
        keys = "Click or Return: show only this class, again: show all", "Space: hide · D: dim · B: flash"
        return plain(*lines, counted(len(row.instances), "label key"), *keys)

    def spoken(self, node: LegendNode) -> str:
        """A row in words."""
        dimmed = ", dimmed" if self.is_dimmed(node) else ""
        chosen = ", chosen" if self.is_chosen(node) else ""
        return f"{visible(node.row.text)}{dimmed}{chosen}, {counted(node.row.points, 'point')}"

    def _hide_siblings(self, node: LegendNode) -> None:
        siblings = node.parent.children if node.parent else []
        rows = [sibling.row for sibling in siblings if sibling is not node]
        keys = [row.label_key for row in rows if isinstance(row, InstanceRow)]
        self._viewer.appearance.set_keys_visible(keys, visible=False)

    def _nodes(self, node: LegendNode | None) -> list[LegendNode]:
        return self._root if node is None else node.children

    def _index_of(self, node: LegendNode) -> QModelIndex:
        return self.createIndex(self._nodes(node.parent).index(node), 0, node.number)

    def _sync(self, parent: LegendNode | None, rows: list[Any]) -> None:
        """Turn the children of ``parent`` into ``rows`` by removing, inserting and updating, never by a reset."""
        nodes = self._nodes(parent)
        at = QModelIndex() if parent is None else self._index_of(parent)
        wanted = [_key(row) for row in rows]
        for position in reversed(range(len(nodes))):
            if nodes[position].key not in wanted:
                self._remove(nodes, position, at)
        for position, row in enumerate(rows):
            self._put(nodes, position, row, parent=parent, at=at)
        if nodes:
            self.dataChanged.emit(self.index(0, 0, at), self.index(len(nodes) - 1, 0, at))

    def _put(
        self, nodes: list[LegendNode], position: int, row: Any, *, parent: LegendNode | None, at: QModelIndex
    ) -> None:
        if position < len(nodes) and nodes[position].key == _key(row):
            nodes[position].row = row
            return
        moved = next((i for i, node in enumerate(nodes) if i > position and node.key == _key(row)), None)
        if moved is not None:  # another order than before: rare enough to be taken out and put in again
            self._remove(nodes, moved, at)
        self.beginInsertRows(at, position, position)
        node = LegendNode(row, next(self._numbers), parent)
        self._by_number[node.number] = node
        nodes.insert(position, node)
        self.endInsertRows()

    def _remove(self, nodes: list[LegendNode], position: int, at: QModelIndex) -> None:
        self.beginRemoveRows(at, position, position)
        removed = nodes.pop(position)
        for node in (removed, *removed.children):
            del self._by_number[node.number]
        self.endRemoveRows()

    def _on_colours_changed(self) -> None:
        self._colors.take(self.classes)
        self._tell_all()

    def _on_chosen(self) -> None:
        shown, rows = self._viewer.shown, self._viewer.selection.rows
        key = None if shown is None else most_frequent_key(shown.frame.mask, rows)
        if key != self._chosen_key:
            self._chosen_key = key
            self._tell_all()

    def _tell_all(self) -> None:
        for node in (None, *self._root):
            nodes = self._nodes(node)
            if nodes:
                at = QModelIndex() if node is None else self._index_of(node)
                self.dataChanged.emit(self.index(0, 0, at), self.index(len(nodes) - 1, 0, at))


def _key(row: ClassRow | InstanceRow) -> str | int:
    return row.class_name if isinstance(row, ClassRow) else row.label_key


_ANSWERS: dict[int, Callable[[LegendModel, LegendNode], object]] = {
    int(Qt.ItemDataRole.DisplayRole): lambda _model, node: visible(node.row.text),
    int(Qt.ItemDataRole.CheckStateRole): LegendModel.is_visible,
    int(Qt.ItemDataRole.AccessibleTextRole): LegendModel.spoken,
    int(Qt.ItemDataRole.ToolTipRole): LegendModel.tooltip,
    int(ROW): lambda _model, node: node,
    int(SHARE): LegendModel.share,
    int(COLORS): LegendModel.colors,
    int(JOB_POINTS): LegendModel.job_points,
    int(DIMMED): LegendModel.is_dimmed,
    int(CHOSEN): LegendModel.is_chosen,
}
