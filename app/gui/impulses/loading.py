"""The impulses of a project, read from this machine or fetched from the service in the background."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.impulse import ImpulseList
from app.domain.impulse.table import ImpulseTable, table_of
from app.domain.moments import moment_text
from app.formats.edge_impulse import parse_impulses
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.jobs import LocalJob
from app.jobs.files import read_bytes
from app.progress import Progress
from app.sync import fetch_impulses
from app.workspace.addresses import impulses_address
from app.workspace.local_files import LocalFile

DELIVERED = 0  # stands for the impulses that came with the open job's folder, of a project that nobody knows
KEY = "impulses"  # of the one task that reads or fetches
_STEPS = 2


def project_title(project_id: int) -> str:
    """What to call the impulses of a project, or those that came with the open folder."""
    return "The open folder" if project_id == DELIVERED else f"Project {project_id}"


@dataclass(frozen=True)
class LoadedImpulses:
    """The impulses of one project, ``as_of`` when they were fetched, empty where nobody knows."""

    project_id: int
    impulses: ImpulseList
    table: ImpulseTable
    as_of: str = ""

    @property
    def title(self) -> str:
        """What to call where they come from."""
        return project_title(self.project_id)


@dataclass(frozen=True)
class StoredImpulses:
    """Which projects have impulses on this machine, and those of one of them, if there is any."""

    project_ids: tuple[int, ...] = ()
    shown: LoadedImpulses | None = None


class ImpulseSource(QObject):
    """Looks on this machine first; asks the service when told to. Tells what it found on the GUI thread."""

    found = Signal(object)  # StoredImpulses
    failed = Signal(object)  # AppError

    def __init__(self, services: Services, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner

    @property
    def has_key(self) -> bool:
        """Whether the service can be asked."""
        return bool(self._services.credentials.edge_impulse_key)

    def look(self, job: LocalJob | None, project_id: int | None = None, *, otherwise: int | None = None) -> None:
        """Read what is here: of ``project_id``, else of the open job's project, else of ``otherwise``, else of any."""
        services = self._services
        self._runner.run(
            lambda _progress: read_stored(services, job, project_id, otherwise=otherwise),
            title="Reading impulses",
            key=KEY,
            quiet=True,
            on_success=self.found.emit,
            on_failure=self.failed.emit,
        )

    def fetch(self, job: LocalJob | None) -> None:
        """Ask the service for the impulses of the project that the key opens, and keep its answer."""
        services = self._services
        self._runner.run(
            lambda progress: fetch_and_read(services, job, progress),
            title="Fetching impulses",
            key=KEY,
            on_success=self.found.emit,
            on_failure=self.failed.emit,
        )

    def cancel(self) -> None:
        """Let go of what is running; nothing of it is told."""
        self._runner.cancel_key(KEY)


def read_stored(
    services: Services, job: LocalJob | None, project_id: int | None, *, otherwise: int | None = None
) -> StoredImpulses:
    """For a worker thread; raises as Workspace and parse_impulses do."""
    known = services.workspace.impulse_projects()
    delivered = _delivered(job)
    listed = (*known, DELIVERED) if delivered is not None else known
    wanted = project_id if project_id in listed else _preferred(job, listed, otherwise)
    if wanted == DELIVERED and delivered is not None:
        return StoredImpulses(listed, _loaded(DELIVERED, delivered))
    return StoredImpulses(listed, _of_project(services, wanted) if wanted else None)


def fetch_and_read(services: Services, job: LocalJob | None, progress: Progress) -> StoredImpulses:
    """For a worker thread; raises as EdgeImpulseClient and Workspace do."""
    client = services.edge_impulse()
    progress.report(0, _STEPS, "Asking which project the key opens")
    project_id = client.key_info(progress).project_id
    progress.report(1, _STEPS, "Listing impulses")
    fetch_impulses(services.workspace, client, project_id, progress=progress)
    return read_stored(services, job, project_id)


def _of_project(services: Services, project_id: int) -> LoadedImpulses | None:
    file = services.workspace.find(impulses_address(project_id))
    if file is None:
        return None
    return _loaded(project_id, file, as_of=moment_text(file.received_at))


def _loaded(project_id: int, file: LocalFile, *, as_of: str = "") -> LoadedImpulses:
    impulses = parse_impulses(read_bytes(file, "the impulses"))
    return LoadedImpulses(project_id, impulses, table_of(impulses), as_of)


def _delivered(job: LocalJob | None) -> LocalFile | None:
    """The impulses that came with a job's folder, for no linked camera."""
    if job is None:
        return None
    files = (job.files.impulses(camera) for camera in job.cameras if job.files.link(camera) is None)
    return next((file for file in files if file is not None), None)


def _preferred(job: LocalJob | None, listed: tuple[int, ...], otherwise: int | None) -> int | None:
    links = [job.files.link(camera) for camera in job.cameras] if job else []
    linked = (link.ei_project_id for link in links if link is not None)
    delivered = (DELIVERED,) if job else ()
    return next((each for each in (*linked, *delivered, otherwise, *reversed(listed)) if each in listed), None)
