"""What to export of the open job, as which kind of file, and where to."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.finding import counted
from app.errors import AppError
from app.gui.exporting import Exporting
from app.gui.note_label import NoteLabel
from app.jobs import LocalJob
from app.jobs.export import ExportFormat, ExportRequest
from app.workspace.export_folder import TargetState

ROW_HEIGHT = 24  # pixels: so that a label stands beside its first button
PAUSE_MS = 150  # of typing before the folder is looked at
FORMATS = {
    ExportFormat.SEMANTIC_KITTI: ("SemanticKITTI", "Folders velodyne and labels, with poses and calibration if known."),
    ExportFormat.PCD: ("PCD", "Every column of the cloud and label_key, for PCL, Open3D and CloudCompare."),
    ExportFormat.NPZ: ("npz", "Arrays for NumPy: xyz in float64, label_key, every column and the legend."),
}
NO_FOLDER = "Choose a new or an empty folder."
STATES = {
    TargetState.FREE: "Nothing lies there yet.",
    TargetState.EXPORT: "An earlier export lies in this folder. It will be replaced.",
    TargetState.OCCUPIED: "Something else lies there. Choose a new or an empty folder.",
}


class ExportDialog(QDialog):
    """Says what is in the way before anything is written; the export itself runs in the background."""

    def __init__(self, exporting: Exporting, job: LocalJob, *, shown: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export job")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._exporting = exporting
        self._job = job
        self._shown = shown
        self._state: TargetState | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        self._make_fields()
        self._lay_out()
        exporting.target_known.connect(self._on_known)
        exporting.target_failed.connect(self._on_failed)
        self._refresh()

    @property
    def target(self) -> Path | None:
        """The folder that is typed in."""
        text = self.folder.text().strip()
        return Path(text).expanduser().absolute() if text else None

    @property
    def _kind(self) -> ExportFormat:
        return ExportFormat(self.format.currentData())  # Qt gives back the bare text

    def request(self, folder: Path) -> ExportRequest:
        """What is chosen."""
        return ExportRequest(
            folder=folder,
            format=self._kind,
            frames=(self._shown,) if self.this_frame.isChecked() else (),
            whole=self.whole.isChecked() and self.whole.isEnabled(),
            replace=True,  # nothing but an earlier export, and the button said so
        )

    def accept(self) -> None:
        """Start."""
        if self.target is not None and self._state in (TargetState.FREE, TargetState.EXPORT):
            self._exporting.export(self._job, self.request(self.target))
            super().accept()

    def _make_fields(self) -> None:
        frames = len(self._job.sequence)
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        for kind, (name, _) in FORMATS.items():
            self.format.addItem(name, kind)
        self.format.currentIndexChanged.connect(self._refresh)
        self.all_frames = QRadioButton(f"All {counted(frames, 'frame')}")
        self.this_frame = QRadioButton(f"The frame on screen ({self._shown + 1} of {frames})")
        self.per_frame = QRadioButton("One file per frame")
        self.whole = QRadioButton("All frames in one file")
        self._groups = tuple(
            self._group(first, second)
            for first, second in ((self.all_frames, self.this_frame), (self.per_frame, self.whole))
        )
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("Folder")
        self.folder.setAccessibleName("Folder")
        self.folder.textChanged.connect(self._on_typed)
        self.choose = QPushButton("Choose…")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._on_choose)
        self._about, self._note = NoteLabel(role="caption"), NoteLabel()

    def _group(self, first: QRadioButton, second: QRadioButton) -> QButtonGroup:
        group = QButtonGroup(self)
        for button in (first, second):
            button.setMinimumHeight(ROW_HEIGHT)
            group.addButton(button)
        first.setChecked(True)
        group.buttonToggled.connect(self._refresh)
        return group

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.addRow("Format", _column(self.format, self._about))
        form.addRow("Frames", _column(self.all_frames, self.this_frame))
        form.addRow("Files", _column(self.per_frame, self.whole))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        form.addRow("Folder", _column(row, self._note))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        # Enter is for Export alone, also while that cannot be done
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.go = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.go.setProperty("role", "primary")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.setMinimumWidth(520)

    def _refresh(self) -> None:
        """Say what the chosen format is, and offer only what it can do."""
        kind = self._kind
        self._about.setText(FORMATS[kind][1])
        self.whole.setEnabled(kind.can_be_whole and self.all_frames.isChecked())
        if not self.whole.isEnabled():
            self.per_frame.setChecked(True)
        self.go.setEnabled(self._state in (TargetState.FREE, TargetState.EXPORT))
        self.go.setText("Replace" if self._state is TargetState.EXPORT else "Export")
        if self._state is not None:
            self._note.say(STATES[self._state], wrong=self._state is TargetState.OCCUPIED)
        elif self.target is None:
            self._note.say(NO_FOLDER)

    def _on_typed(self) -> None:
        self._state = None
        self._refresh()
        self._timer.start()

    def _look(self) -> None:
        if self.target is not None:
            self._exporting.look_at(self.target)

    def _on_known(self, folder: Path, state: TargetState) -> None:
        if folder == self.target:
            self._state = state
            self._refresh()

    def _on_failed(self, folder: Path, error: AppError) -> None:
        if folder == self.target:
            self._note.say(str(error), wrong=True)

    def _on_choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export into a folder", self.folder.text())
        if chosen:
            self.folder.setText(chosen)


def _column(*parts: QWidget | QLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    return column
