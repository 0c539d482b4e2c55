"""The workspace as the rest of the program sees it."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from types import TracebackType

from app.domain.annotation import JobPage, JobResult, ListingChanges, Project
from app.domain.pose_convention import PoseConvention
from app.errors import DamagedFileError, InputError, WorkspaceError
from app.progress import Progress
from app.workspace.addresses import impulses_project, url_key
from app.workspace.bundle_shelf import BundleShelf
from app.workspace.catalogue import BUSY_SECONDS, CATALOGUE_NAME, Catalogue
from app.workspace.conventions import PoseConventions
from app.workspace.desk import Desk
from app.workspace.files import ReceivedFiles
from app.workspace.incoming import Incoming
from app.workspace.inspection import Damage, Inspection, LeftOvers
from app.workspace.links import CameraLinks
from app.workspace.listing import Listing
from app.workspace.mappings import FolderMappings
from app.workspace.objects import ObjectStore, make_private_folder
from app.workspace.partials import Partials
from app.workspace.read_only import ReadOnly, asked_for, not_writable
from app.workspace.records import DELIVERED, CameraLink, FolderMapping, JobGaps, QueuedJob, StoredFile, StoredJob
from app.workspace.room import Room
from app.workspace.writer_lock import WriterLock


class Workspace:
    """The offline folder: what was received, and what is known about it. Safe to use from any thread.

    ``writable`` is False when it was opened for reading only, another program has it open for writing, its disk cannot
    lock or be written, or a newer version of the program made it; ``notice`` then says why and what to do, and every
    write fails with that. Every failure is a WorkspaceError.
    """

    def __init__(self, root: Path, catalogue: Catalogue, lock: WriterLock | None) -> None:
        self.root = root
        self._catalogue = catalogue
        self._lock = lock
        objects, partials = ObjectStore(root / "objects"), Partials(root / "partial")
        self._files = ReceivedFiles(catalogue, objects, partials)
        self._listing = Listing(catalogue)
        self._links = CameraLinks(catalogue)
        self._conventions = PoseConventions(catalogue)
        self._mappings = FolderMappings(catalogue)
        self._desk = Desk(catalogue)
        self._inspection = Inspection(catalogue, objects, partials, self._files)
        self._room = Room(catalogue, self._files, self._listing)
        self.bundled = BundleShelf(catalogue, self._files)

    @staticmethod
    def open(root: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS) -> "Workspace":
        """Open the workspace in ``root``; made, for its owner's eyes only, where it is not there yet.

        Never waits for another program: where one has it open for writing, it is open for reading only here.
        """
        root = root.absolute()
        held = _take(root, read_only=read_only)
        lock, why = (held, None) if isinstance(held, WriterLock) else (None, held)
        with ExitStack() as undo:
            if lock is not None:
                undo.callback(lock.release)
            catalogue = Catalogue.open(root / CATALOGUE_NAME, read_only=why, busy_seconds=busy_seconds)
            undo.callback(catalogue.close)
            if lock is not None and catalogue.read_only is not None:
                lock.release()  # for the newer program that may write here
            workspace = Workspace(root, catalogue, lock)
            if workspace.writable:
                workspace._files.prepare()
            undo.pop_all()
        return workspace

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalogue and let another program write; may be called twice."""
        try:
            self._catalogue.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    @property
    def writable(self) -> bool:
        """Whether this program may add to the workspace."""
        return self._catalogue.read_only is None

    @property
    def notice(self) -> str:
        """Why the workspace cannot be written and what to do about it; empty where it can."""
        return "" if self._catalogue.read_only is None else str(self._catalogue.read_only)

    def require_writable(self) -> None:
        """Raise WorkspaceError with the notice where nothing can be written, before work that would be in vain."""
        self._catalogue.require_writable()

    # files

    def receive(self, url: str) -> AbstractContextManager[Incoming]:
        """A sink for what ``url`` gives: it becomes the stored file when the block ends well.

        A block that fails leaves nothing, except that bytes whose ``etag`` was set stay for the next ``receive`` of
        the same address to go on from; not so after a FormatError, for which they are not what they should be.
        Raises WorkspaceError, for example when the disk is full.
        """
        return self._files.receive(url)

    def store(self, url: str, content: bytes, *, media_type: str = "") -> StoredFile:
        """Keep bytes that are already here as what ``url`` gave."""
        with self._files.receive(url) as sink:
            sink.discard()
            sink.media_type = media_type
            sink.write(content)
        return self._require(url)

    def find(self, url: str) -> StoredFile | None:
        """The file that ``url`` gave; None where it never came or its object is missing, damaged or of another size."""
        return self._files.find(url)

    def read(self, url: str) -> bytes | None:
        """The bytes that ``url`` gave, or None as for ``find``."""
        return _read(self._files.find(url))

    def need(self, job_id: str, urls: Iterable[str]) -> None:
        """Remember that a job needs what these addresses give."""
        self._files.need(job_id, urls)

    def forget(self, urls: Iterable[str]) -> None:
        """Let go of what these addresses gave; content that another address gave too stays for that one."""
        self._files.forget([url_key(url) for url in urls])

    # projects, batches, jobs

    def save_project(self, project: Project) -> ListingChanges:
        """Remember a project with its batches for browsing offline; returns what is different than before."""
        return self._listing.save_project(project)

    def save_job_page(self, page: JobPage, *, project_id: str, batch_id: str) -> ListingChanges:
        """Remember the jobs of one page for browsing offline; downloads stay. Returns what is different than before."""
        return self._listing.save_jobs(page.jobs, project_id=project_id, batch_id=batch_id)

    def projects(self) -> tuple[Project, ...]:
        """Every project known here, batches included."""
        return self._listing.projects()

    def project(self, project_id: str) -> Project | None:
        """One project known here."""
        return self._listing.project(project_id)

    def jobs(self, *, project_id: str = "", batch_id: str = "") -> tuple[StoredJob, ...]:
        """Jobs known here, listed or downloaded, in the order they became known."""
        return self._listing.jobs(project_id=project_id, batch_id=batch_id)

    def job(self, name: str) -> StoredJob | None:
        """A job by its id or its reference id."""
        return self._listing.job(name)

    def save_result(self, result: JobResult, *, frames: int, urls: Iterable[str]) -> StoredJob:
        """Remember a job whose result document is stored under ``result.result_url``, and the files it needs."""
        document = self._require(result.result_url)
        self._files.need(result.job_id, (result.result_url, *urls))
        self._listing.save_result(result, result_sha256=document.sha256, frames=frames)
        saved = self._listing.job(result.job_id)
        if saved is None:
            raise WorkspaceError(f"The job {result.job_id} did not stay in {self.root}.", next_step="Fetch it again.")
        return saved

    def job_document(self, job: StoredJob) -> bytes | None:
        """The result document of a job as received; None where it is not here or damaged."""
        return _read(self._files.find_key(job.result_key)) if job.downloaded else None

    def require_document(self, name: str) -> tuple[StoredJob, bytes]:
        """A job by its id or reference id with its result document as received.

        Raises InputError where it was never fetched, DamagedFileError where the document is missing or damaged.
        """
        job = self._listing.job(name)
        if job is None or not job.downloaded:
            raise InputError(f"The job {name} is not in the workspace {self.root}.", next_step="Fetch it first.")
        document = self.job_document(job)
        if document is None:
            step = "Import its bundle again." if job.project_id == DELIVERED else "Run pointproof verify --repair."
            raise DamagedFileError(f"The result document of {job.name} in {self.root} is damaged.", next_step=step)
        return job, document

    def mark_opened(self, job_id: str) -> None:
        """Note that the job was opened now."""
        self._listing.mark_opened(job_id)

    def set_pinned(self, job_id: str, *, pinned: bool) -> None:
        """Keep the files of a job whatever the quota says, or no longer."""
        self._listing.set_pinned(job_id, pinned=pinned)

    # cameras and their samples

    def camera_links(self, job_id: str) -> tuple[CameraLink, ...]:
        """The links of a job, by camera name."""
        return self._links.of_job(job_id)

    def camera_link(self, job_id: str, camera: str) -> CameraLink | None:
        """The link of one camera."""
        return self._links.get(job_id, camera)

    def save_camera_links(self, job_id: str, links: Iterable[CameraLink]) -> None:
        """Remember links and that the job needs what the object-tracking service has for them."""
        links = tuple(links)
        self._links.save(job_id, *links)
        self._files.need(job_id, (address for link in links for address in link.addresses))

    def remove_camera_link(self, job_id: str, camera: str) -> None:
        """Forget the link of one camera."""
        self._links.remove(job_id, camera)

    def pose_convention(self, job_id: str) -> PoseConvention | None:
        """How the camera poses of a job are read, None where nobody chose it."""
        return self._conventions.get(job_id)

    def save_pose_convention(self, job_id: str, convention: PoseConvention | None) -> None:
        """Remember how the camera poses of a job are read; None forgets it."""
        self._conventions.save(job_id, convention)

    def impulse_projects(self) -> tuple[int, ...]:
        """Ids of the Edge Impulse projects whose impulses were received, ascending."""
        found = map(impulses_project, self._files.shown("edge-impulse:/projects/*/impulses-detailed"))
        return tuple(sorted(project_id for project_id in found if project_id is not None))

    # folders, views, the queue

    def mappings(self, project_id: str) -> tuple[FolderMapping, ...]:
        """Folders that stand in for addresses of a project, the longest prefix first."""
        return self._mappings.of_project(project_id)

    def save_mapping(self, mapping: FolderMapping) -> None:
        """Remember a folder, in place of an earlier one for the same prefix."""
        self._mappings.save(mapping)

    def remove_mapping(self, project_id: str, url_prefix: str) -> None:
        """Forget a folder; what was copied from it stays."""
        self._mappings.remove(project_id, url_prefix)

    def last_view(self, job_id: str) -> bytes | None:
        """How a job was last looked at, as ``save_last_view`` was told."""
        return self._desk.last_view(job_id)

    def save_last_view(self, job_id: str, view: bytes) -> None:
        """Remember how a job is looked at."""
        self._desk.save_last_view(job_id, view)

    def queued(self) -> tuple[QueuedJob, ...]:
        """The queue of downloads in its order."""
        return self._desk.queued()

    def save_queue(self, items: Iterable[QueuedJob]) -> None:
        """Replace the queue of downloads."""
        self._desk.save_queue(items)

    # room and soundness

    def usage(self) -> int:
        """Bytes of all objects."""
        return self._room.usage()

    def job_sizes(self) -> Mapping[str, int]:
        """Bytes of the files that are here for each job, by job id."""
        return self._room.job_sizes()

    def job_gaps(self) -> Mapping[str, JobGaps]:
        """What each job whose result was received lacks, as far as is known; jobs that lack nothing are absent."""
        return self._room.job_gaps()

    def damaged_keys(self, job_id: str) -> frozenset[str]:
        """``Damage.url_key`` of every file that a job needs and that was found damaged, as far as is known."""
        return self._room.damaged_keys(job_id)

    def make_room(self, limit_bytes: int, *, keep: Collection[str] = frozenset()) -> tuple[StoredJob, ...]:
        """Let go of masks, scans and images of the least recently opened jobs until ``limit_bytes`` are not exceeded.

        Videos and images of linked samples go with them; tracking answers, requests and impulses stay.
        Pinned jobs and the job ids in ``keep`` stay whole. Returns the jobs that lost files.
        """
        return self._room.make_room(limit_bytes, keep=keep)

    def verify(self, *, read_data: bool = False, progress: Progress | None = None) -> Iterator[Damage]:
        """Every stored file that is missing or of another size, with ``read_data`` also those of another SHA-256."""
        return self._inspection.damage(read_data=read_data, progress=progress or Progress())

    def give_up(self, url_keys: Iterable[str]) -> None:
        """Let go of files, named by ``Damage.url_key``, that no job is to ask for any more."""
        self._files.give_up(tuple(url_keys))

    def left_overs(self) -> LeftOvers:
        """Objects that no file uses, and transfers that were cut."""
        return self._inspection.left_overs()

    def sweep(self) -> int:
        """Remove objects that no file uses, as a crash may leave them; returns how many."""
        return self._inspection.sweep()

    def _require(self, url: str) -> StoredFile:
        found = self._files.find(url)
        if found is None:
            raise WorkspaceError(f"A file just stored in {self.root} is gone.", next_step="Check the disk.")
        return found


def is_workspace(folder: Path) -> bool:
    """Whether the folder holds a workspace; one that the system does not let be looked at counts as none."""
    return os.path.isfile(folder / CATALOGUE_NAME)


def _take(root: Path, *, read_only: bool) -> WriterLock | ReadOnly:
    """The writer's place, or why it cannot be had; the folder is made where it is not there yet."""
    if read_only and not is_workspace(root):
        raise WorkspaceError(f"There is no workspace in {root}.", next_step="Choose another folder.")
    if read_only:
        return asked_for(root)
    if is_workspace(root) and not os.access(root, os.W_OK):
        return not_writable(root)
    make_private_folder(root)
    held = WriterLock.take(root)
    if isinstance(held, ReadOnly) and not is_workspace(root):
        raise held.error()
    return held


def _read(found: StoredFile | None) -> bytes | None:
    if found is None:
        return None
    with suppress(DamagedFileError), found.open("a stored file") as stream:
        return stream.read()
    return None
