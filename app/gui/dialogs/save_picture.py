"""How large a picture of the view shall be, whether with a strip, and where it goes."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from app.gui.taken_picture import PictureSize
from app.gui.theme import STEP

PICTURES = "Pictures (*.png)"
NAMES = {PictureSize.WINDOW: "As in the window", PictureSize.DOUBLE: "Twice as large", PictureSize.WIDE: "4K wide"}


class SavePictureDialog(QDialog):
    """Asks for size and strip first, then for the file."""

    chosen = Signal(Path, PictureSize, bool)

    def __init__(self, name: str, view: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save picture")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._name = name
        self.size_choice = QComboBox()
        self.size_choice.setAccessibleName("Size of the picture")
        for size, text in NAMES.items():
            width, height = size.of(view)
            self.size_choice.addItem(f"{text} ({width} × {height} pixels)", size)
        self.strip = QCheckBox("With &legend and scale below")
        note = QLabel("The picture carries its view: opening it here goes back to this job, frame and camera.")
        note.setProperty("role", "secondary")
        note.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self._ask_where)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        for widget in (self.size_choice, self.strip, note, self.buttons):
            column.addWidget(widget)

    def choose(self, path: Path) -> None:
        """The file is chosen."""
        self.chosen.emit(path, self.size_choice.currentData(), self.strip.isChecked())
        self.accept()

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, "Save picture", self._name, PICTURES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.choose(Path(path)))
        dialog.open()


def ask_for_picture(parent: QWidget) -> QFileDialog:
    """Ask which picture to go back to."""
    dialog = QFileDialog(parent, "Go to the view of a picture", "", f"{PICTURES};;All files (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
