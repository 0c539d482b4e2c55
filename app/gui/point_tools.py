"""What lies over the 3D view to say and to change how points look: scale, cuts, point size."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.gui.clip_box_handles import ClipBoxHandles
from app.gui.color_modes import ColorModes
from app.gui.cut_panel import CutPanel
from app.gui.image_panel import ImagePanel
from app.gui.look_panel import LookPanel
from app.gui.overlay_panel import OverlayPanel
from app.gui.range_editor import RangeEditor
from app.gui.scale_chip import ScaleChip
from app.gui.scene_chips import Chip, foot_beside
from app.gui.scene_view import MARGIN, SceneView
from app.gui.text import plain
from app.gui.theme import STEP
from app.gui.value_scale import ValueScale
from app.gui.viewer import Viewer

TOO_LARGE = "This cloud has too many points: shading needs all of them in every picture."
CHIP_PADDING = 16  # pixels that a chip is wider than its text


class PointTools(QObject):
    """Keeps chips and panels at their places over a view while there is something to see; one panel at a time."""

    def __init__(self, viewer: Viewer, modes: ColorModes, view: SceneView) -> None:
        super().__init__(view)
        self._viewer, self._modes, self._view = viewer, modes, view
        self.value_scale = ValueScale(viewer, modes, self)
        self.scale_chip = ScaleChip(view)
        self.cut_chip = Chip(view)
        view.foot_chips += [self.cut_chip, self.scale_chip]
        self.cut_panel = CutPanel(viewer, view)
        self.look_panel = LookPanel(viewer, view)
        self.image_panel = ImagePanel(viewer, view)
        self.range_editor = RangeEditor(viewer, modes, self.value_scale, view)
        self.box_handles = ClipBoxHandles(viewer, view.pointing.overlay, self.cut_panel)
        self.buttons = QWidget(view)
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        self.clip = _chip_button("Clip", "What is cut away", "Shift+X", self.cut_panel)
        self.look = _chip_button("Look", "Size of points, shading, background", "Shift+P", self.look_panel)
        row.addWidget(self.clip)
        row.addWidget(self.look)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self.clip.clicked.connect(lambda _checked=False: self.toggle(self.cut_panel))
        self.look.clicked.connect(lambda _checked=False: self.toggle(self.look_panel))
        self.scale_chip.clicked.connect(lambda _checked=False: self.toggle(self.range_editor))
        for panel in self.panels:
            panel.height_changed.connect(self._place)
        self.cut_panel.visibility_changed.connect(self._refresh)
        self._view.canvas_made.connect(self.box_handles.adopt)
        self._viewer.cut_counts.changed.connect(self._refresh)
        self.value_scale.changed.connect(self._refresh)
        self._view.renderer_known.connect(self._refresh)
        self._view.overlays_placed.connect(self._refresh)  # of every frame and job too

    @property
    def panels(self) -> tuple[OverlayPanel, ...]:
        """All panels, of which at most one is open."""
        return self.cut_panel, self.look_panel, self.range_editor, self.image_panel

    def toggle(self, panel: OverlayPanel) -> None:
        """Open one panel instead of any other, or close it."""
        for other in self.panels:
            if other is not panel:
                other.hide()
        if panel is self.image_panel or (
            self._usable and (panel is not self.range_editor or self._modes.channel is not None)
        ):
            panel.toggle()
            self._place()

    def toggle_cuts(self) -> None:
        """Open or close what is cut away."""
        self.toggle(self.cut_panel)

    def toggle_look(self) -> None:
        """Open or close how points look."""
        self.toggle(self.look_panel)

    def toggle_images(self) -> None:
        """Open or close how camera images look, which no 3D view is needed for."""
        self.toggle(self.image_panel)

    def toggle_range(self) -> None:
        """Open or close the range of values."""
        self.toggle(self.range_editor)

    # -- facts ----------------------------------------------------------------------------------------------------

    @property
    def _usable(self) -> bool:
        return self._view.can_draw and self._view.canvas is not None and self._viewer.shown is not None

    def _refresh(self) -> None:
        usable = self._usable
        self.buttons.setVisible(usable)
        self._say_cuts(self._viewer.cut_counts.sentence if usable and self.cut_panel.isHidden() else "")
        canvas = self._view.canvas
        can_shade = canvas is None or canvas.scene.can_shade
        self.look_panel.set_edl_problem("" if can_shade else TOO_LARGE)
        self.scale_chip.show_scale(self.value_scale.scale if usable else None)
        if not usable:
            for panel in (self.cut_panel, self.look_panel, self.range_editor):
                panel.hide()
        self._place()

    def _say_cuts(self, sentence: str) -> None:
        """In one line; the status line and the panel have all of it."""
        room = self._view.width() - 2 * MARGIN - CHIP_PADDING
        text = self.cut_chip.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideMiddle, room)
        self.cut_chip.say(text)

    def _place(self) -> None:
        """Buttons top right with the panels under them; what is said of the points above their number, bottom left."""
        width, height = self._view.width(), self._view.height()
        self.buttons.adjustSize()
        left = width - MARGIN - self.buttons.width()
        self._view.kept_free = self.buttons.width() + MARGIN
        taken = max(each.geometry().right() for each in (self._view.view_buttons, self._view.pointing.measure_button))
        beside = taken + STEP < left
        below = self._view.view_buttons.geometry().bottom() + 1 + STEP
        self.buttons.move(left, MARGIN if beside else below)
        own = (self.cut_chip, self.scale_chip)
        below_own = [chip for chip in self._view.foot_chips if chip not in own]
        bottom = foot_beside(below_own, left=MARGIN, foot=height - MARGIN)
        for chip in own:
            if chip.isVisibleTo(self._view):
                chip.move(MARGIN, bottom - chip.height())
                bottom = chip.y() - STEP
        top = self.buttons.geometry().bottom() + 1 + STEP
        open_panels = [panel for panel in self.panels if not panel.isHidden()]  # others find their place when opened
        for panel in open_panels:
            panel.move(width - MARGIN - panel.width(), top)
            panel.fit(foot_beside(self._view.foot_chips, left=panel.x(), foot=height - MARGIN) - top)
        for overlay in (self.scale_chip, self.cut_chip, self.buttons, *open_panels):
            overlay.raise_()


def _chip_button(text: str, tip: str, key: str, panel: OverlayPanel) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain(f"{tip} ({key})"))
    button.setProperty("role", "chip")
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    panel.visibility_changed.connect(button.setChecked)
    return button
