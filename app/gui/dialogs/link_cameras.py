"""Which sample belongs to which camera: what the key opens, and one line per camera."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import listed
from app.errors import AppError
from app.gui.dialogs.link_row import HEADINGS, NOT_LINKED, CameraRow
from app.gui.dialogs.sample_picker import SamplePicker
from app.gui.linking import LinkChoices, Linking
from app.gui.note_label import NoteLabel
from app.gui.text import visible
from app.gui.theme import STEP
from app.jobs import CameraTracking

__all__ = ["NOT_LINKED", "LinkDialog"]

WIDTH, HEIGHT = 1000, 420
NO_BLOCK = "This project has no post-processing block that tracks objects. Add one in Studio."


class LinkDialog(QDialog):
    """Opens at once, fills when the service has answered; nothing is asked to compute."""

    def __init__(self, linking: Linking, *, focus: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Link cameras to samples")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._linking = linking
        self._focus = focus
        self._project_id = 0
        self.rows: tuple[CameraRow, ...] = ()
        self._note = NoteLabel("Asking Edge Impulse for samples and impulses …")
        self.warning = NoteLabel(role="attention")
        self.warning.hide()
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._lay_out()
        linking.choices_loaded.connect(self._on_loaded)
        linking.choices_failed.connect(self._on_failed)
        linking.load_choices()

    def accept(self) -> None:
        """Remember the links and have the boxes fetched."""
        self._linking.save(tuple(link for link in (row.link() for row in self.rows) if link is not None))
        super().accept()

    def find_sample(self, row: CameraRow) -> SamplePicker:
        """Look for a camera's sample among all of the project."""
        search = self._linking.search(self._project_id, self)
        picker = SamplePicker(search, camera=row.camera, parent=self)
        picker.chosen.connect(row.take)
        picker.open()
        return picker

    def _lay_out(self) -> None:
        self._grid.setContentsMargins(0, 0, 2 * STEP, 0)
        self._grid.setHorizontalSpacing(3 * STEP)
        self._grid.setVerticalSpacing(2 * STEP)
        for column, share in enumerate((0, 5, 4, 2, 0, 0)):
            self._grid.setColumnStretch(column, share)
        area = QScrollArea()
        area.setWidget(self._inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.go = self.buttons.addButton("Link", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.setEnabled(False)  # until there is something to link
        self.buttons.rejected.connect(self.reject)
        self.buttons.accepted.connect(self.accept)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column_layout.setSpacing(3 * STEP)
        for part in (self._note, self.warning, area, self.buttons):
            column_layout.addWidget(part, 1 if part is area else 0)
        self.resize(WIDTH, HEIGHT)

    def _on_loaded(self, choices: LinkChoices) -> None:
        if self.rows:
            return
        self._project_id = choices.ei_project_id
        self.warning.setText(visible(" ".join(choices.problems), limit=600))
        self.warning.setVisible(bool(choices.problems))
        if not choices.blocks and not choices.links:
            self._note.say(f"{_opened(choices)} {NO_BLOCK}")
            return
        self._note.say(" ".join(filter(None, (_opened(choices), self._hint(choices)))))
        for column, heading in enumerate(HEADINGS):
            label = QLabel(heading)
            label.setProperty("role", "caption")
            self._grid.addWidget(label, 0, column)
        self.rows = tuple(self._row(camera, choices) for camera in self._linking.cameras)
        for number, row in enumerate(self.rows):
            row.add_to(self._grid, 1 + 2 * number)
        self._grid.setRowStretch(1 + 2 * len(self.rows), 1)
        self._focus_first()
        self.go.setEnabled(True)

    def _row(self, camera: str, choices: LinkChoices) -> CameraRow:
        row = CameraRow(camera, choices, self._linking.results.get(camera, CameraTracking()), self)
        row.search_requested.connect(lambda: self.find_sample(row))
        return row

    def _focus_first(self) -> None:
        wanted = next((row for row in self.rows if row.camera == self._focus), None)
        for row in [wanted] if wanted else self.rows[:1]:
            row.sample.setFocus()

    def _hint(self, choices: LinkChoices) -> str:
        """What names suggest, and where the samples are that are not offered."""
        suggested = {link.camera for link in choices.suggested} - {link.camera for link in choices.links}
        more = choices.sample_count - len(choices.samples)
        return " ".join(
            (
                *([NO_BLOCK] if not choices.blocks else []),
                "Boxes come from the sample that shows the same recording as the camera.",
                *([f"Suggested by name: {visible(listed(sorted(suggested)))}."] if suggested else []),
                *([f"{more:,} more samples can be found with the lens."] if more > 0 else []),
            )
        )

    def _on_failed(self, error: AppError) -> None:
        self._note.say(str(error), wrong=True)


def _opened(choices: LinkChoices) -> str:
    role = f" with the role {visible(choices.key.role)}" if choices.key.role else ""
    return f"The key opens project {choices.ei_project_id}{role}."
