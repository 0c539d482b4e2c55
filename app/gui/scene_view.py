"""The 3D view of the shown frame: follows the viewer, and goes without where there is no OpenGL."""

import logging
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QResizeEvent, QShowEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.gui.drawn_colors import table_of
from app.gui.frames_chip import FramesChip
from app.gui.navigation import Navigation
from app.gui.painting import Painting
from app.gui.pointing import Pointing
from app.gui.scene_canvas import SceneCanvas, import_3d
from app.gui.scene_chips import Banner, Chip, MessagePage, drawn_text, short_count
from app.gui.scene_guides import SceneGuides
from app.gui.scene_tools import PivotCross, ViewTools
from app.gui.shown_frame import ShownFrame
from app.gui.surface import NEXT_STEP, prepare_surface_format, probe_opengl
from app.gui.theme import STEP, current
from app.gui.viewer import Viewer
from app.scene.rig_cameras import PREFIX
from app.scene.views import CameraPlacement, Vector

log = logging.getLogger(__name__)

MARGIN = 2 * STEP
NO_RENDERER = "No OpenGL"
STARTING = "Starting the 3D view…"
NO_CLOUD = "No point cloud in this frame"
BANNER_SHARE = 0.6  # of the width


class SceneView(QWidget):
    """Make it before the window is shown: the window then gets the right kind of surface at once.

    ``problem`` says why nothing can be drawn and is empty where all is well; ``drawn_index`` is the frame on screen,
    -1 until its picture is really there.
    """

    frame_drawn = Signal(int)  # index of a frame whose picture has reached the window
    canvas_made = Signal(object)  # the SceneCanvas, once for the life of the view
    renderer_known = Signal(str)  # what draws, or that nothing can
    overlays_placed = Signal()  # chips and buttons have their places
    doctor_requested = Signal()  # somebody wants to know why nothing can be drawn

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._canvas: SceneCanvas | None = None
        self._started = self._closed = False
        self.navigation = Navigation(viewer, self)
        self._shown_index = -1
        self._painting: Painting | None = None  # in which the cloud on screen is coloured
        self._empty_state: tuple[str, str, Callable[[], None] | None] = ("Nothing is open.", "", None)
        # asked before the window is made: a window that expects OpenGL and gets none stays black
        self._renderer, self.problem = probe_opengl()
        self.renderer_text = NO_RENDERER if self.problem else STARTING
        self.drawn_index = -1
        self.kept_free = 0  # pixels at the right end of the row of buttons, for others
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(240, 160)
        self._placeholder: QOpenGLWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        if not self.problem:
            self._claim_surface()
        self._build_overlays()
        self.navigation.changed.connect(self._place_overlays)
        viewer.job_changed.connect(self._on_job_changed)
        for fact in (viewer.painter.changed, viewer.frame_changed, viewer.neighbours.stack_changed):
            fact.connect(self._bring)
        viewer.frame_changed.connect(self._refresh_overlays)
        viewer.neighbours.stack_changed.connect(self._refresh_overlays)
        viewer.colours_changed.connect(self._on_colours_changed)
        viewer.painter.ramp_changed.connect(self._on_ramp_changed)
        viewer.appearance.cuts_changed.connect(self._on_cuts_changed)
        viewer.appearance.look_changed.connect(self._on_look_changed)
        viewer.cut_counts.changed.connect(self._refresh_drawn)
        self._refresh_overlays()

    @property
    def can_draw(self) -> bool:
        """False where there is no OpenGL or it failed, and after closing."""
        return not self.problem and not self._closed

    @property
    def canvas(self) -> SceneCanvas | None:
        """What draws; None until the 3D libraries are loaded, and for good without OpenGL."""
        return self._canvas

    @property
    def is_in_sight(self) -> bool:
        """Whether a frame that is shown now will be drawn: False also behind the page and in a minimised window."""
        window = self.window().windowHandle()
        exposed = self.isVisible() and window is not None and window.isExposed()
        return exposed and self.can_draw and self._canvas is not None and not self._page.isVisible()

    @property
    def view_buttons(self) -> QWidget:
        """The buttons at the top left."""
        return self._views

    def set_view(self, name: str) -> None:
        """Look from a named view; see Navigation.look."""
        self.navigation.look(name)

    @property
    def view_name(self) -> str:
        """The named view that the camera has, empty where the user moved it."""
        return self.navigation.view_name

    @property
    def placement(self) -> CameraPlacement | None:
        """Where the camera stands; None without a 3D view."""
        return self.navigation.placement

    def start_from(self, view: str, placement: CameraPlacement | None) -> None:
        """Where the camera stands when the first frame of the job just opened is drawn; see Navigation.start_from."""
        self.navigation.start_from(view, placement)

    def try_again(self) -> None:
        """Look for OpenGL once more, after a driver or a library was installed."""
        if not self.problem or self._closed:
            return
        self._renderer, self.problem = probe_opengl()
        if self.problem:
            self._give_up(self.problem)
            return
        self._tell_renderer(STARTING)
        self._start()
        self._refresh_overlays()

    def set_empty_state(self, text: str, button_text: str, callback: Callable[[], None]) -> None:
        """What to say and offer while nothing is open."""
        self._empty_state = (text, button_text, callback)
        self._refresh_overlays()

    def picture(self) -> QImage:
        """The view as it is on screen, chips included, in device pixels."""
        image = QImage(self.size() * self.devicePixelRatioF(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        image.fill(current().color("scene_bottom"))
        painter = QPainter(image)
        self.render(painter, QPoint(0, 0))
        painter.end()
        return image

    def close_view(self) -> None:
        """Give back OpenGL; call it before the window closes. Again does nothing."""
        self._closed = True
        if self._canvas is not None:
            self._canvas.close()

    # -- start --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Start loading what draws when there is somebody to see it."""
        super().showEvent(event)
        if self.can_draw and not self._started:
            self._started = True
            self._start()

    def _claim_surface(self) -> None:
        """A hidden OpenGL child makes Qt give the window a surface that can compose OpenGL from the start.

        Without it the window is destroyed and made anew, a visible flicker, when the 3D view arrives.
        """
        prepare_surface_format()
        self._placeholder = QOpenGLWidget(self)
        self._placeholder.hide()

    def _start(self) -> None:
        self._viewer.runner.run(
            import_3d,
            title="Starting the 3D view",
            key="import-3d",
            quiet=True,
            on_success=self._on_imported,
            on_failure=self._on_import_failed,
        )

    def _on_imported(self, _nothing: object) -> None:
        if self._closed:
            return
        try:
            canvas = SceneCanvas(self, current())
        except (RuntimeError, OSError) as error:
            log.exception("The 3D view cannot be made")
            self._clear_half_made()
            self._give_up(f"The 3D view cannot be made: {error}.")
            return
        self._adopt(canvas)
        self._tell_renderer(self._renderer)
        self._on_look_changed()
        self._on_cuts_changed()
        self._bring()

    def _clear_half_made(self) -> None:
        """What is left of a view that could not be made must not lie over the page that says so."""
        for left in self.findChildren(QOpenGLWidget):
            if left is not self._placeholder:
                left.close()  # gives back OpenGL; deleting it here would have pyvistaqt close it once more

    def _adopt(self, canvas: SceneCanvas) -> None:
        self._canvas = canvas
        canvas.painted.connect(self._on_painted)
        canvas.completed.connect(self._on_completed)
        canvas.mouse.turning.connect(self._mark_pivot)
        self.navigation.adopt(canvas)
        self.pointing.adopt(canvas)
        self.guides.adopt(canvas)
        self.canvas_made.emit(canvas)
        self._layout.addWidget(canvas.widget)
        canvas.widget.lower()
        self._refresh_overlays()

    def _on_import_failed(self, error: AppError) -> None:
        self._give_up(error.message)

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        self._tell_renderer(NO_RENDERER)
        self._refresh_overlays()

    def _tell_renderer(self, text: str) -> None:
        self.renderer_text = text
        self.renderer_known.emit(text)

    # -- facts --------------------------------------------------------------------------------------------------

    def _on_job_changed(self) -> None:
        self.drawn_index = self._shown_index = -1
        if self._viewer.job is None and self._canvas is not None:
            self._canvas.show(None, self._viewer.appearance.color_table(()))
        self._refresh_overlays()

    def _bring(self) -> None:
        """Show the frame in its colours; one whose colours are still being made leaves the last picture in place."""
        shown, painter = self._viewer.neighbours.drawn, self._viewer.painter
        if self._canvas is not None and shown is not None and not painter.pending:
            if self._shown_index != shown.index or self._canvas.scene.prepared is not shown.prepared:
                self._draw(self._canvas, shown)
            self._paint(self._canvas, painter.painting)

    def _draw(self, canvas: SceneCanvas, shown: ShownFrame) -> None:
        prepared = shown.prepared
        canvas.scene.heading = self._viewer.rig.heading
        canvas.show(prepared, table_of(self._viewer, prepared))
        self._painting = None
        self._shown_index, self.drawn_index = shown.index, -1
        self.navigation.on_frame()

    def _mark_pivot(self, pivot: Vector | None) -> None:
        """A cross where the camera turns around while it does."""
        self._cross.setVisible(pivot is not None)
        if pivot is not None and self._canvas is not None:
            size = (self.width(), self.height())
            (x, y), *_ = self._canvas.scene.placement.project(np.array([pivot]), size)[0].tolist()
            self._cross.stand_at(x, y)

    def _paint(self, canvas: SceneCanvas, painting: Painting | None) -> None:
        if painting is self._painting:
            return
        self._painting, painter = painting, self._viewer.painter
        if painting is not None and painting.values is not None:
            values = painting.values
            canvas.edit(lambda scene: scene.color_by_values(values, painter.color_map, painter.value_range))
        elif painting is not None and painting.colors is not None:
            colors = painting.colors
            canvas.edit(lambda scene: scene.color_by_points(colors))
        else:
            canvas.edit(lambda scene: scene.color_by_label())

    def _on_colours_changed(self) -> None:
        prepared = self._canvas.scene.prepared if self._canvas is not None else None
        if self._canvas is not None and prepared is not None:
            self._canvas.set_color_table(table_of(self._viewer, prepared))
        self._refresh_overlays()

    def _on_ramp_changed(self) -> None:
        painter = self._viewer.painter
        if self._canvas is not None and painter.painting is not None:
            self._canvas.edit(lambda scene: scene.set_ramp(painter.color_map, painter.value_range))

    def _on_cuts_changed(self) -> None:
        cuts = self._viewer.appearance.cuts
        if self._canvas is not None:
            self._canvas.edit(lambda scene: scene.set_cuts(cuts))

    def _on_look_changed(self) -> None:
        look = self._viewer.appearance.look
        if self._canvas is not None:
            self._canvas.edit(lambda scene: scene.set_point_look(look))

    def _on_completed(self) -> None:
        self._refresh_drawn()
        if self._canvas is not None and self._canvas.scene.steps.budget.measured:
            self._tell_renderer(f"{self._renderer} · budget {short_count(self._canvas.scene.steps.budget.in_motion)}")

    def _on_painted(self) -> None:
        self._refresh_drawn()
        if self._shown_index >= 0 and self.drawn_index != self._shown_index:
            self.drawn_index = self._shown_index
            self.frame_drawn.emit(self.drawn_index)

    # -- overlays -----------------------------------------------------------------------------------------------

    def _build_overlays(self) -> None:
        self._page = MessagePage(self)
        self._views = ViewTools(self.navigation, self._viewer, self)
        self._cross = PivotCross(self)
        self._points = Chip(self)
        self._banner = Banner(self)
        self._frames = FramesChip(self._viewer.neighbours, self)
        self.foot_chips: list[QWidget] = [self._points, self._frames]  # bottom left, of which others keep clear
        self.pointing = Pointing(self._viewer, self, self.foot_chips)
        self.guides = SceneGuides(self._viewer, self.pointing.overlay, self)
        self.guides.camera_clicked.connect(lambda camera: self.navigation.look(PREFIX + camera))

    def _refresh_overlays(self) -> None:
        shown, tokens = self._viewer.shown, current()
        self._refresh_page(shown)
        self._views.setVisible(self._canvas is not None and not self._page.isVisibleTo(self))
        self._refresh_drawn()
        findings = shown.frame.findings if shown is not None else ()
        self._banner.report(findings, wrong=tokens.wrong, attention=tokens.attention)
        self._place_overlays()

    def _refresh_drawn(self) -> None:
        shown = self._viewer.neighbours.drawn
        self._points.say("" if shown is None or self.problem else self._what_is_drawn(shown))
        self._points.move(MARGIN, self.height() - MARGIN - self._points.height())
        self._frames.move(MARGIN, self._points.y() - STEP - self._frames.height())
        self._frames.setVisible(self._views.isVisibleTo(self))

    def _what_is_drawn(self, shown: ShownFrame) -> str:
        """Said of recordings of pictures and tracks alone too: an empty view explains nothing."""
        if shown.prepared is None:
            return NO_CLOUD
        steps = self._canvas.scene.steps if self._canvas is not None else None
        share = 1.0
        if steps is not None and not steps.complete and len(shown.prepared):
            share = steps.drawn / len(shown.prepared)
        return drawn_text(shown.prepared, self._viewer, share=share)

    def _refresh_page(self, shown: ShownFrame | None) -> None:
        """The page hides the view only while there is no picture that it could show."""
        if self.problem:
            self._page.say(f"{self.problem}\n{NEXT_STEP}", "Try again", self.try_again)
            self._page.offer_also("Doctor…", self.doctor_requested.emit)
        elif self._viewer.job is None:
            self._page.say(*self._empty_state)
        elif self._canvas is None:
            self._page.say(STARTING)
        elif shown is None and self._canvas.scene.prepared is None:
            self._page.say("Waiting for the first frame…")
        else:
            self._page.hide()
            return
        self._page.show()

    def _place_overlays(self) -> None:
        width, height = self.width(), self.height()
        self._page.setGeometry(QRect(0, 0, width, height))
        self._views.fit(width - 3 * MARGIN - self.pointing.measure_button.sizeHint().width() - self.kept_free)
        self._views.move(MARGIN, MARGIN)
        self._points.move(MARGIN, height - MARGIN - self._points.height())
        self._frames.move(MARGIN, self._points.y() - STEP - self._frames.height())
        self.pointing.place(beside=self._views.geometry())
        self._banner.fit(max(200, int(width * BANNER_SHARE)))
        below = self._views.geometry().bottom() + MARGIN if self._views.isVisibleTo(self) else MARGIN
        fits_beside = (width - self._banner.width()) // 2 > self.pointing.measure_button.geometry().right() + MARGIN
        self._banner.move((width - self._banner.width()) // 2, MARGIN if fits_beside else below)
        for overlay in (*self.pointing.widgets, self._views, self._frames, self._points, self._banner, self._page):
            overlay.raise_()
        self.overlays_placed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chips in their corners."""
        super().resizeEvent(event)
        self._place_overlays()
        self.navigation.refit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the screen."""
        super().changeEvent(event)
        if self._canvas is None:
            return
        if event.type() == QEvent.Type.PaletteChange:
            self._canvas.set_tokens(current())
            self._on_ramp_changed()  # the numbers' colours must show on the background
            self._refresh_overlays()
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._canvas.set_pixel_ratio(self.devicePixelRatioF())
