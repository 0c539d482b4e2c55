"""The offline folder; the only code that writes user data.

::

    <workspace>/
    ├── writer.lock            held by the one program that may write; the others open for reading only
    ├── catalogue.sqlite       what is known: projects, batches, jobs, files, links, mappings, queue (SQLite, WAL)
    ├── catalogue.v<n>.sqlite  a copy of the catalogue, made before it was lifted from version n
    ├── objects/ab/<sha256>    what the services sent, as received, named by its content
    └── partial/<key>.part     bytes of a cut transfer; <key>.json says what they are, <key> is the SHA-256 of the URL

Names from a service never become paths: they live in the catalogue alone. Everything is written to a temporary file,
synced, renamed and synced again; a file exists once its row in the catalogue does.
"""

from app.workspace.inspection import Damage, LeftOvers
from app.workspace.records import (
    CameraLink,
    FolderMapping,
    JobGaps,
    PictureSource,
    QueuedJob,
    QueueState,
    StoredFile,
    StoredJob,
)
from app.workspace.workspace import Workspace

__all__ = [
    "CameraLink",
    "Damage",
    "FolderMapping",
    "JobGaps",
    "LeftOvers",
    "PictureSource",
    "QueueState",
    "QueuedJob",
    "StoredFile",
    "StoredJob",
    "Workspace",
]
