"""Folders laid out as public datasets lay them out, opened read-only as a sequence.

Each module looks at a path and answers with a Layout, or with None where the path is laid out in another way. Parts
that are missing or damaged become findings of the sequence; only what leaves nothing to show is an error.
"""

from pathlib import Path

from app.jobs.layouts import clouds, kitti_tracking, mot, semantic_kitti
from app.jobs.layouts.layout import Layout

__all__ = ["Layout", "cloud_file", "cloud_folder", "find_dataset"]

cloud_file = clouds.single
cloud_folder = clouds.folder

_DATASETS = (semantic_kitti.find, kitti_tracking.find, mot.find)


def find_dataset(path: Path) -> Layout | None:
    """The dataset at ``path``, a folder or a text with boxes; None where it is none.

    Raises InputError where there are several sequences to choose from, FormatError where boxes cannot be read,
    WorkspaceError where the system refuses.
    """
    return next((layout for find in _DATASETS if (layout := find(path)) is not None), None)
