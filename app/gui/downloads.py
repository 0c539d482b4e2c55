"""Brings jobs from the services into the workspace and tells the viewer what came."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.sequence import Sequence
from app.errors import ApiError, AppError
from app.gui.services import Services
from app.gui.shown_frame import OpenedJob, look_at
from app.gui.tasks import TaskRunner
from app.gui.tracking_downloads import TrackingDownloads
from app.gui.viewer import Viewer
from app.jobs import open_workspace_job
from app.progress import Progress
from app.sync import DownloadSummary, download_job


@dataclass
class _WantedFrame:
    """The frame on screen as the download threads may read it: a plain number, no Qt object."""

    index: int = 0


class Downloads(QObject):
    """Opens jobs of the annotation service; from the workspace alone where everything is there."""

    stored_changed = Signal()  # the workspace holds more jobs

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._wanted = _WantedFrame()
        self.tracking = TrackingDownloads(services, runner, viewer)
        viewer.wanted_changed.connect(self._on_wanted_changed)

    def open_job(self, project_id: str, job_id: str) -> None:
        """Show a job; what the workspace lacks is fetched, what it has is not asked for again."""
        services = self._services
        self._runner.run(
            lambda _progress: open_stored(services, job_id),
            title="Opening the job",
            key="open",
            quiet=True,
            on_success=lambda opened: self._on_looked(project_id, job_id, opened),
            on_failure=self._viewer.report_problem,
        )

    def _on_looked(self, project_id: str, job_id: str, opened: OpenedJob | None) -> None:
        if opened is not None:
            self._viewer.set_job(opened)
            self.tracking.fetch_job(whole=opened.whole)
        if opened is None or not opened.whole:
            self._download(project_id, job_id)

    def _on_wanted_changed(self) -> None:
        self._wanted.index = self._viewer.wanted

    # -- jobs ---------------------------------------------------------------------------------------------------

    def _download(self, project_id: str, job_id: str) -> None:
        self._wanted.index = self._viewer.wanted if self._shows(job_id) else 0
        services, wanted = self._services, self._wanted

        def work(progress: Progress) -> None:
            fetch_job(services, project_id, job_id, wanted=wanted, progress=progress)

        self._runner.run(
            work,
            title="Downloading the job",
            key="download",
            on_told=lambda news: self._on_news(job_id, news),
            on_success=lambda _none: self._on_downloaded(job_id),
            on_failure=lambda error: self._on_download_failed(job_id, error),
        )

    def _shows(self, job_id: str) -> bool:
        return self._viewer.job is not None and self._viewer.job.job_id == job_id

    def _on_news(self, job_id: str, news: OpenedJob | int) -> None:
        if isinstance(news, int):
            if self._shows(job_id):
                self._viewer.note_arrival(news)
        elif not self._shows(job_id):
            self.stored_changed.emit()
            self._viewer.set_job(news)
            self.tracking.fetch_job(whole=False)

    def _on_downloaded(self, job_id: str) -> None:
        self.stored_changed.emit()
        if self._shows(job_id):
            self._viewer.reload_incomplete()
            self.tracking.settle_files()

    def _on_download_failed(self, job_id: str, error: AppError) -> None:
        if self._shows(job_id):
            self._viewer.reload_incomplete()
            self.tracking.settle_files()
        else:
            self._viewer.report_problem(error)


def open_stored(services: Services, job_id: str) -> OpenedJob | None:
    """Open a job of the workspace on a worker thread; None where its result was never received or is damaged."""
    stored = services.workspace.job(job_id)
    if stored is None or services.workspace.job_document(stored) is None:
        return None
    return look_at(open_workspace_job(services.workspace, job_id))


def fetch_job(services: Services, project_id: str, job_id: str, *, wanted: _WantedFrame, progress: Progress) -> None:
    """Download on a worker thread; tells an OpenedJob when the document is here first, then indices of frames.

    Raises ApiError when files are still missing at the end.
    """

    def on_sequence(_sequence: Sequence) -> None:
        progress.tell(look_at(open_workspace_job(services.workspace, job_id)))

    summary = download_job(
        services.workspace,
        services.telus(),
        project_id=project_id,
        job_id=job_id,
        progress=progress,
        on_sequence=on_sequence,
        on_frame=progress.tell,
        wanted_frame=lambda: wanted.index,
    )
    if summary.problems:
        raise ApiError(_problem_text(summary), next_step="Retry fetches only what is missing.")


def _problem_text(summary: DownloadSummary) -> str:
    first = summary.problems[0]
    total = summary.fetched + summary.reused + len(summary.problems)
    return f"{len(summary.problems)} of {total} files could not be fetched. The first: {first.message}"
