"""Where the two services are and which keys open them. Keys stay in memory and are never shown again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.settings import EDGE_IMPULSE_URL, TELUS_URL, Credentials, Settings


class ConnectionDialog(QDialog):
    """Two base URLs and two keys; an empty key field keeps the key that is in memory."""

    connection_changed = Signal(str, str, object)  # TELUS URL, Edge Impulse URL, Credentials

    def __init__(self, settings: Settings, credentials: Credentials, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Connection")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._credentials = credentials
        self.telus_url = _url(settings.telus_url, TELUS_URL, "Annotation service address")
        self.telus_key = _key(credentials.telus_key, "Annotation service key")
        self.edge_impulse_url = _url(settings.edge_impulse_url, EDGE_IMPULSE_URL, "Edge Impulse address")
        self.edge_impulse_key = _key(credentials.edge_impulse_key, "Edge Impulse key")
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.addRow(_heading("TELUS / Playment: jobs, clouds and masks"))
        form.addRow("Address", self.telus_url)
        form.addRow("API key", self.telus_key)
        form.addRow(_heading("Edge Impulse: tracking boxes and impulses"))
        form.addRow("Address", self.edge_impulse_url)
        form.addRow("API key", self.edge_impulse_key)
        note = QLabel(
            "Keys are kept in memory until the program ends. To have them at every start, set "
            "POINTPROOF_TELUS_API_KEY and POINTPROOF_EDGE_IMPULSE_API_KEY."
        )
        note.setWordWrap(True)
        note.setProperty("role", "caption")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(note)
        column.addWidget(buttons)
        self.setMinimumWidth(520)

    def accept(self) -> None:
        """Announce what was typed; empty addresses mean the services' own."""
        credentials = Credentials(
            telus_key=self.telus_key.text().strip() or self._credentials.telus_key,
            edge_impulse_key=self.edge_impulse_key.text().strip() or self._credentials.edge_impulse_key,
        )
        telus_url = self.telus_url.text().strip() or TELUS_URL
        edge_impulse_url = self.edge_impulse_url.text().strip() or EDGE_IMPULSE_URL
        self.connection_changed.emit(telus_url, edge_impulse_url, credentials)
        super().accept()


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "heading")
    return label


def _url(value: str, default: str, name: str) -> QLineEdit:
    line = QLineEdit(value)
    line.setPlaceholderText(default)
    line.setAccessibleName(name)
    return line


def _key(known: str, name: str) -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setPlaceholderText("in memory; type to replace" if known else "none yet")
    line.setAccessibleName(name)
    return line
