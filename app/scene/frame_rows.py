"""Colour rows that tell the shown frame from the others around it, so that these can stand back."""

from dataclasses import replace

import numpy as np

from app.domain.arrays import Bool, Bytes, frozen
from app.domain.legend import Rgb
from app.scene.prepared import PreparedCloud

STANDING_BACK = 0.55  # of the way from a colour to that of the background


def split_rows(prepared: PreparedCloud, *, other: Bool) -> PreparedCloud:
    """The same cloud with every label key twice in its table: a row for the shown frame, and one in the second half of
    the table for the others. ``other`` (N,) says by position in the cloud which points are of other frames. A cloud
    without a mask has no table to split and stays as it is."""
    if prepared.label_index is None:
        return prepared
    rows = len(prepared.label_keys)
    label_index = prepared.label_index + other.astype(np.float32) * np.float32(rows)
    return replace(
        prepared,
        label_index=frozen(label_index),
        label_keys=prepared.label_keys * 2,
        points_per_row=frozen(np.bincount(label_index[prepared.order].astype(np.int64), minlength=2 * rows)),
    )


def standing_back(colors: Bytes, background: Rgb) -> Bytes:
    """A table (2 K, 4) uint8 RGBA for ``split_rows`` whose second half is nearer to the background; alpha stays."""
    table = colors.copy()
    others = table[len(table) // 2 :, :3]
    others[:] = np.round(others * (1 - STANDING_BACK) + np.array(background) * STANDING_BACK)
    return table
