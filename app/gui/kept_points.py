"""Draws what is chosen whole and with a rim in every 3D picture, also while the camera moves."""

from functools import partial

from PySide6.QtCore import QObject

from app.domain.arrays import Integers
from app.gui.scene_canvas import SceneCanvas
from app.gui.selection import SegmentChoice
from app.gui.viewer import Viewer
from app.progress import Progress
from app.scene.kept import kept_points
from app.scene.prepared import PreparedCloud

KEY = "kept-points"
_Kept = tuple[PreparedCloud, Integers | None]


class KeptPoints(QObject):
    """Follows what is chosen and the point that was clicked; which points can be kept is worked out on a worker thread.

    Where several frames are drawn together, the points of the shown one come first, in the order of their file.
    """

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._canvas: SceneCanvas | None = None
        self._kept: _Kept | None = None
        self._drawn: _Kept | None = None  # what the scene was given
        for fact in (viewer.selection.rows_changed, viewer.selection.picked_changed):
            fact.connect(self._refresh)
        viewer.frame_changed.connect(self._refresh)
        viewer.neighbours.stack_changed.connect(self._refresh)

    def adopt(self, canvas: SceneCanvas) -> None:
        """Work on the canvas that was made."""
        self._canvas = canvas
        canvas.about_to_draw.connect(self._give)
        self._refresh()

    def _refresh(self) -> None:
        drawn, canvas = self._viewer.neighbours.drawn, self._canvas
        self._viewer.runner.cancel_key(KEY)
        if canvas is None or drawn is None or drawn.prepared is None:
            return
        rows = self._rows()
        if not len(rows):
            self._on_found((drawn.prepared, None))
            return
        self._viewer.runner.run(
            partial(_kept_of, drawn.prepared, rows, self._around(rows), canvas.scene.steps.budget.in_motion),
            title="Looking up the chosen thing",
            key=KEY,
            quiet=True,
            on_success=self._on_found,
        )

    def _rows(self) -> Integers:
        """Those of what is chosen; until they are known, or where a point belongs to nothing, that point alone."""
        selection = self._viewer.selection
        if not len(selection.rows) and selection.picked is not None:
            return selection.picked.as_rows
        return selection.rows

    def _around(self, rows: Integers) -> int:
        chosen, shown = self._viewer.selection.chosen, self._viewer.shown
        if isinstance(chosen, SegmentChoice) and shown is not None and chosen.segment.frame_index == shown.index:
            return chosen.row
        return int(rows[len(rows) // 2])

    def _on_found(self, found: _Kept) -> None:
        self._kept = found
        if self._canvas is not None and self._canvas.scene.prepared is found[0] and not self._is_drawn:
            self._canvas.request_draw()

    @property
    def _is_drawn(self) -> bool:
        nothing = self._kept is None or self._kept[1] is None
        return self._drawn is self._kept or (nothing and self._drawn is None)

    def _give(self) -> None:
        """To the scene, as soon as it has the cloud that they are points of: with another one it lets go of them."""
        scene = self._canvas.scene if self._canvas is not None else None
        if scene is None or scene.prepared is None:
            return
        if self._drawn is not None and scene.prepared is not self._drawn[0]:
            self._drawn = None
        if self._kept is not None and scene.prepared is self._kept[0] and not self._is_drawn:
            scene.set_kept(self._kept[1])
            self._drawn = None if self._kept[1] is None else self._kept


def _kept_of(prepared: PreparedCloud, rows: Integers, around: int, most: int, _progress: Progress) -> _Kept:
    return prepared, kept_points(prepared, rows, around=around, most=most)
