"""These files are at …: folders on this machine that stand in for the addresses of a project's files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError, InputError
from app.gui.fields import add_row, make_form, make_label, make_line
from app.gui.panels.empty import EmptyPage
from app.gui.storage import Mapped, Storage
from app.gui.text import action_text, plain, visible
from app.gui.theme import STEP
from app.settings import RememberedProject
from app.sync import folder_mapping
from app.workspace import FolderMapping

NOTE = (
    "Where a file's address begins like this, it is copied from the folder instead of being asked for. "
    "What follows in the address is looked for below the folder."
)
EMPTY = "No folder stands in for an address of this project yet."
MAPPING = Qt.ItemDataRole.UserRole


class MappingDialog(QDialog):
    """One project's mappings; a new one begins with the address whose files could not be fetched."""

    def __init__(
        self, storage: Storage, projects: Sequence[RememberedProject], parent: QWidget, *, project: str, job: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("These files are at…")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._storage = storage
        self.project = QComboBox()
        self.project.setAccessibleName("Project")
        for known in projects:
            self.project.addItem(action_text(known.name or known.project_id), known.project_id)
        self.project.setCurrentIndex(max(0, self.project.findData(project)))
        self.project.currentIndexChanged.connect(lambda _index: self._load(""))
        self.prefix = make_line("https://store.example/recordings/", "Address begins with")
        self.folder = make_line("Folder on this machine", "Folder")
        self.browse_button = QPushButton("Browse…")
        self.browse_button.clicked.connect(self._on_browse)
        self.add_button = QPushButton("Add")
        self.add_button.setToolTip("Remember the folder and try again what failed (Enter)")
        self.add_button.setDefault(True)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button = QPushButton("Remove")
        self.remove_button.setToolTip("Ask the service for these files again (Del)")
        self.remove_button.clicked.connect(self._on_remove)
        self.list = QListWidget()
        self.list.setAccessibleName("Folders of the project")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._enable)
        QShortcut(QKeySequence("Del"), self.list, self._on_remove, context=Qt.ShortcutContext.WidgetShortcut)
        empty = EmptyPage()
        empty.setText(EMPTY)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(self.list)
        self._problem = make_label("problem", "")
        self._lay_out()
        for line in (self.prefix, self.folder):
            line.textChanged.connect(self._enable)
        storage.mapped.connect(self._on_mapped)
        storage.failed.connect(self._on_failed)
        self._enable()
        self._load(job)

    def _lay_out(self) -> None:
        place = QWidget()
        folder = QHBoxLayout(place)
        folder.setContentsMargins(0, 0, 0, 0)
        folder.setSpacing(2 * STEP)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse_button)
        form = make_form()
        add_row(form, "&Project", self.project)
        add_row(form, "Address &begins with", self.prefix)
        add_row(form, "&Files are at", place)
        place.setFocusProxy(self.folder)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.add_button)
        below = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        below.addButton(self.remove_button, QDialogButtonBox.ButtonRole.ActionRole)
        below.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(make_label("secondary", NOTE))
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addLayout(acts)
        column.addWidget(self._pages, 1)
        column.addWidget(below)
        self._problem.hide()
        self.setMinimumSize(600, 400)

    @property
    def problem(self) -> str:
        """Why the last thing could not be done."""
        return "" if self._problem.isHidden() else self._problem.text()

    def _project_id(self) -> str:
        return str(self.project.currentData() or "")

    def _load(self, job_id: str) -> None:
        if self._project_id():
            self._storage.load_mappings(self._project_id(), job_id)

    def _on_mapped(self, found: Mapped) -> None:
        if found.project_id != self._project_id():
            return
        self.list.clear()
        for mapping in found.mappings:
            self.list.addItem(_row(mapping))
        self._pages.setCurrentIndex(1 if found.mappings else 0)
        if found.missing and not self.prefix.text():
            self.prefix.setText(found.missing)
            self.folder.setFocus()
        self._enable()

    def _on_browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where are these files?", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _on_add(self) -> None:
        prefix, folder = self.prefix.text().strip(), Path(self.folder.text().strip()).expanduser()
        try:
            mapping = folder_mapping(self._project_id(), prefix, folder)
        except InputError as error:
            self._say(str(error))
            return
        self._problem.hide()
        self.prefix.clear()
        self.folder.clear()
        self._storage.save_mapping(mapping)

    def _on_remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._storage.remove_mapping(item.data(MAPPING))

    def _on_failed(self, error: AppError) -> None:
        self._say(str(error))

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _enable(self) -> None:
        typed = bool(self.prefix.text().strip()) and bool(self.folder.text().strip())
        self.add_button.setEnabled(typed and bool(self._project_id()))
        self.remove_button.setEnabled(self.list.currentItem() is not None)


def _row(mapping: FolderMapping) -> QListWidgetItem:
    item = QListWidgetItem(visible(f"{mapping.url_prefix}  →  {mapping.folder}"))
    item.setData(MAPPING, mapping)
    item.setToolTip(plain(mapping.url_prefix, f"is at {mapping.folder}"))
    return item
