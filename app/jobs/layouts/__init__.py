"""Folders laid out as public datasets lay them out, opened read-only as a sequence.

Each module looks at a path and answers with a Layout, or with None where the path is laid out in another way. Parts
that are missing or damaged become findings of the sequence; only what leaves nothing to show is an error.
"""

from pathlib import Path

from app.jobs.layouts import clouds, kitti_tracking, mot, nuscenes, semantic_kitti
from app.jobs.layouts.layout import Layout

__all__ = ["Layout", "cloud_file", "cloud_folder", "find_dataset", "is_infos"]

cloud_file = clouds.single
cloud_folder = clouds.folder
is_infos = nuscenes.is_infos

_DATASETS = (semantic_kitti.find, kitti_tracking.find, mot.find, nuscenes.find)


def find_dataset(path: Path) -> Layout | None:
    """The dataset at ``path``, a folder, a text with boxes or a list of keyframes; None where it is none.

    Raises InputError where there are several sequences to choose from, FormatError where boxes cannot be read,
    WorkspaceError where the system refuses.
    """
    return next((layout for find in _DATASETS if (layout := find(path)) is not None), None)
