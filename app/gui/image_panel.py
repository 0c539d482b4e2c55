"""How camera images are laid out and look: arrangement, linked zoom, straightened, tones, points over them."""

from collections.abc import Callable
from dataclasses import replace
from math import exp, log

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from app.domain.tones import BRIGHTNESS, CONTRAST, GAMMA, Tones
from app.gui.fields import add_row, make_form
from app.gui.image_points_fields import ImagePointsFields
from app.gui.image_state import Arrangement
from app.gui.overlay_panel import OverlayPanel
from app.gui.text import plain
from app.gui.theme import STEP, tabular_font
from app.gui.viewer import Viewer

ARRANGEMENTS = {
    Arrangement.ROW: "Side by side",
    Arrangement.GRID: "Grid of all",
    Arrangement.LARGE: "One large",
}
STEPS = 100  # of a slider to either side of its middle
LINKED = "Zoom and move all together"
STRAIGHT = "Undo the bend of the lens"
STRAIGHT_SAYS = "Boxes become the upright boxes around their bent edges (U)"
ALL = "Brightness, contrast and gamma as they came; they hold for all cameras as long as the job is open"


class ImagePanel(OverlayPanel):
    """For all cameras at once."""

    def __init__(self, viewer: Viewer, parent: QWidget) -> None:
        super().__init__("How images look", parent)
        self._images = viewer.images
        self.arrangements = QComboBox()
        self.linked = QCheckBox(LINKED)
        self.straight = QCheckBox(STRAIGHT)
        self.brightness = _Slider("Brightness", "0 leaves images as they are")
        self.contrast = _Slider("Contrast", "1 leaves images as they are")
        self.gamma = _Slider("Gamma", "Above 1 lightens what is dark")
        self.reset = QToolButton()
        self.points = ImagePointsFields(viewer.appearance)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        for arrangement, text in ARRANGEMENTS.items():
            self.arrangements.addItem(text, arrangement)
        self.arrangements.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.arrangements.setToolTip(plain("Side by side or one large (W), grid (Shift+W), next large image (N)"))
        self.linked.setToolTip(plain("Zooming and moving one image does the same to all (Alt+Z)"))
        self.straight.setToolTip(plain(STRAIGHT_SAYS))
        self.reset.setText("As delivered")
        self.reset.setToolTip(plain(ALL))
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        form = make_form()
        add_row(form, "Arrangement", self.arrangements)
        for slider in (self.brightness, self.contrast, self.gamma):
            add_row(form, slider.name, slider)
        self.column.addLayout(form)
        self.column.addWidget(self.linked)
        self.column.addWidget(self.straight)
        self.add_to_head(self.reset)
        self.column.addWidget(self.points)

    def _connect(self) -> None:
        images = self._images
        self.arrangements.activated.connect(lambda index: images.arrange(self.arrangements.itemData(index)))
        self.linked.toggled.connect(lambda linked: images.set_linked(linked=linked))
        self.straight.toggled.connect(lambda straight: images.set_straight(straight=straight))
        self.brightness.on_moved(lambda share: self._set(brightness=share * BRIGHTNESS[1]))
        self.contrast.on_moved(lambda share: self._set(contrast=_stretched(share, CONTRAST[1])))
        self.gamma.on_moved(lambda share: self._set(gamma=_stretched(share, GAMMA[1])))
        self.reset.clicked.connect(lambda _checked=False: images.set_tones(Tones()))
        for fact in (
            images.arrangement_changed,
            images.linked_changed,
            images.straight_changed,
            images.tones_changed,
        ):
            fact.connect(self._refresh)

    def _set(self, **values: float) -> None:
        self._images.set_tones(replace(self._images.tones, **values))

    def _refresh(self) -> None:
        images, tones = self._images, self._images.tones
        self.arrangements.setCurrentIndex(self.arrangements.findData(images.arrangement))
        with QSignalBlocker(self.linked), QSignalBlocker(self.straight):
            self.linked.setChecked(images.linked)
            self.straight.setChecked(images.straight)
        self.brightness.show_value(tones.brightness / BRIGHTNESS[1], f"{tones.brightness:+.2f}")
        self.contrast.show_value(_share(tones.contrast, CONTRAST[1]), f"{tones.contrast:.2f}")
        self.gamma.show_value(_share(tones.gamma, GAMMA[1]), f"{tones.gamma:.2f}")
        self.reset.setEnabled(not tones.neutral)


class _Slider(QWidget):
    """A slider from -1 to 1 with its value beside it in words."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.name = name
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-STEPS, STEPS)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(plain(tip))
        self.value = QLabel()
        self.value.setFont(tabular_font(self.font()))
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance("+0.00"))
        self.setFocusProxy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)

    def on_moved(self, do: Callable[[float], None]) -> None:
        """Call with -1..1 when the user moves it."""
        self.slider.valueChanged.connect(lambda steps: do(steps / STEPS))

    def show_value(self, share: float, text: str) -> None:
        """Follow what is set."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * STEPS))
        self.value.setText(text)


def _stretched(share: float, most: float) -> float:
    """From -1..1 to 1/most..most, 1 in the middle."""
    return exp(share * log(most))


def _share(value: float, most: float) -> float:
    return log(value) / log(most)
