"""A number that can be switched off: a box to tick, a field to type into, a slider to drag."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QSlider, QWidget

from app.gui.theme import STEP, tabular_font

FIELD_WIDTH = 84  # pixels
MOST = 1e6  # what may be typed, either way


class ValueRow(QWidget):
    """``value`` is None while the box is not ticked. The slider spans ``low`` to ``high`` in steps, the field more."""

    value_edited = Signal(object)  # float or None, by the user

    def __init__(
        self, title: str, *, low: float, high: float, step: float, first: float, suffix: str, least: float = -MOST
    ) -> None:
        super().__init__()
        self._low, self._step = low, step
        self.box = QCheckBox(title)
        self.field = QDoubleSpinBox()
        self.field.setDecimals(2 if step < 0.1 else 1 if step < 1 else 0)
        self.field.setRange(least, MOST)
        self.field.setSingleStep(step)
        self.field.setSuffix(suffix)
        self.field.setValue(first)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setKeyboardTracking(False)
        self.field.setFont(tabular_font(self.font()))
        self.field.setAccessibleName(title)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((high - low) / step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.slider.setAccessibleName(title)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(STEP // 2)
        grid.addWidget(self.box, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.slider, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.box.toggled.connect(self._on_edited)
        self.field.valueChanged.connect(self._on_typed)
        self.slider.valueChanged.connect(self._on_dragged)
        self.set_value(None)

    @property
    def value(self) -> float | None:
        """The number, None while switched off."""
        return self.field.value() if self.box.isChecked() else None

    def set_value(self, value: float | None) -> None:
        """Show a number; None keeps the last one, pale, for when the row is switched on again. Tells nobody."""
        with QSignalBlocker(self.box), QSignalBlocker(self.field), QSignalBlocker(self.slider):
            self.box.setChecked(value is not None)
            if value is not None and abs(value - self.field.value()) > self._step / 100:
                self.field.setValue(value)
            self.slider.setValue(round((self.field.value() - self._low) / self._step))

    def _on_typed(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - self._low) / self._step))
        self._switch_on()

    def _on_dragged(self, steps: int) -> None:
        with QSignalBlocker(self.field):
            self.field.setValue(self._low + steps * self._step)
        self._switch_on()

    def _switch_on(self) -> None:
        """Moving a number means it."""
        with QSignalBlocker(self.box):
            self.box.setChecked(True)
        self._on_edited()

    def _on_edited(self) -> None:
        self.value_edited.emit(self.value)
