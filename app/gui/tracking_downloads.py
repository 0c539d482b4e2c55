"""Brings the boxes and the pictures of linked samples into the workspace and tells the viewer what came."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.errors import AppError, KeyRefusedError
from app.gui.camera_note import (
    FETCHING,
    FETCHING_PICTURES,
    STOPPED,
    CameraNote,
    note_of_failure,
    note_of_media,
    note_of_tracking,
)
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs import LocalJob
from app.progress import Progress
from app.sync import (
    MediaState,
    MediaStep,
    TrackingStep,
    classify_sample,
    download_sample_media,
    download_tracking,
    needs_sample_media,
)
from app.workspace import CameraLink


@dataclass(frozen=True)
class Wanted:
    """The links of a job, the cameras that show pictures of their sample, and those whose boxes or whose sample's
    pictures have to be fetched."""

    links: tuple[CameraLink, ...]
    shown: frozenset[str]
    boxes: frozenset[str]
    pictures: frozenset[str]


@dataclass
class _Classifying:
    """One yes of the user: the service is asked to compute once, and a retry only looks what came of it."""

    services: Services
    link: CameraLink
    asked: bool = False

    def __call__(self, progress: Progress) -> TrackingStep:
        services = self.services
        fetch = download_tracking if self.asked else classify_sample
        self.asked = True
        return fetch(services.workspace, services.edge_impulse(), self.link, progress=progress, on_state=progress.tell)


@dataclass
class _Camera:
    """What is known about a linked camera: its link and what its boxes and its pictures wait for."""

    link: CameraLink
    shows_sample: bool = False
    boxes: CameraNote | None = None
    pictures: CameraNote | None = None
    refused: bool = False  # the key


@dataclass
class _Job:
    """The cameras of the job on screen; ``arriving`` while its own files still come."""

    job_id: str = ""
    arriving: bool = False
    cameras: dict[str, _Camera] = field(default_factory=dict)


class TrackingDownloads(QObject):
    """Fetches for the job on screen; lives on the GUI thread. Nothing but ``classify`` has the service compute."""

    key_refused = Signal(object)  # AppError, once for each key

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._job = _Job()
        self._refused_key: str | None = None
        viewer.job_changed.connect(self._on_job_changed)

    @property
    def cameras(self) -> tuple[str, ...]:
        """The linked cameras of the job on screen."""
        return tuple(self._job.cameras)

    def link(self, camera: str) -> CameraLink | None:
        """The link of a camera of the job on screen, as far as it was read."""
        known = self._job.cameras.get(camera)
        return known.link if known else None

    def settle_files(self) -> None:
        """The job's own files have come as far as they do: what is still missing comes from the samples."""
        self._job.arriving = False
        self._look("settled-links", self._on_settled)

    def fetch_job(self, *, whole: bool) -> None:
        """Get what the linked cameras of the job that was opened lack; unless it is ``whole``, its own pictures are on
        their way, and those of samples wait until ``settle_files``."""
        self._job.arriving = not whole
        self.fetch_linked()

    def fetch_linked(self) -> None:
        """Get what the linked cameras lack; what is here is kept."""
        self._look("links", self._on_wanted)

    def refresh(self, camera: str) -> None:
        """Ask again for the boxes of a camera, and get the pictures that it lacks."""
        link = self.link(camera)
        if link is not None:
            self._job.arriving = False
            self._fetch_boxes(link)
            self._look(f"settled-link:{camera}", self._on_settled)

    def refresh_all(self) -> None:
        """The same for every linked camera."""
        for camera in self.cameras:
            self.refresh(camera)

    def fetch_pictures_again(self) -> int:
        """Fetch the samples' pictures anew where they are shown, after they changed on the service's side; returns for
        how many cameras."""
        shown = [known.link for known in self._job.cameras.values() if known.shows_sample]
        for link in shown:
            self._fetch_pictures(link, refresh=True)
        return len(shown)

    def classify(self, camera: str, link: CameraLink) -> None:
        """Have the service make the results for a camera's link; only after the user's yes to exactly that link."""
        if self.link(camera) == link:
            self._run_boxes(link, _Classifying(self._services, link), title=f"Classifying {link.sample_name or camera}")

    def use_key(self) -> None:
        """Another key is in force: ask again for what the old one was refused."""
        if self._refused_key in (None, self._services.credentials.edge_impulse_key):
            return
        self._refused_key = None
        for camera, known in self._job.cameras.items():
            if known.refused:
                known.refused = False
                self.refresh(camera)

    # -- what is wanted -----------------------------------------------------------------------------------------

    def _on_job_changed(self) -> None:
        job = self._viewer.job
        self._job = _Job(job.job_id if job else "")

    def _shows(self, job_id: str) -> bool:
        return bool(job_id) and self._job.job_id == job_id

    def _look(self, key: str, on_wanted: Callable[[Wanted], None]) -> None:
        """Look what is wanted, and hand it on while the same job is shown."""
        services, job, arriving = self._services, self._viewer.job, self._job.arriving
        if job is None or not job.job_id:
            return
        self._runner.run(
            lambda _progress: wanted_of(services, job, arriving=arriving),
            title="Reading camera links",
            key=key,
            quiet=True,
            on_success=lambda wanted: on_wanted(wanted) if self._shows(job.job_id) else None,
        )

    def _on_wanted(self, wanted: Wanted) -> None:
        self._job.cameras = {
            link.camera: _Camera(link, shows_sample=link.camera in wanted.shown) for link in wanted.links
        }
        for link in wanted.links:
            if link.camera in wanted.boxes:
                self._fetch_boxes(link)
            if link.camera in wanted.pictures:
                self._fetch_pictures(link)

    def _on_settled(self, wanted: Wanted) -> None:
        """Boxes were asked for when the job was opened; pictures that are under way already are left alone."""
        for camera, known in self._job.cameras.items():
            known.shows_sample = camera in wanted.shown
            if camera in wanted.pictures and known.pictures != FETCHING_PICTURES:
                self._fetch_pictures(known.link)

    # -- boxes --------------------------------------------------------------------------------------------------

    def _fetch_boxes(self, link: CameraLink) -> None:
        services = self._services

        def work(progress: Progress) -> TrackingStep:
            client = services.edge_impulse()
            return download_tracking(services.workspace, client, link, progress=progress, on_state=progress.tell)

        self._run_boxes(link, work, title=f"Boxes of {link.camera}")

    def _run_boxes(self, link: CameraLink, work: Callable[[Progress], Any], *, title: str) -> None:
        job_id, camera = self._job.job_id, link.camera
        self._note_boxes(job_id, camera, FETCHING)
        task = self._runner.run(
            work,
            title=title,
            key=f"tracking:{camera}",
            on_told=lambda step: self._note_boxes(job_id, camera, note_of_tracking(step)),
            on_success=lambda step: self._on_boxes(job_id, camera, step),
            on_failure=lambda error: self._on_boxes_failed(job_id, camera, error),
        )
        task.cancelled.connect(lambda: self._note_boxes(job_id, camera, STOPPED))

    def _on_boxes(self, job_id: str, camera: str, step: TrackingStep) -> None:
        self._note_boxes(job_id, camera, note_of_tracking(step))
        if self._shows(job_id):
            # also without results: what was asked for may have changed, and earlier ones are stale by that
            self._viewer.reload_tracking()

    def _on_boxes_failed(self, job_id: str, camera: str, error: AppError) -> None:
        self._note_boxes(job_id, camera, note_of_failure(error))
        self._on_error(job_id, camera, error)

    def _note_boxes(self, job_id: str, camera: str, note: CameraNote | None) -> None:
        if self._shows(job_id) and camera in self._job.cameras:
            self._job.cameras[camera].boxes = note
            self._show(camera)

    # -- pictures -----------------------------------------------------------------------------------------------

    def _fetch_pictures(self, link: CameraLink, *, refresh: bool = False) -> None:
        services, job_id, camera = self._services, self._job.job_id, link.camera

        def work(progress: Progress) -> MediaStep:
            client = services.edge_impulse()
            return download_sample_media(services.workspace, client, link, progress=progress, refresh=refresh)

        self._note_pictures(job_id, camera, FETCHING_PICTURES)
        task = self._runner.run(
            work,
            title=f"Pictures of {camera}",
            key=f"media:{camera}",
            on_success=lambda step: self._on_pictures(job_id, camera, step),
            on_failure=lambda error: self._on_pictures_failed(job_id, camera, error),
        )
        task.cancelled.connect(lambda: self._note_pictures(job_id, camera, STOPPED))

    def _on_pictures(self, job_id: str, camera: str, step: MediaStep) -> None:
        self._note_pictures(job_id, camera, note_of_media(step))
        if step.state is MediaState.STORED and self._shows(job_id):
            self._viewer.frames.reload_pictures()
            self._viewer.reload_tracking()

    def _on_pictures_failed(self, job_id: str, camera: str, error: AppError) -> None:
        self._note_pictures(job_id, camera, note_of_failure(error))
        self._on_error(job_id, camera, error)

    def _note_pictures(self, job_id: str, camera: str, note: CameraNote | None) -> None:
        if self._shows(job_id) and camera in self._job.cameras:
            self._job.cameras[camera].pictures = note
            self._show(camera)

    # -- both ---------------------------------------------------------------------------------------------------

    def _show(self, camera: str) -> None:
        known = self._job.cameras[camera]
        self._viewer.set_note(camera, known.boxes or known.pictures)

    def _on_error(self, job_id: str, camera: str, error: AppError) -> None:
        if not isinstance(error, KeyRefusedError):
            return
        if self._shows(job_id) and camera in self._job.cameras:
            self._job.cameras[camera].refused = True
        key = self._services.credentials.edge_impulse_key
        if key != self._refused_key:
            self._refused_key = key
            self.key_refused.emit(error)


def wanted_of(services: Services, job: LocalJob, *, arriving: bool) -> Wanted:
    """Look on a worker thread what the linked cameras of a job lack."""
    workspace = services.workspace
    links = workspace.camera_links(job.job_id)
    shown = frozenset(
        link.camera for link in links if needs_sample_media(workspace, job.sequence, link, arriving=arriving)
    )
    return Wanted(
        links,
        shown,
        boxes=frozenset(link.camera for link in links if job.tracking(link.camera) is None),
        pictures=frozenset(camera for camera in shown if not any(job.pictures.samples.stored(camera))),
    )
