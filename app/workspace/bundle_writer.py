"""Writing a bundle: whole or not at all, and the same bytes for the same job."""

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.errors import DamagedFileError, InputError
from app.progress import Progress
from app.workspace.bundle_manifest import MAX_MANIFEST, encode_manifest, entry_name, new_manifest
from app.workspace.bundle_parts import CHUNK, SoundPart, Survey
from app.workspace.bundle_zip import MANIFEST_NAME, MAX_ENTRIES
from app.workspace.failures import plain_words
from app.workspace.private_file import replacing

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that ZIP knows: when a file was written changes nothing
_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True)
class WrittenBundle:
    """A bundle on disk: its size in bytes, its files and what it lacks."""

    path: Path
    size: int
    files: int
    left_out: int


def write_bundle(found: Survey, path: Path, *, progress: Progress) -> WrittenBundle:
    """Write the sound files of a job into one file; one that is there is replaced at the very end.

    Raises InputError for a place that cannot be, DamagedFileError where a file changed since the survey,
    WorkspaceError where the disk refuses, Cancelled.
    """
    if not path.parent.is_dir() or path.is_dir():
        raise InputError(f"No file can be written at {path}.", next_step="Choose a file in a folder that exists.")
    manifest = _manifest(found)
    if len(found.sound) >= MAX_ENTRIES or len(manifest) > MAX_MANIFEST:
        raise InputError(
            f"The job has {len(found.sound):,} files, more than a bundle can hold.",
            next_step="Pass the workspace on instead.",
        )
    with plain_words("write the bundle", path.parent):
        with replacing(path, mode=0o666) as descriptor:
            _write_archive(descriptor, found, manifest, progress)
        return WrittenBundle(path, path.stat().st_size, files=len(found.sound), left_out=len(found.left_out))


def _write_archive(descriptor: int, found: Survey, manifest: bytes, progress: Progress) -> None:
    with os.fdopen(descriptor, "w+b", closefd=False) as target, zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_info(MANIFEST_NAME, deflated=True), manifest)
        _write_files(archive, found, progress)


def _manifest(found: Survey) -> bytes:
    files = tuple(sound.listed for sound in found.sound)
    lacking = tuple(part.lacking for part in found.left_out)
    links, poses = found.parts.links, found.parts.poses
    return encode_manifest(new_manifest(found.parts.job, files=files, lacking=lacking, links=links, poses=poses))


def _write_files(archive: zipfile.ZipFile, found: Survey, progress: Progress) -> None:
    by_content = {sound.listed.sha256: sound for sound in found.sound}
    for number, sound in enumerate(by_content.values()):
        progress.report(number, len(by_content), "Writing the bundle")
        info = _info(entry_name(sound.listed.sha256), deflated=sound.deflated)
        info.file_size = sound.listed.size  # tells whether the entry needs the form for large files
        with archive.open(info, "w") as target:
            _copy(sound, target, progress)


def _info(name: str, *, deflated: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    info.create_system, info.external_attr = _UNIX, _MODE
    return info


def _copy(sound: SoundPart, target: IO[bytes], progress: Progress) -> None:
    digest = hashlib.sha256()
    assert sound.part.file is not None
    with sound.part.file.open("a file of the job") as stream:
        while chunk := stream.read(CHUNK):
            progress.check()
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != sound.listed.sha256:
        raise DamagedFileError(f"{sound.part.shown_url} changed while it was read.", next_step="Try again.")
