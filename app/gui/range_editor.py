"""Which values the colours are spread over, and which colours: a histogram with handles, fields, a list of maps."""

from dataclasses import replace
from math import floor, log10

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QToolButton, QWidget

from app.domain.color_maps import COLOR_MAPS, shown_color_map
from app.domain.coloring import ColorBy
from app.domain.finding import counted
from app.domain.value_range import Histogram
from app.gui.color_modes import ColorModes
from app.gui.fields import make_label
from app.gui.histogram_view import HistogramView
from app.gui.icons import picture_icon
from app.gui.overlay_panel import OverlayPanel
from app.gui.scale_chip import stripe
from app.gui.text import plain, visible
from app.gui.theme import STEP, tabular_font
from app.gui.value_scale import ValueScale
from app.gui.viewer import Viewer

LARGEST = 1e12
PREVIEW = QSize(120, 10)  # pixels


class RangeEditor(OverlayPanel):
    """Everything is on screen at once; closing keeps it."""

    def __init__(self, viewer: Viewer, modes: ColorModes, scale: ValueScale, parent: QWidget) -> None:
        super().__init__("Range of values", parent)
        self._viewer, self._modes, self._scale = viewer, modes, scale
        self.histogram = HistogramView()
        self.low, self.high = self._field("Lowest value"), self._field("Highest value")
        self.automatic = _button("Automatic", "The range in which most values of the frame lie (double-click)")
        self.cut = _button("Cut away the rest", "Hide the points outside this range")
        self.maps = QComboBox()
        self._on_dark: bool | None = None  # the background of the previews, None before there are any
        self.said = make_label("caption")
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        self.maps.setIconSize(PREVIEW)
        self.maps.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.maps.setAccessibleName("Colours")
        self.maps.addItems(COLOR_MAPS)
        fields = QHBoxLayout()
        fields.setSpacing(STEP)
        for widget, stretch in ((self.low, 1), (QLabel("to"), 0), (self.high, 1), (self.automatic, 0)):
            fields.addWidget(widget, stretch)
        self.column.addWidget(self.histogram)
        self.column.addLayout(fields)
        self.column.addWidget(self.maps)
        self.column.addWidget(self.said)
        self.column.addWidget(self.cut, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.histogram.range_moved.connect(lambda low, high: self._modes.set_range((low, high)))
        self.histogram.reset_requested.connect(lambda: self._modes.set_range(None))
        self.automatic.clicked.connect(lambda _checked=False: self._modes.set_range(None))
        self.low.valueChanged.connect(lambda value: self._on_typed(value, self._scale.value_range[1]))
        self.high.valueChanged.connect(lambda value: self._on_typed(self._scale.value_range[0], value))
        self.maps.activated.connect(lambda index: self._modes.set_color_map(self.maps.itemText(index)))
        self.cut.clicked.connect(lambda _checked=False: self._cut_outside())
        self._scale.changed.connect(self._refresh)

    # -- intentions -----------------------------------------------------------------------------------------------

    def _on_typed(self, low: float, high: float) -> None:
        """Ends that are typed the wrong way round are taken the right way."""
        self._modes.set_range((min(low, high), max(low, high)))

    def _cut_outside(self) -> None:
        """What the cuts know of: height and distance."""
        (low, high), appearance = self._scale.value_range, self._viewer.appearance
        if self._modes.coloring.by is ColorBy.HEIGHT:
            appearance.set_cuts(replace(appearance.cuts, floor=low, ceiling=high))
        else:
            appearance.set_cuts(replace(appearance.cuts, farthest=max(0.0, high)))

    # -- facts ----------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        channel, counts = self._modes.channel, self._scale.counts
        if channel is None:
            self.hide()
            return
        coloring, (low, high) = self._modes.coloring, self._scale.value_range
        self.set_title(visible(f"{channel.title}, {channel.unit}" if channel.unit else channel.title, limit=34))
        if counts is not None:
            self.histogram.show_counts(counts.edges, counts.counts)
            self.said.setText(_sentence(counts))
        self.said.setVisible(bool(self.said.text()))
        self._show_maps()
        self.histogram.show_colors(self._scale.color_map)
        self.histogram.show_range(low, high)
        self._show_fields(low, high)
        self.maps.setCurrentIndex(self.maps.findText(coloring.color_map))
        self.automatic.setEnabled(coloring.value_range is not None)
        self.cut.setVisible(coloring.by in (ColorBy.HEIGHT, ColorBy.RANGE))

    def _show_maps(self) -> None:
        """As they are on the background in force."""
        if self._on_dark != self._scale.on_dark:
            self._on_dark = self._scale.on_dark
            for index, name in enumerate(COLOR_MAPS):
                self.maps.setItemIcon(index, _preview(name, on_dark=self._on_dark))

    def _show_fields(self, low: float, high: float) -> None:
        digits = max(0, min(9, 3 - floor(log10(high - low)))) if high > low else 3
        for field, value in ((self.low, low), (self.high, high)):
            with QSignalBlocker(field):
                field.setDecimals(digits)
                field.setSingleStep((high - low) / 100 or 0.01)
                field.setValue(value)

    def _field(self, name: str) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(-LARGEST, LARGEST)
        field.setKeyboardTracking(False)
        field.setFont(tabular_font(self.font()))
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setMinimumWidth(64)
        field.setAccessibleName(name)
        field.setToolTip(name)
        return field


def _sentence(counts: Histogram) -> str:
    """What the picture alone does not say."""
    lines = []
    if counts.nonfinite:
        lines.append(f"{counted(counts.nonfinite, 'point')} without a value, drawn in grey.")
    if counts.below or counts.above:
        parts = ((counts.below, "below"), (counts.above, "above"))
        beyond = " and ".join(f"{number:,} {where}" for number, where in parts if number)
        lines.append(f"{beyond} the bars: they take the end colours.")
    return " ".join(lines)


def _preview(name: str, *, on_dark: bool) -> QIcon:
    return picture_icon(stripe(shown_color_map(name, on_dark=on_dark)).scaled(PREVIEW))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
