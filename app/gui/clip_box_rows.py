"""The clip box in numbers: where its middle is, how large it is, how far it is turned."""

from dataclasses import replace
from math import degrees, radians

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from app.domain.cuts import CutBox
from app.gui.theme import STEP, tabular_font

FARTHEST = 1e7  # metres; survey coordinates are larger than any street
SMALLEST = 0.1  # metres
AXES = ("x", "y", "z")


class ClipBoxRows(QWidget):
    """``value`` is None while the box is not ticked; then it keeps its numbers for when it is ticked again."""

    value_edited = Signal(object)  # CutBox or None, by the user
    fit_requested = Signal()  # make it as large as the cloud

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox("Only inside a box")
        self.fit = QToolButton()
        self.fit.setText("Fit to cloud")
        self.fit.setToolTip("Put the box around most of the points")
        self.fit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._last: CutBox | None = None
        self.middle = [self._field(f"Middle of the box, {axis}", -FARTHEST) for axis in AXES]
        self.extent = [self._field(f"Size of the box, {axis}", SMALLEST) for axis in AXES]
        self.turn = self._field("Turn of the box", -180.0)
        self.turn.setRange(-180.0, 180.0)
        self.turn.setSuffix("°")
        self._lay_out()
        self.box.toggled.connect(self._on_toggled)
        self.fit.clicked.connect(lambda _checked=False: self.fit_requested.emit())
        for field in self._fields:
            field.valueChanged.connect(self._on_typed)
        self.set_value(None)

    @property
    def _fields(self) -> list[QDoubleSpinBox]:
        return [*self.middle, *self.extent, self.turn]

    @property
    def value(self) -> CutBox | None:
        """The box, None while switched off."""
        return self._last if self.box.isChecked() else None

    def set_value(self, value: CutBox | None) -> None:
        """Show a box; None leaves the numbers of the last one. Tells nobody."""
        self._last = value or self._last
        with QSignalBlocker(self.box):
            self.box.setChecked(value is not None)
        for field in self._fields:
            field.setEnabled(value is not None)
        if value is not None:
            numbers = [*value.centre, *(2 * half for half in value.half), degrees(value.yaw)]
            for field, number in zip(self._fields, numbers, strict=True):
                with QSignalBlocker(field):
                    field.setValue(number)

    def _on_toggled(self, checked: bool) -> None:  # noqa: FBT001 - a signal's argument
        if checked and self._last is None:
            self.fit_requested.emit()
        else:
            self.set_value(self._last if checked else None)
            self.value_edited.emit(self.value)

    def _on_typed(self) -> None:
        """Take over only what was typed: the other numbers are finer than their fields."""
        last = self._last
        if last is None:
            return
        x, y, z = (_typed(field, old) for field, old in zip(self.middle, last.centre, strict=True))
        along, across, up = (_typed(field, 2 * old) / 2 for field, old in zip(self.extent, last.half, strict=True))
        yaw = radians(_typed(self.turn, degrees(last.yaw)))
        self._last = replace(last, centre=(x, y, z), half=(along, across, up), yaw=yaw)
        self.value_edited.emit(self.value)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP)
        grid.setVerticalSpacing(STEP)
        head = QHBoxLayout()
        head.addWidget(self.box, 1)
        head.addWidget(self.fit)
        grid.addLayout(head, 0, 0, 1, 4)
        rows = [("Middle", self.middle), ("Size", self.extent)]
        for row, (name, fields) in enumerate(rows, 1):
            grid.addWidget(_caption(name), row, 0)
            for column, field in enumerate(fields, 1):
                grid.addWidget(field, row, column)
        grid.addWidget(_caption("Turn"), 3, 0)
        grid.addWidget(self.turn, 3, 1)
        for column in (1, 2, 3):
            grid.setColumnStretch(column, 1)

    def _field(self, name: str, least: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(least, FARTHEST)
        field.setDecimals(1)
        field.setSingleStep(0.5)
        field.setKeyboardTracking(False)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setFont(tabular_font(self.font()))
        field.setMinimumWidth(52)
        field.setAccessibleName(name)
        field.setToolTip(name)
        return field


def _typed(field: QDoubleSpinBox, old: float) -> float:
    """The field's number, or the finer one that it shows rounded."""
    return old if abs(field.value() - old) <= 0.5 * 10.0 ** -field.decimals() else field.value()


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "secondary")
    return label
