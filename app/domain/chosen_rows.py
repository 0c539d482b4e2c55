"""The points of a chosen thing at any frame."""

import numpy as np

from app.domain.arrays import Integers
from app.domain.legend import LegendEntry
from app.domain.mask import Mask
from app.domain.segment import Segment
from app.domain.sequence import Frame


def rows_of_segment(segment: Segment, *, entry: LegendEntry | None, frame: Frame) -> Integers:
    """Rows (M,) int64 of a frame that belong to a segment: at its own frame the segment itself, at another all points
    of the same thing by ``entry``, that of its label key in the legend of its own frame; none where it is no single
    thing or the frame lacks it."""
    if frame.index == segment.frame_index:
        return segment.rows
    if frame.mask is None or entry is None or not entry.thing:
        return np.zeros(0, dtype=np.int64)
    keys = [other.label_key for other in frame.legend if other.thing == entry.thing]
    return np.flatnonzero(np.isin(frame.mask.label_keys, keys))


def most_frequent_key(mask: Mask | None, rows: Integers) -> int | None:
    """The label key of most of the points ``rows`` (M,); None without a mask or without any."""
    if mask is None or not len(rows):
        return None
    keys, counts = np.unique(mask.label_keys[rows], return_counts=True)
    return int(keys[counts.argmax()])
