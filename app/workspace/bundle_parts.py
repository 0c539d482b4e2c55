"""What a bundle of a job consists of, gathered from a workspace or a delivery and looked through once."""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.finding import listed, printable
from app.domain.pose_convention import PoseConvention
from app.domain.sequence import Sequence
from app.errors import AppError, DamagedFileError, InputError, WorkspaceError
from app.formats.telus import parse_result
from app.progress import Progress
from app.workspace.addresses import (
    delivered_answer_address,
    delivered_impulses_address,
    delivered_result_address,
    impulses_address,
    request_address,
    sample_media_address,
    shown_url,
    url_key,
)
from app.workspace.bundle_manifest import BundledJob, ListedFile, NamedFile, Role
from app.workspace.bundle_zip import MAX_DEFLATED
from app.workspace.delivery import Delivery
from app.workspace.local_files import LocalFile, plain_file
from app.workspace.records import DELIVERED, CameraLink, StoredJob
from app.workspace.workspace import Workspace

CHUNK = 1 << 20
_MOST_DEFLATED = 100  # times smaller; what shrinks further is stored as it is, so that no reader takes it for a bomb
_TEXT = bytes(range(32, 127)) + b"\t\n\r"
_HEAD = 4096  # bytes that tell text from anything else
_SIGNED = re.compile(
    rb'https?:(?:\\?/){2}([^/?#"\\\s]+)[^?#"\s]*\?[^"\s]*?'
    rb"(?:X-Amz-Signature|X-Goog-Signature|Signature|AWSAccessKeyId|sig|token)=",
    re.IGNORECASE,
)
_MEDIA_KINDS: tuple[Literal["video", "image"], ...] = ("video", "image")


@dataclass(frozen=True)
class Part:
    """A file of a job: what it is, its address, and where it lies; without ``file`` it is missing."""

    role: Role
    shown_url: str
    url_key: str
    file: LocalFile | None
    media_type: str = ""
    known_damaged: bool = False  # there was a file, which is not given out any more

    @property
    def lacking(self) -> NamedFile:
        """As the manifest tells of it where it is not there."""
        return NamedFile(self.role, self.shown_url, self.url_key)


@dataclass(frozen=True)
class Parts:
    """Everything of one job; the result document first, then its files in play order. ``poses`` as the user chose to
    read them."""

    job: BundledJob
    parts: tuple[Part, ...]
    links: tuple[CameraLink, ...]
    signed_hosts: tuple[str, ...]
    poses: PoseConvention | None = None


@dataclass(frozen=True)
class SoundPart:
    """A part that could be read to its end; ``deflated`` where compressing it is worth while."""

    part: Part
    listed: ListedFile
    deflated: bool


@dataclass(frozen=True)
class Survey:
    """What was found when every part was read once: ``problems`` says of each one left out why."""

    parts: Parts
    sound: tuple[SoundPart, ...]
    left_out: tuple[Part, ...]
    problems: tuple[str, ...]

    @property
    def complaint(self) -> str:
        """Which files are missing or damaged, as one sentence; empty where none is."""
        name, number = printable(self.parts.job.name), len(self.problems)
        return f"Of the files of {name}, {number:,} cannot be bundled: {listed(self.problems)}." if number else ""

    @property
    def signature_note(self) -> str:
        """What whoever hands the bundle on should know about addresses in it; empty where there is nothing to say."""
        if not self.parts.signed_hosts:
            return ""
        hosts = listed(printable(host) for host in self.parts.signed_hosts)
        return (
            f"The result document, kept as it was received, holds signed addresses of {hosts}. "
            "Until they expire, whoever has the bundle can use them."
        )


def parts_of_delivery(delivery: Delivery) -> Parts:
    """Everything of a delivery; its job is named by its folder and told apart by its result document.

    Raises DocumentFormatError and WorkspaceError where the result document cannot be read.
    """
    document = delivery.read_document()
    sequence = parse_result(document)
    job_id = f"delivery-{hashlib.sha256(document).hexdigest()[:32]}"
    name = delivery.name.encode("utf-8", "replace").decode()  # a folder may be named in bytes that are no text
    job = BundledJob(
        job_id,
        name,
        project_id=DELIVERED,
        project_name="Deliveries",
        batch_id=DELIVERED,
        batch_name="From bundles",
        reference_id=name,
        status="completed",
        frames=len(sequence.frames),
    )
    result = _part("result", delivered_result_address(job_id), plain_file(delivery.document))
    files = [_part(role, url, delivery.find(url)) for url, role in roles_in_document(sequence).items()]
    answers = [
        _part("answer", delivered_answer_address(job_id, camera.name), delivery.answer(camera.name))
        for camera in sequence.cameras
    ]
    impulses = _part("impulses", delivered_impulses_address(job_id), delivery.impulses(""))
    extras = [part for part in (*answers, impulses) if part.file is not None]
    return Parts(job, (result, *files, *extras), links=(), signed_hosts=signed_hosts(document))


def parts_of_stored_job(workspace: Workspace, job_id: str) -> Parts:
    """Everything of a job of a workspace; raises as ``Workspace.require_document`` does."""
    job, document = workspace.require_document(job_id)
    bundled = BundledJob(
        job.job_id,
        job.name,
        project_id=job.project_id,
        batch_id=job.batch_id,
        reference_id=job.reference_id,
        status=job.status,
        frames=job.frames,
        annotations=job.annotations,
        **_place(workspace, job),
    )
    links, sequence = workspace.camera_links(job.job_id), parse_result(document)
    addresses = [(role, shown_url(url), url_key(url)) for url, role in roles_in_document(sequence).items()]
    addresses += [
        (role, address, url_key(address))
        for address, role in roles_beside_document(job.job_id, links, sequence).items()
        if workspace.bundled.state(url_key(address)) in ("stored", "damaged")
    ]
    result: tuple[Role, str, str] = ("result", workspace.bundled.shown_url(job.result_key), job.result_key)
    parts = tuple(_stored_part(workspace, *address) for address in (result, *addresses))
    poses = workspace.pose_convention(job.job_id)
    return Parts(bundled, parts, links=links, signed_hosts=signed_hosts(document), poses=poses)


def signed_hosts(document: bytes) -> tuple[str, ...]:
    """Hosts of the addresses in a document whose query carries a signature, ascending."""
    return tuple(sorted({found[1].decode("utf-8", "replace") for found in _SIGNED.finditer(document)}))


def survey(parts: Parts, *, progress: Progress) -> Survey:
    """Read every part once: its size, its hash, and whether it is what was received.

    Raises WorkspaceError where that is the result document, without which there is no job, and Cancelled.
    """
    sound, left_out, problems = [], [], []
    for number, part in enumerate(parts.parts):
        progress.report(number, len(parts.parts), "Reading the files")
        try:
            sound.append(_read(part, progress))
        except (WorkspaceError, InputError) as error:
            if part.role == "result":
                raise
            left_out.append(part)
            problems.append(_problem(part, error))
    return Survey(parts, tuple(sound), left_out=tuple(left_out), problems=tuple(problems))


def roles_in_document(sequence: Sequence) -> dict[str, Role]:
    """Every address of the result document with what it stands for, in play order."""
    roles: dict[str, Role] = {}
    for frame in sequence.frames:
        found: list[tuple[str, Role]] = [(frame.scan_url, "scan"), (frame.mask_url, "mask")]
        found += [(image.url, "image") for image in frame.images]
        for url, role in found:
            if url:
                roles.setdefault(url, role)
    return roles


def roles_beside_document(job_id: str, links: Iterable[CameraLink], sequence: Sequence) -> dict[str, Role]:
    """Addresses of what the impulse service may have given for a job, or what came with its delivery."""
    roles: dict[str, Role] = {}
    for link in links:
        roles[link.answer_address] = "answer"
        roles[request_address(link.answer_address)] = "request"
        roles[impulses_address(link.ei_project_id)] = "impulses"
        for kind in _MEDIA_KINDS:
            media = sample_media_address(ei_project_id=link.ei_project_id, sample_id=link.sample_id, kind=kind)
            roles[media] = "media"
    roles |= {delivered_answer_address(job_id, camera.name): "answer" for camera in sequence.cameras}
    roles[delivered_impulses_address(job_id)] = "impulses"
    return roles


def _part(role: Role, url: str, file: LocalFile | None) -> Part:
    return Part(role, shown_url(url), url_key(url), file)


def _stored_part(workspace: Workspace, role: Role, shown: str, key: str) -> Part:
    file = workspace.bundled.find(key)
    if file is None:
        return Part(role, shown, key, None, known_damaged=workspace.bundled.state(key) == "damaged")
    return Part(role, shown, key, file, media_type=file.media_type)


def _place(workspace: Workspace, job: StoredJob) -> dict[str, str]:
    """The names of a job's project and batch, empty where only their ids are known."""
    project = workspace.project(job.project_id)
    batches = {batch.batch_id: batch.name for batch in project.batches} if project else {}
    batch_name = batches.get(job.batch_id, "")
    return {
        "project_name": project.name if project else "",
        "batch_name": "" if batch_name == job.batch_id else batch_name,
    }


def _problem(part: Part, error: AppError) -> str:
    """Why a part is left out, as the first half of a sentence."""
    if part.file is None and not part.known_damaged:
        return f"{part.shown_url} is missing"
    if part.file is None or isinstance(error, DamagedFileError):
        return f"{part.shown_url} is damaged"
    return f"{part.shown_url}: {error.message.rstrip('.')}"


def _read(part: Part, progress: Progress) -> SoundPart:
    if part.file is None:
        raise InputError(f"The file {part.shown_url} is missing.", next_step="Fetch the job again.")
    size, digest, machine = 0, hashlib.sha256(), zlib.compressobj(wbits=-zlib.MAX_WBITS)
    deflated_size, is_text = 0, False
    with part.file.open("a file of the job") as stream:
        for chunk in read_chunks(iter(lambda: stream.read(CHUNK), b""), progress):
            is_text = is_text if size else not chunk[:_HEAD].translate(None, _TEXT)
            size += len(chunk)
            digest.update(chunk)
            deflated_size += len(machine.compress(chunk)) if is_text else 0
    deflated_size += len(machine.flush())
    sha256 = digest.hexdigest()
    described = ListedFile(
        part.role, part.shown_url, part.url_key, size=size, sha256=sha256, media_type=part.media_type
    )
    worth_it = is_text and deflated_size < size <= min(MAX_DEFLATED, _MOST_DEFLATED * deflated_size)
    return SoundPart(part, described, deflated=worth_it)


def read_chunks(chunks: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    """The same chunks; raises Cancelled between two of them."""
    for chunk in chunks:
        progress.check()
        yield chunk
