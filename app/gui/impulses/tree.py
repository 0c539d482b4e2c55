"""Trees of names and values whose branches are made when they are first opened."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from app.gui.text import plain, visible
from app.gui.theme import current, strong_font
from app.gui.tree_look import dress_tree

LONGEST_TIP = 600  # characters

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class TreeNode:
    """A row: one text for each column, what it is ``about``, and how to make the rows below.

    ``tone`` is a token of the theme, ``strong`` is half bold.
    """

    def __init__(
        self,
        texts: tuple[str, ...],
        *,
        about: object = None,
        below: Callable[[], Iterable["TreeNode"]] | None = None,
        tone: str = "",
        strong: bool = False,
    ) -> None:
        self.texts, self.about, self.tone, self.strong = texts, about, tone, strong
        self.parent: TreeNode | None = None
        self.row = 0
        self._below = below
        self._children: list[TreeNode] | None = None

    @property
    def has_children(self) -> bool:
        """Whether there may be rows below; does not make them."""
        return self._below is not None if self._children is None else bool(self._children)

    @property
    def children(self) -> list["TreeNode"]:
        """The rows below, made on the first call."""
        if self._children is None:
            self._children = list(self._below()) if self._below else []
            for row, child in enumerate(self._children):
                child.parent, child.row = self, row
        return self._children


class TreeModel(QAbstractItemModel):
    """Shows the children of a root."""

    def __init__(self, header: tuple[str, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._header = header
        self._root = TreeNode(())

    def show_nodes(self, nodes: Iterable[TreeNode]) -> None:
        """Show others."""
        made = list(nodes)
        self.beginResetModel()
        self._root = TreeNode((), below=lambda: made)
        self.endResetModel()

    def node(self, index: Index | None) -> TreeNode:
        """The row of an index, the root for none."""
        found = index.internalPointer() if index is not None and index.isValid() else None
        return found if isinstance(found, TreeNode) else self._root

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Of a row below another."""
        children = self.node(parent).children
        inside = 0 <= row < len(children) and 0 <= column < len(self._header)
        return self.createIndex(row, column, children[row]) if inside else QModelIndex()

    def parent(self, child: Index | None = None) -> QModelIndex:  # type: ignore[override]  # Qt has two of that name
        """The row above."""
        above = self.node(child).parent
        return QModelIndex() if above is None or above is self._root else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows below."""
        return len(self.node(parent).children) if parent is None or parent.column() <= 0 else 0

    def columnCount(self, _parent: Index | None = None) -> int:
        """The same everywhere."""
        return len(self._header)

    def hasChildren(self, parent: Index | None = None) -> bool:
        """Without making them."""
        return self.node(parent).has_children

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Names of the columns."""
        horizontal = orientation is Qt.Orientation.Horizontal
        return self._header[section] if horizontal and role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        node = self.node(index)
        text = node.texts[index.column()] if index.column() < len(node.texts) else ""
        if role == Role.DisplayRole:
            return visible(text)
        if role == Role.ToolTipRole:
            return plain(text, limit=LONGEST_TIP) if text else None
        if role == Role.ForegroundRole:
            return current().color(node.tone) if node.tone else None
        return strong_font(self._font()) if role == Role.FontRole and node.strong else None

    def _font(self) -> Any:
        parent = super().parent()
        return parent.font() if isinstance(parent, QTreeView) else None


class NodeTree(QTreeView):
    """The view of such a tree; ``widths`` of all columns but the last, in pixels."""

    def __init__(self, name: str, header: tuple[str, ...], widths: tuple[int, ...]) -> None:
        super().__init__()
        self.nodes = TreeModel(header, self)
        self.setModel(self.nodes)
        dress_tree(self, name)
        self.setIndentation(16)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
