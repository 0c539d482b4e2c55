"""The window's side of bundles: which file, what to do about missing ones, and what came of it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.finding import counted, printable
from app.errors import AppError
from app.gui.bundles import Bundles, SavedBundle, suggested_name
from app.gui.dialogs.bundle_files import ask_for_leave, ask_what_to_import, ask_where_to_save, tell
from app.gui.viewer import Viewer
from app.workspace.bundle_import import ImportedBundle


class BundleDialogs(QObject):
    """Dialogs over a window; lives on the GUI thread."""

    news = Signal(str)  # one line for the status bar

    def __init__(self, window: QWidget, bundles: Bundles, viewer: Viewer) -> None:
        super().__init__(window)
        self._window = window
        self._bundles = bundles
        self._viewer = viewer
        bundles.incomplete.connect(self._on_incomplete)
        bundles.saved.connect(self._on_saved)
        bundles.imported.connect(self._on_imported)
        bundles.failed.connect(self._on_failed)

    def save(self) -> None:
        """Let the user choose where the open job goes as one file."""
        job = self._viewer.job
        if job is None:
            self.news.emit("Open a job first, then save it as a bundle.")
            return
        ask_where_to_save(suggested_name(job.name), self._bundles.save, self._window)

    def bring(self) -> None:
        """Let the user choose a bundle to bring into the workspace."""
        ask_what_to_import(self._bundles.bring, self._window)

    def _on_incomplete(self, asked: SavedBundle) -> None:
        details = "\n".join(asked.found.problems)
        ask_for_leave(asked.found.complaint, details, lambda: self._bundles.save_partial(asked), self._window)

    def _on_saved(self, saved: SavedBundle) -> None:
        self.news.emit(f"Saved {saved.path.name} with {counted(len(saved.found.sound), 'file')}.")
        if saved.found.signature_note:
            tell("Save bundle", f"{saved.path.name} is saved.", saved.found.signature_note, self._window)

    def _on_imported(self, imported: ImportedBundle) -> None:
        name, added = printable(imported.job.name), counted(imported.added, "file")
        self.news.emit(f"Imported {name}: {added} added, {imported.already_here:,} here already.")
        if imported.notices:
            tell("Import bundle", f"{name} is imported.", "\n".join(imported.notices), self._window)

    def _on_failed(self, error: AppError) -> None:
        self.news.emit(str(error))
