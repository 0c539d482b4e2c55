"""Pointing, choosing and measuring in the 3D view, with what tells about it: chip, card, marks and lines."""

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.measurement import Measurement
from app.domain.point_facts import PointFacts, metres_text
from app.gui.choosing import Choosing
from app.gui.kept_points import KeptPoints
from app.gui.measuring import Measuring
from app.gui.picking import ScenePicking
from app.gui.point_card import PointCard
from app.gui.point_selection import PointSelection
from app.gui.scene_canvas import SceneCanvas
from app.gui.scene_chips import Chip, foot_beside
from app.gui.scene_overlay import Mark, SceneOverlay, Shape, Stroke
from app.gui.text import plain
from app.gui.theme import STEP
from app.gui.viewer import Viewer

MARGIN = 2 * STEP
CARD_SHARE = 0.5  # of the view's height: the cloud stays the hero
NOTHING_UNDER = "Point at a class in the 3D view first."
FIRST_POINT = "Click a point to measure from."
NEXT_POINT = "Click the next point."


class Pointing(QObject):
    """Made with the view; comes to life with the canvas."""

    news = Signal(str)  # a sentence for the status line

    def __init__(self, viewer: Viewer, view: QWidget, foot_chips: list[QWidget]) -> None:
        super().__init__(view)
        self._foot_chips = foot_chips
        self._viewer = viewer
        self._view = view
        self._canvas: SceneCanvas | None = None
        self._elsewhere: PointFacts | None = None
        self.picking = ScenePicking(viewer, self)
        self.selection = PointSelection(self)
        self._choosing = Choosing(viewer, self.selection)
        self._kept = KeptPoints(viewer, self)
        self.measuring = Measuring(self)
        self.overlay = SceneOverlay(view)
        self.chip = Chip(view)
        self.card = PointCard(view)
        self.measure_button = _measure_button(view)
        self.measure_button.toggled.connect(self.measuring.set_active)
        self.card.closed.connect(self.escape)
        self.picking.picked.connect(self.take)
        self.picking.hovered_changed.connect(self._on_hovered)
        self.selection.changed.connect(self._refresh)
        self.measuring.changed.connect(self._refresh)
        self.measuring.changed.connect(self._show_cursor)
        viewer.frame_changed.connect(self._on_frame_changed)

    def adopt(self, canvas: SceneCanvas) -> None:
        """Work over the canvas that was made."""
        self._canvas = canvas
        self.picking.adopt(canvas)
        self._kept.adopt(canvas)
        canvas.about_to_draw.connect(lambda: self.overlay.follow(canvas.scene.placement))

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """What lies over the view, lowest first."""
        return self.overlay, self.measure_button, self.chip, self.card

    def place(self, *, beside: QRect) -> None:
        """Lay out over the view: the button ``beside`` the others, the rest in the lower right corner."""
        self.overlay.fill(self._view.size())
        self.card.fit(round(self._view.height() * CARD_SHARE))
        self.measure_button.adjustSize()
        self.measure_button.move(beside.right() + MARGIN, beside.top())
        self.measure_button.resize(self.measure_button.width(), beside.height())
        self.measure_button.setVisible(self._canvas is not None and self._viewer.shown is not None)
        self._place_corner()

    # -- commands -----------------------------------------------------------------------------------------------

    def hide_class(self) -> None:
        """Hide the class under the cursor."""
        point = self._pointed()
        if point is not None:
            self._viewer.appearance.set_class_visible(point.class_name, visible=False)

    def isolate_class(self) -> None:
        """Show only the class under the cursor; again, all."""
        point = self._pointed()
        if point is not None:
            self._viewer.appearance.isolate_class(point.class_name)

    def toggle_measuring(self) -> None:
        """Start or end measuring."""
        self.measure_button.toggle()

    def step_back(self) -> None:
        """Take back the last measured point."""
        self.measuring.remove_last()

    def escape(self) -> None:
        """End measuring; where nothing is measured, choose nothing."""
        if self.measuring.active:
            self.measure_button.setChecked(False)
        else:
            self._choosing.release()

    @property
    def hovered(self) -> PointFacts | None:
        """The point under the cursor, in whichever view that is."""
        return self._elsewhere or self.picking.hovered

    def point_elsewhere(self, point: PointFacts | None) -> None:
        """The cursor is on a point in another view, or no longer."""
        if point != self._elsewhere:
            self._elsewhere = point
            self._on_hovered()

    def take(self, point: PointFacts | None) -> None:
        """A click on a point, in whichever view, or beside all: it is measured to while measuring, else chosen."""
        if self.measuring.active:
            if point is not None:
                self.measuring.add(point)
        elif point is None:
            self._choosing.release()
        else:
            self.selection.select(point)

    def _pointed(self) -> PointFacts | None:
        """The point under the cursor, if it has a class."""
        point = self.hovered
        if point is None or not point.class_name:
            self.news.emit(NOTHING_UNDER)
            return None
        return point

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_hovered(self) -> None:
        point = self.hovered
        self.chip.say(point.line if point is not None else "")
        self._show_measure()
        self._place_corner()

    def _show_cursor(self) -> None:
        """A cross while clicks measure."""
        if self._canvas is not None:
            shape = Qt.CursorShape.CrossCursor if self.measuring.active else Qt.CursorShape.ArrowCursor
            self._canvas.widget.setCursor(shape)

    def _on_frame_changed(self) -> None:
        self.selection.clear()
        self.measuring.clear()

    def _refresh(self) -> None:
        point = self.selection.point
        self.overlay.show_shapes("selection", () if point is None else (Mark(point.local),))
        self._show_measure()
        self._fill_card(point)
        self._place_corner()

    def _fill_card(self, point: PointFacts | None) -> None:
        measurement = self.measuring.measurement
        if self.measuring.active:
            self.card.say(measure_title(measurement), measurement.rows, text=measurement.text)
        elif point is not None:
            self.card.say(point.label or "Point", point.rows, text=point.text)
        else:
            self.card.say("", (), text="")

    def _show_measure(self) -> None:
        self.overlay.show_shapes("measure", measure_shapes(self.measuring, self.hovered))

    def _place_corner(self) -> None:
        """The chip at the foot, beside or over what is said there, the card over it; each as large as what it says."""
        right, left = self._view.width() - MARGIN, self._view.width() - MARGIN - self.chip.width()
        foot = foot_beside(self._foot_chips, left=left, foot=self._view.height() - MARGIN)
        self.chip.move(left, foot - self.chip.height())
        below = foot - MARGIN - self.chip.sizeHint().height()
        self.card.move(right - self.card.width(), max(MARGIN, below - self.card.height()))


def measure_shapes(measuring: Measuring, hovered: PointFacts | None) -> tuple[Shape, ...]:
    """The measured line, and dashed where it would go on to."""
    points = measuring.points
    pairs = zip(points, points[1:], measuring.measurement.lengths, strict=False)
    shapes: list[Shape] = [Mark(point.local) for point in points]
    shapes += [Stroke(a.local, b.local, metres_text(length)) for a, b, length in pairs]
    if points and hovered is not None and hovered != points[-1]:
        (length,) = Measurement((points[-1].position, hovered.position)).lengths
        shapes.append(Stroke(points[-1].local, hovered.local, metres_text(length), dashed=True))
    return tuple(shapes)


def measure_title(measurement: Measurement) -> str:
    """The length of the whole line, or what to do next."""
    if len(measurement.points) < 2:
        return NEXT_POINT if measurement.points else FIRST_POINT
    return f"{metres_text(measurement.total)} in all"


def _measure_button(view: QWidget) -> QToolButton:
    button = QToolButton(view)
    button.setText("Measure")
    button.setToolTip(plain("Distances and angles from point to point (M)"))
    button.setProperty("role", "chip")
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button
