"""Calibration of the open job: how its camera poses are read and why, with which lenses points are projected, and how
well they then fit the pictures."""

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.pose_convention import DOCUMENTED, CameraAxes, PoseConvention, PoseDirection, PoseSpace
from app.errors import AppError
from app.gui.eliding_combo import ElidingComboBox
from app.gui.lens_rows import COLUMNS, LensRow, lens_rows
from app.gui.note_label import NoteLabel
from app.gui.text import plain, visible
from app.gui.theme import STEP
from app.gui.viewer import Viewer

DIRECTIONS = (
    (PoseDirection.POSE, "Camera to points (pose)"),
    (PoseDirection.INVERSE, "Points to camera (extrinsic matrix)"),
)
AXES = (
    (CameraAxes.OPTICAL, "Optical: x right, y down, z forward"),
    (CameraAxes.BODY, "Body: x forward, y left, z up"),
)
SPACES = (
    (PoseSpace.POINTS, "That of the points"),
    (PoseSpace.EGO, "The vehicle's, with points in the world"),
    (PoseSpace.WORLD, "The world's, with points on the vehicle"),
)
NO_POSES = "No camera of this job has a pose, so there is nothing to read."
WIDEST_NAME = 160  # pixels of a camera's name before its column is dragged wider
LOOKING = "What the data speaks for is told as soon as a frame is decoded."

Word = TypeVar("Word", PoseDirection, CameraAxes, PoseSpace)


class CalibrationDialog(QDialog):
    """Stays open beside the window; what is chosen holds at once."""

    def __init__(self, viewer: Viewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.setWindowTitle("Calibration")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.direction = _choices("Direction of camera poses", DIRECTIONS)
        self.axes = _choices("Axes of cameras", AXES)
        self.space = _choices("Space of camera poses", SPACES)
        self.in_force, self.advice = NoteLabel(role=""), NoteLabel()
        self.take = QPushButton("&Use the suggestion")
        self.reset = QPushButton("&As documented")
        self.lenses = _table()
        self._rows: tuple[LensRow, ...] = ()
        self.reason = NoteLabel()
        self._build()
        for field in (self.direction, self.axes, self.space):
            field.activated.connect(self._on_chosen)
        self.take.clicked.connect(self._take)
        self.reset.clicked.connect(lambda: viewer.rig.choose(None))
        self.lenses.currentCellChanged.connect(self._show_reason)
        rig = viewer.rig
        for fact in (
            rig.convention_changed, rig.judged, rig.changed, viewer.job_changed, viewer.alignment.changed
        ):  # fmt: skip
            fact.connect(self._refresh)
        rig.not_remembered.connect(self._on_not_remembered)
        self._refresh()

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("&Direction", self.direction)
        form.addRow("A&xes", self.axes)
        form.addRow("&Space", self.space)
        buttons = QHBoxLayout()
        for button in (self.take, self.reset):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self.in_force)
        column.addLayout(form)
        column.addWidget(self.advice)
        column.addLayout(buttons)
        column.addWidget(self.lenses, 1)
        column.addWidget(self.reason)
        column.addWidget(close)
        self.setMinimumSize(480, 480)
        self.resize(940, 560)

    # -- intentions ---------------------------------------------------------------------------------------------

    def _on_chosen(self) -> None:
        # what a field of Qt gives back has become a plain text
        direction, axes = PoseDirection(self.direction.currentData()), CameraAxes(self.axes.currentData())
        self._viewer.rig.choose(PoseConvention(direction, axes, PoseSpace(self.space.currentData())))

    def _take(self) -> None:
        suggestion = self._viewer.rig.suggestion
        if suggestion is not None:
            self._viewer.rig.choose(suggestion.convention)

    # -- facts --------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        rig = self._viewer.rig
        convention = rig.chosen or DOCUMENTED
        self.direction.choose(convention.direction)
        self.axes.choose(convention.axes)
        self.space.choose(convention.space)
        how = "as chosen for this job" if rig.chosen else "as examples of the service suggest"
        self.in_force.say(f"Camera poses are read as {convention.words}, {how}.")
        self._advise(convention)
        self.reset.setEnabled(rig.chosen is not None)
        for field in (self.direction, self.axes, self.space):
            field.setEnabled(self._viewer.job is not None)
        rows = lens_rows(self._viewer)
        if rows != self._rows:  # while frames play they stay the same
            self._rows = rows
            self._fill()

    def _advise(self, convention: PoseConvention) -> None:
        suggestion = self._viewer.rig.suggestion
        self.take.setEnabled(suggestion is not None and suggestion.sure and suggestion.convention != convention)
        if suggestion is None:
            has_poses = any(image.pose for frame in self._viewer.sequence.frames for image in frame.images)
            self.advice.say(LOOKING if has_poses else NO_POSES)
            return
        fits = "speaks for" if suggestion.sure else "does not clearly speak against"
        differs = suggestion.sure and suggestion.convention != convention
        self.advice.say(f"The data {fits} {suggestion.convention.words}. {suggestion.reason}", wrong=differs)

    def _fill(self) -> None:
        current = max(self.lenses.currentRow(), 0)
        self.lenses.setRowCount(len(self._rows))
        for place, row in enumerate(self._rows):
            for column, (text, tip) in enumerate(zip(row.cells, row.tips, strict=True)):
                item = QTableWidgetItem(visible(text))
                item.setToolTip(plain(tip))
                self.lenses.setItem(place, column, item)
        wanted = max(self.lenses.sizeHintForColumn(0), self.lenses.horizontalHeader().sectionSizeHint(0))
        self.lenses.setColumnWidth(0, min(wanted, WIDEST_NAME))
        if self._rows:
            self.lenses.setCurrentCell(min(current, len(self._rows) - 1), 0)
        self._show_reason()

    def _show_reason(self) -> None:
        current = self.lenses.currentRow()
        row = self._rows[current] if 0 <= current < len(self._rows) else None
        self.reason.say("\n".join(visible(said) for said in (row.agreement, row.reason) if said) if row else "")

    def _on_not_remembered(self, error: AppError) -> None:
        self.advice.say(f"Poses are read like this until the job is closed. {error}", wrong=True)


def _choices(name: str, choices: Iterable[tuple[Word, str]]) -> ElidingComboBox:
    field = ElidingComboBox(name, characters=24)
    for value, text in choices:
        field.addItem(text, value)
    return field


def _table() -> QTableWidget:
    table = QTableWidget(0, len(COLUMNS))
    table.setHorizontalHeaderLabels(COLUMNS)
    table.setAccessibleName("Lenses of the cameras")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    table.horizontalHeader().setStretchLastSection(True)
    return table
