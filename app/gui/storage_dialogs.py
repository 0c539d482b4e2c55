"""What the window asks and shows about the workspace: dialogs, one question, and the acts of the two job lists."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.domain.amounts import size_text
from app.domain.finding import counted, quoted
from app.gui.dialogs.mappings import MappingDialog
from app.gui.dialogs.workspace import WorkspaceDialog
from app.gui.download_queue import QueueRunner
from app.gui.library import Library
from app.gui.panels.downloads import DownloadsPanel
from app.gui.panels.jobs import JobsPanel
from app.gui.preferences import Preferences
from app.gui.storage import Storage
from app.gui.text import plain
from app.sync import QueueItem


class StorageDialogs(QObject):
    """Belongs to one window."""

    news = Signal(str)  # one sentence for the status line

    def __init__(
        self, window: QWidget, storage: Storage, library: Library, queue: QueueRunner, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window = window
        self._storage = storage
        self._library = library
        self._queue = queue
        self._preferences = preferences
        self._batches: set[tuple[str, str]] = set()  # to be downloaded as soon as they are listed
        library.jobs_changed.connect(self._on_jobs_changed)
        library.listing_failed.connect(lambda project_id, _error: self._forget_batches(project_id))

    def connect_panels(self, jobs: JobsPanel, downloads: DownloadsPanel) -> None:
        """Do what the user asks for in the lists."""
        jobs.download_requested.connect(self.download)
        jobs.batch_requested.connect(self.download_batch)
        jobs.pin_requested.connect(lambda job_id, pinned: self._storage.set_pinned(job_id, pinned=pinned))
        jobs.removal_requested.connect(self.ask_removal)
        jobs.mapping_requested.connect(self.show_mappings)
        downloads.mapping_requested.connect(self.show_mappings)

    def download(self, project_id: str, job_id: str) -> None:
        """Fetch a job without showing it."""
        name = self._library.name_of(job_id)
        self._queue.add((QueueItem(project_id, job_id, name),))
        self.news.emit(f"{name} is in the queue.")

    def download_batch(self, project_id: str, batch_id: str) -> None:
        """Fetch every completed job of a batch, also those that were not listed yet."""
        self._batches.add((project_id, batch_id))
        self._library.load_all_jobs(project_id, batch_id)

    def show_workspace(self) -> None:
        """How full it is and whether its files are sound."""
        dialog = WorkspaceDialog(self._storage, self._window)
        dialog.quota_changed.connect(self._preferences.remember_quota)
        dialog.open()

    def show_mappings(self, project_id: str = "", job_id: str = "") -> None:
        """Where files are that the service cannot give."""
        projects = self._library.projects
        if not projects:
            self.news.emit("Add a project first; folders are remembered for each project.")
            return
        MappingDialog(self._storage, projects, self._window, project=project_id, job=job_id).open()

    def ask_removal(self, job_id: str) -> None:
        """Files may be gone for good where the service no longer has them, so this is asked."""
        on_disk = self._library.on_disk(job_id)
        if on_disk is None:
            return
        box = QMessageBox(self._window)
        box.setWindowTitle("Remove from disk")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(
            plain(f"Remove the files of {quoted(self._library.name_of(job_id))} from disk ({size_text(on_disk.size)})?")
        )
        box.setInformativeText("They can be fetched again only while the service has them. Result and reviews stay.")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda: self._storage.remove_files(job_id))
        box.finished.connect(box.deleteLater)
        box.open()

    def _on_jobs_changed(self, project_id: str, batch_id: str) -> None:
        known = self._library.jobs(project_id, batch_id)
        if (project_id, batch_id) not in self._batches or not known.loaded or known.next_page_token:
            return
        self._batches.discard((project_id, batch_id))
        jobs = self._library.completed_jobs(project_id, batch_id)
        self._queue.add(QueueItem(project_id, job.job_id, job.reference_id) for job in jobs)
        self.news.emit(f"{counted(len(jobs), 'completed job')} of the batch put into the queue.")

    def _forget_batches(self, project_id: str) -> None:
        self._batches = {batch for batch in self._batches if batch[0] != project_id}
