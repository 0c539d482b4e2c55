"""Keeps the thing that the user chose whole in every picture, also while the camera moves."""

from PySide6.QtCore import QObject

from app.domain.arrays import Integers
from app.gui.point_selection import PointSelection
from app.gui.scene_canvas import SceneCanvas
from app.gui.shown_frame import ShownFrame
from app.gui.viewer import Viewer
from app.scene.kept import points_around


class KeptPoints(QObject):
    """Follows the chosen point; what belongs to it is looked up on a worker thread."""

    def __init__(self, viewer: Viewer, selection: PointSelection) -> None:
        super().__init__(selection)
        self._viewer = viewer
        self._selection = selection
        self._canvas: SceneCanvas | None = None
        selection.changed.connect(self._refresh)

    def adopt(self, canvas: SceneCanvas) -> None:
        """Work on the canvas that was made."""
        self._canvas = canvas

    def _refresh(self) -> None:
        runner, shown, point = self._viewer.runner, self._viewer.neighbours.drawn, self._selection.point
        runner.cancel_key("kept-points")
        if self._canvas is None or shown is None:
            return
        if point is None or point.frame != shown.index:
            self._canvas.edit(lambda scene: scene.set_kept(None))
            return
        most, index = self._canvas.scene.steps.budget.in_motion, point.index
        runner.run(
            lambda _progress: (shown, _around(shown, index, most)),
            title="Looking up the chosen thing",
            key="kept-points",
            quiet=True,
            on_success=self._on_found,
        )

    def _on_found(self, found: tuple[ShownFrame, Integers | None]) -> None:
        shown, indices = found
        now = self._viewer.neighbours.drawn
        if self._canvas is not None and now is not None and now.prepared is shown.prepared and indices is not None:
            self._canvas.edit(lambda scene: scene.set_kept(indices))


def _around(shown: ShownFrame, index: int, most: int) -> Integers | None:
    if shown.prepared is None:
        return None
    return points_around(shown.prepared, shown.frame.mask, index, most=most)
