"""All settings of the chosen block, with what the chosen one of them means."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit

from app.domain.impulse.block_settings import block_entries
from app.domain.impulse.entries import Entry
from app.gui.impulses.section import Section, Subject
from app.gui.impulses.tree import NodeTree, TreeNode
from app.gui.text import ElidingLabel, visible

HEADER = ("Setting", "Value", "Default", "Type")
WIDTHS = (260, 200, 120)
NO_BLOCK = "This impulse has no blocks."
OPENED = 60  # rows; groups of more stay closed, so that the next group can be seen
LONGEST_LINE = 2000  # characters
MOST_LINES = 2000
EDGES = 20  # pixels above and below the lines: frame, padding and margin
MOST_SHARE = 0.4  # of the height, for what a setting means


class SettingsSection(Section):
    """A tree of the settings; those that are not at their default are marked by a dot and the accent."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self.title = ElidingLabel()
        self.title.setProperty("role", "heading")
        self.hidden = QCheckBox()
        self.hidden.toggled.connect(self._show_entries)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.hidden)
        self.tree = NodeTree("Settings of the block", HEADER, WIDTHS)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.explanation = QPlainTextEdit()
        self.explanation.setReadOnly(True)
        self.explanation.setAccessibleName("What the setting means")
        self.explanation.setPlaceholderText("Choose a setting to read what it means.")
        self.explanation.setTabChangesFocus(True)
        self.page.addLayout(top)
        self.page.addWidget(self.tree, 1)
        self.page.addWidget(self.explanation)

    def fill(self, subject: Subject) -> str:
        """Of the chosen block."""
        if subject.block is None:
            return NO_BLOCK
        block = subject.block
        self.title.setText(f"{block.label or 'Block'}  ({block.type or 'no type'}, id {block.block_id})")
        self._entries = block_entries(subject.impulse, block)
        count = sum(entry.hidden_count for entry in self._entries)
        self.hidden.setText(f"Show hidden ({count:,})")
        self.hidden.setVisible(count > 0)
        self._show_entries()
        return ""

    def _show_entries(self) -> None:
        everything = self.hidden.isChecked()
        self.tree.nodes.show_nodes(_nodes(self._entries, everything=everything))
        self._explain("")
        for row in range(self.tree.nodes.rowCount()):
            index = self.tree.nodes.index(row, 0)
            if self.tree.nodes.rowCount(index) <= OPENED:
                self.tree.expand(index)

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        entry = self.tree.nodes.node(index).about
        self._explain("\n".join(_told(entry)) if isinstance(entry, Entry) else "")

    def _explain(self, text: str) -> None:
        self.explanation.setPlainText(text)
        self._fit()
        self.tree.scrollTo(self.tree.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The explanation breaks its lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the explanation, up to a share of the page; beyond, it scrolls."""
        line = self.explanation.fontMetrics().lineSpacing()
        lines = max(1, round(self.explanation.document().size().height()))  # this kind of document counts in lines
        most = max(2 * line, round(MOST_SHARE * self.height()))
        self.explanation.setFixedHeight(min(lines * line, most) + EDGES)


def _nodes(entries: Iterable[Entry], *, everything: bool, depth: int = 0) -> Iterator[TreeNode]:
    for entry in entries:
        if everything or not entry.hidden:
            yield _node(entry, everything=everything, depth=depth)


def _node(entry: Entry, *, everything: bool, depth: int) -> TreeNode:
    mark = "\N{BULLET} " if entry.changed else ""
    name = f"{entry.name} ({entry.hidden})" if entry.hidden else entry.name
    return TreeNode(
        (name, mark + entry.value, entry.default, entry.kind),
        about=entry,
        below=(lambda: _nodes(entry.children, everything=everything, depth=depth + 1)) if entry.children else None,
        tone="accent" if entry.changed else "secondary" if entry.hidden else "",
        strong=depth == 0,
    )


def _told(entry: Entry) -> Iterator[str]:
    changed = f"  (not the default, which is {entry.default or 'empty'})" if entry.changed and entry.kind else ""
    yield visible(f"{entry.name}: {entry.value}{changed}" if entry.value else entry.name, limit=LONGEST_LINE)
    for line in entry.explanation[:MOST_LINES]:
        yield visible(line, limit=LONGEST_LINE)
    if len(entry.explanation) > MOST_LINES:
        yield f"and {len(entry.explanation) - MOST_LINES:,} more lines"
