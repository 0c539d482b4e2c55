"""Which sample of the impulse service belongs to which camera of the open job."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.gui.link_choices import LinkChoices, load_choices
from app.gui.sample_search import SampleSearch
from app.gui.services import Services
from app.gui.tasks import TaskRunner, Work
from app.gui.tracking_downloads import TrackingDownloads
from app.gui.viewer import Viewer
from app.jobs import CameraTracking
from app.progress import Progress
from app.workspace import CameraLink

__all__ = ["LinkChoices", "Linking"]


class Linking(QObject):
    """Loads choices, remembers links and has their boxes fetched."""

    choices_loaded = Signal(object)  # LinkChoices
    choices_failed = Signal(object)  # AppError
    links_saved = Signal()

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer, tracking: TrackingDownloads) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._tracking = tracking

    @property
    def cameras(self) -> tuple[str, ...]:
        """Cameras of the open job."""
        return tuple(camera.name for camera in self._viewer.sequence.cameras)

    @property
    def results(self) -> Mapping[str, CameraTracking]:
        """What is here of the cameras that are linked already."""
        return self._viewer.tracking

    def search(self, ei_project_id: int, parent: QObject) -> SampleSearch:
        """A search among the samples of a project, for as long as ``parent`` lives."""
        return SampleSearch(self._services, self._runner, ei_project_id, parent)

    def load_choices(self) -> None:
        """Ask the service for samples and impulses in the background."""
        job = self._viewer.job
        if job is None:
            return
        services, cameras, name, job_id = self._services, self.cameras, job.name, job.job_id
        self._runner.run(
            lambda progress: load_choices(services, cameras, job_name=name, job_id=job_id, progress=progress),
            title="Listing samples and impulses",
            key="choices",
            on_success=self.choices_loaded.emit,
            on_failure=self._on_failed,
        )

    def save(self, links: tuple[CameraLink, ...]) -> None:
        """Make these the links of the open job; cameras left out are no longer linked."""
        job = self._viewer.job
        if job is None:
            return
        services, job_id, dropped = self._services, job.job_id, set(self.cameras) - {link.camera for link in links}

        def work(_progress: Progress) -> None:
            services.workspace.save_camera_links(job_id, links)
            for camera in dropped:
                services.workspace.remove_camera_link(job_id, camera)

        self._remember(work, job_id)

    def use_block(self, cameras: Collection[str], *, block_id: int, variant: str) -> None:
        """Take the tracks of these cameras of the open job from another block and variant, and fetch them."""
        job = self._viewer.job
        if job is None:
            return
        services, job_id, wanted = self._services, job.job_id, frozenset(cameras)

        def work(_progress: Progress) -> None:
            links = services.workspace.camera_links(job_id)
            changed = [replace(link, block_id=block_id, variant=variant) for link in links if link.camera in wanted]
            services.workspace.save_camera_links(job_id, changed)

        self._remember(work, job_id)

    def _remember(self, work: Work, job_id: str) -> None:
        self._runner.run(
            work,
            title="Remembering links",
            key="save-links",
            quiet=True,
            on_success=lambda _none: self._on_saved(job_id),
        )

    def _on_saved(self, job_id: str) -> None:
        job = self._viewer.job
        if job is None or job.job_id != job_id:
            return
        for camera in self.cameras:
            self._viewer.set_note(camera, None)
        self._viewer.reload_tracking()
        self._viewer.frames.reload_pictures()
        self._tracking.fetch_linked()
        self.links_saved.emit()

    def _on_failed(self, error: AppError) -> None:
        self.choices_failed.emit(error)
