"""One line per camera: its sample, block, variant and frame offset."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.gui.linking import BlockChoice, LinkChoices, Linking
from app.workspace import CameraLink

NOT_LINKED = "Not linked"
MAX_OFFSET = 100_000
HEADINGS = ("Camera", "Sample", "Block", "Variant", "First frame at")


class CameraRow:
    """The widgets of one camera."""

    def __init__(self, camera: str, choices: LinkChoices) -> None:
        self.camera = camera
        self._project_id = choices.ei_project_id
        self._known = link = choices.link(camera)
        self.name = QLabel(camera)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.sample, self.block, self.variant = QComboBox(), QComboBox(), QComboBox()
        self.offset = QSpinBox()
        self.offset.setRange(-MAX_OFFSET, MAX_OFFSET)
        self.offset.setToolTip("Frame of the sample that belongs to the job's first frame")
        for box in (self.sample, self.block):
            box.setMinimumWidth(220)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.sample.addItem(NOT_LINKED, None)
        for sample in choices.samples:
            self.sample.addItem(sample.name, sample)
        for choice in choices.blocks:
            self.block.addItem(choice.text, choice)
        self.block.currentIndexChanged.connect(self._fill_variants)
        self._fill_variants()
        if link is not None:
            self._show(link)
        for widget, what in zip(self.widgets[1:], HEADINGS[1:], strict=True):
            widget.setAccessibleName(f"{what} of {camera}")
        self.sample.currentIndexChanged.connect(self._enable)
        self._enable()

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of the headings."""
        return self.name, self.sample, self.block, self.variant, self.offset

    def link(self) -> CameraLink | None:
        """What is chosen; None for a camera that is not linked."""
        sample, choice = self.sample.currentData(), self.block.currentData()
        if sample is None or not isinstance(choice, BlockChoice):
            return None
        return CameraLink(
            camera=self.camera,
            ei_project_id=self._project_id,
            sample_id=sample.sample_id,
            sample_name=sample.name,
            block_id=choice.block.block_id,
            variant=self.variant.currentText(),
            frame_offset=self.offset.value(),
            space=self._known.space if self._known and self._known.sample_id == sample.sample_id else None,
        )

    def _fill_variants(self) -> None:
        choice = self.block.currentData()
        self.variant.clear()
        if isinstance(choice, BlockChoice):
            self.variant.addItems(choice.impulse.variants)

    def _show(self, link: CameraLink) -> None:
        for place in range(self.sample.count()):
            sample = self.sample.itemData(place)
            if sample is not None and sample.sample_id == link.sample_id:
                self.sample.setCurrentIndex(place)
        for place in range(self.block.count()):
            if self.block.itemData(place).block.block_id == link.block_id:
                self.block.setCurrentIndex(place)
        self.variant.setCurrentText(link.variant)
        self.offset.setValue(link.frame_offset)

    def _enable(self) -> None:
        linked = self.sample.currentData() is not None
        for widget in self.widgets[2:]:
            widget.setEnabled(linked)


class LinkDialog(QDialog):
    """Opens at once, fills when the service has answered; nothing is asked to compute."""

    def __init__(self, linking: Linking, *, focus: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Link cameras to samples")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._linking = linking
        self._focus = focus
        self.rows: tuple[CameraRow, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._note = QLabel("Asking Edge Impulse for samples and impulses …")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setProperty("role", "secondary")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.rejected.connect(self.reject)
        self.buttons.accepted.connect(self.accept)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)  # grows when the lines arrive
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._note)
        column.addLayout(self._grid)
        column.addWidget(self.buttons)
        self.setMinimumWidth(640)
        linking.choices_loaded.connect(self._on_loaded)
        linking.choices_failed.connect(self._on_failed)
        linking.load_choices()

    def accept(self) -> None:
        """Remember the links and have the boxes fetched."""
        self._linking.save(tuple(link for link in (row.link() for row in self.rows) if link is not None))
        super().accept()

    def _on_loaded(self, choices: LinkChoices) -> None:
        if self.rows:
            return
        if not choices.blocks:
            self._note.setText("This project has no post-processing block that tracks objects. Add one in Studio.")
            return
        suggested = {link.camera for link in choices.suggested} - {link.camera for link in choices.links}
        hint = f" Suggested by name: {', '.join(sorted(suggested))}." if suggested else ""
        self._note.setText(f"Boxes come from the sample that shows the same recording as the camera.{hint}")
        for column, heading in enumerate(HEADINGS):
            label = QLabel(heading)
            label.setProperty("role", "caption")
            self._grid.addWidget(label, 0, column)
        self.rows = tuple(CameraRow(camera, choices) for camera in self._linking.cameras)
        for line, row in enumerate(self.rows, start=1):
            for column, widget in enumerate(row.widgets):
                self._grid.addWidget(widget, line, column)
            if row.camera == self._focus:
                row.sample.setFocus()
        link = self.buttons.addButton("Link", QDialogButtonBox.ButtonRole.AcceptRole)
        link.setDefault(True)
        link.setProperty("role", "primary")

    def _on_failed(self, error: AppError) -> None:
        self._note.setText(str(error))
