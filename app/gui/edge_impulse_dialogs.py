"""What the window asks and shows about Edge Impulse: links, jobs, logs, and the question before anything computes."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.gui.camera_note import CameraAct
from app.gui.dialogs.job_log import JobLogDialog
from app.gui.dialogs.link_cameras import LinkDialog
from app.gui.dialogs.project_jobs import ProjectJobsDialog
from app.gui.linking import Linking
from app.gui.project_jobs import ProjectJobs
from app.gui.text import plain
from app.gui.tracking_downloads import TrackingDownloads
from app.gui.viewer import Viewer
from app.sync import classify_question

NO_LINKS = "No camera of this job is linked to a sample yet."


class EdgeImpulseDialogs(QObject):
    """Belongs to one window."""

    news = Signal(str)  # one sentence for the status line

    def __init__(
        self, window: QWidget, viewer: Viewer, linking: Linking, tracking: TrackingDownloads, jobs: ProjectJobs
    ) -> None:
        super().__init__(window)
        self._window = window
        self._viewer = viewer
        self._linking = linking
        self._tracking = tracking
        self._jobs = jobs

    def link_cameras(self, camera: str = "") -> None:
        """Ask which sample belongs to which camera."""
        job = self._viewer.job
        if job is None or not job.cameras:
            self.news.emit("Open a job with cameras first, then link them to samples.")
        elif not job.job_id:
            self.news.emit("Links are remembered for jobs of the service; this one was opened from disk.")
        else:
            LinkDialog(self._linking, focus=camera, parent=self._window).open()

    def show_jobs(self) -> None:
        """List the jobs of the project that the key opens."""
        shown = self._window.findChild(ProjectJobsDialog)
        if shown is None:
            shown = ProjectJobsDialog(self._jobs, self._window)
            shown.log_requested.connect(self.show_log)
        _bring_up(shown)

    def show_log(self, ei_project_id: int, job_id: int) -> None:
        """What a job wrote."""
        open_logs = self._window.findChildren(JobLogDialog)
        shown = next((dialog for dialog in open_logs if dialog.job_id == job_id), None)
        if shown is None:
            shown = JobLogDialog(self._jobs, ei_project_id=ei_project_id, job_id=job_id, parent=self._window)
        _bring_up(shown)

    def do(self, camera: str, act: CameraAct) -> None:
        """What the view of a camera was asked for."""
        link, note = self._tracking.link(camera), self._viewer.notes.get(camera)
        if link is None:
            return
        if act is CameraAct.REFRESH:
            self._tracking.refresh(camera)
        elif act is CameraAct.CLASSIFY:
            self._ask_to_classify(camera)
        elif note is not None and note.job_id is not None:
            self.show_log(link.ei_project_id, note.job_id)

    def refresh(self) -> None:
        """Ask again for the boxes of every linked camera."""
        if self._tracking.cameras:
            self._tracking.refresh_all()
        else:
            self.news.emit(NO_LINKS)

    def fetch_pictures(self) -> None:
        """Fetch the pictures of the samples that are shown, again."""
        if not self._tracking.fetch_pictures_again():
            self.news.emit("No camera of this job shows pictures of its sample.")

    def _ask_to_classify(self, camera: str) -> None:
        """Compute time of the project is the user's to spend."""
        link = self._tracking.link(camera)
        if link is None:
            return
        box = QMessageBox(self._window)
        box.setWindowTitle("Classify")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(plain(classify_question(link), limit=600))
        yes = box.addButton("Classify", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self._tracking.classify(camera, link))
        box.finished.connect(box.deleteLater)
        box.open()


def _bring_up(dialog: QWidget) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
