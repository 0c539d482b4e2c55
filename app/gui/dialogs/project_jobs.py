"""Which jobs the Edge Impulse project has, and the way to their logs."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import counted
from app.domain.moments import moment_text
from app.domain.post_processing import ServiceJob
from app.errors import AppError
from app.gui.note_label import NoteLabel
from app.gui.project_jobs import ListedJobs, ProjectJobs
from app.gui.text import plain, visible
from app.gui.theme import STEP, current
from app.gui.tree_look import dress_tree

JOB = Qt.ItemDataRole.UserRole
HEADINGS = ("Job", "Category", "State", "Started", "Ended")
STATE = HEADINGS.index("State")
TOKENS = {"failed": "wrong", "running": "accent", "waiting": "attention"}
Index = QModelIndex | QPersistentModelIndex


class JobsModel(QAbstractTableModel):
    """One line per job."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs: tuple[ServiceJob, ...] = ()

    def set_jobs(self, jobs: tuple[ServiceJob, ...]) -> None:
        """List other jobs; where only older ones were added, what is chosen stays chosen."""
        if jobs[: len(self._jobs)] == self._jobs:
            if len(jobs) > len(self._jobs):
                self.beginInsertRows(QModelIndex(), len(self._jobs), len(jobs) - 1)
                self._jobs = jobs
                self.endInsertRows()
            return
        self.beginResetModel()
        self._jobs = jobs
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """Number of jobs."""
        return 0 if parent.isValid() else len(self._jobs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        """As many as headings."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        horizontal = orientation is Qt.Orientation.Horizontal
        return HEADINGS[section] if horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour of the state, and the job."""
        job = self._jobs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(job)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == STATE and job.state in TOKENS:
            return current().color(TOKENS[job.state])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain("Double click or Enter to read its log")
        return job if role == JOB else None


class ProjectJobsDialog(QDialog):
    """Stays open beside the window; Enter or a double click asks for a log."""

    log_requested = Signal(int, int)  # Edge Impulse project id, job id

    def __init__(self, jobs: ProjectJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Jobs of the Edge Impulse project")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._jobs = jobs
        self._project_id = 0
        self.model = JobsModel(self)
        self.list = QTreeView()
        self.note = NoteLabel()
        self.again, self.more = QPushButton("&Refresh"), QPushButton("&Older jobs")
        self.log, self.close_button = QPushButton("Show &log"), QPushButton("Close")
        self._build()
        jobs.listed.connect(self._on_listed)
        jobs.listing_failed.connect(self._on_failed)
        self.refresh()

    def refresh(self) -> None:
        """List the jobs again; those that are shown stay until then."""
        self.note.say("Listing jobs …")
        self._jobs.load()

    def _build(self) -> None:
        self.list.setModel(self.model)
        dress_tree(self.list, "Jobs of the project")
        self.list.setRootIsDecorated(False)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.activated.connect(self._on_activated)
        self.list.selectionModel().currentChanged.connect(self._refresh_buttons)
        self.again.setShortcut("F5")
        self.again.clicked.connect(self.refresh)
        self.more.clicked.connect(self._on_more)
        self.log.clicked.connect(lambda: self._on_activated(self.list.currentIndex()))
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        self._refresh_buttons()

    def _lay_out(self) -> None:
        tips = (
            (self.again, "List the jobs again (F5)"),
            (self.more, "List jobs that ended earlier (Alt+O)"),
            (self.log, "Read what the chosen job wrote (Enter)"),
            (self.close_button, "Close (Esc)"),
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        for button, tip in tips:
            button.setAutoDefault(False)
            button.setToolTip(tip)
            buttons.addWidget(button)
        buttons.insertStretch(2, 1)
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.resize(760, 440)
        self.list.setFocus()

    def _on_listed(self, listed: ListedJobs) -> None:
        self._project_id = listed.ei_project_id
        self.model.set_jobs(listed.jobs)
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.more.setVisible(listed.has_more)
        self.more.setEnabled(True)
        older = f", {listed.total - listed.asked:,} older" if listed.has_more else ""
        running = counted(len(listed.active), "job")
        ended = f"{len(listed.ended):,} ended{older}"
        empty = not listed.active and not listed.ended
        told = "no job yet" if empty else f"{running} waiting or running, {ended}"
        self.note.say(f"Project {listed.ei_project_id}: {told}.")
        self._refresh_buttons()

    def _on_failed(self, error: AppError) -> None:
        self.note.say(str(error), wrong=True)
        self.more.setEnabled(True)

    def _on_more(self) -> None:
        self.more.setEnabled(False)
        self._jobs.load_more()

    def _on_activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.log_requested.emit(self._project_id, index.data(JOB).job_id)

    def _refresh_buttons(self) -> None:
        self.log.setEnabled(self.list.currentIndex().isValid())


def _cells(job: ServiceJob) -> tuple[str, ...]:
    dates = (moment_text(job.created_at), moment_text(job.finished_at))
    return (str(job.job_id), visible(job.category), job.state, *(visible(date) for date in dates))
