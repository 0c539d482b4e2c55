"""The workspace as the rest of the program sees it."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from app.domain.annotation import JobPage, JobResult, Project
from app.errors import WorkspaceError
from app.workspace.addresses import impulses_project
from app.workspace.catalogue import BUSY_SECONDS, CATALOGUE_NAME, Catalogue
from app.workspace.failures import plain_words
from app.workspace.files import ReceivedFiles
from app.workspace.links import CameraLinks
from app.workspace.listing import Listing
from app.workspace.objects import Incoming, ObjectStore, make_private_folder
from app.workspace.records import CameraLink, StoredFile, StoredJob


class Workspace:
    """The offline folder: what was received, and what is known about it. Safe to use from any thread.

    ``writable`` is False when it was opened for reading only or a newer version of the program made it;
    ``notice`` then says why. Every failure is a WorkspaceError.
    """

    def __init__(self, root: Path, catalogue: Catalogue, objects: ObjectStore) -> None:
        self.root = root
        self._catalogue = catalogue
        self._files = ReceivedFiles(catalogue, objects)
        self._listing = Listing(catalogue)
        self._links = CameraLinks(catalogue)

    @staticmethod
    def open(root: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS) -> "Workspace":
        """Open the workspace in ``root``; made, for its owner's eyes only, where it is not there yet."""
        root = root.absolute()
        read_only = read_only or (is_workspace(root) and not os.access(root, os.W_OK))
        objects = ObjectStore(root / "objects")
        if read_only and not is_workspace(root):
            raise WorkspaceError(f"There is no workspace in {root}.", next_step="Choose another folder.")
        if not read_only:
            make_private_folder(root)
            objects.prepare()
        catalogue = Catalogue.open(root / CATALOGUE_NAME, read_only=read_only, busy_seconds=busy_seconds)
        return Workspace(root, catalogue, objects)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalogue; may be called twice."""
        self._catalogue.close()

    @property
    def writable(self) -> bool:
        """Whether this program may add to the workspace."""
        return self._catalogue.writable

    @property
    def notice(self) -> str:
        """Why the workspace cannot be written; empty where it can."""
        return "" if self.writable else f"The workspace {self.root} is open for reading only."

    # files

    def receive(self, url: str) -> AbstractContextManager[Incoming]:
        """A sink for what ``url`` gives: it becomes the stored file when the block ends well, and leaves nothing else.

        ``sink.media_type`` may be set inside of the block. Raises WorkspaceError, for example when the disk is full.
        """
        return self._files.receive(url)

    def store(self, url: str, content: bytes, *, media_type: str = "") -> StoredFile:
        """Keep bytes that are already here as what ``url`` gave."""
        with self._files.receive(url) as sink:
            sink.media_type = media_type
            sink.write(content)
        return self._require(url)

    def find(self, url: str) -> StoredFile | None:
        """The file that ``url`` gave; None where it never came or its object is missing or of another size."""
        return self._files.find(url)

    def read(self, url: str) -> bytes | None:
        """The bytes that ``url`` gave, or None as for ``find``."""
        return _read(self._files.find(url))

    # projects, batches, jobs

    def save_project(self, project: Project) -> None:
        """Remember a project with its batches for browsing offline."""
        self._listing.save_project(project)

    def save_job_page(self, page: JobPage, *, project_id: str, batch_id: str) -> None:
        """Remember the jobs of one page for browsing offline; downloads stay."""
        self._listing.save_jobs(page.jobs, project_id=project_id, batch_id=batch_id)

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

    def mark_opened(self, job_id: str) -> None:
        """Note that the job was opened now."""
        self._listing.mark_opened(job_id)

    # cameras and their samples

    def camera_links(self, job_id: str) -> tuple[CameraLink, ...]:
        """The links of a job, by camera name."""
        return self._links.of_job(job_id)

    def camera_link(self, job_id: str, camera: str) -> CameraLink | None:
        """The link of one camera."""
        return self._links.get(job_id, camera)

    def save_camera_links(self, job_id: str, links: Iterable[CameraLink]) -> None:
        """Remember links and that the job needs their answers."""
        links = tuple(links)
        self._links.save(job_id, *links)
        self._files.need(job_id, (link.answer_address for link in links))

    def remove_camera_link(self, job_id: str, camera: str) -> None:
        """Forget the link of one camera."""
        self._links.remove(job_id, camera)

    def impulse_projects(self) -> tuple[int, ...]:
        """Ids of the Edge Impulse projects whose impulses were received, ascending."""
        found = map(impulses_project, self._files.shown("edge-impulse:/projects/*/impulses-detailed"))
        return tuple(sorted(project_id for project_id in found if project_id is not None))

    def _require(self, url: str) -> StoredFile:
        found = self._files.find(url)
        if found is None:
            raise WorkspaceError(f"A file just stored in {self.root} is gone.", next_step="Check the disk.")
        return found


def is_workspace(folder: Path) -> bool:
    """Whether the folder holds a workspace."""
    return (folder / CATALOGUE_NAME).is_file()


def _read(found: StoredFile | None) -> bytes | None:
    if found is None:
        return None
    with plain_words("read a stored file", found.path.parent):
        return found.path.read_bytes()
