"""Where the files of a job lie, and reading them."""

from collections.abc import Callable
from typing import BinaryIO, Protocol, TypeVar

from app.domain.pose_convention import PoseConvention
from app.errors import AppError, FormatError, InputError
from app.workspace import CameraLink
from app.workspace.addresses import shown_url
from app.workspace.local_files import LocalFile

Result = TypeVar("Result")

MAX_READ = 512 << 20  # bytes


class JobFiles(Protocol):
    """Answers for one job: a workspace, a delivery and loose files each have their own way."""

    def find(self, url: str) -> LocalFile | None:
        """The file an address stands for, None where it is not here."""

    def link(self, camera: str) -> CameraLink | None:
        """Which Edge Impulse sample a camera was linked to."""

    def pose_convention(self) -> PoseConvention | None:
        """How the camera poses of the job are read, None where nobody chose it."""

    def answer(self, camera: str) -> LocalFile | None:
        """The post-processing answer for a camera."""

    def impulses(self, camera: str) -> LocalFile | None:
        """The impulses of the project that a camera's answer comes from."""


def require(files: JobFiles, url: str) -> LocalFile:
    """The file an address stands for; raises InputError where it is not here."""
    found = files.find(url)
    if found is None:
        raise InputError(f"The file {shown_url(url)} is not here.", next_step="Fetch the job, or add the file.")
    return found


def read_bytes(file: LocalFile, what: str) -> bytes:
    """The whole file, at most 512 MiB; raises as ``LocalFile.open``, FormatError above the limit."""
    with file.open(what) as stream:
        return read_capped(stream, what)


def read_capped(stream: BinaryIO, what: str) -> bytes:
    """What is left of the stream; raises FormatError above 512 MiB, which nothing but a point cloud reaches."""
    content = stream.read(MAX_READ + 1)
    if len(content) > MAX_READ:
        raise FormatError(f"The file for {what} is larger than {MAX_READ >> 20} MiB.", next_step="Fetch it again.")
    return content


def attempt(work: Callable[[], Result]) -> tuple[Result | None, str]:
    """What ``work`` gives, or None with the sentence for why it gave nothing."""
    try:
        return work(), ""
    except AppError as error:
        return None, str(error)
