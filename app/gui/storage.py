"""What the workspace keeps: how much, which jobs for good, what is damaged, which folders stand in for addresses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.gui.download_queue import QueueRunner
from app.gui.library import Library
from app.gui.services import Services
from app.gui.tasks import TaskRunner
from app.jobs import open_workspace_job
from app.progress import Progress
from app.sync import repair
from app.workspace import Damage, FolderMapping, Workspace
from app.workspace.addresses import shown_url


@dataclass(frozen=True)
class Usage:
    """The workspace in numbers: bytes, jobs whose result is here, and how many of them are pinned."""

    folder: Path
    used: int
    jobs: int
    pinned: int
    notice: str


@dataclass(frozen=True)
class Mapped:
    """The mappings of a project, and which addresses of a job lack their files: what they have in common."""

    project_id: str
    mappings: tuple[FolderMapping, ...]
    missing: str


@dataclass(frozen=True)
class Repaired:
    """What is still damaged after a repair, and a sentence for everything that did not come."""

    damage: tuple[Damage, ...]
    told: tuple[str, ...]


class Storage(QObject):
    """Lives on the GUI thread; reads and writes the workspace in the background."""

    usage_known = Signal(object)  # Usage
    mapped = Signal(object)  # Mapped
    checked = Signal(object)  # Step of a verification
    verified = Signal(object)  # tuple of Damage
    repaired = Signal(object)  # tuple of sentences: what could not be fetched again
    failed = Signal(object)  # AppError

    def __init__(self, services: Services, runner: TaskRunner, library: Library, queue: QueueRunner) -> None:
        super().__init__(library)
        self._services = services
        self._runner = runner
        self._library = library
        self._queue = queue
        self._damage: tuple[Damage, ...] = ()

    @property
    def quota_gb(self) -> float:
        """The most that the workspace may hold, in 10^9 bytes; 0: any size."""
        return self._services.settings.quota_gb

    def look(self) -> None:
        """Find out how full the workspace is; ``usage_known`` follows."""
        self._read(usage_of, "Looking at the workspace", self.usage_known.emit)

    def set_pinned(self, job_id: str, *, pinned: bool) -> None:
        """Keep a job whatever the quota says, or no longer."""
        self._write(lambda workspace: workspace.set_pinned(job_id, pinned=pinned), "Pinning the job")

    def remove_files(self, job_id: str) -> None:
        """Let go of a job's clouds, masks and images; result, links and reviews stay."""
        self._queue.remove(job_id)
        self._write(lambda workspace: remove_files(workspace, job_id), "Removing files")

    # -- verifying ----------------------------------------------------------------------------------------------

    def verify(self, *, read_data: bool) -> None:
        """Check every file, by size or with ``read_data`` by content; ``checked`` and ``verified`` follow."""
        services = self._services

        def work(progress: Progress) -> tuple[Damage, ...]:
            return tuple(services.workspace.verify(read_data=read_data, progress=progress))

        task = self._runner.run(
            work,
            title="Verifying the workspace",
            key="verify",
            on_success=self._on_verified,
            on_failure=self._on_failed,
        )
        task.progressed.connect(self.checked)

    def repair(self) -> None:
        """Fetch again what the last verification found; ``repaired`` and ``verified`` follow."""
        services, damage = self._services, self._damage

        def work(progress: Progress) -> Repaired:
            return repair_all(services, damage, progress)

        self._runner.run(
            work,
            title="Repairing the workspace",
            key="verify",
            on_success=self._on_repaired,
            on_failure=self._on_failed,
        )

    def _on_verified(self, damage: tuple[Damage, ...]) -> None:
        self._damage = damage
        self._library.set_damaged(job_id for found in damage for job_id in found.job_ids)
        self.verified.emit(damage)

    def _on_repaired(self, repaired: Repaired) -> None:
        self._library.refresh_stored()
        self._on_verified(repaired.damage)
        self.repaired.emit(repaired.told)

    # -- folders ------------------------------------------------------------------------------------------------

    def load_mappings(self, project_id: str, job_id: str = "") -> None:
        """Read the mappings of a project, and what a job lacks; ``mapped`` follows."""
        item = self._queue.item(job_id)
        failed = [problem.url for problem in item.problems] if item is not None else []
        self._read(
            lambda workspace: mapped(workspace, project_id, job_id, failed), "Reading mappings", self.mapped.emit
        )

    def save_mapping(self, mapping: FolderMapping) -> None:
        """Take files of these addresses from the folder from now on, and try again what failed."""

        def done() -> None:
            self.load_mappings(mapping.project_id)
            self._queue.retry_failed(mapping.project_id)

        self._write(lambda workspace: workspace.save_mapping(mapping), "Remembering the folder", done)

    def remove_mapping(self, mapping: FolderMapping) -> None:
        """Ask the service for these addresses again."""
        self._write(
            lambda workspace: workspace.remove_mapping(mapping.project_id, mapping.url_prefix),
            "Forgetting the folder",
            lambda: self.load_mappings(mapping.project_id),
        )

    # -- working ------------------------------------------------------------------------------------------------

    def _read(self, look: Callable[[Workspace], Any], title: str, tell: Callable[[Any], None]) -> None:
        services = self._services
        self._runner.run(
            lambda _progress: look(services.workspace),
            title=title,
            quiet=True,
            on_success=tell,
            on_failure=self._on_failed,
        )

    def _write(self, change: Callable[[Workspace], object], title: str, done: Callable[[], None] | None = None) -> None:
        def tell(_result: object) -> None:
            self._library.refresh_stored()
            if done is not None:
                done()

        self._read(change, title, tell)

    def _on_failed(self, error: AppError) -> None:
        self.failed.emit(error)


def usage_of(workspace: Workspace) -> Usage:
    """Look how full a workspace is; for a worker thread."""
    here = [job for job in workspace.jobs() if job.downloaded]
    pinned = sum(job.pinned for job in here)
    return Usage(workspace.root, workspace.usage(), len(here), pinned, workspace.notice)


def remove_files(workspace: Workspace, job_id: str) -> None:
    """Evict one job as if there were room for all others only; for a worker thread."""
    workspace.set_pinned(job_id, pinned=False)
    workspace.make_room(0, keep=frozenset(job.job_id for job in workspace.jobs() if job.job_id != job_id))


def repair_all(services: Services, damage: tuple[Damage, ...], progress: Progress) -> Repaired:
    """Fetch damaged files with the keys that are there, then look again; for a worker thread."""
    keys, workspace = services.credentials, services.workspace
    told = repair(
        workspace,
        damage,
        telus=services.telus() if keys.telus_key else None,
        edge_impulse=services.edge_impulse() if keys.edge_impulse_key else None,
        progress=progress,
    )
    return Repaired(tuple(workspace.verify(progress=progress)), told)


def mapped(workspace: Workspace, project_id: str, job_id: str, failed: Iterable[str]) -> Mapped:
    """The mappings of a project and the folder of addresses that a job lacks; for a worker thread."""
    missing = list(failed) or _missing(workspace, job_id)
    return Mapped(project_id, workspace.mappings(project_id), common_folder(missing))


def _missing(workspace: Workspace, job_id: str) -> list[str]:
    stored = workspace.job(job_id) if job_id else None
    if stored is None or workspace.job_document(stored) is None:
        return []
    return [shown_url(url) for url in open_workspace_job(workspace, job_id).missing_urls]


def common_folder(urls: Iterable[str]) -> str:
    """The longest folder that all addresses lie in, with its final slash; empty where they share no host."""
    steps = zip(*(url.split("/")[:-1] for url in urls), strict=False)
    shared = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps)]
    folder = "".join(f"{name}/" for name in shared)
    return folder if urlsplit(folder).netloc else ""
