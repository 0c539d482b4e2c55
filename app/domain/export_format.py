"""What a job can be written as for other programs."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """Kinds of files to write."""

    SEMANTIC_KITTI = "semantic-kitti"
    PCD = "pcd"
    NPZ = "npz"

    @property
    def can_be_whole(self) -> bool:
        """Whether one file can hold all frames."""
        return self is not ExportFormat.SEMANTIC_KITTI
