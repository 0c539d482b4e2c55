"""Projects, batches and jobs as a tree that fills as one opens and scrolls it."""

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain.annotation import Batch, JobSummary
from app.errors import AppError
from app.gui.library import Library
from app.gui.text import plain
from app.gui.theme import current

KIND, PROJECT, BATCH, JOB = (Qt.ItemDataRole.UserRole + offset for offset in range(1, 5))


class JobsPanel(QWidget):
    """The tree with its filter and the line in which a project id is typed once."""

    job_chosen = Signal(str, str)  # project id, job id
    open_requested = Signal()  # a folder or file from disk

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._open_job = ""
        self._project_id = QLineEdit()
        self._project_id.setPlaceholderText("Project id")
        self._project_id.setAccessibleName("Project id")
        self._project_id.returnPressed.connect(self._on_add)
        self._add = QPushButton("Add")
        self._add.setToolTip("Add the project and list its batches (Enter)")
        self._add.clicked.connect(self._on_add)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Filter jobs")
        self._filter.setClearButtonEnabled(True)
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.setProperty("role", "problem")
        self._problem.hide()
        self._model = QStandardItemModel(0, 2, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setRecursiveFilteringEnabled(True)
        self._sorted.setAutoAcceptChildRows(True)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter.textChanged.connect(self._sorted.setFilterFixedString)
        self._tree = self._make_tree()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self._tree)
        self._lay_out()
        library.projects_changed.connect(self._refresh)
        library.batches_changed.connect(self._on_batches_changed)
        library.jobs_changed.connect(self._on_jobs_changed)
        library.listing_failed.connect(self._on_listing_failed)
        self._refresh()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setModel(self._sorted)
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setIndentation(12)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setAccessibleName("Projects, batches and jobs")
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.expanded.connect(self._on_expanded)
        tree.activated.connect(self._on_activated)
        tree.verticalScrollBar().valueChanged.connect(self._load_visible)
        return tree

    def _make_empty(self) -> QWidget:
        page = QWidget()
        text = QLabel("Type a project id above, or open a delivery that is on this machine.")
        text.setWordWrap(True)
        text.setProperty("role", "secondary")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        button = QPushButton("Open folder…")
        button.clicked.connect(self.open_requested)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(text)
        column.addSpacing(8)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._project_id, 1)
        head.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._problem)
        column.addWidget(self._filter)
        column.addWidget(self._pages, 1)

    # -- filling ------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        known = {project.project_id for project in self._library.projects}
        for place in reversed(range(self._model.rowCount())):
            if self._model.item(place).data(PROJECT) not in known:
                self._model.removeRow(place)
        for project in self._library.projects:
            row = self._item(PROJECT, project.project_id)
            if row is None:
                row = _row(project.name or project.project_id, "", kind=PROJECT, project=project.project_id)
                self._model.appendRow(row)
                row[0].appendRow(_placeholder("Open to list batches"))
            row[0].setText(project.name or project.project_id)
            row[0].setToolTip(plain(f"{project.name}\nProject {project.project_id}".strip()))
            if self._library.batches(project.project_id) is not None:
                self._on_batches_changed(project.project_id)
        self._filter.setVisible(self._model.rowCount() > 0)
        self._pages.setCurrentIndex(1 if self._model.rowCount() else 0)

    def _on_batches_changed(self, project_id: str) -> None:
        row = self._item(PROJECT, project_id)
        batches = self._library.batches(project_id)
        if row is None or batches is None:
            return
        self._problem.hide()
        _drop_placeholder(row[0])
        for batch in batches:
            known = self._item(BATCH, batch.batch_id, parent=row[0])
            if known is None:
                known = _row(batch.name, "", kind=BATCH, project=project_id, batch=batch.batch_id)
                row[0].appendRow(known)
                known[0].appendRow(_placeholder("Open to list jobs"))
            known[1].setText(_batch_state(batch))
            known[0].setToolTip(plain(_batch_tip(batch)))
            self._on_jobs_changed(project_id, batch.batch_id)
        if not batches:
            row[0].appendRow(_placeholder("This project has no batches"))
        self._tree.expand(self._sorted.mapFromSource(row[0].index()))

    def _on_jobs_changed(self, project_id: str, batch_id: str) -> None:
        project = self._item(PROJECT, project_id)
        row = self._item(BATCH, batch_id, parent=project[0]) if project else None
        known = self._library.jobs(project_id, batch_id)
        if row is None or not (known.loaded or known.jobs):
            return
        _drop_placeholder(row[0])
        present = {row[0].child(place).data(JOB) for place in range(row[0].rowCount())}
        for job in known.jobs:
            if job.job_id not in present:
                row[0].appendRow(_row(job.reference_id or job.job_id, "", kind=JOB, project=project_id, job=job.job_id))
        self._update_states(row[0], {job.job_id: job for job in known.jobs})
        if known.loaded and not known.jobs:
            row[0].appendRow(_placeholder("This batch has no jobs"))
        if known.next_page_token:
            row[0].appendRow(_placeholder("More jobs are being listed …"))
        self._select_open(row[0])
        QTimer.singleShot(0, self._load_visible)

    def _update_states(self, batch: QStandardItem, jobs: dict[str, JobSummary]) -> None:
        for place in range(batch.rowCount()):
            job = jobs.get(batch.child(place).data(JOB) or "")
            if job is None:
                continue
            stored = self._library.is_stored(job.job_id)
            state = batch.child(place, 1)
            state.setText("on disk" if stored else _job_state(job))
            state.setForeground(current().color("fine") if stored else current().color("secondary"))
            batch.child(place).setForeground(
                current().color("text") if stored or job.completed else current().color("secondary")
            )
            batch.child(place).setToolTip(plain(_job_tip(job, stored=stored)))

    def mark_open(self, job_id: str) -> None:
        """Select the row of the job that is open, as soon as it is listed."""
        self._open_job = job_id
        for place in range(self._model.rowCount()):
            project = self._model.item(place)
            for row in range(project.rowCount()):
                self._select_open(project.child(row))

    def _select_open(self, batch: QStandardItem) -> None:
        job = self._item(JOB, self._open_job, parent=batch) if self._open_job else None
        if job is not None:
            index = self._sorted.mapFromSource(job[0].index())
            with QSignalBlocker(self._tree):  # the user asked for a job, not for what else the service lists
                self._tree.setExpanded(index.parent(), True)
            self._tree.setCurrentIndex(index)

    def _item(self, kind: int, key: str, *, parent: QStandardItem | None = None) -> list[QStandardItem] | None:
        parent = parent or self._model.invisibleRootItem()
        for place in range(parent.rowCount()):
            if parent.child(place).data(KIND) == kind and parent.child(place).data(kind) == key:
                return [parent.child(place), parent.child(place, 1)]
        return None

    def changeEvent(self, event: QEvent) -> None:
        """Take over the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh()

    # -- acting -------------------------------------------------------------------------------------------------

    def _on_add(self) -> None:
        self._library.add_project(self._project_id.text())
        self._project_id.clear()

    def _on_listing_failed(self, _project_id: str, error: AppError) -> None:
        self._problem.setText(str(error))
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

    def _load_visible(self) -> None:
        """Ask for the next page when the row that stands for it is in sight."""
        viewport = self._tree.viewport().rect()
        for place in range(self._model.rowCount()):
            project = self._model.item(place)
            for row in range(project.rowCount()):
                self._load_if_visible(project.child(row), viewport)

    def _load_if_visible(self, batch: QStandardItem, viewport: object) -> None:
        last = batch.child(batch.rowCount() - 1) if batch.rowCount() else None
        if last is None or last.data(KIND) is not None or batch.data(KIND) != BATCH:
            return
        known = self._library.jobs(batch.data(PROJECT), batch.data(BATCH))
        rect = self._tree.visualRect(self._sorted.mapFromSource(last.index()))
        if known.has_more and rect.isValid() and self._tree.viewport().rect().intersects(rect):
            self._library.load_jobs(batch.data(PROJECT), batch.data(BATCH))


def _row(text: str, state: str, *, kind: int, project: str, batch: str = "", job: str = "") -> list[QStandardItem]:
    first, second = QStandardItem(text), QStandardItem(state)
    for role, value in ((KIND, kind), (PROJECT, project), (BATCH, batch), (JOB, job)):
        first.setData(value, role)
    second.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    second.setForeground(current().color("secondary"))
    return [first, second]


def _placeholder(text: str) -> list[QStandardItem]:
    """A row that stands for something not listed; it has no kind."""
    item = QStandardItem(text)
    item.setEnabled(False)
    return [item, QStandardItem()]


def _drop_placeholder(parent: QStandardItem) -> None:
    for place in reversed(range(parent.rowCount())):
        if parent.child(place).data(KIND) is None:
            parent.removeRow(place)


def _batch_state(batch: Batch) -> str:
    if batch.total_jobs is None:
        return batch.status.lower()
    return f"{batch.completed_jobs or 0} of {batch.total_jobs}"


def _batch_tip(batch: Batch) -> str:
    frames = f"\n{batch.completed_frames or 0} of {batch.total_frames} frames" if batch.total_frames is not None else ""
    return f"{batch.name}\nStatus: {batch.status or 'unknown'}\n{_batch_state(batch)} jobs completed{frames}"


def _job_state(job: JobSummary) -> str:
    return job.status.lower().replace("_", " ") or "unknown"


def _job_tip(job: JobSummary, *, stored: bool) -> str:
    size = f"\n{job.frames} frames" if job.frames is not None else ""
    return f"{job.reference_id}\nJob {job.job_id}\nStatus: {job.status or 'unknown'}{size}" + (
        "\nOn this machine" if stored else ""
    )
