"""Whether points lie over camera images, how large and how opaque: a part of the panel on how images look."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QSlider, QVBoxLayout, QWidget

from app.domain.point_look import SIZES, ImagePoints
from app.gui.appearance import Appearance
from app.gui.fields import add_row, make_form
from app.gui.text import plain
from app.gui.theme import STEP, tabular_font

FAINTEST = 10  # percent
STEP_PIXELS = 0.5


class ImagePointsFields(QWidget):
    """Follows and changes ``appearance.image_points``."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.shown = QCheckBox("Points over camera images")
        self.size_field = QDoubleSpinBox()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.occlusion = QCheckBox("Without those behind others")
        self._lay_out()
        self.shown.toggled.connect(lambda shown: self._set(replace(self._now, shown=shown)))
        self.size_field.valueChanged.connect(lambda size: self._set(replace(self._now, size=size)))
        self.opacity.valueChanged.connect(lambda percent: self._set(replace(self._now, opacity=percent / 100)))
        self.occlusion.toggled.connect(lambda occlusion: self._set(replace(self._now, occlusion=occlusion)))
        appearance.image_points_changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        self.shown.setToolTip(plain("Draw the points of the frame over its images, coloured as in 3D (P)"))
        self.size_field.setFont(tabular_font(self.font()))
        self.size_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.size_field.setKeyboardTracking(False)
        self.size_field.setRange(*SIZES)
        self.size_field.setSingleStep(STEP_PIXELS)
        self.size_field.setDecimals(1)
        self.size_field.setSuffix(" px")
        self.size_field.setToolTip(plain("Width of a point on the screen, at every zoom; less in small images"))
        self.opacity.setRange(FAINTEST, 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName("Opacity of points over images")
        self.occlusion.setToolTip(plain("Leave out points that stand behind others in the image (Alt+P)"))
        form = make_form()
        add_row(form, "Size", self.size_field)
        add_row(form, "Opacity", self.opacity)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self.shown)
        column.addLayout(form)
        column.addWidget(self.occlusion)

    @property
    def _now(self) -> ImagePoints:
        return self._appearance.image_points

    def _set(self, image_points: ImagePoints) -> None:
        self._appearance.set_image_points(image_points)

    def _refresh(self) -> None:
        now = self._now
        with QSignalBlocker(self.size_field), QSignalBlocker(self.opacity):
            self.size_field.setValue(now.size)
            self.opacity.setValue(round(now.opacity * 100))
        with QSignalBlocker(self.shown), QSignalBlocker(self.occlusion):
            self.shown.setChecked(now.shown)
            self.occlusion.setChecked(now.occlusion)
        for field in (self.size_field, self.opacity, self.occlusion):
            field.setEnabled(now.shown)
