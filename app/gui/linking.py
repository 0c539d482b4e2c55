"""Which sample of the impulse service belongs to which camera of the open job."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.impulse import Impulse, ImpulseList, PostProcessingBlock
from app.domain.sample import Sample
from app.errors import AppError
from app.gui.downloads import Downloads
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.progress import Progress
from app.sync import fetch_impulses, suggest_links
from app.workspace import CameraLink

PAGE = 200
MAX_SAMPLES = 2000  # what a combo box can still offer; the service sorts the newest first
CATEGORY = "post-processing"


@dataclass(frozen=True)
class BlockChoice:
    """A post-processing block that tracks objects, with its impulse."""

    impulse: Impulse
    block: PostProcessingBlock

    @property
    def text(self) -> str:
        """Name to show."""
        return f"{self.impulse.name or 'Impulse'} · {self.block.name or self.block.type}"


@dataclass(frozen=True)
class LinkChoices:
    """What can be linked, what is linked, and what names suggest."""

    ei_project_id: int
    samples: tuple[Sample, ...]
    blocks: tuple[BlockChoice, ...]
    links: tuple[CameraLink, ...]
    suggested: tuple[CameraLink, ...]

    def link(self, camera: str) -> CameraLink | None:
        """The link in force, else the suggested one."""
        return next((link for link in (*self.links, *self.suggested) if link.camera == camera), None)


class Linking(QObject):
    """Loads choices, remembers links and has their boxes fetched."""

    choices_loaded = Signal(object)  # LinkChoices
    choices_failed = Signal(object)  # AppError
    links_saved = Signal()

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer, downloads: Downloads) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._downloads = downloads

    @property
    def cameras(self) -> tuple[str, ...]:
        """Cameras of the open job."""
        return tuple(camera.name for camera in self._viewer.sequence.cameras)

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

        self._runner.run(
            work,
            title="Remembering links",
            key="save-links",
            quiet=True,
            on_success=lambda _none: self._on_saved(links),
        )

    def _on_saved(self, links: tuple[CameraLink, ...]) -> None:
        for camera in self.cameras:
            self._viewer.set_tracking_state(camera, "")
        self._viewer.reload_tracking()
        self._downloads.fetch_tracking(links)
        self.links_saved.emit()

    def _on_failed(self, error: AppError) -> None:
        self.choices_failed.emit(error)


def load_choices(
    services: Services, cameras: tuple[str, ...], *, job_name: str, job_id: str, progress: Progress
) -> LinkChoices:
    """Ask for the key's project, its post-processing samples and its impulses; runs on a worker thread."""
    client = services.edge_impulse()
    progress.report(0, 3, "Asking which project the key opens")
    project_id = client.key_info(progress).project_id
    samples: tuple[Sample, ...] = ()
    while True:
        progress.report(1, 3, f"Listing samples ({len(samples)})")
        page = client.samples(project_id, category=CATEGORY, offset=len(samples), limit=PAGE, progress=progress)
        samples += page.samples
        if not page.samples or len(samples) >= min(page.total_count, MAX_SAMPLES):
            break
    progress.report(2, 3, "Listing impulses")
    impulses: ImpulseList = fetch_impulses(services.workspace, client, project_id, progress=progress)
    return LinkChoices(
        project_id,
        samples,
        tuple(BlockChoice(impulse, block) for impulse in impulses.impulses for block in impulse.tracking_blocks),
        services.workspace.camera_links(job_id),
        suggest_links(cameras, job_name, samples, impulses.impulses, ei_project_id=project_id),
    )
