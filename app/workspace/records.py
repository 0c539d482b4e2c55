"""What the catalogue hands out: plain values, detached from the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Literal

from app.domain.tracking import CoordinateSpace, ResizeMode
from app.workspace.addresses import answer_address, impulses_address, request_address, sample_media_address
from app.workspace.failures import plain_words


def _unchecked(_file: "StoredFile", _stream: BinaryIO, _what: str) -> None:
    pass


DELIVERED = "delivered"  # project and batch of jobs that no service listed, but a bundle or a folder brought


@dataclass(frozen=True)
class StoredFile:
    """A received file: its object on disk, its size in bytes and its SHA-256 as 64 hex digits."""

    path: Path
    size: int
    sha256: str
    media_type: str = ""
    received_at: str = ""  # UTC, ISO 8601
    check: Callable[["StoredFile", BinaryIO, str], None] = field(default=_unchecked, compare=False, repr=False)

    @contextmanager
    def open(self, what: str) -> Iterator[BinaryIO]:
        """The content, read once to the end before its first use to be sure that it is what was received.

        Raises WorkspaceError naming ``what`` where the system refuses, DamagedFileError where it is not.
        """
        with plain_words(f"read {what}", self.path.parent), self.path.open("rb") as stream:
            self.check(self, stream, what)
            yield stream


@dataclass(frozen=True)
class StoredJob:
    """A job as last listed or downloaded; without ``result_key`` only its listing is known.

    ``result_key`` finds the result document, ``frames`` is the service's count until the document is read.
    """

    project_id: str
    batch_id: str
    job_id: str
    reference_id: str
    name: str
    status: str
    frames: int | None
    annotations: int | None
    result_key: str
    result_sha256: str
    added_at: str
    opened_at: str
    pinned: bool = False

    @property
    def downloaded(self) -> bool:
        """Whether its result document was received."""
        return bool(self.result_key)


class PictureSource(StrEnum):
    """Where the pictures behind the boxes come from: whatever is here, the sample's own, or the job's."""

    AUTO = "auto"
    SAMPLE = "sample"
    JOB = "job"


@dataclass(frozen=True)
class CameraLink:
    """Which Edge Impulse sample holds the boxes of one camera of a job.

    Frame ``i`` of the job is frameIndex ``i + frame_offset`` of the sample. ``space`` None: detect it from the boxes;
    ``resize_mode`` None: as the impulse says.
    """

    camera: str
    ei_project_id: int
    sample_id: int
    sample_name: str
    block_id: int
    variant: str
    frame_offset: int = 0
    space: CoordinateSpace | None = None
    resize_mode: ResizeMode | None = None
    pictures: PictureSource = PictureSource.AUTO

    @property
    def answer_address(self) -> str:
        """Under which address the workspace keeps the answer for this link."""
        return answer_address(
            ei_project_id=self.ei_project_id, block_id=self.block_id, sample_id=self.sample_id, variant=self.variant
        )

    @property
    def request_address(self) -> str:
        """Under which address the workspace keeps the request that led to that answer."""
        return request_address(self.answer_address)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everything the workspace may keep for this link: answer, request, impulses, the sample's video or image."""
        sample = {"ei_project_id": self.ei_project_id, "sample_id": self.sample_id}
        media = (sample_media_address(**sample, kind="video"), sample_media_address(**sample, kind="image"))
        return (self.answer_address, self.request_address, impulses_address(self.ei_project_id), *media)


@dataclass(frozen=True)
class JobGaps:
    """How many files of a job are not here, and how many are here and damaged; Edge Impulse's answers left out."""

    missing: int = 0
    damaged: int = 0


@dataclass(frozen=True)
class FolderMapping:
    """Where the files whose address starts with ``url_prefix`` lie on this machine, for one project."""

    project_id: str
    url_prefix: str
    folder: Path


QueueState = Literal["waiting", "paused", "done", "failed"]


@dataclass(frozen=True)
class QueuedJob:
    """A job in the download queue; ``message`` says how its last try ended."""

    project_id: str
    job_id: str
    name: str
    state: QueueState = "waiting"
    message: str = ""
