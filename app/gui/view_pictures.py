"""Pictures of the 3D view to a file or the clipboard, and from a picture back to the view that it shows."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from app.domain.finding import quoted
from app.errors import AppError, InputError
from app.formats.view_record import ViewRecord, read_view
from app.gui.downloads import Downloads
from app.gui.scene_view import SceneView
from app.gui.services import Services
from app.gui.shown_frame import OpenedJob
from app.gui.taken_picture import PictureSize, TakenPicture, take_picture
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs import LocalJob
from app.scene.recorded_view import RecordedView, frame_of_record, recorded_view
from app.scene.render import write_picture
from app.workspace.local_files import PlainFile

SUFFIX = ".png"
PNG = "image/png"


@dataclass(frozen=True)
class FoundView:
    """The view of a picture; ``project_id`` None where the workspace does not know its job."""

    path: Path
    record: ViewRecord
    view: RecordedView
    project_id: str | None


@dataclass(frozen=True)
class MadePicture:
    """A finished picture."""

    image: QImage
    png: bytes


class ViewPictures(QObject):
    """Takes pictures and goes back to what they show; lives on the GUI thread."""

    news = Signal(str)  # one line for the status bar
    gone = Signal()  # back to the view of a picture

    def __init__(
        self, services: Services, runner: TaskRunner, viewer: Viewer, scene_view: SceneView, downloads: Downloads
    ) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer
        self._scene_view = scene_view
        self._downloads = downloads
        self._awaited: FoundView | None = None  # its job is being opened
        downloads.job_shown.connect(self._on_job_shown)
        viewer.problem_changed.connect(self._on_problem)

    def save(self, path: Path, *, size: PictureSize = PictureSize.WINDOW, strip: bool = False) -> None:
        """Write the view to a PNG file."""
        taken = self._take(size, strip=strip)
        if taken is None:
            return
        services = self._services
        self._runner.run(
            lambda _progress: write_picture(made_picture(services, taken).png, path),
            title=f"Saving {path.name}",
            key=f"picture:{path}",
            quiet=True,
            on_success=lambda _nothing: self.news.emit(f"Saved {path.name}."),
            on_failure=self._viewer.report_problem,
        )

    def copy(self) -> None:
        """Put the view on the clipboard, as an image and as a PNG file that carries the view."""
        taken = self._take(PictureSize.WINDOW, strip=False)
        if taken is None:
            return
        services = self._services
        self._runner.run(
            lambda _progress: made_picture(services, taken),
            title="Copying the picture",
            key="copy-picture",
            quiet=True,
            on_success=self._on_copied,
            on_failure=self._viewer.report_problem,
        )

    def go_to(self, path: Path) -> None:
        """Go back to the view that a picture shows; its job is opened from the workspace if need be."""
        services = self._services
        self._runner.run(
            lambda _progress: find_view(services, path),
            title=f"Opening {path.name}",
            key="open",
            quiet=True,
            on_success=self._on_found,
            on_failure=self._viewer.report_problem,
        )

    def _take(self, size: PictureSize, *, strip: bool) -> TakenPicture | None:
        try:
            return take_picture(self._viewer, self._scene_view, size, strip=strip)
        except AppError as error:
            self._viewer.report_problem(error)
            return None

    def _on_copied(self, made: MadePicture) -> None:
        data = QMimeData()
        data.setImageData(made.image)
        data.setData(PNG, made.png)
        QGuiApplication.clipboard().setMimeData(data)
        self.news.emit("Copied the picture of the view.")

    def _on_found(self, found: FoundView) -> None:
        job, record = self._viewer.job, found.record
        if job is not None and is_of(job, record):
            self._go(job, found)
        elif found.project_id is not None:
            self._awaited = found
            self._downloads.open_job(found.project_id, record.job_id)
        else:
            self._viewer.report_problem(unknown_job(record))

    def _on_job_shown(self, opened: OpenedJob) -> None:
        found, self._awaited = self._awaited, None
        if found is not None and opened.job.job_id == found.record.job_id:
            self._go(opened.job, found)

    def _on_problem(self) -> None:
        if self._viewer.problem is not None:
            self._awaited = None

    def _go(self, job: LocalJob, found: FoundView) -> None:
        try:
            index = frame_of_record(found.record, job.sequence)
        except InputError as error:
            self._viewer.report_problem(error)
            return
        view, appearance = found.view, self._viewer.appearance
        appearance.set_visibility(view.visibility)
        appearance.set_coloring(view.coloring)
        appearance.set_cuts(view.cuts)
        appearance.set_look(view.look)
        self._viewer.guides.set_guides(view.guides)
        self._viewer.neighbours.set_with_motion(view.around.with_motion)
        self._viewer.show_frame(index)
        self._viewer.neighbours.set_reach(view.around.reach)
        self._scene_view.navigation.return_to(view.view, view.placement)
        self.news.emit(f"This is the view of {quoted(found.path.name)}: frame {index + 1} of {quoted(job.name)}.")
        self.gone.emit()


def is_picture(path: Path) -> bool:
    """Whether a path that somebody wants to open may be a picture of a view."""
    return path.suffix.lower() == SUFFIX


def is_of(job: LocalJob, record: ViewRecord) -> bool:
    """Whether a picture is of this job; where one of the two has no id the name decides."""
    if job.job_id and record.job_id:
        return job.job_id == record.job_id
    return job.name == record.job_name


def unknown_job(record: ViewRecord) -> InputError:
    """Why the program cannot go back to what a picture shows."""
    name = quoted(record.job_name or "a job without a name")
    step = "Open the job's folder or bundle, or fetch it, then open the picture again."
    return InputError(f"The picture shows {name}, which is neither open nor in the workspace.", next_step=step)


def find_view(services: Services, path: Path) -> FoundView:
    """Read a picture on a worker thread, and look whether the workspace knows its job.

    Raises ImageFormatError, ViewFormatError, or WorkspaceError where the file or the workspace cannot be read.
    """
    with PlainFile(path).open("the picture") as stream:
        record = read_view(stream)
    return FoundView(path, record, recorded_view(record), _project_of(services, record.job_id))


def made_picture(services: Services, taken: TakenPicture) -> MadePicture:
    """Finish a picture on a worker thread: it learns its job's project, and becomes a PNG file."""
    project_id = None
    with suppress(AppError):  # where the project is only helps to find the job again
        project_id = _project_of(services, taken.record.job_id)
    taken = replace(taken, record=msgspec.structs.replace(taken.record, project_id=project_id or ""))
    image = taken.image()
    return MadePicture(image, taken.png(image))


def _project_of(services: Services, job_id: str) -> str | None:
    stored = services.workspace.job(job_id) if job_id else None
    return None if stored is None else stored.project_id
