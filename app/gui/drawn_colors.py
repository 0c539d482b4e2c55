"""The colours of label keys in what the 3D view draws: the points of the shown frame, or of several."""

from app.domain.arrays import Bytes
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
