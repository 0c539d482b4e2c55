"""Saving the open job as a bundle, and bringing a bundle into the workspace."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.gui.services import Services
from app.gui.shown_frame import OpenedJob, look_at
from app.gui.tasks import TaskRunner
from app.gui.viewer import Viewer
from app.jobs import open_workspace_job, parts_of
from app.progress import Progress
from app.workspace.bundle import SUFFIX, Bundle
from app.workspace.bundle_import import ImportedBundle, check_bundle, import_bundle
from app.workspace.bundle_parts import Survey, survey
from app.workspace.bundle_writer import WrittenBundle, write_bundle

LONGEST_NAME = 80


@dataclass(frozen=True)
class SavedBundle:
    """What was found of a job, and the bundle that was written; None where files are missing and nobody agreed yet."""

    found: Survey
    path: Path
    written: WrittenBundle | None


@dataclass(frozen=True)
class OpenedImport:
    """What an import brought, and its job ready to be shown."""

    imported: ImportedBundle
    opened: OpenedJob


class Bundles(QObject):
    """Writes and imports bundles in the background; lives on the GUI thread."""

    incomplete = Signal(object)  # SavedBundle that was not written: its job lacks files
    saved = Signal(object)  # SavedBundle
    imported = Signal(object)  # ImportedBundle; its job is shown by then
    failed = Signal(object)  # AppError

    def __init__(self, services: Services, runner: TaskRunner, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._services = services
        self._runner = runner
        self._viewer = viewer

    def save(self, path: Path) -> None:
        """Write the open job to ``path``; where files are missing ``incomplete`` asks first."""
        job = self._viewer.job
        if job is None:
            return
        self._runner.run(
            lambda progress: save_whole(survey(parts_of(job), progress=progress), path, progress=progress),
            title=f"Saving {path.name}",
            key=f"bundle:{path}",
            on_success=self._on_surveyed,
            on_failure=self.failed.emit,
        )

    def save_partial(self, asked: SavedBundle) -> None:
        """Write what was there of a job."""
        self._runner.run(
            lambda progress: save_found(asked.found, asked.path, progress=progress),
            title=f"Saving {asked.path.name}",
            key=f"bundle:{asked.path}",
            on_success=self.saved.emit,
            on_failure=self.failed.emit,
        )

    def bring(self, path: Path) -> None:
        """Import a bundle into the workspace and show its job."""
        services = self._services
        self._runner.run(
            lambda progress: import_and_open(services, path, progress=progress),
            title=f"Importing {path.name}",
            key="open",
            on_success=self._on_imported,
            on_failure=self.failed.emit,
        )

    def _on_surveyed(self, saved: SavedBundle) -> None:
        (self.incomplete if saved.written is None else self.saved).emit(saved)

    def _on_imported(self, done: OpenedImport) -> None:
        self._viewer.set_job(done.opened)
        self.imported.emit(done.imported)


def save_whole(found: Survey, path: Path, *, progress: Progress) -> SavedBundle:
    """Write a bundle on a worker thread unless files are missing."""
    return SavedBundle(found, path, None) if found.problems else save_found(found, path, progress=progress)


def save_found(found: Survey, path: Path, *, progress: Progress) -> SavedBundle:
    """Write a bundle of what was found on a worker thread."""
    return SavedBundle(found, path, write_bundle(found, path, progress=progress))


def import_and_open(services: Services, path: Path, *, progress: Progress) -> OpenedImport:
    """Check, import and open a bundle on a worker thread."""
    with closing(Bundle.open(path)) as bundle:
        imported = import_bundle(check_bundle(bundle, progress=progress), services.workspace, progress=progress)
    job = open_workspace_job(services.workspace, imported.job.job_id)
    return OpenedImport(imported, look_at(job, settled=True))


def suggested_name(job_name: str, *, suffix: str = SUFFIX) -> str:
    """A file name for something of a job: foreign words become no path."""
    letters = "".join(char if char.isalnum() or char in "-_" else "_" for char in job_name)
    return (letters[:LONGEST_NAME].strip("_") or "job") + suffix
