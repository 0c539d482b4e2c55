"""The line over the table of impulses: whose they are, a search, and what can be done with the table."""

from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from app.domain.impulse.table import ImpulseTable
from app.gui.eliding_combo import ElidingComboBox
from app.gui.fields import make_line
from app.gui.icons import IconButton
from app.gui.impulses.loading import project_title
from app.gui.impulses.table_model import header_tip
from app.gui.text import action_text
from app.gui.theme import STEP

FIND, FILTER, COLUMNS, EXPORT, REFRESH = "Ctrl+F", "Alt+F", "Alt+C", "Ctrl+E", "F5"
_SEARCH = 220  # pixels


class ImpulseToolbar(QWidget):
    """Emits what is asked for; it changes nothing itself."""

    project_chosen = Signal(int)
    search_changed = Signal(str)
    filter_requested = Signal(str)  # key of a column

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project = ElidingComboBox("Project", characters=12, tip="Whose impulses are shown")
        self.search = make_line("Find by name or tag", "Find impulses by name or tag")
        self.add_filter = QToolButton()
        self.columns, self.export = QPushButton("&Columns"), QPushButton("Export…")
        self.refresh = IconButton("refresh", "Fetch the impulses again", key=REFRESH)
        self._filters = QMenu(self)
        self._build()

    def offer_projects(self, project_ids: tuple[int, ...], shown: int | None) -> None:
        """List what is on this machine; emits nothing."""
        self.project.offer(((project_title(each), each) for each in project_ids), chosen=shown)
        self.project.setVisible(bool(project_ids))
        self.project.setEnabled(len(project_ids) > 1)

    def offer_filters(self, table: ImpulseTable) -> None:
        """A menu of every column, those of one category together."""
        self._filters.clear()
        for group, columns in groupby(table.columns, lambda column: column.group):
            menu = self._filters.addMenu(action_text(group))
            menu.setToolTipsVisible(True)
            for column in columns:
                action = menu.addAction(action_text(column.title))
                action.setToolTip(header_tip(column))
                action.triggered.connect(lambda _checked=False, key=column.key: self.filter_requested.emit(key))

    def set_usable(self, *, usable: bool) -> None:
        """Whether there is a table to work with."""
        for widget in (self.search, self.add_filter, self.columns, self.export):
            widget.setEnabled(usable)

    def _build(self) -> None:
        self.project.setMaximumWidth(_SEARCH)
        self.project.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.project.currentIndexChanged.connect(lambda _at: self.project_chosen.emit(self.project.currentData()))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(_SEARCH + 40)
        self.search.setToolTip(f"Every word is looked for in names and tags ({FIND})")
        self.search.textChanged.connect(self.search_changed.emit)
        self.add_filter.setText("&Filter ▾")
        self.add_filter.setToolTip(f"Filter by a column ({FILTER}); or right-click its heading")
        self.add_filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_filter.setMenu(self._filters)
        self.add_filter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.columns.setToolTip(f"Choose which columns are shown ({COLUMNS})")
        self.export.setToolTip(f"Save the table as it is shown, as CSV or JSON ({EXPORT})")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self.project)
        row.addWidget(self.search, 1)
        for widget in (self.add_filter, self.columns):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.export, self.refresh):
            row.addWidget(widget)
