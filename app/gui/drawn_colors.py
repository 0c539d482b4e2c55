"""The colours of what the 3D view draws, by label key and by point: of the shown frame, or of several."""

import numpy as np

from app.domain.arrays import Bytes, Integers
from app.domain.point_colors import ramp_colors, seen_colors
from app.gui.appearance import dressed_look
from app.gui.painting import Painting
from app.gui.theme import current
from app.gui.viewer import Viewer
from app.scene.frame_rows import standing_back
from app.scene.prepared import PreparedCloud


def table_of(viewer: Viewer, prepared: PreparedCloud | None) -> Bytes:
    """(K, 4) uint8 RGBA, one row per label key of a cloud; other frames than the shown one stand back."""
    keys = prepared.label_keys if prepared is not None else ()
    stack = viewer.neighbours.stack
    if stack is None or prepared is not stack.prepared:
        return viewer.appearance.color_table(keys)
    background = current().color("scene_bottom")
    table = viewer.appearance.color_table(keys, legend=stack.accumulated.legend)
    return standing_back(table, (background.red(), background.green(), background.blue()))


def colors_of(viewer: Viewer, rows: Integers) -> Bytes | None:
    """(M, 4) uint8 RGBA of ``rows`` (M,) of the shown frame's cloud as the 3D view draws them, alpha 0 where it does
    not: hidden, or cut away. None while their colours are being made, and without a cloud.

    Where several frames are drawn together, the points of the shown one come first among them.
    """
    drawn, appearance = viewer.neighbours.drawn, viewer.appearance
    if drawn is None or drawn.prepared is None or viewer.painter.pending:
        return None
    prepared = drawn.prepared
    if prepared.label_index is None:
        colors = np.full((len(rows), 4), 255, dtype=np.uint8)
        colors[:, :3] = dressed_look(appearance.look.background).unlabelled
    else:
        colors = table_of(viewer, prepared)[prepared.label_index[rows].astype(np.intp)]
    if viewer.painter.painting is not None:
        colors[:, :3] = _painted(viewer, viewer.painter.painting, rows)
    if appearance.cuts:
        kept = appearance.cuts.keeps(prepared.xyz[rows], ego=prepared.spread.ego, ground=prepared.spread.ground)
        colors[~kept, 3] = 0
    return colors


def _painted(viewer: Viewer, painting: Painting, rows: Integers) -> Bytes:
    painter, no_color = viewer.painter, dressed_look(viewer.appearance.look.background).no_color
    if painting.values is not None:
        values = painting.values[rows]
        return ramp_colors(values, painter.color_map, value_range=painter.value_range, no_color=no_color)
    assert painting.colors is not None
    return seen_colors(painting.colors[rows], no_color=no_color)
