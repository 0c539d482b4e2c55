"""How large points are drawn, whether depth is shaded, and what is behind the cloud."""

from dataclasses import replace
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QSlider, QToolButton, QWidget

from app.domain.point_look import Background, PointLook, SizeUnit
from app.gui.fields import add_row, make_form, make_label
from app.gui.overlay_panel import OverlayPanel
from app.gui.text import plain
from app.gui.theme import STEP, tabular_font
from app.gui.viewer import Viewer

UNIT_TEXTS: dict[SizeUnit, str] = {"px": "pixels", "m": "metres"}
LIMITS: dict[SizeUnit, tuple[float, float, float]] = {
    "px": (1.0, 12.0, 0.5),
    "m": (0.01, 1.0, 0.01),
}  # least, most, step
FIRST: dict[SizeUnit, float] = {"px": 2.0, "m": 0.05}
BACKGROUND_TEXTS: dict[Background, str] = {
    "theme": "As the window",
    "dark": "Dark",
    "light": "Light",
    "gradient": "Gradient",
}
EDL = "Shade edges in depth"


class LookPanel(OverlayPanel):
    """Size, shading, background."""

    def __init__(self, viewer: Viewer, parent: QWidget) -> None:
        super().__init__("How points look", parent)
        self._appearance = viewer.appearance
        self.size_field = QDoubleSpinBox()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.units = QComboBox()
        self.edl = QCheckBox(EDL)
        self.edl_note = make_label("caption")
        self.backgrounds = QComboBox()
        self.reset = QToolButton()
        self._lay_out()
        self._connect()
        self.set_edl_problem("")
        self._refresh()

    def set_edl_problem(self, reason: str) -> None:
        """Why edges cannot be shaded here, a sentence; empty where they can."""
        self.edl.setEnabled(not reason)
        self.edl_note.setText(reason or "Points behind an edge get darker, so that shapes stand out.")

    def _lay_out(self) -> None:
        self.size_field.setFont(tabular_font(self.font()))
        self.size_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.size_field.setKeyboardTracking(False)
        self.size_field.setSpecialValueText("auto")
        self.size_field.setToolTip(plain("Width of a point; auto: larger where the points are few"))
        self.slider.setAccessibleName("Size of points")
        for unit, text in UNIT_TEXTS.items():
            self.units.addItem(text, unit)
        for background in get_args(Background):
            self.backgrounds.addItem(BACKGROUND_TEXTS[background], background)
        for box in (self.units, self.backgrounds):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.units.setAccessibleName("Unit of the size")
        self.reset.setText("As at first")
        self.reset.setToolTip(plain("Size, shading and background as they were at first"))
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        size = QHBoxLayout()
        size.setSpacing(STEP)
        size.addWidget(self.size_field, 1)
        size.addWidget(self.units, 1)
        line = QWidget()
        size.setContentsMargins(0, 0, 0, 0)
        line.setLayout(size)
        form = make_form()
        add_row(form, "Point size", line)
        add_row(form, "", self.slider)
        add_row(form, "Background", self.backgrounds)
        self.column.addLayout(form)
        for widget in (self.edl, self.edl_note):
            self.column.addWidget(widget)
        self.column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.size_field.valueChanged.connect(lambda _size: self._on_typed())
        self.slider.valueChanged.connect(self._on_dragged)
        self.units.activated.connect(lambda index: self._on_unit(self.units.itemData(index)))
        self.edl.toggled.connect(lambda edl: self._set(replace(self._look, edl=edl)))
        self.backgrounds.activated.connect(
            lambda index: self._set(replace(self._look, background=self.backgrounds.itemData(index)))
        )
        self.reset.clicked.connect(lambda _checked=False: self._set(PointLook()))
        self._appearance.look_changed.connect(self._refresh)

    @property
    def _look(self) -> PointLook:
        return self._appearance.look

    def _set(self, look: PointLook) -> None:
        self._appearance.set_look(look)

    def _on_typed(self) -> None:
        """One step below the least stands for what suits the number of points."""
        size = self.size_field.value()
        self._set(replace(self._look, size=None if size < LIMITS[self._look.unit][0] else size))

    def _on_dragged(self, steps: int) -> None:
        least, _most, step = LIMITS[self._look.unit]
        self._set(replace(self._look, size=None if steps < round(least / step) else steps * step))

    def _on_unit(self, unit: SizeUnit) -> None:
        """Pixels and metres have nothing to do with each other: each starts at a size that is seen."""
        if unit != self._look.unit:
            self._set(replace(self._look, unit=unit, size=FIRST[unit]))

    def _refresh(self) -> None:
        look = self._look
        least, most, step = LIMITS[look.unit]
        with QSignalBlocker(self.size_field), QSignalBlocker(self.slider), QSignalBlocker(self.edl):
            self.size_field.setDecimals(1 if look.unit == "px" else 2)
            self.size_field.setRange(least - step, most)
            self.size_field.setSingleStep(step)
            self.size_field.setValue(least - step if look.size is None else look.size)
            self.slider.setRange(round(least / step) - 1, round(most / step))
            self.slider.setValue(round(least / step) - 1 if look.size is None else round(look.size / step))
            self.edl.setChecked(look.edl)
        self.units.setCurrentIndex(self.units.findData(look.unit))
        self.backgrounds.setCurrentIndex(self.backgrounds.findData(look.background))
        self.reset.setEnabled(look != PointLook())
