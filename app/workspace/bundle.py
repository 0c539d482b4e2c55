"""An open bundle: one file that carries a job with everything that belongs to it."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.domain.pose_convention import PoseConvention
from app.errors import DamagedFileError, InputError
from app.workspace.addresses import (
    delivered_answer_address,
    delivered_impulses_address,
    impulses_address,
    url_key,
)
from app.workspace.bundle_content import Container, damaged
from app.workspace.bundle_manifest import ListedFile, Manifest, entry_name, read_manifest
from app.workspace.bundle_zip import DEFLATED, LOCAL_MARK, Entry
from app.workspace.failures import plain_words
from app.workspace.records import CameraLink

SUFFIX = ".ppb"
_HEAD = 30  # bytes of a zip entry's local header before its name


class Bundle:
    """The manifest and the files of a bundle, each checked against its SHA-256 before it is first read.

    Safe to use from any thread; close it when done with it.
    """

    def __init__(self, container: Container) -> None:
        self.path = container.path
        self.manifest: Manifest = read_manifest(container)
        self._container = container
        self._listed = {file.url_key: file for file in self.manifest.files}
        self._sound: set[str] = set()
        self._lock = threading.Lock()

    @staticmethod
    def open(path: Path) -> "Bundle":
        """Open a bundle; raises InputError where no file is, BundleFormatError where it is none, WorkspaceError where
        it cannot be read."""
        if not path.is_file():
            raise InputError(f"There is no file {path}.", next_step="Check the path.")
        container = Container.open(path)
        try:
            return Bundle(container)
        except BaseException:
            container.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def find(self, key: str) -> "BundledFile | None":
        """The file of an address by its key; None where the bundle lacks it."""
        listed = self._listed.get(key)
        if listed is None or entry_name(listed.sha256) not in self._container.entries:
            return None
        return BundledFile(listed.sha256, self)

    def entry(self, listed: ListedFile) -> Entry:
        """Where a listed file lies; raises DamagedFileError where it is missing or of another size."""
        entry = self._container.entries.get(entry_name(listed.sha256))
        if entry is None:
            next_step = "Ask for the bundle again from whoever made it."
            raise DamagedFileError(f"The bundle lacks the file {listed.shown_url}.", next_step=next_step)
        if entry.size != listed.size:
            raise damaged(entry, f"it has {entry.size:,} bytes, not {listed.size:,}")
        return entry

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The content of a file piece by piece; raises DamagedFileError, at the latest after the last piece."""
        entry, digest = self._container.entries[entry_name(sha256)], hashlib.sha256()
        for chunk in self._container.chunks(entry):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != sha256:
            raise damaged(entry, "its content is not what was put in")

    @contextmanager
    def stream(self, sha256: str) -> Iterator[BinaryIO]:
        """The checked content: in its place where it is stored as it is, else in memory. Raises DamagedFileError."""
        entry = self._container.entries[entry_name(sha256)]
        if entry.method == DEFLATED:
            yield io.BytesIO(b"".join(self.chunks(sha256)))
            return
        self._check_once(sha256)
        with self._container.window(entry) as window:
            yield window

    def _check_once(self, sha256: str) -> None:
        with self._lock:
            known = sha256 in self._sound
        if not known:
            for _chunk in self.chunks(sha256):
                pass
            with self._lock:
                self._sound.add(sha256)


@dataclass(frozen=True)
class BundledFile:
    """A file inside of an open bundle."""

    sha256: str
    bundle: Bundle = field(compare=False, repr=False)

    @contextmanager
    def open(self, what: str) -> Iterator[BinaryIO]:
        """The content; raises DamagedFileError where it is not what was put in, WorkspaceError naming ``what``."""
        with plain_words(f"read {what}", self.bundle.path), self.bundle.stream(self.sha256) as stream:
            yield stream


class BundleFiles:
    """The files of the bundle's job, asked for in the same way as those of a workspace."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._links = {link.camera: link for link in bundle.manifest.links}

    def find(self, url: str) -> BundledFile | None:
        """The file of an address, None where the bundle lacks it."""
        return self._bundle.find(url_key(url))

    def link(self, camera: str) -> CameraLink | None:
        """Which sample a camera was linked to."""
        return self._links.get(camera)

    def pose_convention(self) -> PoseConvention | None:
        """How whoever made the bundle read the camera poses, None where that was not chosen."""
        return self._bundle.manifest.poses

    def answer(self, camera: str) -> BundledFile | None:
        """The post-processing answer for a camera."""
        link = self.link(camera)
        job_id = self._bundle.manifest.job.job_id
        return self.find(link.answer_address if link else delivered_answer_address(job_id, camera))

    def impulses(self, camera: str) -> BundledFile | None:
        """The impulses of the project that a camera's answer comes from."""
        link = self.link(camera)
        job_id = self._bundle.manifest.job.job_id
        return self.find(impulses_address(link.ei_project_id) if link else delivered_impulses_address(job_id))


def is_bundle(path: Path) -> bool:
    """Whether a file claims to be a bundle: by its first bytes whatever its name is, or by its name.

    NumPy's archives are zip files too; their entries tell them apart.
    """
    if path.suffix.lower() == SUFFIX:
        return True
    with plain_words("read the file", path), path.open("rb") as stream:
        head = stream.read(_HEAD)
        name = stream.read(int.from_bytes(head[26:28], "little"))  # of the first entry
    return head.startswith(LOCAL_MARK) and not name.endswith(b".npy")
