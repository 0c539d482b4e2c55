"""Trees and tables of values as every page and dialog shows them."""

from PySide6.QtWidgets import QFrame, QTreeView


def dress_tree(tree: QTreeView, name: str) -> None:
    """Rows of one height that take the focus whole, no frame, and a name for assistive tools."""
    tree.setProperty("role", "table")
    tree.setAccessibleName(name)
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
