"""Small files of the program's own, such as its settings: replaced whole, readable by their owner alone."""

import os
import uuid
from pathlib import Path

from app.workspace.failures import plain_words
from app.workspace.objects import PARTIAL_SUFFIX, make_private_folder, sync_folder


def write_private(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` so that after a crash either the old or the new file is there, never a part.

    Raises WorkspaceError.
    """
    make_private_folder(path.parent)
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}{PARTIAL_SUFFIX}")
    with plain_words("save a file", path.parent):
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(partial, path)
            sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)
