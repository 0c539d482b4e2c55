"""The manifest of a bundle: which job it carries, and what each of its files is.

Nothing in it opens a door: addresses come without their query, and their keys are hashes.
"""

import io
import zlib
from typing import Annotated, Literal, TypeAlias

import msgspec

import app
from app.domain.pose_convention import PoseConvention
from app.errors import BundleFormatError, DocumentFormatError
from app.formats.documents import decode
from app.workspace.bundle_content import Container
from app.workspace.bundle_zip import FILES_FOLDER, MANIFEST_NAME, refused
from app.workspace.records import CameraLink

FORMAT = "pointproof bundle"
VERSION = 1
MAX_MANIFEST = 24 << 20  # bytes; one file takes about 400
MAX_LINKS = 1 << 20  # bytes; small records grow most when they are read

Role: TypeAlias = Literal["result", "scan", "mask", "image", "answer", "request", "impulses", "media"]
Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


NO_REVIEW = msgspec.Raw(b"[]")


class BundledJob(msgspec.Struct, frozen=True):
    """The job as the service lists it, and where; ``job_id`` is made from the result where no service gave one."""

    job_id: Annotated[str, msgspec.Meta(min_length=1)]
    name: str
    project_id: str = ""
    batch_id: str = ""
    reference_id: str = ""
    status: str = ""
    frames: Whole | None = None
    annotations: Whole | None = None
    project_name: str = ""
    batch_name: str = ""


class NamedFile(msgspec.Struct, frozen=True):
    """A file that the job needs: what it is and the address it comes from."""

    role: Role
    shown_url: str
    url_key: Sha256


class ListedFile(NamedFile, frozen=True):
    """A file that is in the bundle, under the SHA-256 of its content. Two may have the same content."""

    size: Count
    sha256: Sha256
    media_type: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What ``manifest.json`` holds.

    ``lacking`` are files that were not there when it was made; ``poses`` is how camera poses are read where that was
    chosen; ``review`` is the place of review records.
    """

    format: str
    version: int
    tool: str
    job: BundledJob
    files: tuple[ListedFile, ...]
    lacking: tuple[NamedFile, ...] = ()
    links: tuple[CameraLink, ...] = ()
    poses: PoseConvention | None = None
    review: msgspec.Raw = NO_REVIEW

    @property
    def named(self) -> tuple[NamedFile, ...]:
        """Every file that the job needs, in the bundle or not."""
        return (*self.files, *self.lacking)

    @property
    def has_review(self) -> bool:
        """Whether somebody wrote review records."""
        return bool(bytes(self.review).strip(b"[] \t\r\n"))

    @property
    def result(self) -> ListedFile:
        """The result document, of which ``read_manifest`` made sure."""
        return next(file for file in self.files if file.role == "result")


class _Head(msgspec.Struct, frozen=True):
    format: str = ""
    version: int = 0
    links: msgspec.Raw = msgspec.Raw(b"[]")


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON that people can read; the same manifest gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1) + b"\n"


def new_manifest(
    job: BundledJob,
    *,
    files: tuple[ListedFile, ...],
    lacking: tuple[NamedFile, ...],
    links: tuple[CameraLink, ...],
    poses: PoseConvention | None,
) -> Manifest:
    """A manifest of this version of the format, made by this version of the program."""
    tool = f"pointproof {app.__version__}"
    return Manifest(FORMAT, VERSION, tool, job, files=files, lacking=lacking, links=links, poses=poses)


def read_manifest(container: Container) -> Manifest:
    """The manifest of an open archive; raises BundleFormatError, DamagedFileError."""
    entry = container.entries[MANIFEST_NAME]
    if entry.size > MAX_MANIFEST:
        raise refused(f"its manifest has {entry.size:,} bytes, more than the {MAX_MANIFEST:,} allowed")
    content = io.BytesIO()
    content.writelines(container.chunks(entry))
    raw = content.getvalue()
    if zlib.crc32(raw) != entry.crc:
        raise refused("its manifest is damaged")
    try:
        manifest = _decoded(raw)
    except DocumentFormatError as error:
        next_step = "Ask for the bundle again from whoever made it."
        raise BundleFormatError(error.message, position=error.position, next_step=next_step) from error
    _check(manifest, container)
    return manifest


def _decoded(raw: bytes) -> Manifest:
    head = decode(raw, _Head, what="manifest of the bundle")
    if head.format != FORMAT:
        raise refused("its manifest is not that of a bundle")
    if head.version != VERSION:
        raise BundleFormatError(
            f"The bundle has version {head.version} of the format; this program reads version {VERSION}.",
            next_step="Update Pointproof.",
        )
    if memoryview(head.links).nbytes > MAX_LINKS:
        raise refused("its manifest links more cameras than a job can have")
    return decode(raw, Manifest, what="manifest of the bundle")


def _check(manifest: Manifest, container: Container) -> None:
    """What the types leave open: one result, one file per address, one link per camera, nothing that is not listed."""
    keys = [file.url_key for file in manifest.named]
    if len(set(keys)) < len(keys):
        raise refused("its manifest lists an address twice")
    if sum(file.role == "result" for file in manifest.files) != 1:
        raise refused("its manifest does not list exactly one result document")
    if len({link.camera for link in manifest.links}) < len(manifest.links):
        raise refused("its manifest links a camera twice")
    numbers = [(link.ei_project_id, link.sample_id, link.block_id, link.frame_offset) for link in manifest.links]
    if any(abs(number) >= 2**63 for link in numbers for number in link):
        raise refused("a number of its links is out of range")
    unlisted = len(set(container.entries) - {entry_name(file.sha256) for file in manifest.files}) - 1
    if unlisted:
        raise refused(f"its manifest does not list {unlisted:,} of its files")


def entry_name(sha256: str) -> str:
    """The name of the archive's entry for a content."""
    return f"{FILES_FOLDER}{sha256}"
