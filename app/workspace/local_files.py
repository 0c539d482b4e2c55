"""A file on this machine as a job reads it, wherever it lies."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.workspace.failures import plain_words


class LocalFile(Protocol):
    """One file that is here. Equal values stand for equal content, so that what was read from it may be kept."""

    def open(self, what: str) -> AbstractContextManager[BinaryIO]:
        """The content from its first byte on, seekable; raises WorkspaceError that names ``what`` where it cannot be
        read or is not what was received."""


@dataclass(frozen=True)
class PlainFile:
    """A file that somebody put there: nothing promises its content."""

    path: Path

    @contextmanager
    def open(self, what: str) -> Iterator[BinaryIO]:
        """The content; raises WorkspaceError naming ``what`` where the system refuses."""
        with plain_words(f"read {what}", self.path.parent), self.path.open("rb") as stream:
            yield stream


def plain_file(path: Path | None) -> PlainFile | None:
    """``path`` as a PlainFile, None for none."""
    return None if path is None else PlainFile(path)
