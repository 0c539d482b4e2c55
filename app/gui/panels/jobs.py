"""Projects, batches and jobs as a tree that fills as one opens and scrolls it."""

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QStandardItem
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.gui.fields import make_label, make_line
from app.gui.icons import IconButton
from app.gui.library import Library
from app.gui.panels.empty import EmptyPage
from app.gui.panels.jobs_model import BATCH, JOB, KIND, PROJECT, JobsFilter, JobsModel
from app.gui.panels.jobs_tree import JobsTree
from app.gui.row_actions import RowAct, RowActions
from app.gui.theme import STEP
from app.workspace.records import DELIVERED

EMPTY = "Type a project id above, or open a delivery that is on this machine."


class JobsPanel(QWidget):
    """The tree with its filter and the line in which a project id is typed once."""

    job_chosen = Signal(str, str)  # project id, job id
    open_requested = Signal()  # a folder or file from disk
    download_requested = Signal(str, str)  # project id, job id
    batch_requested = Signal(str, str)  # project id, batch id: all its completed jobs
    pin_requested = Signal(str, bool)  # job id, whether to keep it
    removal_requested = Signal(str)  # job id: its files on this machine
    mapping_requested = Signal(str, str)  # project id, job id

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._open_job = ""
        self._project_id = make_line("Project id", "Project id")
        self._project_id.returnPressed.connect(self._on_add)
        self._add = QPushButton("Add")
        self._add.setToolTip("Add the project and list its batches (Enter)")
        self._add.clicked.connect(self._on_add)
        self.refresh_button = IconButton("refresh", "Refresh", key="F5")
        self.refresh_button.clicked.connect(library.refresh)
        self._filter = make_line("Filter, or find by job id", "Filter jobs, or find one by its id")
        self._filter.setToolTip("Filters what is listed (Ctrl+F); Enter asks the service where nothing listed matches")
        self._filter.setClearButtonEnabled(True)
        self._filter.returnPressed.connect(self._on_find)
        self._news = make_label("secondary")
        self._problem = make_label("problem")
        for label in (self._news, self._problem):
            label.hide()
        self._model = JobsModel(library, self)
        self._sorted = JobsFilter(self._model, self)
        self._filter.textChanged.connect(self._on_filter)
        self._tree = JobsTree()
        self._tree.setModel(self._sorted)
        self._tree.fit_columns()
        self._tree.expanded.connect(self._on_expanded)
        self._tree.activated.connect(self._on_activated)
        self._tree.verticalScrollBar().valueChanged.connect(self._load_visible)
        self._tree.selectionModel().currentChanged.connect(self._refresh_actions)
        self.actions_of_row = RowActions(self._tree, self._acts(), refresh=self._refresh_actions)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self._tree)
        self._lay_out()
        self._connect(library)
        self._refresh()

    def _acts(self) -> tuple[RowAct, ...]:
        return (
            RowAct("open", "Open", self._on_open, shown_key="Return"),
            RowAct("download", "Download", self._on_download, key="Ctrl+D", line_before=True),
            RowAct("batch", "Download whole batch", self._on_batch, key="Ctrl+Shift+D"),
            RowAct("pin", "Keep on disk", self._on_pin, key="Ctrl+P", line_before=True),
            RowAct("remove", "Remove from disk…", self._on_remove, key="Del"),
            RowAct("mapping", "These files are at…", self._on_mapping, key="Ctrl+M"),
            RowAct("copy", "Copy job id", self._on_copy, key="Ctrl+C", line_before=True),
        )

    def _connect(self, library: Library) -> None:
        library.projects_changed.connect(self._refresh)
        library.batches_changed.connect(self._on_batches_changed)
        library.jobs_changed.connect(self._on_jobs_changed)
        library.stored_changed.connect(self._on_stored_changed)
        library.listing_failed.connect(self._on_listing_failed)
        library.news_changed.connect(self._on_news)
        library.job_found.connect(self._on_found)
        library.search_failed.connect(self._say_problem)

    def _make_empty(self) -> QWidget:
        button = QPushButton("Open folder…")
        button.setToolTip("Open a delivery folder (Ctrl+O)")
        button.clicked.connect(self.open_requested)
        page = EmptyPage(button)
        page.setText(EMPTY)
        return page

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * STEP)
        head.addWidget(self._project_id, 1)
        head.addWidget(self._add)
        search = QHBoxLayout()
        search.setSpacing(STEP)
        search.addWidget(self._filter, 1)
        search.addWidget(self.refresh_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(head)
        column.addLayout(search)
        column.addWidget(self._problem)
        column.addWidget(self._news)
        column.addWidget(self._pages, 1)

    # -- filling ------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._model.fill_projects()
        for project in self._library.projects:
            self._on_batches_changed(project.project_id)
        listed = self._model.rowCount() > 0
        self._filter.setVisible(listed)
        self.refresh_button.setVisible(listed)
        self._pages.setCurrentIndex(1 if listed else 0)

    def _on_batches_changed(self, project_id: str) -> None:
        row = self._model.project_row(project_id)
        fresh = _is_unlisted(row)
        if row is not None and self._model.fill_batches(project_id):
            self._problem.hide()
            if fresh:
                self._tree.expand(self._sorted.mapFromSource(row.index()))
            self._select_open()
            QTimer.singleShot(0, self._load_visible)

    def _on_jobs_changed(self, project_id: str, batch_id: str) -> None:
        self._model.fill_jobs(project_id, batch_id)
        self._select_open()
        QTimer.singleShot(0, self._load_visible)

    def _on_stored_changed(self) -> None:
        self._model.refill_jobs()
        self._refresh_actions()

    def mark_open(self, job_id: str) -> None:
        """Select the row of the job that is open, as soon as it is listed."""
        self._open_job = job_id
        if job_id:
            self._library.note_opened(job_id)
        self._select_open()

    def focus_filter(self) -> None:
        """Let the user type what to look for."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def _select_open(self) -> None:
        """Once, so that the user may go elsewhere afterwards."""
        row = self._model.job_row(self._open_job) if self._open_job else None
        if row is not None:
            self._open_job = ""
            self._select(row)

    def _select(self, row: QStandardItem) -> None:
        index = self._sorted.mapFromSource(row.index())
        with QSignalBlocker(self._tree):  # the user asked for a job, not for what else the service lists
            self._tree.setExpanded(index.parent(), True)
        self._tree.setCurrentIndex(index)
        self._tree.scrollTo(index)

    def changeEvent(self, event: QEvent) -> None:
        """Take over the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh()

    # -- acting -------------------------------------------------------------------------------------------------

    def _on_add(self) -> None:
        self._library.add_project(self._project_id.text())
        self._project_id.clear()

    def _on_filter(self, text: str) -> None:
        self._problem.hide()
        self._sorted.setFilterFixedString(text)

    def _on_find(self) -> None:
        """Go to the first match, or ask the service where nothing listed matches."""
        text = self._filter.text().strip()
        match = self._first_job(QModelIndex())
        if match is not None:
            self._tree.setCurrentIndex(match)
            self._tree.setFocus(Qt.FocusReason.OtherFocusReason)
        elif text:
            self._library.find(text)

    def _first_job(self, parent: QModelIndex) -> QModelIndex | None:
        for place in range(self._sorted.rowCount(parent)):
            index = self._sorted.index(place, 0, parent)
            found = index if index.data(KIND) == JOB else self._first_job(index)
            if found is not None:
                return found
        return None

    def _on_found(self, _project_id: str, job_id: str) -> None:
        row = self._model.job_row(job_id)
        if row is not None:
            self._select(row)
            self._tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_news(self) -> None:
        news = self._library.news
        self._news.setText(f"Since the last listing: {news.text.lower()}." if news else "")
        self._news.setVisible(news is not None)

    def _on_listing_failed(self, _project_id: str, error: AppError) -> None:
        self._say_problem(str(error))

    def _say_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _on_expanded(self, index: QModelIndex) -> None:
        project, batch = index.data(PROJECT), index.data(BATCH)
        if index.data(KIND) == PROJECT and self._library.batches(project) is None:
            self._library.load_batches(project)
        elif index.data(KIND) == BATCH and not self._library.jobs(project, batch).loaded:
            self._library.load_jobs(project, batch)

    def _on_activated(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        if first.data(KIND) == JOB:
            self.job_chosen.emit(first.data(PROJECT), first.data(JOB))

    def _current(self, role: int) -> str:
        return self._tree.currentIndex().siblingAtColumn(0).data(role) or ""

    def _refresh_actions(self) -> None:
        job, batch, actions = self._current(JOB), self._current(BATCH), self.actions_of_row
        on_disk = self._library.on_disk(job) if job else None
        served = self._current(PROJECT) not in ("", DELIVERED)
        for name in ("open", "copy"):
            actions[name].setEnabled(bool(job))
        actions["download"].setEnabled(served and bool(job))
        actions["mapping"].setEnabled(served)
        actions["batch"].setEnabled(served and bool(batch))
        actions["pin"].setEnabled(on_disk is not None)
        actions["pin"].setText("No longer keep on disk" if on_disk is not None and on_disk.pinned else "Keep on disk")
        actions["remove"].setEnabled(on_disk is not None)

    def _on_open(self) -> None:
        self._on_activated(self._tree.currentIndex())

    def _on_download(self) -> None:
        self.download_requested.emit(self._current(PROJECT), self._current(JOB))

    def _on_batch(self) -> None:
        self.batch_requested.emit(self._current(PROJECT), self._current(BATCH))

    def _on_pin(self) -> None:
        on_disk = self._library.on_disk(self._current(JOB))
        if on_disk is not None:
            self.pin_requested.emit(self._current(JOB), not on_disk.pinned)

    def _on_remove(self) -> None:
        self.removal_requested.emit(self._current(JOB))

    def _on_mapping(self) -> None:
        self.mapping_requested.emit(self._current(PROJECT), self._current(JOB))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._current(JOB))

    def _load_visible(self) -> None:
        """Ask for the next page when the row that stands for it is in sight."""
        for batch in self._model.batches:
            last = batch.child(batch.rowCount() - 1) if batch.rowCount() else None
            known = self._library.jobs(batch.data(PROJECT), batch.data(BATCH))
            if last is None or last.data(KIND) is not None or not known.has_more:
                continue
            rect = self._tree.visualRect(self._sorted.mapFromSource(last.index()))
            if rect.isValid() and self._tree.viewport().rect().intersects(rect):
                self._library.load_jobs(batch.data(PROJECT), batch.data(BATCH))


def _is_unlisted(row: QStandardItem | None) -> bool:
    """Whether a row has nothing but a placeholder below it."""
    return row is not None and row.rowCount() == 1 and row.child(0).data(KIND) is None
