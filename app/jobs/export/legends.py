"""The legend as arrays."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.legend import LegendEntry
from app.jobs.export.record import storable

LEGEND_ARRAYS = ("legend_label_key", "legend_text", "legend_class", "legend_track_id", "legend_color")


def legend_arrays(entries: Iterable[LegendEntry]) -> dict[str, NDArray[Any]]:
    """By name: int64 (K,) label keys, (K,) text, class and track id, (K, 3) uint8 red, green, blue."""
    rows = tuple(entries)
    keys = np.array([entry.label_key for entry in rows], np.int64)
    texts = [[entry.text, entry.class_name, entry.track_id] for entry in rows]
    text, class_name, track_id = (np.array([storable(row[part]) for row in texts], np.str_) for part in range(3))
    colors = np.array([entry.color for entry in rows], np.uint8).reshape(-1, 3)
    return dict(zip(LEGEND_ARRAYS, (keys, text, class_name, track_id, colors), strict=True))
