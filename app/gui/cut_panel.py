"""What is cut away of the cloud, in numbers; every change is on screen at once."""

from dataclasses import replace
from math import degrees, radians

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.cuts import CutBox, Cuts, Sector
from app.gui.clip_box_rows import ClipBoxRows
from app.gui.fields import make_label
from app.gui.overlay_panel import OverlayPanel
from app.gui.value_row import ValueRow
from app.gui.viewer import Viewer

SMALLEST_HALF = 0.5  # metres: a cloud of one point gets a box that can be seen
WIDEST = 360.0  # degrees


class CutPanel(OverlayPanel):
    """Ground, ceiling, distance, directions and a box."""

    def __init__(self, viewer: Viewer, parent: QWidget) -> None:
        super().__init__("What is cut away", parent)
        self._viewer, self._counts = viewer, viewer.cut_counts
        self.floor = ValueRow("Ground, below", low=-3.0, high=5.0, step=0.05, first=0.3, suffix=" m")
        self.ceiling = ValueRow("Ceiling, above", low=0.0, high=30.0, step=0.1, first=4.0, suffix=" m")
        self.farthest = ValueRow("Farther than", low=1, high=250, step=1, first=60, suffix=" m", least=0.1)
        self.sector = ValueRow("Only ahead, within", low=10, high=WIDEST, step=5, first=120, suffix="°", least=1)
        self.sector.field.setMaximum(WIDEST)
        self.clip_box = ClipBoxRows()
        self.said = make_label("secondary")
        self.clear_all = QToolButton()
        self.clear_all.setText("Clear all")
        self.clear_all.setToolTip("Show the whole cloud again (Alt+X)")
        self.clear_all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for row in (self.floor, self.ceiling, self.farthest, self.sector, self.clip_box, self.said):
            self.column.addWidget(row)
        self.add_to_head(self.clear_all)
        self._explain()
        self._connect()
        self._refresh()

    def _explain(self) -> None:
        self.floor.setToolTip("Metres over the ground around the ego")
        self.ceiling.setToolTip("Metres over the ground around the ego")
        self.farthest.setToolTip("Metres from the ego")
        self.sector.setToolTip("Keeps what lies in this angle around where the ego looks")

    def _connect(self) -> None:
        self.floor.value_edited.connect(lambda value: self._set(replace(self._cuts, floor=value)))
        self.ceiling.value_edited.connect(lambda value: self._set(replace(self._cuts, ceiling=value)))
        self.farthest.value_edited.connect(lambda value: self._set(replace(self._cuts, farthest=value)))
        self.sector.value_edited.connect(self._on_sector)
        self.clip_box.value_edited.connect(lambda value: self._set(replace(self._cuts, box=value)))
        self.clip_box.fit_requested.connect(self._fit_box)
        self.clear_all.clicked.connect(lambda _checked=False: self._viewer.appearance.cut_nothing())
        self._viewer.appearance.cuts_changed.connect(self._refresh)
        self._viewer.frame_changed.connect(self._follow_heading)
        self._counts.changed.connect(self._say)

    @property
    def _cuts(self) -> Cuts:
        return self._viewer.appearance.cuts

    def _set(self, cuts: Cuts) -> None:
        self._viewer.appearance.set_cuts(cuts)

    # -- intentions -----------------------------------------------------------------------------------------------

    def _on_sector(self, angle: float | None) -> None:
        self._set(replace(self._cuts, sector=None if angle is None else Sector(self._heading(), radians(angle) / 2)))

    def _fit_box(self) -> None:
        shown = self._viewer.shown
        if shown is None or shown.prepared is None:
            self._refresh()
            return
        low, high = shown.prepared.spread.low, shown.prepared.spread.high
        centre, half = ((low + high) / 2).tolist(), ((high - low) / 2).clip(SMALLEST_HALF).tolist()
        self._set(replace(self._cuts, box=CutBox(tuple(centre), tuple(half))))
        self._refresh()

    # -- facts ----------------------------------------------------------------------------------------------------

    def _heading(self) -> float:
        return self._viewer.rig.heading

    def _follow_heading(self) -> None:
        """Ahead is where the shown frame's front camera looks."""
        sector = self._cuts.sector
        if sector is not None and self._viewer.shown is not None:
            self._set(replace(self._cuts, sector=replace(sector, heading=self._heading())))

    def _refresh(self) -> None:
        cuts = self._cuts
        self.floor.set_value(cuts.floor)
        self.ceiling.set_value(cuts.ceiling)
        self.farthest.set_value(cuts.farthest)
        self.sector.set_value(degrees(2 * cuts.sector.half_angle) if cuts.sector else None)
        self.clip_box.set_value(cuts.box)
        self.clear_all.setEnabled(bool(cuts))
        self._say()

    def _say(self) -> None:
        self.said.setText(self._counts.sentence or "Nothing is cut away.")
