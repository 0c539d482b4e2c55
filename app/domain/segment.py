"""Segments: connected points of one label key, the unit of review."""

from dataclasses import dataclass

from app.domain.arrays import Integers


@dataclass(frozen=True)
class Segment:
    """Some points of one frame, all of ``label_key``; ``rows`` (M,) int64 are their places in the cloud, ascending."""

    frame_index: int
    label_key: int
    rows: Integers

    def __len__(self) -> int:
        return len(self.rows)
