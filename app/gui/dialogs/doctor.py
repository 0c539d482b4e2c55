"""The doctor's report: text to read, select and copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.errors import AppError
from app.gui.theme import STEP

LOOKING = "Looking at this machine, and drawing for a second or two…"


class DoctorDialog(QDialog):
    """Stays open beside the window; shows a report as soon as there is one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Doctor")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit(LOOKING)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Report about this machine")
        self.text.setTabChangesFocus(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = self.buttons.addButton("&Copy report", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setEnabled(False)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self.text)
        column.addWidget(self.buttons)
        self.resize(760, 380)

    def tell(self, report: str) -> None:
        """Show a report."""
        self.text.setPlainText(report)
        self.copy.setEnabled(True)

    def tell_failure(self, error: AppError) -> None:
        """Say why there is none."""
        self.tell(str(error))
