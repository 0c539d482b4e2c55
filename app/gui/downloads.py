"""Brings jobs from the services into the workspace and tells the viewer what came."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.gui.download_queue import QueueRunner, Wanted
from app.gui.last_view import open_as_left
from app.gui.services import Services
from app.gui.shown_frame import OpenedJob
from app.gui.tasks import TaskRunner
from app.gui.tracking_downloads import TrackingDownloads
from app.gui.viewer import Viewer
from app.sync import QueueItem
from app.workspace.records import DELIVERED


@dataclass(frozen=True)
class Looked:
    """What the workspace has of a job: its name where it was listed, and the job where its result is readable."""

    name: str
    opened: OpenedJob | None


class Downloads(QObject):
    """Opens jobs of the annotation service; from the workspace alone where everything is there."""

    stored_changed = Signal()  # the workspace holds more jobs
    job_shown = Signal(object)  # OpenedJob, from the workspace

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._wanted = Wanted()
        self.tracking = TrackingDownloads(services, runner, viewer)
        self.queue = QueueRunner(services, runner, self._wanted, self)
        self.queue.told.connect(self._on_news)
        self.queue.succeeded.connect(self._on_downloaded)
        self.queue.failed.connect(self._on_download_failed)
        viewer.job_changed.connect(self._on_job_changed)
        viewer.wanted_changed.connect(self._on_wanted_changed)

    def open_job(self, project_id: str, job_id: str) -> None:
        """Show a job; what the workspace lacks is fetched before all else, what it has is not asked for again."""
        self._wanted.opening = job_id
        services = self._services
        self._runner.run(
            lambda _progress: look_up(services, job_id, settled=project_id == DELIVERED),
            title="Opening the job",
            key="open",
            quiet=True,
            on_success=lambda looked: self._on_looked(project_id, job_id, looked),
            on_failure=self._viewer.report_problem,
        )

    def _on_looked(self, project_id: str, job_id: str, looked: Looked) -> None:
        if looked.opened is not None:
            self._show(looked.opened)
        if looked.opened is None or not (looked.opened.whole or looked.opened.settled):
            self.queue.add_first(QueueItem(project_id, job_id, looked.name))

    def _show(self, opened: OpenedJob) -> None:
        self._viewer.set_job(opened)
        self.job_shown.emit(opened)
        self.tracking.fetch_job(whole=opened.whole or opened.settled)

    def _on_job_changed(self) -> None:
        self._wanted.opening = ""

    def _on_wanted_changed(self) -> None:
        self._wanted.job_id = self._viewer.job.job_id if self._viewer.job else ""
        self._wanted.index = self._viewer.wanted

    # -- jobs ---------------------------------------------------------------------------------------------------

    def _shows(self, job_id: str) -> bool:
        return self._viewer.job is not None and self._viewer.job.job_id == job_id

    def _on_news(self, job_id: str, news: OpenedJob | int) -> None:
        if isinstance(news, int):
            if self._shows(job_id):
                self._viewer.frames.note_arrival(news)
        elif self._wanted.opening == job_id:
            self.stored_changed.emit()
            self._show(news)

    def _on_downloaded(self, job_id: str) -> None:
        self.stored_changed.emit()
        if self._shows(job_id):
            self._viewer.frames.reload_incomplete()
            self.tracking.settle_files()

    def _on_download_failed(self, job_id: str, error: AppError) -> None:
        if self._shows(job_id):
            self._viewer.frames.reload_incomplete()
            self.tracking.settle_files()
        elif self._wanted.opening == job_id:
            self._viewer.report_problem(error)


def look_up(services: Services, job_id: str, *, settled: bool = False) -> Looked:
    """Look on a worker thread what is here of a job. A damaged result is fetched again.

    Raises DamagedFileError where it cannot be: of a ``settled`` job, which no service has, or without a key.
    """
    workspace = services.workspace
    stored = workspace.job(job_id)
    if stored is None:
        return Looked("", None)
    lost = settled or (stored.downloaded and not services.credentials.telus_key)
    if workspace.job_document(stored) is None and not lost:
        return Looked(stored.name, None)
    return Looked(stored.name, open_as_left(workspace, job_id, settled=settled))
