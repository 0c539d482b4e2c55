"""Saving the table of impulses to a file, as it is shown."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.finding import counted
from app.domain.impulse.table import ImpulseTable
from app.domain.impulse.table_rows import Arrangement, Rows, arranged
from app.formats.impulse_table import encode_csv, encode_table
from app.gui.tasks import TaskRunner
from app.workspace.private_file import write_where_asked

CSV, JSON = "Table for spreadsheets (*.csv)", "Table as JSON (*.json)"


class TableExport(QObject):
    """Asks where to, and writes in the background."""

    ended = Signal(str)  # a sentence
    failed = Signal(object)  # AppError

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner

    def ask(self, table: ImpulseTable, arrangement: Arrangement, *, name: str, window: QWidget) -> QFileDialog:
        """Let the person choose a file, CSV or JSON by its ending."""
        dialog = QFileDialog(window, "Export the table", f"{name}.csv", f"{CSV};;{JSON}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("json" if chosen == JSON else "csv"))
        dialog.fileSelected.connect(lambda path: self.write(table, arrangement, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def write(self, table: ImpulseTable, arrangement: Arrangement, path: Path) -> None:
        """Write what is shown."""
        self._runner.run(
            lambda _progress: write_table(table, arrangement, path),
            title=f"Exporting {path.name}",
            key=f"impulses:{path}",
            quiet=True,
            on_success=lambda rows: self.ended.emit(f"Saved {_counted(rows)} to {path.name}."),
            on_failure=self.failed.emit,
        )


def write_table(table: ImpulseTable, arrangement: Arrangement, path: Path) -> Rows:
    """For a worker thread: JSON where the name ends so, else CSV; raises WorkspaceError."""
    as_json = path.suffix.lower() == ".json"
    write_where_asked(path, encode_table(table, arrangement) if as_json else encode_csv(table, arrangement, bom=True))
    return arranged(table, arrangement)


def _counted(rows: Rows) -> str:
    return counted(len(rows.positions), "impulse")
