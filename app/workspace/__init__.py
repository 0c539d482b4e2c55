"""The offline folder; the only code that writes user data.

::

    <workspace>/
    ├── catalogue.sqlite     what is known: projects, batches, jobs, files, links (SQLite, WAL)
    └── objects/ab/<sha256>  what the services sent, as received, named by its content

Names from a service never become paths: they live in the catalogue alone.
"""

from app.workspace.records import CameraLink, PictureSource, StoredFile, StoredJob
from app.workspace.workspace import Workspace

__all__ = ["CameraLink", "PictureSource", "StoredFile", "StoredJob", "Workspace"]
