"""All impulses of a project as a table, beside it one of them in full or two in comparison."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from app.domain.finding import counted
from app.errors import AppError
from app.gui.impulses.arranging import Arranging
from app.gui.impulses.column_chooser import ColumnChooser
from app.gui.impulses.compare_view import CompareView
from app.gui.impulses.detail import ImpulseDetail
from app.gui.impulses.dividing import TableDivider
from app.gui.impulses.exporting import TableExport
from app.gui.impulses.filter_strip import FilterStrip
from app.gui.impulses.loading import ImpulseSource, LoadedImpulses, StoredImpulses
from app.gui.impulses.table_view import ImpulseTableView
from app.gui.impulses.toolbar import ImpulseToolbar
from app.gui.note_label import NoteLabel
from app.gui.panels.empty import EmptyPage
from app.gui.row_actions import RowAct, RowActions
from app.gui.theme import STEP
from app.jobs import LocalJob

READING, FETCHING = "Reading impulses …", "Fetching impulses …"
NO_KEY = "No impulses are on this machine, and there is no key to fetch them with."
NO_MATCH = "No impulse matches the search and the filters."
NO_TRACKER = "{name} has no block that tracks objects."
LEAST_TABLE = 120  # pixels: a few rows
LEAST_DETAIL = (480, 240)
SETTLE_MS = 60  # of moving through the rows before one of them is shown in full

Job = Callable[[], LocalJob | None]


class ImpulsesPage(QWidget):
    """Shows what the source finds; while nothing is there it says why, with one button."""

    connection_requested = Signal()
    project_shown = Signal(int)  # another one than before
    use_requested = Signal(int, object, int, str)  # project, impulse, id of a block (0: any), variant (empty: any)

    def __init__(self, source: ImpulseSource, export: TableExport, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._export = export
        self._job = job
        self._loaded: LoadedImpulses | None = None
        self._asked = False  # the service, since this page was opened
        self.arranging = Arranging(self)
        self.toolbar = ImpulseToolbar()
        self.strip = FilterStrip(self.arranging)
        self.note = NoteLabel()
        self.table = ImpulseTableView(self.arranging)
        self.detail, self.compare = ImpulseDetail(), CompareView()
        self.tabs, self.splitter = QTabWidget(), QSplitter(Qt.Orientation.Vertical)
        self.divider = TableDivider(self.splitter, self.table)
        self.button = QPushButton()
        self.empty = EmptyPage(self.button)
        self.clear = QPushButton("Clear search and filters")
        self.no_match = EmptyPage(self.clear)
        self._act: Callable[[], None] = self.fetch
        self._settle = QTimer(self)
        self.acts = RowActions(self.table.figures, self._row_acts(), refresh=self._refresh_acts)
        self._lay_out()
        self._connect()

    # -- intentions ---------------------------------------------------------------------------------------------

    def look(self, project_id: int | None = None) -> None:
        """Show what is on this machine, and fetch it where nothing is."""
        self._say(READING)
        self._source.look(self._job(), project_id)

    def follow(self) -> None:
        """Another job is open: show the impulses of its project, where it has one."""
        self._source.look(self._job(), otherwise=self._loaded.project_id if self._loaded else None)

    def stop(self) -> None:
        """Nobody is looking: what is being fetched is not wanted any more."""
        self._source.cancel()
        self._on_arranged()

    def look_again(self) -> None:
        """Where nothing was to be had, try once more: there may be a key now."""
        if self._loaded is None:
            self._asked = False
            self.look()

    def fetch(self) -> None:
        """Ask the service; what is shown stays until then."""
        self._asked = True
        self._say(FETCHING)
        self._source.fetch(self._job())

    def pin(self) -> None:
        """Pin the chosen impulses to the top, or let them go."""
        self.arranging.toggle_pins(impulse.impulse_id for impulse in self.table.chosen)

    def compare_chosen(self) -> None:
        """Put the chosen impulses side by side; of one alone, a pinned one or the next beside it."""
        chosen = self.table.chosen
        pinned = self.arranging.arrangement.pinned
        others = [each for each in self.arranging.table.impulses if each.impulse_id in pinned and each not in chosen]
        self.compare.compare(*chosen, *others)
        self.tabs.setCurrentWidget(self.compare)

    def use(self, block_id: int = 0, variant: str = "") -> None:
        """Ask for which cameras a tracking block of the current impulse is to be used."""
        impulse = self.table.current
        if impulse is None or self._loaded is None:
            return
        if not impulse.tracking_blocks:
            self.note.say(NO_TRACKER.format(name=impulse.name), wrong=True)
            return
        self.use_requested.emit(self._loaded.project_id, impulse, block_id, variant)

    def export(self) -> None:
        """Save the table as it is shown."""
        if self._loaded is not None:
            name = f"impulses-{self._loaded.project_id or 'folder'}"
            self._export.ask(self.arranging.table, self.arranging.arrangement, name=name, window=self)

    def choose_columns(self) -> None:
        """Open the list of columns."""
        chooser = ColumnChooser(self.arranging, self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open_below(self.toolbar.columns)

    # -- building -----------------------------------------------------------------------------------------------

    def _row_acts(self) -> tuple[RowAct, ...]:
        return (
            RowAct("pin", "Pin to the top", self.pin, key="P"),
            RowAct("compare", "Compare", self.compare_chosen, key="C"),
            RowAct("use", "Use for cameras…", self.use, key="U", line_before=True),
        )

    def _lay_out(self) -> None:
        self.note.setWordWrap(False)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("One impulse, or two compared")
        self.tabs.addTab(self.detail, "Impulse")
        self.tabs.addTab(self.compare, "Compare")
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self.tabs)
        self.splitter.setChildrenCollapsible(False)
        self.table.setMinimumHeight(LEAST_TABLE)
        self.tabs.setMinimumSize(*LEAST_DETAIL)  # less than all of it needs: the person moves the line between the two
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 2 * STEP)
        head.setSpacing(2 * STEP)
        for widget in (self.toolbar, self.strip, self.note):
            head.addWidget(widget)
        column.addLayout(head)
        column.addLayout(self._stack, 1)
        self.no_match.setText(NO_MATCH)
        self.toolbar.set_usable(usable=False)
        self.toolbar.offer_projects((), None)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.no_match, 1)
        self.no_match.hide()
        return left

    def _connect(self) -> None:
        bar = self.toolbar
        bar.project_chosen.connect(self.look)
        bar.search_changed.connect(self.arranging.search)
        bar.filter_requested.connect(self.strip.add)
        bar.columns.clicked.connect(lambda _checked=False: self.choose_columns())
        bar.export.clicked.connect(lambda _checked=False: self.export())
        bar.refresh.clicked.connect(lambda _checked=False: self.fetch())
        self.button.clicked.connect(lambda _checked=False: self._act())
        self.clear.clicked.connect(lambda _checked=False: self._clear())
        self.table.filter_requested.connect(self.strip.add)
        self.table.current_changed.connect(self._settle.start)
        self.table.figures.activated.connect(lambda _index: self.tabs.setCurrentWidget(self.detail))
        self.table.names.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.names.customContextMenuRequested.connect(
            lambda at: self.acts.menu().popup(self.table.names.viewport().mapToGlobal(at))
        )
        self.detail.track_requested.connect(self.use)
        self.arranging.changed.connect(self._on_arranged)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(lambda: self.detail.show_impulse(self.table.current))
        self._source.found.connect(self._on_found)
        self._source.failed.connect(self._on_failed)
        self._export.ended.connect(self.note.say)
        self._export.failed.connect(lambda error: self.note.say(str(error), wrong=True))

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_found(self, stored: StoredImpulses) -> None:
        shown = stored.shown
        self.toolbar.offer_projects(stored.project_ids, shown.project_id if shown else None)
        if shown is None:
            self._on_nothing()
        elif not shown.impulses.impulses:
            self._loaded = None
            self._empty(f"{shown.title} has no impulses yet. Make one in Edge Impulse Studio.", "Refresh", self.fetch)
        else:
            self._show(shown)

    def _on_nothing(self) -> None:
        self._loaded = None
        if self._source.has_key and not self._asked:
            self.fetch()
        elif self._source.has_key:
            self._empty("No impulses are on this machine.", "Refresh", self.fetch)
        else:
            self._empty(NO_KEY, "Connection…", self.connection_requested.emit)

    def _show(self, shown: LoadedImpulses) -> None:
        before, self._loaded = self._loaded, shown
        self._stack.setCurrentWidget(self.splitter)
        self.arranging.show_table(shown.table)
        self.strip.keep_known()
        if before is None or before.project_id != shown.project_id:
            self.project_shown.emit(shown.project_id)
        self.toolbar.offer_filters(shown.table)
        self.toolbar.set_usable(usable=True)
        self.compare.offer(shown.impulses.impulses)
        if self.table.current is None:
            self.table.show_row(0)
        self.detail.show_impulse(self.table.current)
        self.divider.fit()

    def _on_failed(self, error: AppError) -> None:
        if self._loaded is None:
            self._empty(str(error), "Try again", self.fetch)
        else:
            self.note.say(f"{error} What is shown is from before.", wrong=True)

    def _on_arranged(self) -> None:
        loaded, rows = self._loaded, self.arranging.rows
        if loaded is None:
            return
        self.table.setVisible(bool(rows.positions))
        self.no_match.setVisible(not rows.positions)
        self.note.say(_sentence(loaded, matching=rows.matching, pinned=rows.pinned, narrowed=self.arranging.narrowed))

    def _clear(self) -> None:
        self.strip.clear()
        self.toolbar.search.clear()
        self.table.setFocus()

    def _empty(self, sentence: str, button: str, act: Callable[[], None]) -> None:
        self.note.say("")
        self.empty.setText(sentence)
        self.button.setText(button)
        self._act = act
        self.button.show()
        self._stack.setCurrentWidget(self.empty)
        self.toolbar.set_usable(usable=False)

    def _say(self, sentence: str) -> None:
        """What is going on, beside the table, or in its place."""
        if self._loaded is not None:
            self.note.say(sentence)
            return
        self.empty.setText(sentence)
        self.button.hide()
        self._stack.setCurrentWidget(self.empty)

    def _refresh_acts(self) -> None:
        chosen = self.table.chosen
        pinned = {impulse.impulse_id for impulse in chosen} <= self.arranging.arrangement.pinned
        self.acts["pin"].setText("Unpin" if pinned else "Pin to the top")
        self.acts["pin"].setEnabled(bool(chosen))
        self.acts["compare"].setText(f"Compare {len(chosen)} impulses" if len(chosen) == 2 else "Compare")


def _sentence(loaded: LoadedImpulses, *, matching: int, pinned: int, narrowed: bool) -> str:
    total = counted(len(loaded.impulses.impulses), "impulse")
    parts = [
        f"{matching:,} of {total} match" if narrowed else total,
        f"{pinned:,} pinned" if pinned else "",
        f"fetched {loaded.as_of}" if loaded.as_of else "",
        counted(len(loaded.impulses.remarks), "remark about the document") if loaded.impulses.remarks else "",
    ]
    return f"{loaded.title}: {', '.join(part for part in parts if part)}."
