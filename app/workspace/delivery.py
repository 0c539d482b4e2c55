"""Jobs that lie in plain folders: a delivery, or loose files. Read-only, nothing is copied.

A delivery holds ``result.json`` (or another file of that form) with the files its URLs stand for around it, under
``files/`` or right beside it, and may hold ``tracking/<camera>.json`` and ``impulses.json`` from Edge Impulse.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.domain.pose_convention import PoseConvention
from app.errors import InputError
from app.workspace.failures import plain_words
from app.workspace.local_files import PlainFile, plain_file
from app.workspace.records import CameraLink

RESULT_NAME = "result.json"


class LooseFiles:
    """Files named one by one: address to path."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = dict(paths)

    def find(self, url: str) -> PlainFile | None:
        """The file an address stands for, None where it is not here."""
        path = self._paths.get(url)
        return PlainFile(path) if path is not None and path.is_file() else None

    def link(self, camera: str) -> CameraLink | None:
        """Loose files come with no link."""
        return None

    def pose_convention(self) -> PoseConvention | None:
        """Nobody can have chosen one for files that are opened where they lie."""
        return None

    def answer(self, camera: str) -> PlainFile | None:
        """Loose files come with no answer of Edge Impulse."""
        return None

    def impulses(self, camera: str) -> PlainFile | None:
        """Loose files come with no impulses."""
        return None


class Delivery:
    """A result document and the files around it."""

    def __init__(self, document: Path) -> None:
        self.document = document
        self.root = document.parent
        # the two folders may be links to where the data really lies; nothing outside of them is read
        self._bases = tuple(folder.resolve() for folder in (self.root / "files", self.root) if folder.is_dir())

    @staticmethod
    def open(path: Path) -> "Delivery":
        """Take a folder with a ``result.json``, or a result document of any name; raises InputError."""
        document = path / RESULT_NAME if path.is_dir() else path
        if not document.is_file():
            raise InputError(f"There is no {RESULT_NAME} in {path}.", next_step="Choose the folder that holds it.")
        return Delivery(document.absolute())

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.root.name

    def read_document(self) -> bytes:
        """The result document's bytes; raises WorkspaceError where it cannot be read."""
        with plain_words("read the result document", self.root):
            return self.document.read_bytes()

    def locate(self, url: str) -> Path | None:
        """The file a URL stands for: the one whose place in the folder matches the most of the end of its path.

        Host and query do not count. Addresses that point upwards or name no file give None.
        """
        for tail in _tails(url):
            for base in self._bases:
                found = inside(base, tail)
                if found is not None:
                    return found
        return None

    def find(self, url: str) -> PlainFile | None:
        """The file a URL stands for, as ``locate`` finds it."""
        return plain_file(self.locate(url))

    def link(self, camera: str) -> CameraLink | None:
        """A delivery needs no link: frame i is frameIndex i."""
        return None

    def pose_convention(self) -> PoseConvention | None:
        """Nobody can have chosen one for a folder that is opened where it lies."""
        return None

    def answer(self, camera: str) -> PlainFile | None:
        """The post-processing answer of a camera, where the folder holds one."""
        names = ("tracking", f"{camera}.json")
        return plain_file(inside(self.root.resolve(), names)) if is_name(camera) else None

    def impulses(self, camera: str) -> PlainFile | None:
        """The impulses document, where the folder holds one."""
        return plain_file(inside(self.root.resolve(), ("impulses.json",)))


def _tails(url: str) -> Iterator[tuple[str, ...]]:
    """Ends of a URL's path, decoded, the longest first; none for a path that steps upwards."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return
    segments = tuple(segment for segment in path.split("/") if segment not in ("", "."))
    if all(is_name(segment) for segment in segments):
        for start in range(len(segments)):
            yield segments[start:]


def is_name(segment: str) -> bool:
    """Whether a name stays a name: no separator, no step upwards, no control character, no drive."""
    forbidden = "/\\:" if os.name == "nt" else "/\\"
    return segment not in ("", ".", "..") and not any(letter < " " or letter in forbidden for letter in segment)


def inside(base: Path, names: tuple[str, ...]) -> Path | None:
    """The file of these names below ``base``, a resolved folder; None where none is, or a link leads out of it."""
    path = base.joinpath(*names)
    try:
        return path if path.is_file() and path.resolve().is_relative_to(base) else None
    except OSError:  # for example a name longer than the system allows: no such file can be here
        return None
