"""Bringing a bundle into a workspace: everything is checked before anything is written."""

from dataclasses import dataclass, field

from app.domain.finding import printable
from app.domain.sequence import Sequence
from app.errors import InputError, WorkspaceError
from app.formats.documents import MAX_DOCUMENT_BYTES
from app.formats.telus import parse_result
from app.progress import Progress
from app.workspace.addresses import url_key
from app.workspace.bundle import Bundle
from app.workspace.bundle_manifest import ListedFile, Manifest
from app.workspace.bundle_parts import read_chunks, roles_beside_document, roles_in_document
from app.workspace.bundle_shelf import BundleShelf
from app.workspace.bundle_zip import refused
from app.workspace.records import StoredJob
from app.workspace.workspace import Workspace

_ROOM_TO_SPARE = 64 << 20  # bytes that an import leaves free for the catalogue and for others


@dataclass(frozen=True)
class CheckedBundle:
    """A bundle whose every byte was read and found to be what its manifest says."""

    bundle: Bundle
    result: ListedFile
    frames: int

    @property
    def manifest(self) -> Manifest:
        """What the bundle holds."""
        return self.bundle.manifest


@dataclass(frozen=True)
class ImportedBundle:
    """What an import brought: files and bytes added, files that were here already, addresses that are still missing.

    ``notices`` are whole sentences about what was kept as it is here although the bundle says otherwise.
    """

    job: StoredJob
    added: int
    added_bytes: int
    already_here: int
    lacking: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass
class _Plan:
    """Files to write, files whose content is here under another address, files that are here, and what is kept."""

    write: list[ListedFile] = field(default_factory=list)
    note: list[ListedFile] = field(default_factory=list)
    here: int = 0
    notices: list[str] = field(default_factory=list)

    @property
    def write_bytes(self) -> int:
        return sum(file.size for file in self.write)


def check_bundle(bundle: Bundle, *, progress: Progress) -> CheckedBundle:
    """Read everything in a bundle; raises DamagedFileError, BundleFormatError, DocumentFormatError, Cancelled."""
    by_content = {file.sha256: file for file in bundle.manifest.files}
    for number, file in enumerate(by_content.values()):
        progress.report(number, len(by_content), "Checking the bundle")
        bundle.entry(file)
        for _chunk in read_chunks(bundle.chunks(file.sha256), progress):
            pass
    result = bundle.manifest.result
    if result.size > MAX_DOCUMENT_BYTES:
        raise refused(f"its result document has {result.size:,} bytes")
    with bundle.stream(result.sha256) as stream:
        sequence = parse_result(stream.read())
    _require_own_files(bundle.manifest, sequence)
    return CheckedBundle(bundle, result, frames=len(sequence.frames))


def import_bundle(checked: CheckedBundle, workspace: Workspace, *, progress: Progress) -> ImportedBundle:
    """Add what the workspace lacks of a bundle; what is sound here stays as it is. Doing it again completes it.

    Raises InputError where the workspace has the job with another result, WorkspaceError where it cannot be written
    or has too little room, Cancelled.
    """
    if not workspace.writable:
        raise WorkspaceError(workspace.notice)
    manifest = checked.manifest
    known = _known_job(checked, workspace)
    plan = _plan(checked, workspace, progress)
    _require_room(plan, workspace)
    _store(plan, checked.bundle, workspace, progress)
    workspace.bundled.need(manifest.job.job_id, manifest.named)
    plan.notices += [*_save_links(manifest, workspace), *_save_poses(manifest, workspace)]
    if known is None:
        workspace.bundled.save_job(manifest.job, result=checked.result, frames=checked.frames)
    if manifest.has_review:  # only a later version of the program writes them
        plan.notices.append("Its review records stay in the bundle alone: a newer version of the program wrote them.")
    return _imported(checked, plan, workspace)


def _require_own_files(manifest: Manifest, sequence: Sequence) -> None:
    """A bundle brings the files of its own job: under other addresses it could slip false ones into other jobs."""
    beside = roles_beside_document(manifest.job.job_id, manifest.links, sequence)
    roles = {url_key(url): role for url, role in (beside | roles_in_document(sequence)).items()}
    roles[manifest.result.url_key] = "result"
    if any(roles.get(file.url_key) != file.role for file in manifest.named):
        raise refused("its manifest lists a file that its job does not need")


def _known_job(checked: CheckedBundle, workspace: Workspace) -> StoredJob | None:
    """The job where its result is here already; raises InputError where that is another one."""
    known = workspace.job(checked.manifest.job.job_id)
    if known is None or known.job_id != checked.manifest.job.job_id or workspace.job_document(known) is None:
        return None
    if known.result_sha256 != checked.result.sha256:
        raise InputError(
            f"The workspace {workspace.root} has the job {known.name} with another result.",
            next_step="Open the bundle itself, or import it into another workspace.",
        )
    return known


def _plan(checked: CheckedBundle, workspace: Workspace, progress: Progress) -> _Plan:
    plan, contents = _Plan(), _Contents(workspace.bundled)
    files = checked.manifest.files
    for number, file in enumerate(files):
        progress.report(number, len(files), "Looking at what is here")
        here = workspace.bundled.find(file.url_key)
        if here is not None and workspace.bundled.is_sound(here):
            plan.here += 1
            if here.sha256 != file.sha256:
                plan.notices.append(f"{file.shown_url} is here with other content, which was kept.")
        elif contents.holds(file.sha256):
            plan.note.append(file)
        else:
            plan.write.append(file)
            contents.add(file.sha256)
    return plan


def _require_room(plan: _Plan, workspace: Workspace) -> None:
    free = workspace.bundled.free_bytes
    if plan.write_bytes + _ROOM_TO_SPARE > free:
        raise WorkspaceError(
            f"The bundle needs {plan.write_bytes:,} bytes, and the disk of {workspace.root} has {free:,} left.",
            next_step="Free some space, or import it into another workspace.",
        )


def _store(plan: _Plan, bundle: Bundle, workspace: Workspace, progress: Progress) -> None:
    for number, file in enumerate(plan.write):
        progress.report(number, len(plan.write), "Adding files")
        workspace.bundled.receive(file, read_chunks(bundle.chunks(file.sha256), progress))
    for file in plan.note:
        workspace.bundled.note(file)


def _save_links(manifest: Manifest, workspace: Workspace) -> list[str]:
    """Remember links of cameras that have none here; returns a sentence for each that is another one here."""
    job_id = manifest.job.job_id
    here = {link.camera: link for link in workspace.camera_links(job_id)}
    workspace.save_camera_links(job_id, [link for link in manifest.links if link.camera not in here])
    return [
        f"Camera {printable(link.camera)} is linked to another sample here; that link was kept."
        for link in manifest.links
        if here.get(link.camera, link) != link
    ]


def _save_poses(manifest: Manifest, workspace: Workspace) -> list[str]:
    """Read camera poses as the bundle says, unless that was chosen here; returns a sentence where it differs."""
    here = workspace.pose_convention(manifest.job.job_id)
    if here is None and manifest.poses is not None:
        workspace.save_pose_convention(manifest.job.job_id, manifest.poses)
    if manifest.poses in (None, here) or here is None:
        return []
    return [f"Camera poses are read as {here.words} here, not as the bundle says; that was kept."]


def _imported(checked: CheckedBundle, plan: _Plan, workspace: Workspace) -> ImportedBundle:
    job = workspace.job(checked.manifest.job.job_id)
    if job is None:
        raise WorkspaceError(f"The job did not stay in {workspace.root}.", next_step="Import the bundle again.")
    missing = (file.shown_url for file in checked.manifest.lacking if workspace.bundled.find(file.url_key) is None)
    return ImportedBundle(
        job,
        added=len(plan.write) + len(plan.note),
        added_bytes=plan.write_bytes,
        already_here=plan.here,
        lacking=tuple(missing),
        notices=tuple(plan.notices),
    )


class _Contents:
    """Which contents are here and sound, each looked at once."""

    def __init__(self, shelf: BundleShelf) -> None:
        self._shelf = shelf
        self._known: dict[str, bool] = {}

    def holds(self, sha256: str) -> bool:
        if sha256 not in self._known:
            self._known[sha256] = self._shelf.holds(sha256)
        return self._known[sha256]

    def add(self, sha256: str) -> None:
        """Count a content as here that will be before it is needed."""
        self._known[sha256] = True
