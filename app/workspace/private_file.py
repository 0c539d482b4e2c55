"""Small files of the program's own, such as its settings: replaced whole, readable by their owner alone."""

import os
import uuid
from pathlib import Path

from app.workspace.failures import plain_words
from app.workspace.objects import PARTIAL_SUFFIX, make_private_folder, open_private, sync_folder, write_all


def write_private(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Replace ``path`` by ``content`` so that after a crash either the old or the new file is there, never a part.

    Without ``synced`` that holds for a crash of the program alone; after a power cut the file may be empty or gone.
    Raises WorkspaceError.
    """
    make_private_folder(path.parent)
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}{PARTIAL_SUFFIX}")
    with plain_words("save a file", path.parent):
        try:
            descriptor = open_private(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                write_all(descriptor, content)
                if synced:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(partial, path)
            if synced:
                sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)
