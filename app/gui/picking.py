"""Looking which point is under the mouse: for the chip that follows it, for clicks, and for what the camera turns
around."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from app.domain.point_facts import PointFacts, Reference, point_facts
from app.domain.sequence import Frame
from app.gui.scene_canvas import SceneCanvas
from app.gui.shown_points import reference_of
from app.gui.stacked_facts import stacked_facts
from app.gui.tasks import Task
from app.gui.viewer import Viewer
from app.progress import Progress
from app.scene.frame_stack import FrameStack
from app.scene.picking import RADIUS, Drawn, Picked, PixelSize, PointPicker
from app.scene.prepared import PreparedCloud
from app.scene.views import CameraPlacement, Vector

HOVER_MS = 30  # between two looks while the mouse moves
REST_MS = 150  # after the camera or the colours have moved under a resting mouse
PIVOT_POINTS = 200_000  # few enough to look at while a button is pressed
PIVOT_RADIUS = 24.0  # pixels; the camera needs something near, not the very point


@dataclass(frozen=True)
class _Look:
    """Everything that says where the mouse points, as plain values that any thread may use."""

    prepared: PreparedCloud
    at: tuple[float, float]
    placement: CameraPlacement
    size: PixelSize
    pixel_ratio: float
    drawn: Drawn

    def picked(self, *, radius: float = RADIUS) -> Picked | None:
        return PointPicker(self.prepared.xyz, self.prepared.order).nearest(
            self.at,
            self.placement,
            size=self.size,
            drawn=self.drawn,
            pixel_ratio=self.pixel_ratio,
            radius=radius,
        )


class ScenePicking(QObject):
    """Follows the mouse over a canvas. ``hovered`` is the point under it, None where there is none."""

    hovered_changed = Signal()
    picked = Signal(object)  # PointFacts of the point that was clicked, None beside all points

    def __init__(self, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._canvas: SceneCanvas | None = None
        self._at: QPointF | None = None
        self._seen_from: CameraPlacement | None = None
        self._looking: Task | None = None
        self.hovered: PointFacts | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)
        viewer.frame_changed.connect(self._on_frame_changed)
        viewer.colours_changed.connect(self.look_again)
        viewer.appearance.cuts_changed.connect(self.look_again)

    def adopt(self, canvas: SceneCanvas) -> None:
        """Follow the mouse over the canvas that was made."""
        self._canvas = canvas
        canvas.pick_pivot = self.pick_pivot
        canvas.mouse.hovered.connect(self._on_hovered)
        canvas.mouse.left.connect(self._on_left)
        canvas.mouse.clicked.connect(lambda at, _modifiers: self.pick(at))
        canvas.completed.connect(self.look_again)
        canvas.about_to_draw.connect(self._on_about_to_draw)

    def pick(self, at: QPointF) -> None:
        """Look which point is at a position in the view; ``picked`` tells."""
        self._run(at, "pick", self.picked.emit)

    def pick_pivot(self, at: QPointF) -> Vector | None:
        """A place on what is drawn near a position in the view, in cloud coordinates; at once, of a part of the points
        that is spread evenly."""
        look = self._look_at(at)
        if look is None:
            return None
        few = replace(look.drawn, count=min(look.drawn.count, PIVOT_POINTS))
        picked = replace(look, drawn=few).picked(radius=PIVOT_RADIUS)
        return None if picked is None else picked.position

    def look_again(self) -> None:
        """What is under a mouse that rests may have changed."""
        if self._at is not None:
            self._timer.start(REST_MS)

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_hovered(self, at: QPointF) -> None:
        self._at = at
        if not self._timer.isActive() or self._timer.interval() != HOVER_MS:
            self._timer.start(HOVER_MS)

    def _on_left(self) -> None:
        self._at = None
        self._forget()

    def _on_frame_changed(self) -> None:
        self._viewer.runner.cancel_key("pick")
        self._forget()
        self.look_again()

    def _on_about_to_draw(self) -> None:
        if self._canvas is not None and self._canvas.scene.placement != self._seen_from:
            self._seen_from = self._canvas.scene.placement
            self._set_hovered(None)
            self.look_again()

    # -- looking ------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """One look at a time: the next one starts where the mouse is when this one ends."""
        if self._at is None or self._viewer.playback.playing:
            return
        if self._looking is not None and self._looking in self._viewer.runner.running:
            self._timer.start(HOVER_MS)
        else:
            self._looking = self._run(self._at, "hover", self._set_hovered)

    def _forget(self) -> None:
        self._viewer.runner.cancel_key("hover")
        self._looking = None
        self._timer.stop()
        self._set_hovered(None)

    def _set_hovered(self, facts: PointFacts | None) -> None:
        if facts != self.hovered:
            self.hovered = facts
            self.hovered_changed.emit()

    def _run(self, at: QPointF, key: str, on_success: Callable[[PointFacts | None], None]) -> Task | None:
        look, shown = self._look_at(at), self._viewer.shown
        if look is None or shown is None or self._canvas is None:
            return None
        reference = reference_of(look.prepared.spread, self._canvas.scene.heading)
        return self._viewer.runner.run(
            partial(_facts, look, shown.frame, self._viewer.neighbours.stack, reference),
            title="Looking at a point",
            key=key,
            quiet=True,
            on_success=on_success,
        )

    def _look_at(self, at: QPointF) -> _Look | None:
        canvas = self._canvas
        drawn, prepared = (canvas.scene.drawn, canvas.scene.prepared) if canvas is not None else (None, None)
        if canvas is None or drawn is None or prepared is None:
            return None
        ratio = canvas.widget.devicePixelRatioF()
        size = (round(canvas.widget.width() * ratio), round(canvas.widget.height() * ratio))
        return _Look(prepared, (at.x(), at.y()), canvas.scene.placement, size, ratio, drawn)


def _facts(
    look: _Look, frame: Frame, stack: FrameStack | None, reference: Reference, _progress: Progress
) -> PointFacts | None:
    """On a worker thread: find the point, then read about it."""
    picked = look.picked()
    if picked is None:
        return None
    if stack is None or look.prepared is not stack.prepared:
        return point_facts(frame, picked.row, reference)
    return stacked_facts(stack, picked.row, reference)
