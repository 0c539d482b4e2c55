"""Files that are replaced whole: small ones of the program's own, such as its settings, and what a user asks for."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.workspace.failures import plain_words
from app.workspace.objects import PARTIAL_SUFFIX, make_private_folder, sync_folder, write_all


def write_private(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Replace ``path`` by ``content``, readable by its owner alone, as ``replacing`` does. Raises WorkspaceError."""
    make_private_folder(path.parent)
    with plain_words("save a file", path.parent), replacing(path, synced=synced) as descriptor:
        write_all(descriptor, content)


def write_where_asked(path: Path, content: bytes) -> None:
    """Replace a file that a user named by ``content``, with the usual rights. Raises WorkspaceError."""
    with plain_words("save a file", path.parent), replacing(path, mode=0o666) as descriptor:
        write_all(descriptor, content)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600, synced: bool = True) -> Iterator[int]:
    """A descriptor to write to; its file takes the place of ``path`` when the block ends well, else nothing is left.

    After a crash either the old or the new file is there, never a part. Without ``synced`` that holds for a crash of
    the program alone; after a power cut the file may be empty or gone. Raises OSError.
    """
    partial = path.with_name(f".{uuid.uuid4().hex}{PARTIAL_SUFFIX}")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        try:
            yield descriptor
            if synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(partial, path)
        if synced:
            sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
